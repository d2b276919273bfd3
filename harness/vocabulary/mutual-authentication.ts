/**
 * How two parties prove to each other who they are (RFC 7296 2.15, 2.16): what each is told of itself and of the other, as two administrators would who have spoken to each
 * other. Both are names.
 */
import type { Identity } from '../lab/node.ts';
import {
  type Credential,
  certificateOf,
  fqdn,
  hexOf,
  labAuthority,
  rawPublicKey,
  sharedKey,
  signedInScheme,
  signedWith,
} from './credentials.ts';
import { nutName, only, type Party, tnName } from './ike-intent.ts';

/** The way that every other way is compared with: an ECDSA key on P-256, certified by an authority that both trust. */
export const byDefault = 'certificate';

export const authentications = [
  'shared-key',
  byDefault,
  'rsa',
  'rsa-pkcs1',
  'rsa-pss',
  'ecdsa-p384',
  'ecdsa-p521',
  'ed25519',
  'ed448',
  'raw-rsa',
  'raw-ecdsa',
  'raw-ed25519',
  'shared-key-and-certificate',
  'eap-md5',
  'eap-mschapv2',
  'eap-tls',
  'eap-tls-alone',
] as const;
export type Authentication = (typeof authentications)[number];

/** The parties of an intent for two, each from its own point of view. */
export interface Acquaintance {
  readonly nut: Partial<Party>;
  readonly tn: Partial<Party>;
}

/** Who begins is the client where the two sides do not prove themselves alike. */
export function acquainted(by: Authentication, initiator: keyof Acquaintance = 'nut'): Acquaintance {
  const two = { nut: waysOf('nut'), tn: waysOf('tn') };
  const as = (who: keyof Acquaintance) => two[who][by](initiator === who);
  return { nut: as('nut'), tn: as('tn') };
}

type Way = (begins: boolean) => Partial<Party>;

function waysOf(who: keyof Acquaintance): Readonly<Record<Authentication, Way>> {
  const [self, other] = who === 'nut' ? [nut, tn] : [tn, nut];
  const certified = (type: KeyType): Way => {
    const party = { identity: self.identity, credential: certifiedBy(self, type), expects: only(other.identity) };
    return () => party;
  };
  const inScheme =
    (scheme: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS'): Way =>
    (begins) => ({ ...certified('rsa')(begins), credential: signedInScheme(certificateFor(self, 'rsa'), scheme) });
  const known =
    (type: KeyType): Way =>
    () => ({
      identity: self.identity,
      credential: rawPublicKey(self.keys[type]),
      expects: { ...only(other.identity), trustAnchors: [], publicKeys: [other.keys[type]] },
    });
  const eap =
    (method: 'MD5-Challenge' | 'EAP-MSCHAP-V2'): Way =>
    (begins) =>
      begins
        ? {
            identity: self.identity,
            credential: { kind: 'eap', method, ...accountOf(self) },
            expects: only(other.identity),
          }
        : {
            ...certified('p256')(begins),
            expects: {
              identity: other.identity,
              authentication: 'eap',
              trustAnchors: [],
              eap: { method, passwords: [accountOf(other)] },
            },
          };
  const tls: Credential = {
    kind: 'eap',
    method: 'EAP-TLS',
    name: self.identity.value,
    chain: [certificateFor(self, 'p256')],
    key: self.keys.p256,
  };
  const byTls: Party['expects'] = {
    identity: other.identity,
    authentication: 'eap',
    trustAnchors: [labAuthority],
    eap: { method: 'EAP-TLS', passwords: [] },
  };
  return {
    'shared-key': () => ({
      identity: self.identity,
      credential: sharedKey(secret),
      expects: withTheKey(other.identity),
    }),
    certificate: certified('p256'),
    rsa: certified('rsa'),
    'rsa-pkcs1': inScheme('RSASSA-PKCS1-v1_5'),
    'rsa-pss': inScheme('RSASSA-PSS'),
    'ecdsa-p384': certified('p384'),
    'ecdsa-p521': certified('p521'),
    ed25519: certified('ed25519'),
    ed448: certified('ed448'),
    'raw-rsa': known('rsa'),
    'raw-ecdsa': known('p256'),
    'raw-ed25519': known('ed25519'),
    'shared-key-and-certificate': (begins) =>
      begins
        ? { identity: self.identity, credential: sharedKey(secret), expects: only(other.identity) }
        : { ...certified('p256')(begins), expects: withTheKey(other.identity) },
    'eap-md5': eap('MD5-Challenge'),
    'eap-mschapv2': eap('EAP-MSCHAP-V2'),
    'eap-tls': (begins) =>
      begins
        ? { identity: self.identity, credential: tls, expects: only(other.identity) }
        : { ...certified('p256')(begins), expects: byTls },
    'eap-tls-alone': () => ({ identity: self.identity, credential: tls, expects: byTls }),
  };
}

interface Named {
  readonly identity: Identity;
  readonly keys: Readonly<Record<KeyType, string>>;
}

type KeyType = 'rsa' | 'p256' | 'p384' | 'p521' | 'ed25519' | 'ed448';

/** Keys by their names among the lab keys. */
const named = (name: string, place: 'One' | 'Two'): Named => ({
  identity: fqdn(name),
  keys: {
    rsa: `rsa${place}`,
    p256: `p256${place}`,
    p384: `p384${place}`,
    p521: `p521${place}`,
    ed25519: `ed25519${place}`,
    ed448: `ed448${place}`,
  },
});

const nut = named(nutName, 'Two');
const tn = named(tnName, 'One');

function certificateFor({ identity: { value }, keys }: Named, type: KeyType) {
  return certificateOf({ commonName: value, altNames: [{ dNSName: value }], key: keys[type] });
}

const certifiedBy = (one: Named, type: KeyType): Credential => signedWith(certificateFor(one, type));

const accountOf = ({ identity }: Named) => ({ name: identity.value, password: secret });

const withTheKey = (identity: Identity): Party['expects'] => ({
  identity,
  authentication: 'shared-key',
  trustAnchors: [],
  sharedKeys: [{ identity, key: hexOf(secret) }],
});

const secret = 'what the two administrators agreed on';
