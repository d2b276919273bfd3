/**
 * The node under test knows its peer by a public key that nobody has certified (RFC 7670): the peer has that key or another one, and sends one along or
 * none (RFC 7296 section 3.6 has the first CERT payload hold the key that signs).
 */
import {
  type Credential,
  certificateOf,
  fqdn,
  rawPublicKey,
  sentRawPublicKey,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { nutName, type Party, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { liesInRawPublicKey, type RawPublicKeyLie } from '../../harness/vocabulary/lies.ts';
import { identityMutants, type NodeMutant, rawPublicKeyMutants } from '../../harness/vocabulary/mutants.ts';
import { observed, question, type Reads, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC4301, RFC7670 } from '../requirements/documents.ts';
import {
  accepted,
  aloneControls,
  conversesAlone,
  type Face,
  impersonation,
  impersonationControls,
  judgeAlone,
  judgeImpersonation,
  playImpersonation,
  type Role,
  rejected,
  roles,
  verifies,
} from './impersonation.ts';

type Outcome = 'refused' | 'established';

/** Key pairs of the two parties, by the names of the lab keys: the node's, and the tester's. */
const pairs = {
  'rsa-2048': ['rsaTwo', 'rsaOne'],
  'p-256': ['p256Two', 'p256One'],
  'p-384': ['p384Two', 'p384One'],
  'p-521': ['p521Two', 'p521One'],
  ed25519: ['ed25519Two', 'ed25519One'],
  ed448: ['ed448Two', 'ed448One'],
} as const;

const others = 'p256Three';

/** Each is known to the other by its key alone. */
function knownByKeys(type: string, claim: Face) {
  const [nut, tn] = pairs[type as keyof typeof pairs];
  return impersonation({
    nut: { credential: rawPublicKey(nut), expects: onlyWith(tnName, tn) },
    tn: { credential: rawPublicKey(tn), expects: onlyWith(nutName, nut) },
    claim,
  });
}

const onlyWith = (name: string, key: string): Party['expects'] => ({
  identity: fqdn(name),
  authentication: 'signature',
  trustAnchors: [],
  publicKeys: [key],
});

export const rawPublicKeyTypes = scenario({
  name: 'raw-public-key-types',
  title: 'The peer is known by its public key, which is of this type',
  dimensions: { type: Object.keys(pairs) as (keyof typeof pairs)[], role: roles },
  given: ({ type }) => knownByKeys(type, {}),
  play: (stage, { role }) => conversesAlone(stage, role, 'claim', { face: 'claim' }),
  questions: {
    'RFC7670-3': question('Is a peer let in that has the key it is known by, and no certificate?', {
      outcomes: ['established', 'refused'],
      controls: aloneControls,
      judge: (t) => judgeAlone(t, 'claim'),
      plays: ({ role }) => verifies(role!),
      reads: [reads(RFC7670, '3', 'MUST', 'receiver', accepted)],
      lawful: 'established',
      turnedBy: [[identityMutants.believesNoSignature, 'refused']],
    }),
  },
});

interface Way {
  /** The key that signs. */
  readonly credential: Credential;
  readonly lie?: RawPublicKeyLie;
  readonly lawful: Outcome;
  readonly readings: readonly Reads<Outcome>[];
  readonly mutant: NodeMutant;
  /** It is seen from AUTH who signed, whatever becomes of it. */
  readonly isHarmless?: true;
  /** Of the node under test, where it is not asked of both. */
  readonly role?: Role;
}

const own = sentRawPublicKey(pairs['p-256'][1]);
const another = sentRawPublicKey(others);
const certificate = certificateOf({ commonName: tnName, altNames: [{ dNSName: tnName }], key: others });

const strangers = {
  lawful: 'refused',
  readings: [
    reads<Outcome>(RFC7670, '3', 'MUST', 'receiver', rejected),
    reads<Outcome>(RFC4301, '4.4.3.2', 'MUST', 'receiver', rejected),
  ],
} as const;

const harmless = (what: string, lawful: Outcome): Pick<Way, 'lawful' | 'readings' | 'isHarmless'> => ({
  lawful,
  isHarmless: true,
  readings: [
    reads(RFC7670, '3', 'obs', 'receiver', {
      established: observed(`${what} is passed over`),
      refused: observed(`${what} is refused`),
    }),
  ],
});

const unreadable = harmless('a CERT payload without a key in it', 'established');
const unknown = harmless('a CERT payload of an encoding of private use', 'established');
const swapped = harmless('a key that comes before the one that signed', 'refused');
const { verifiesNoSignature } = identityMutants;
const { believesTheKeySent, looksAtNoKeySent, refusesKeysSent, refusesUnreadableKeys, readsEveryEncoding } =
  rawPublicKeyMutants;

const ways = {
  sent: {
    credential: own,
    lawful: 'established',
    readings: [reads(RFC7670, '3', 'MUST', 'receiver', accepted)],
    mutant: refusesKeysSent,
  },
  'signed-by-another': { credential: rawPublicKey(others), ...strangers, mutant: verifiesNoSignature },
  'another-sent-and-used': { credential: another, ...strangers, mutant: believesTheKeySent },
  'own-sent-another-used': { credential: another, lie: 'key-that-is-known', ...strangers, mutant: verifiesNoSignature },
  'certified-by-authority': { credential: signedWith(certificate), ...strangers, mutant: verifiesNoSignature },
  'another-sent-first': { credential: own, lie: 'another-first', ...swapped, mutant: looksAtNoKeySent },
  'another-sent-own-used': { credential: own, lie: 'another', ...swapped, mutant: looksAtNoKeySent },
  'cut-short': { credential: own, lie: 'cut', ...unreadable, mutant: refusesUnreadableKeys },
  'encoding-of-private-use': { credential: own, lie: 'unknown-encoding', ...unknown, mutant: readsEveryEncoding },
  'asked-for': {
    credential: own,
    lie: 'asks',
    lawful: 'established',
    readings: [reads(RFC7670, '3', 'MUST', 'receiver', accepted)],
    mutant: refusesKeysSent,
    role: 'responder',
  },
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;

const wayOf = (name: string): Way => ways[name as WayName];

export const rawPublicKeys = scenario({
  name: 'raw-public-keys',
  title: 'The peer is known by its public key, and has that or another one',
  dimensions: { way: Object.keys(ways) as WayName[], role: roles },
  where: ({ way, role }) => (wayOf(way).role ?? role) === role,
  given: ({ way }) => knownByKeys('p-256', { credential: wayOf(way).credential }),
  misbehaves: ({ way }) => {
    const { lie } = wayOf(way);
    return { tn: lie ? liesInRawPublicKey('claim', lie, { own: pairs['p-256'][1], another: others }) : {} };
  },
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'RFC7670-3-KEY': question('Is a peer let in by the key it is known by, and by that one only?', {
      outcomes: ['established', 'refused'],
      controls: impersonationControls,
      // What nobody demands anything of may be refused with whatever words.
      judge: (t, { way }) =>
        (wayOf(way).isHarmless ? t.ike.refused('claim', 'nut')?.as('refused') : undefined) ?? judgeImpersonation(t),
      plays: ({ role }) => verifies(role!),
      reads: ({ way }) => wayOf(way).readings,
      lawful: ({ way }) => wayOf(way).lawful,
      turnedBy: ({ way }): readonly Turn<Outcome>[] => [
        [wayOf(way).mutant, wayOf(way).lawful === 'refused' ? 'established' : 'refused'],
      ],
    }),
  },
});
