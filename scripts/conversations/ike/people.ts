/**
 * Two who can agree, in one of the many ways that IKEv2 has: how each proves who it is, what they propose, and the extensions that one or both of them speak. All of it is
 * drawn, so that a conversation is with each of them as likely as with another.
 */
import { seededEnv } from '../../../harness/lab/entropy.ts';
import type { CertificateRecipe } from '../../../reference/certificates/recipe.ts';
import type {
  ChildConfiguration,
  Credential,
  EapAccounts,
  IkeConnection,
  IkeSettings,
  ProposalConfiguration,
  RemoteIdentity,
} from '../../../reference/ikev2/configuration.ts';
import type { Ikev2Options } from '../../../reference/ikev2/ikev2.ts';
import type { Draw } from '../draw.ts';

export const sides = ['left', 'right'] as const;
export type Side = (typeof sides)[number];

export const otherOf = (side: Side): Side => (side === 'left' ? 'right' : 'left');

export const addresses = { left: '192.0.2.2', right: '192.0.2.1' } as const;

export type People = Readonly<Record<Side, Pick<Ikev2Options, 'connections' | 'env' | 'settings'>>>;

/** By the same draw the same people, who have drawn nothing yet. Of those with several exchanges of keys there are few, or many. */
export function peopleOf(draw: Draw, seed: number, isMostlyOfSeveralKeys: boolean): () => People {
  const proofs = draw.of(waysToProve)(draw);
  const proposals = proposalsOf(draw, isMostlyOfSeveralKeys);
  const children = childrenOf(draw);
  const extensions = { left: extensionsOf(draw), right: extensionsOf(draw) };
  const clients = draw.once(4) ? clientOfPool : undefined;
  const settings = { left: settingsOf(draw), right: settingsOf(draw) };
  const connections = (side: Side): readonly IkeConnection[] => [
    {
      name: 'peer',
      localAddresses: [addresses[side]],
      remoteAddresses: [addresses[otherOf(side)], 'any'],
      ...proofs[side],
      proposals: proposals[side],
      children: children[side].map((child) => clients?.[side].child(child) ?? child),
      ...extensions[side],
      ...(clients && { internalAddresses: clients[side].internalAddresses }),
    },
  ];
  const person = (side: Side) => ({
    connections: connections(side),
    env: seededEnv(seed, side),
    settings: settings[side],
  });
  return () => ({ left: person('left'), right: person('right') });
}

type Proofs = Readonly<Record<Side, Pick<IkeConnection, 'local' | 'remote'>>>;

const identityOf = (side: Side) => ({ type: 'ID_FQDN', value: `${side}.example` }) as const;

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };
const keys = { left: 'p256One', right: 'p256Two' } as const;

const certificateOf = (side: Side): CertificateRecipe => ({
  subject: `CN=${side}.example`,
  key: keys[side],
  issuer: authority,
  altNames: [{ dNSName: `${side}.example` }],
});

const sharedKey = '6f6e6c792074686520 74776f206f66207573206b6e6f77'.replace(' ', '');

const waysToProve: readonly ((draw: Draw) => Proofs)[] = [
  bySharedKey,
  bySharedKey,
  bySharedKey,
  () => proven(certified, () => anchored),
  (draw) => {
    const isSent = draw.once(2) && { isSent: true as const };
    return proven(
      (side) => ({ kind: 'public-key', key: keys[side], ...isSent }),
      (peer) => ({ authentication: 'signature', trustAnchors: [], publicKeys: [keys[peer]] }),
    );
  },
  byEap,
  byEap,
  () => {
    const { left, right } = proven(certified, () => anchored);
    const nobody = { identity: { type: 'ID_NULL', value: '' }, authentication: { kind: 'null' } } as const;
    return {
      left: { ...left, local: nobody },
      right: { ...right, remote: { identity: 'any', authentication: 'null', trustAnchors: [] } },
    };
  },
];

const anchored = { authentication: 'signature', trustAnchors: [authority] } as const;

const certified = (side: Side): Credential => ({ kind: 'certificate', chain: [certificateOf(side)], key: keys[side] });

function proven(own: (side: Side) => Credential, ofPeer: (peer: Side) => Omit<RemoteIdentity, 'identity'>): Proofs {
  const person = (side: Side) => ({
    local: { identity: identityOf(side), authentication: own(side) },
    remote: { identity: identityOf(otherOf(side)), ...ofPeer(otherOf(side)) },
  });
  return { left: person('left'), right: person('right') };
}

function bySharedKey(): Proofs {
  return proven(
    () => ({ kind: 'shared-key', key: sharedKey }),
    () => ({
      authentication: 'shared-key',
      trustAnchors: [],
      sharedKeys: [{ identity: 'any', key: sharedKey }],
    }),
  );
}

