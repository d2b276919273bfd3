/** A client and a server of EAP-TLS in IKE_AUTH, as tests of its rules and bounds want them, and what either may say wrongly. */
import type { CertificateRecipe } from '../certificates/recipe.ts';
import { tlsBounds } from '../tls/bounds.ts';
import { eapTlsData } from '../wire/eap.ts';
import type { EapPayload } from '../wire/ike/configuration.ts';
import { eapCodes, eapTypes } from '../wire/ike/registry.ts';
import type { Structure } from '../wire/kernel.ts';
import type { HandshakeMessage } from '../wire/tls/handshake.ts';
import { type HandshakeName, handshakeTypes } from '../wire/tls/registry.ts';
import type { EapTlsCredential, IkeConnection, RemoteIdentity } from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { changed, lying } from './rule-conversation.test-support.ts';

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };
export const foreign: CertificateRecipe = { subject: 'CN=Foreign', key: 'foreignAuthority', authority: {} };
export const certificateFor = (
  name: string,
  key: string,
  rest: Partial<CertificateRecipe> = {},
): CertificateRecipe => ({
  subject: `CN=${name}`,
  key,
  issuer: authority,
  altNames: [{ dNSName: name }],
  ...rest,
});

export const tls = (name: string, key: string, shown = certificateFor(name, key)): EapTlsCredential => ({
  kind: 'eap',
  method: 'EAP-TLS',
  name,
  chain: [shown],
  key,
});

export const shown = (rest: Partial<CertificateRecipe>) =>
  tls('c.example', 'p256One', certificateFor('c.example', 'p256One', rest));

const proven: RemoteIdentity = { identity: 'any', authentication: 'signature', trustAnchors: [authority] };
const byEap: RemoteIdentity = {
  identity: 'any',
  authentication: 'eap',
  trustAnchors: [authority],
  eap: { method: 'EAP-TLS', passwords: [] },
};

export function client(credential = tls('c.example', 'p256One'), remote = proven): Partial<Ikev2Options> {
  const local = { identity: { type: 'ID_FQDN', value: 'c.example' }, authentication: credential } as const;
  return { connections: [connection('initiator', { local, remote })] };
}

export function server(authentication: IkeConnection['local']['authentication'] = signing): Partial<Ikev2Options> {
  const local = { identity: { type: 'ID_FQDN', value: 'r.example' }, authentication } as const;
  return { connections: [connection('responder', { local, remote: byEap })] };
}

const signing = { kind: 'certificate', chain: [certificateFor('r.example', 'p256Two')], key: 'p256Two' } as const;
export const alone = { client: client(undefined, byEap), server: server(tls('r.example', 'p256Two')) };

export const talk = (initiator: Partial<Ikev2Options>, responder: Partial<Ikev2Options>): Conversation =>
  new Conversation(initiator, responder).initiate();

/** What one side says in TLS, changed. */
export function says<Body>(name: HandshakeName, structure: Structure<Body>, change: (body: Body) => Body): Seams {
  return saysInstead(name, ({ body, ...message }) => ({
    ...message,
    body: structure.encode(change(structure.decode(body).value)),
  }));
}

export const saysInstead = (name: HandshakeName, change: (message: HandshakeMessage) => HandshakeMessage): Seams => ({
  seams: { tlsMessage: (message) => (message.handshakeType === handshakeTypes[name] ? change(message) : message) },
});

/** The last octet is another. */
export const spoilt = (octets: Uint8Array): Uint8Array => octets.with(-1, octets.at(-1)! ^ 1);
export const spoils = (name: HandshakeName): Seams =>
  saysInstead(name, ({ handshakeType, body }) => ({ handshakeType, body: spoilt(body) }));

/** No certificate at all. */
export const none = ({ handshakeType }: HandshakeMessage): HandshakeMessage => ({
  handshakeType,
  body: new Uint8Array(3),
});

type Seams = Required<Pick<Ikev2Options, 'seams'>>;

/** The Type-Data of EAP-TLS, either way, changed where it is that of a response or of a request. */
export const inEapTls = (code: number, change: (data: Uint8Array) => Uint8Array): Seams =>
  lying(
    'IKE_AUTH',
    changed('EAP', (packet: EapPayload) =>
      packet.code === code && packet.eapType === eapTypes['EAP-TLS']
        ? { ...packet, data: change(packet.data) }
        : packet,
    ),
  );

type TypeData = ReturnType<typeof eapTlsData.decode>['value'];
export const rewritten = (change: (data: TypeData) => TypeData) => (octets: Uint8Array) =>
  eapTlsData.encode(change(eapTlsData.decode(octets).value));

export const ended = (said: Conversation, by: 'initiator' | 'responder'): string =>
  said.established ? 'established' : (said.refusals(by)[0] ?? '');

/** A client that lies, and a server under test; and the other way round, by EAP alone. */
export const byClient =
  (lie: Partial<Ikev2Options>, of = client()) =>
  (nut: Partial<Ikev2Options>) =>
    ended(talk({ ...of, ...lie }, { ...server(), ...nut }), 'responder');
export const byServer =
  (lie: Partial<Ikev2Options>, of = alone.server) =>
  (nut: Partial<Ikev2Options>) =>
    ended(talk({ ...alone.client, ...nut }, { ...of, ...lie }), 'initiator');

/** What a client makes a server keep. */
export const floodsOfEapTls = [
  {
    bound: 'eapTlsOctets',
    story: 'fragments that others follow, without end',
    seen: () => {
      const more = rewritten((data) => ({ ...data, moreFragments: true, data: new Uint8Array(30_000) }));
      return toldByServer({ ...client(), ...inEapTls(eapCodes.Response, more) });
    },
    lawful: 'eapTlsOctets',
  },
  {
    bound: 'tlsMessageOctets',
    story: 'a message of TLS that would have sixteen million octets',
    seen: () =>
      toldByServer({ ...client(), ...saysInstead('client_hello', (message) => ({ ...message, length: 0xffffff })) }),
    lawful: 'tlsMessageOctets',
  },
  {
    bound: 'tlsCertificates',
    story: 'more certificates in TLS than a path has',
    seen: () => {
      const { chain, ...rest } = shown({});
      return toldByServer(client({ ...rest, chain: Array(tlsBounds.tlsCertificates + 1).fill(chain[0]) }));
    },
    lawful: 'tlsCertificates',
  },
] as const;

const toldByServer = (of: Partial<Ikev2Options>): string => ended(talk(of, server()), 'responder');
