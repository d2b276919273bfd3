/**
 * The certificate that signs names the identity, and yet it proves nothing: the path from it to the authority does not hold, or its issuer
 * has revoked it (DUPONT G by way of RFC 5280 section 6). Where a path or a list only looks suspicious, it must be let in.
 */
import {
  type CertificateRecipe,
  certificateOf,
  foreignAuthority,
  fqdn,
  labAuthority,
  type RevocationListRecipe,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority } from '../../harness/vocabulary/ike-intent.ts';
import { certificateMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4945, RFC5280, RFC7296 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

type Outcome = 'refused' | 'established';

interface Flaw {
  /** The certificate that signs the claim and what completes its path. */
  readonly chain: readonly [CertificateRecipe, ...CertificateRecipe[]];
  /** Revocation lists that the node under test was given, and that the tester sends. */
  readonly known?: readonly RevocationListRecipe[];
  readonly sent?: readonly RevocationListRecipe[];
  /** What the claim is worth, and who says so. */
  readonly lawful: Outcome;
  readonly readings: readonly Reads<Outcome>[];
  readonly mutants: readonly NodeMutant[];
}

const name = 'claim.example';
const own = certificateOf({ commonName: 'claim', altNames: [{ dNSName: name }], key: 'p256Three' });
const expired = certificateOf({
  commonName: 'claim',
  altNames: [{ dNSName: name }],
  key: 'p256Three',
  validity: { notBefore: 0, notAfter: 3600 },
});

/** An authority below the lab's, with whatever it is constrained by. */
function intermediate(serial: number, more: Partial<CertificateRecipe> = {}): CertificateRecipe {
  return {
    subject: 'CN=Touchstone Intermediate CA, O=Touchstone',
    key: 'intermediateAuthority',
    issuer: labAuthority,
    authority: {},
    keyUsage: ['keyCertSign', 'cRLSign'],
    serial,
    ...more,
  };
}

/** The claim below the intermediate authority. */
function below(
  issuer: CertificateRecipe,
  altNames: CertificateRecipe['altNames'] = [{ dNSName: name }],
): readonly [CertificateRecipe, CertificateRecipe] {
  return [certificateOf({ commonName: 'claim', altNames, key: 'p256Three', issuer }), issuer];
}

/** May sign certificates, for all its key usage says, and is none of an authority. */
const endEntity: CertificateRecipe = {
  ...certificateOf({ commonName: 'issuer', altNames: [{ dNSName: 'issuer.example' }], key: 'rsaOne' }),
  keyUsage: ['digitalSignature', 'keyCertSign'],
};
const shortPath = intermediate(11, { authority: { pathLength: 0 } });
const secondBelowShort = intermediate(12, {
  subject: 'CN=Touchstone Second CA, O=Touchstone',
  key: 'rsaAuthority',
  issuer: shortPath,
});
const permitsName = intermediate(13, { nameConstraints: { permitted: [{ dNSName: 'claim.example' }] } });
const permitsOtherName = intermediate(14, { nameConstraints: { permitted: [{ dNSName: 'other.example' }] } });
const excludesName = intermediate(15, { nameConstraints: { excluded: [{ dNSName: 'claim.example' }] } });
const permitsOtherAddresses = intermediate(16, {
  nameConstraints: { permitted: [{ iPAddress: '203.0.113.0/24' }] },
});
const excludesAddresses = intermediate(17, { nameConstraints: { excluded: [{ iPAddress: '203.0.113.0/24' }] } });
const certifiesAddress = [{ dNSName: name }, { iPAddress: places.home.ipv4 }];
/** Another certificate, whose serial number is the same in its low 32 bits. */
const likeOwn = { ...own, serial: own.serial! + 2 ** 32 };
const revokesOwn: RevocationListRecipe = { issuer: labAuthority, revoked: [own] };

const flaws = {
  expired: refuses([expired], [refusal('6.1.3 (a)(2)')], certificateMutants.forgetsTheDate),
  'issuer-is-no-authority': refuses(
    below(endEntity),
    [refusal('6.1.4 (k)')],
    certificateMutants.takesAnybodyForAnAuthority,
  ),
  'path-too-long': refuses(
    [...below(secondBelowShort), shortPath],
    [refusal('6.1.4 (l)')],
    certificateMutants.countsNoPath,
  ),
  'name-not-permitted': refuses(below(permitsOtherName), [refusal('6.1.3 (b)')], certificateMutants.permitsEveryName),
  'name-excluded': refuses(below(excludesName), [refusal('6.1.3 (c)')], certificateMutants.excludesNoName),
  'address-not-permitted': refuses(
    below(permitsOtherAddresses, certifiesAddress),
    [refusal('6.1.3 (b)')],
    certificateMutants.permitsEveryName,
    certificateMutants.constrainsHostNamesOnly,
  ),
  'names-permitted': admits(below(permitsName), processed(), certificateMutants.knowsNoNameConstraints),
  'addresses-not-excluded': admits(
    below(excludesAddresses, certifiesAddress),
    processed(),
    certificateMutants.knowsNoNameConstraints,
  ),
  revoked: {
    ...refuses(
      [own],
      [refusal('6.1.3 (a)(3)'), reads(RFC4945, '5.2', 'MUST', 'receiver', { refused: pass, established: fail })],
      certificateMutants.asksNoList,
    ),
    known: [revokesOwn],
  },
  'revoked-in-list-sent': {
    ...refuses([own], [hearing(RFC7296, '3.6'), hearing(RFC4945, '3.3.3')], certificateMutants.passesOverSentLists),
    sent: [revokesOwn],
  },
  'revoked-in-old-list': {
    ...admits([own], [hearing(RFC5280, '6.3.3 (a)')], certificateMutants.hearsOldLists),
    known: [{ ...revokesOwn, updates: { thisUpdate: 0, nextUpdate: 3600 } }],
  },
  'like-serial-revoked': {
    ...admits([own], [admission('6.3.3 (i)')], certificateMutants.comparesShortSerials),
    known: [{ ...revokesOwn, revoked: [likeOwn] }],
  },
  'revoked-in-forged-list': {
    ...admits(
      [own],
      [admission('6.3.3 (g)'), reads(RFC4945, '3.3.10.5', 'MUST', 'receiver', { established: pass, refused: fail })],
      certificateMutants.hearsForgedLists,
    ),
    sent: [{ ...revokesOwn, key: foreignAuthority.key }],
  },
} as const satisfies Readonly<Record<string, Flaw>>;

export const certificationPath = scenario({
  name: 'certification-path',
  title: 'The identity is in the certificate, and its path is doubtful',
  dimensions: { path: Object.keys(flaws) as (keyof typeof flaws)[], role: roles },
  given({ path }) {
    const { chain, known, sent }: Flaw = flaws[path];
    return impersonation({
      nut: { expects: { ...anyoneOfTheAuthority, ...(known && { revocationLists: known }) } },
      claim: {
        identity: fqdn(name),
        credential: { ...signedWith(...chain), ...(sent && { revocationLists: sent }) },
      },
    });
  },
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-G1': question('Is an identity accepted from a certificate whose path is doubtful?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ path }) => flaws[path as keyof typeof flaws].readings,
      lawful: ({ path }) => flaws[path as keyof typeof flaws].lawful,
      turnedBy: ({ path }) => {
        const { lawful, mutants }: Flaw = flaws[path as keyof typeof flaws];
        return mutants.map((mutant) => [mutant, lawful === 'refused' ? 'established' : 'refused'] as const);
      },
    }),
  },
});

