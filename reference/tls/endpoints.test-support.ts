/** Two ends of TLS with certificates of one authority, as tests want them: `server.example` and `client.example`. */
import { parseCertificate } from '../certificates/certificate.ts';
import { certificateFromRecipe } from '../certificates/issuing.ts';
import { type LabKeyName, labKey } from '../certificates/lab-keys.ts';
import type { CertificateRecipe } from '../certificates/recipe.ts';
import { certificateRules } from '../certificates/rules.ts';
import type { Env } from '../machine.ts';
import { hash } from '../transforms/keyed-hash.ts';
import { fromText } from '../wire/octets.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { tlsRules } from './rules.ts';
import { TlsConnection, type TlsStep } from './tls.ts';

export const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };

export const certificateFor = (name: string, key: string): CertificateRecipe => ({
  subject: `CN=${name}`,
  key,
  issuer: authority,
  altNames: [{ dNSName: name }],
});

export const read = (recipe: CertificateRecipe) => parseCertificate(certificateFromRecipe(recipe))!;

/** Draws the same octets each time. */
function countingEnv(seed: string): Env {
  let draws = 0;
  return {
    octets: (purpose, length) => {
      draws += 1;
      return hash('sha512', fromText(`${seed} ${purpose} ${draws}`)).subarray(0, length);
    },
  };
}

export function endpoint(
  name: string,
  key: LabKeyName,
  peer: string,
  change: Partial<TlsEndpoint> = {},
  shown: CertificateRecipe = certificateFor(name, key),
): TlsEndpoint {
  return {
    credential: { chain: [read(shown)], key: labKey(key) },
    trust: {
      anchors: [read(authority)],
      at: 0,
      isNamed: ({ subjectAltNames }) => subjectAltNames.some((one) => 'dNSName' in one && one.dNSName === peer),
      name: peer,
    },
    rules: tlsRules,
    certificateRules,
    env: countingEnv(name),
    provider: 'noble',
    ...change,
  };
}

export const clientEndpoint = (change: Partial<TlsEndpoint> = {}, key: LabKeyName = 'p256One') =>
  endpoint('client.example', key, 'server.example', change);

export const serverEndpoint = (change: Partial<TlsEndpoint> = {}, key: LabKeyName = 'p256Two') =>
  endpoint('server.example', key, 'client.example', change);

export interface Ends {
  readonly client: TlsStep;
  readonly server: TlsStep;
}

/** Until nobody says anything; `carried` is what becomes of octets on their way. */
export function converse(
  ofClient: TlsEndpoint,
  ofServer: TlsEndpoint,
  carried: (octets: Uint8Array, from: 'client' | 'server') => Uint8Array = (octets) => octets,
): Ends {
  const [client, server] = [new TlsConnection('client', ofClient), new TlsConnection('server', ofServer)];
  let ends: Ends = { client: client.receives(new Uint8Array()), server: { octets: new Uint8Array() } };
  while (ends.client.octets.length > 0 || ends.server.octets.length > 0) {
    ends = { ...ends, server: server.receives(carried(ends.client.octets, 'client')) };
    ends = { ...ends, client: client.receives(carried(ends.server.octets, 'server')) };
  }
  return ends;
}