/** Left is the client. */
function byEap(draw: Draw): Proofs {
  const method = draw.of(['MD5-Challenge', 'EAP-MSCHAP-V2', 'EAP-TLS'] as const);
  const account = { name: 'carol', password: 'Ar3etTnp' };
  const eap: EapAccounts = { method, passwords: [account], ...(draw.once(2) && { asksIdentity: true }) };
  const client: Credential =
    method === 'EAP-TLS'
      ? { kind: 'eap', method, name: 'carol', chain: [certificateOf('left')], key: keys.left }
      : { kind: 'eap', method, ...account };
  const { left, right } = proven(certified, () => anchored);
  return {
    left: { ...left, local: { ...left.local, authentication: client } },
    right: { ...right, remote: { identity: 'any', authentication: 'eap', trustAnchors: [authority], eap } },
  };
}

/** What both have stands somewhere in what each has; the first of the one need not be the first of the other, which costs an INVALID_KE_PAYLOAD. */
function proposalsOf(
  draw: Draw,
  isMostlyOfSeveralKeys: boolean,
): Readonly<Record<Side, readonly ProposalConfiguration[]>> {
  const suite = draw.of(suites);
  const further = draw.once(4) !== isMostlyOfSeveralKeys && { additionalKeyExchanges: draw.of(furtherKeyExchanges) };
  const proposal = { ...suite, keyExchangeMethods: [CURVE25519], pseudorandomFunctions: [5], ...further };
  const turned = { ...proposal, keyExchangeMethods: [ECP256, CURVE25519] };
  const of = () => [draw.once(4) ? turned : proposal];
  return { left: of(), right: of() };
}

function childrenOf(draw: Draw): Readonly<Record<Side, readonly ChildConfiguration[]>> {
  const isTransport = draw.once(6);
  const proposal = draw.once(6) ? { encryption: [], integrity: [12] } : draw.of(suites);
  const own = draw.once(3) && { keyExchangeMethods: [CURVE25519] };
  const networks = isTransport
    ? { left: `${addresses.left}/32`, right: `${addresses.right}/32` }
    : { left: '10.2.0.0/24', right: '10.1.0.0/24' };
  const child = (side: Side, name: string, change: object): ChildConfiguration => ({
    name,
    ...(proposal.encryption.length === 0 && { protocol: 'AH' }),
    mode: isTransport ? 'transport' : 'tunnel',
    local: [{ addresses: networks[side], ...change }],
    remote: [{ addresses: networks[otherOf(side)], ...change }],
    proposals: [{ ...proposal, ...own, extendedSequenceNumbers: [false] }],
    start: 'none',
  });
  const isNarrow = draw.once(3);
  const all = (side: Side) => [
    child(side, 'net', isNarrow && side === 'right' ? { protocol: 17 } : {}),
    child(side, 'tcp', { protocol: 6 }),
  ];
  return { left: all('left'), right: all('right') };
}

function extensionsOf(draw: Draw): Partial<IkeConnection> {
  const fragmentation = draw.of([undefined, {}, { datagramOctets: 300 }, { datagramOctets: 576 }]);
  return {
    ...(fragmentation && { fragmentation }),
    ...(draw.once(5) && { ppk: { identity: 'ours', key: '00112233445566778899aabbccddeeff' } }),
    ...(draw.once(4) && { resumption: { ticketLifetime: 60 } }),
    ...(draw.once(3) && { windowSize: 1 + draw.below(5) }),
    ...(draw.once(3) && { mobike: draw.once(2) ? {} : { additionalAddresses: ['198.51.100.7'] } }),
    ...(draw.once(6) && { encapsulation: 'forced' as const }),
  };
}

/** Left has its address of the network behind right from right. */
const clientOfPool = {
  left: {
    internalAddresses: { asksFor: ['0.0.0.0'] },
    child: (child: ChildConfiguration) => ({ ...child, local: [{ addresses: '0.0.0.0/0' }] }),
  },
  right: {
    internalAddresses: { pools: [['10.3.0.1', '10.3.0.9']] as const },
    child: (child: ChildConfiguration) => ({ ...child, remote: [{ addresses: '0.0.0.0/0' }] }),
  },
};

function settingsOf(draw: Draw): Partial<IkeSettings> {
  return {
    provider: 'node',
    halfOpenThreshold: draw.of([0, 1, 64]),
    initialContact: draw.once(2),
    signatureHashAlgorithms: draw.once(4) ? [] : [2, 3, 4],
  };
}

/** Transform ids of IANA: AES-GCM and AES-CBC, ChaCha20-Poly1305; HMAC-SHA2-256-128. */
const suites: readonly ProposalConfiguration[] = [
  { encryption: [{ id: 20, keyLength: 128 }], integrity: [] },
  { encryption: [{ id: 12, keyLength: 128 }], integrity: [12] },
  { encryption: [{ id: 28 }], integrity: [] },
];

const CURVE25519 = 31;
const ECP256 = 19;
const ML_KEM_768 = 36;

const furtherKeyExchanges: readonly (readonly (readonly number[])[])[] = [
  [[ECP256]],
  [[ML_KEM_768]],
  [[ECP256], [CURVE25519, 0]],
];