/** A path that does not hold. */
function refuses(chain: Flaw['chain'], readings: Flaw['readings'], ...mutants: readonly NodeMutant[]) {
  const verified = reads<Outcome>(DUPONT, '3.1 G', 'MUST', 'receiver', { refused: pass, established: fail });
  return { chain, lawful: 'refused', readings: [verified, ...readings], mutants } as const;
}

/** One that does, whatever it looks like. */
function admits(chain: Flaw['chain'], readings: Flaw['readings'], ...mutants: readonly NodeMutant[]) {
  const verified = reads<Outcome>(DUPONT, '3.1 G', 'obs', 'receiver', {
    established: pass,
    refused: observed('a certificate that names the identity does not prove it'),
  });
  return { chain, lawful: 'established', readings: [verified, ...readings], mutants } as const;
}

function refusal(section: string): Reads<Outcome> {
  return reads(RFC5280, section, 'MUST', 'receiver', { refused: pass, established: fail });
}

function admission(section: string): Reads<Outcome> {
  return reads(RFC5280, section, 'MUST', 'receiver', { established: pass, refused: fail });
}

/** Who does not know the constraints has to refuse what they are critical in, and should know them. */
function processed(): Reads<Outcome>[] {
  return [
    reads(RFC5280, '4.2.1.10', 'SHOULD', 'receiver', { established: pass, refused: fail }),
    reads(RFC4945, '5.1.3.10', 'obs', 'implementation', {
      established: observed('name constraints are known'),
      refused: observed('name constraints are not known'),
    }),
  ];
}

/** What no document decides: whether a list counts that should not have been sent, or should have been replaced. */
function hearing(document: typeof RFC7296, section: string): Reads<Outcome> {
  return reads(document, section, 'obs', 'receiver', {
    refused: observed('the list is heard'),
    established: observed('the list is passed over'),
  });
}
