/**
 * Whom an entry of the peer authorization database names (AURA 5.3; RFC 4301 4.4.3.1): sub-trees of distinguished names, host names and
 * mailboxes, key ids, ranges of addresses. A second entry names the honest tester exactly, so that the controls do not rest on the pattern.
 */
import {
  addressIdentity,
  certificateOf,
  distinguishedName,
  fqdn,
  hexOf,
  type Identity,
  type IdentityPattern,
  keyId,
  sharedKey,
  signedWith,
  userFqdn,
} from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, honestNut, only, type Party, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { type NodeMutant, padMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { AURA, RFC4301 } from '../requirements/documents.ts';
import {
  converses,
  type Face,
  impersonation,
  impersonationControls,
  judgeClaim,
  roles,
  verifies,
} from './impersonation.ts';

interface Pattern {
  readonly entry: IdentityPattern;
  readonly inside: Identity;
  readonly outside: Identity;
  /** Mutants that refuse what is inside, and that accept what is outside. */
  readonly refusedBy: readonly NodeMutant[];
  readonly acceptedBy: readonly NodeMutant[];
}

const {
  knowsExactIdentitiesOnly,
  comparesEndsOnly,
  comparesRangeStart,
  comparesKeyIdPrefix,
  knowsNoKeyIds,
  takesAnyPeer,
} = padMutants;

const patterns: Readonly<Record<string, Pattern>> = {
  'dn-sub-tree': {
    entry: { ...distinguishedName('O=Touchstone'), match: 'sub-tree' },
    inside: distinguishedName('CN=mn1, O=Touchstone'),
    outside: distinguishedName('CN=mn1, O=Elsewhere'),
    refusedBy: [knowsExactIdentitiesOnly],
    acceptedBy: [takesAnyPeer],
  },
  'dns-sub-tree': {
    entry: { ...fqdn('.example.com'), match: 'sub-tree' },
    inside: fqdn('mn1.example.com'),
    outside: fqdn('mn1.notexample.com'),
    refusedBy: [knowsExactIdentitiesOnly],
    acceptedBy: [takesAnyPeer, comparesEndsOnly],
  },
  'mailbox-sub-tree': {
    entry: { ...userFqdn('@example.com'), match: 'sub-tree' },
    inside: userFqdn('mn1@example.com'),
    outside: userFqdn('mn1@notexample.com'),
    refusedBy: [knowsExactIdentitiesOnly],
    acceptedBy: [takesAnyPeer, comparesEndsOnly],
  },
  'ipv4-range': {
    entry: { ...addressIdentity('192.0.2.0/29'), match: 'range' },
    inside: addressIdentity(places.home.ipv4),
    outside: addressIdentity('192.0.2.9'),
    refusedBy: [knowsExactIdentitiesOnly, comparesRangeStart],
    acceptedBy: [takesAnyPeer],
  },
  'ipv6-range': {
    entry: { ...addressIdentity('2001:db8:1::/125'), match: 'range' },
    inside: addressIdentity(places.home.ipv6),
    outside: addressIdentity('2001:db8:1::9'),
    refusedBy: [knowsExactIdentitiesOnly, comparesRangeStart],
    acceptedBy: [takesAnyPeer],
  },
  'key-id': {
    entry: keyId('mn1'),
    inside: keyId('mn1'),
    outside: keyId('mn1-of-somebody-else'),
    refusedBy: [knowsNoKeyIds],
    acceptedBy: [comparesKeyIdPrefix],
  },
};

export const authorizedIdentities = scenario({
  name: 'authorized-identities',
  title: 'Which identities an entry of the peer authorization database names',
  dimensions: { pattern: Object.keys(patterns), peer: ['inside', 'outside'], role: roles },
  given: ({ pattern, peer }) =>
    impersonation({
      nut:
        pattern === 'key-id' ? byKey(patterns[pattern]!.entry) : { expects: byCertificate(patterns[pattern]!.entry) },
      furtherEntries: { exact: { credential: honestNut.credential, expects: only(fqdn(tnName)) } },
      claim: claimOf(patterns[pattern]![peer]),
    }),
  async play(stage, { role }) {
    await converses(stage, role, 'before', { entry: 'exact' });
    await converses(stage, role, 'claim', { face: 'claim' });
    await converses(stage, role, 'after', { entry: 'exact' });
  },
  questions: {
    'AURA-PAD': question('Does an entry name the peers it should, and no others?', {
      outcomes: ['accepted', 'refused'],
      controls: impersonationControls,
      judge: (t) => judgeClaim(t, { accepted: 'accepted', refused: 'refused' }),
      plays: ({ role }) => verifies(role!),
      reads: ({ peer }) => {
        const of = peer === 'inside' ? { accepted: pass, refused: fail } : { accepted: fail, refused: pass };
        return [
          reads(AURA, '5.3', 'obs', 'implementation', of),
          // How an entry may name peers is 4.4.3.1; that a peer has to be named by one is 4.4.3.4.
          peer === 'inside'
            ? reads(RFC4301, '4.4.3.1', 'MUST', 'implementation', of)
            : reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', of),
        ];
      },
      lawful: ({ peer }) => (peer === 'inside' ? 'accepted' : 'refused'),
      turnedBy: ({ pattern, peer }) =>
        peer === 'inside'
          ? patterns[pattern]!.refusedBy.map((mutant) => [mutant, 'refused'] as const)
          : patterns[pattern]!.acceptedBy.map((mutant) => [mutant, 'accepted'] as const),
    }),
  },
});

const secret = 'the key of mn1';

const byCertificate = (identity: IdentityPattern): Party['expects'] => ({ ...anyoneOfTheAuthority, identity });

/** No certificate holds a key id. */
const byKey = (identity: IdentityPattern): Partial<Party> => ({
  credential: sharedKey(secret),
  expects: keyOf(identity),
});

const keyOf = (identity: IdentityPattern | 'any'): Party['expects'] => ({
  identity,
  authentication: 'shared-key',
  trustAnchors: [],
  sharedKeys: [{ identity: 'any', key: hexOf(secret) }],
});

/** Whoever it is, a certificate certifies it. */
function claimOf(identity: Identity): Face {
  const { type, value } = identity;
  if (type === 'ID_KEY_ID') return { identity, credential: sharedKey(secret), expects: keyOf('any') };
  const altName =
    type === 'ID_FQDN' ? { dNSName: value } : type === 'ID_RFC822_ADDR' ? { rfc822Name: value } : { iPAddress: value };
  const certificate = certificateOf({
    commonName: 'mn1',
    ...(type === 'ID_DER_ASN1_DN' ? { subject: value } : { altNames: [altName] }),
  });
  return { identity, credential: signedWith(certificate) };
}
