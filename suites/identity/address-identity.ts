/**
 * An address as identity that is not the address the messages come from (DUPONT H). Certificate or key name the address, so that G holds, and
 * the documents disagree about the rest: RFC 4945 wants the two compared by default, RFC 7296 does not.
 */
import {
  addressIdentity,
  certificateOf,
  fqdn,
  hexOf,
  sharedKey,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { honestNut, only, type Party } from '../../harness/vocabulary/ike-intent.ts';
import { cause } from '../../harness/vocabulary/judging.ts';
import { identityMutants, padMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4945, RFC7296 } from '../requirements/documents.ts';
import {
  converses,
  impersonation,
  impersonationControls,
  judgeImpersonation,
  type Role,
  roles,
  verifies,
} from './impersonation.ts';

type Family = 'ipv4' | 'ipv6';

const careOf = { ipv4: places.home.ipv4, ipv6: places.home.ipv6 };
/** Nobody uses it at the moment. */
const home = { ipv4: '203.0.113.77', ipv6: '2001:db8:77::77' };
const mapped = `::ffff:${careOf.ipv4}`;
/** The same octets as the address of the messages. */
const uncompressed = '2001:0db8:0001:0000:0000:0000:0000:0002';
const name = fqdn('mobile.example');
const secret = 'the key of the mobile';
/** An initiator proves itself before it knows who answers, and so with a key of its own. */
const ownSecret = 'the key of the node under test';

const certificate = certificateOf({
  commonName: 'mobile',
  altNames: [{ dNSName: name.value }, ...[home, careOf].flatMap(addressNames), { iPAddress: mapped }],
});

/** `h3` is the positive twin of the first two: the address is the one in use. `h4` spells it otherwise. */
const proofs = ['h1-certificate', 'h2-shared-key', 'h3-in-use', 'h4-mapped', 'h4-uncompressed'] as const;
type Proof = (typeof proofs)[number];
const isElsewhere = (proof: string): boolean => proof === 'h1-certificate' || proof === 'h2-shared-key';
/** Where the address in use is the claim, the honest identity is the name. */
const isInUse = (proof: string): boolean => proof === 'h3-in-use' || proof === 'h4-uncompressed';

export const addressAsIdentity = scenario({
  name: 'address-identity',
  title: 'The identity is an address other than the one in use',
  dimensions: { proof: proofs, family: ['ipv4', 'ipv6'], role: roles },
  where: ({ proof, family, role }) =>
    proof === 'h4-mapped'
      ? family === 'ipv4'
      : proof !== 'h4-uncompressed' || (family === 'ipv6' && role === 'responder'),
  given: ({ proof, family, role }) =>
    impersonation({
      family,
      nut:
        proof === 'h2-shared-key'
          ? byKey(family, role)
          : proof === 'h4-uncompressed'
            ? { expects: only(addressIdentity(uncompressed)) }
            : {},
      ...(proof === 'h4-uncompressed' && { furtherEntries: { 'by-name': { expects: only(name) } } }),
      tn: { ...tester(proof, role), identity: isInUse(proof) ? name : addressIdentity(careOf[family]) },
      claim: { identity: claimed(proof, family) },
      faces: { 'by-name': { identity: name } },
    }),
  async play(stage, { proof, role }) {
    const decides = proof === 'h4-uncompressed' ? { entry: 'by-name' } : {};
    await converses(stage, role, 'before', decides);
    await converses(stage, role, 'by name', { face: 'by-name', ...decides });
    await converses(stage, role, 'claim', { face: 'claim' });
    await converses(stage, role, 'after', decides);
  },
  questions: {
    'DUPONT-H': question('Is an address accepted as identity that is not the one the messages come from?', {
      outcomes: ['refused', 'established'],
      controls: (t) => [
        ...impersonationControls(t),
        cause('a name is accepted from the same address', t.established('by name', 'by name echo')),
      ],
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ proof }) => {
        const may = reads(RFC7296, '3.5', 'MAY', 'implementation', { refused: pass, established: pass });
        if (isElsewhere(proof))
          return [
            reads(DUPONT, '3.1 H', 'MUST', 'receiver', { refused: pass, established: fail }),
            // A profile of certificates; of shared keys it says nothing.
            ...(proof === 'h1-certificate'
              ? [reads(RFC4945, '3.1.1', 'MUST', 'receiver', { refused: pass, established: fail })]
              : []),
            may,
          ];
        if (proof === 'h4-mapped')
          return [
            reads(DUPONT, '3.1 H', 'obs', 'receiver', {
              refused: observed('a mapped address is another address'),
              established: observed('a mapped address is the address, or is not compared'),
            }),
            reads(RFC4945, '3.1.1', 'MUST', 'receiver', { refused: pass, established: fail }),
            may,
          ];
        return [
          reads(DUPONT, '3.1 H', 'obs', 'receiver', {
            refused: observed('an address is no identity, though it be the right one'),
            established: pass,
          }),
          reads(RFC4945, '3.1.1', 'MUST', 'implementation', { refused: fail, established: pass }),
          reads(RFC7296, '3.5', 'MUST', 'implementation', { refused: fail, established: pass }),
        ];
      },
      lawful: 'established',
      turnedBy: ({ proof }) => {
        if (proof === 'h4-uncompressed') return [[padMutants.comparesSpelling, 'refused']];
        if (proof === 'h3-in-use') return [[identityMutants.takesNoAddressIdentity, 'refused']];
        return [[identityMutants.bindsAddressIdentityToTransport, 'refused']];
      },
    }),
  },
});

function tester(proof: Proof, role: Role): Partial<Party> {
  if (proof !== 'h2-shared-key') return { credential: signedWith(certificate) };
  return { credential: sharedKey(secret), expects: withKeys([{ identity: 'any', key: hexOf(secretOfNut(role)) }]) };
}

/** The node under test has the mobile's key under every identity of the mobile. */
function byKey(family: Family, role: Role): Partial<Party> {
  const identities = [addressIdentity(home[family]), addressIdentity(careOf[family]), name];
  const ofMobile = identities.map((identity) => ({ identity, key: hexOf(secret) }));
  const own = { identity: honestNut.identity, key: hexOf(ownSecret) };
  return {
    credential: sharedKey(secretOfNut(role)),
    expects: withKeys(role === 'initiator' ? [...ofMobile, own] : ofMobile),
  };
}

const secretOfNut = (role: Role): string => (role === 'initiator' ? ownSecret : secret);

const withKeys = (sharedKeys: NonNullable<Party['expects']['sharedKeys']>): Party['expects'] => ({
  identity: 'any',
  authentication: 'shared-key',
  trustAnchors: [],
  sharedKeys,
});

function claimed(proof: Proof, family: Family) {
  if (isElsewhere(proof)) return addressIdentity(home[family]);
  return addressIdentity(proof === 'h4-mapped' ? mapped : careOf[family]);
}

function addressNames({ ipv4, ipv6 }: typeof home) {
  return [{ iPAddress: ipv4 }, { iPAddress: ipv6 }];
}
