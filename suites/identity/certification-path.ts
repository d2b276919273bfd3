/**
 * The certificate that signs names the identity, and yet it proves nothing: the path from it to the authority does not hold, or its issuer
 * has revoked it (DUPONT G by way of RFC 5280 section 6). Where a path or a list only looks suspicious, it must be let in. Before the claim comes its twin,
 * alike in everything but what is asked: a product that refuses that too, or hears no lists at all, has said nothing about the claim.
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
import { type Account, type Control, pre } from '../../harness/vocabulary/judging.ts';
import { certificateMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4945, RFC5280, RFC7296 } from '../requirements/documents.ts';
import {
  converses,
  type Face,
  impersonation,
  impersonationControls,
  judgeImpersonation,
  refusedForIdentity,
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
  readonly twin: Twin;
}

/** What has to happen for the claim to mean anything. */
interface Twin {
  readonly says: string;
  readonly is: Outcome;
  readonly chain: Flaw['chain'];
  readonly sent?: readonly RevocationListRecipe[];
}

const name = 'claim.example';
/** Of the twin, which has a key of its own too: a product may keep the certificates it has seen, and find a good one for the same claim among them. */
const twinName = 'twin.example';
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

type Path = readonly [CertificateRecipe, CertificateRecipe];

/** The claim, or its twin, below an intermediate authority. */
function below(issuer: CertificateRecipe, altNames: CertificateRecipe['altNames'] = [{ dNSName: name }]): Path {
  return [certificateOf({ commonName: 'claim', altNames, key: 'p256Three', issuer }), issuer];
}
function twinBelow(issuer: CertificateRecipe, ...altNames: NonNullable<CertificateRecipe['altNames']>): Path {
  return [
    certificateOf({ commonName: 'twin', altNames: [{ dNSName: twinName }, ...altNames], key: 'p384One', issuer }),
    issuer,
  ];
}

/** May sign certificates, for all its key usage says, and is none of an authority. */
const endEntity: CertificateRecipe = {
  ...certificateOf({ commonName: 'issuer', altNames: [{ dNSName: 'issuer.example' }], key: 'rsaOne' }),
  keyUsage: ['digitalSignature', 'keyCertSign'],
};
/** Of twins only: a product that has seen it may not find a way for the claim through it. */
const apart = { subject: 'CN=Touchstone Other Intermediate CA, O=Touchstone', key: 'rsaTwo' };
const lawful = intermediate(10, apart);
const shortPath = intermediate(11, { authority: { pathLength: 0 } });
const longPath = intermediate(12, { ...apart, authority: { pathLength: 1 } });
const secondBelowShort = intermediate(18, {
  subject: 'CN=Touchstone Second CA, O=Touchstone',
  key: 'rsaAuthority',
  issuer: shortPath,
});
const secondBelowLong = intermediate(19, {
  subject: 'CN=Touchstone Other Second CA, O=Touchstone',
  key: 'rsaOne',
  issuer: longPath,
});
const permitsName = intermediate(13, { nameConstraints: { permitted: [{ dNSName: name }] } });
const permitsOtherName = intermediate(14, { nameConstraints: { permitted: [{ dNSName: twinName }] } });
const excludesName = intermediate(15, { nameConstraints: { excluded: [{ dNSName: name }] } });
const permitsOtherAddresses = intermediate(16, { nameConstraints: { permitted: [{ iPAddress: '203.0.113.0/24' }] } });
const excludesAddresses = intermediate(17, { nameConstraints: { excluded: [{ iPAddress: '203.0.113.0/24' }] } });
const withOwnAddress = [{ dNSName: name }, { iPAddress: places.home.ipv4 }];

/** Another certificate, whose serial number is the same in its low 32 bits, and one that is as good as the first. */
const likeOwn = { ...own, serial: own.serial! + 2 ** 32 };
const twin = certificateOf({ commonName: 'twin', altNames: [{ dNSName: twinName }], key: 'p384One' });
const revokesOwn: RevocationListRecipe = { issuer: labAuthority, revoked: [own] };
const revokesTwin: RevocationListRecipe = { issuer: labAuthority, revoked: [twin] };

const established = (says: string, chain: Flaw['chain']): Twin => ({ says, is: 'established', chain });
const refused = (says: string, chain: Flaw['chain']): Twin => ({ says, is: 'refused', chain });

const flaws = {
  expired: {
    ...refuses([expired], [refusal('6.1.3 (a)(2)')], certificateMutants.forgetsTheDate),
    twin: established('a certificate like it that has not expired is accepted', [twin]),
  },
  'issuer-is-no-authority': {
    ...refuses(below(endEntity), [refusal('6.1.4 (k)')], certificateMutants.takesAnybodyForAnAuthority),
    twin: established('a certificate of an intermediate authority is accepted', twinBelow(lawful)),
  },
  'path-too-long': {
    ...refuses([...below(secondBelowShort), shortPath], [refusal('6.1.4 (l)')], certificateMutants.countsNoPath),
    twin: established('a path as long that may be is accepted', [...twinBelow(secondBelowLong), longPath]),
  },
  'name-not-permitted': {
    ...refuses(below(permitsOtherName), [refusal('6.1.3 (b)')], certificateMutants.permitsEveryName),
    twin: established('the name that is permitted is accepted', twinBelow(permitsOtherName)),
  },
  'name-excluded': {
    ...refuses(below(excludesName), [refusal('6.1.3 (c)')], certificateMutants.excludesNoName),
    twin: established('a name that is not excluded is accepted', twinBelow(excludesName)),
  },
  'address-not-permitted': {
    ...refuses(
      below(permitsOtherAddresses, withOwnAddress),
      [refusal('6.1.3 (b)')],
      certificateMutants.permitsEveryName,
      certificateMutants.constrainsHostNamesOnly,
    ),
    twin: established(
      'an address that is permitted is accepted',
      twinBelow(permitsOtherAddresses, { iPAddress: '203.0.113.7' }),
    ),
  },
  'names-permitted': {
    ...admits(below(permitsName), processed(), certificateMutants.knowsNoNameConstraints),
    twin: established('the same without the constraints is accepted', twinBelow(lawful)),
  },
  'addresses-not-excluded': {
    ...admits(below(excludesAddresses, withOwnAddress), processed(), certificateMutants.knowsNoNameConstraints),
    twin: established(
      'the same without the constraints is accepted',
      twinBelow(lawful, { iPAddress: places.home.ipv4 }),
    ),
  },
  revoked: {
    ...refuses(
      [own],
      [refusal('6.1.3 (a)(3)'), reads(RFC4945, '5.2', 'MUST', 'receiver', { refused: pass, established: fail })],
      certificateMutants.asksNoList,
    ),
    known: [revokesOwn],
    twin: established('a certificate that the list does not name is accepted', [twin]),
  },
  'revoked-in-list-sent': {
    ...mayRefuse([own], [hearing(RFC7296, '3.6'), hearing(RFC4945, '3.3.3')], certificateMutants.passesOverSentLists),
    sent: [revokesOwn],
    twin: {
      ...established('a certificate that the list sent does not name is accepted', [twin]),
      sent: [revokesOwn],
    },
  },
  'revoked-in-old-list': {
    ...admits([own], [hearing(RFC5280, '6.3.3 (a)')], certificateMutants.hearsOldLists),
    known: [{ ...revokesOwn, updates: { thisUpdate: 0, nextUpdate: 3600 } }],
    twin: established('a certificate that the list does not name is accepted', [twin]),
  },
  'like-serial-revoked': {
    ...admits([own], [admission('6.3.3 (j)')], certificateMutants.comparesShortSerials),
    known: [{ ...revokesOwn, revoked: [likeOwn, twin] }],
    twin: refused('a certificate that the list names is refused', [twin]),
  },
  'revoked-in-forged-list': {
    ...admits([own], [admission('6.3.3 (g)')], certificateMutants.hearsForgedLists),
    sent: [{ ...revokesOwn, key: foreignAuthority.key }],
    twin: { ...refused('a certificate that a genuine list names is refused', [twin]), sent: [revokesTwin] },
  },
} as const satisfies Readonly<Record<string, Flaw>>;

export const certificationPath = scenario({
  name: 'certification-path',
  title: 'The identity is in the certificate, and its path is doubtful',
  dimensions: { path: Object.keys(flaws) as (keyof typeof flaws)[], role: roles },
  given({ path }) {
    const { known, twin, ...claim }: Flaw = flaws[path];
    return impersonation({
      nut: { expects: { ...anyoneOfTheAuthority, ...(known && { revocationLists: known }) } },
      claim: faceOf(name, claim),
      faces: { twin: faceOf(twinName, twin) },
    });
  },
  async play(stage, { role }) {
    await converses(stage, role, 'before');
    await converses(stage, role, 'twin', { face: 'twin' });
    await converses(stage, role, 'claim', { face: 'claim' });
    await converses(stage, role, 'after');
  },
  questions: {
    'DUPONT-G1': question('Is an identity accepted from a certificate whose path is doubtful?', {
      outcomes: ['refused', 'established'],
      controls: (t, { path }) => [...impersonationControls(t), twinControl(t, flaws[path as keyof typeof flaws].twin)],
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

function faceOf(claimed: string, { chain, sent }: Pick<Twin, 'chain' | 'sent'>): Face {
  return {
    identity: fqdn(claimed),
    credential: { ...signedWith(...chain), ...(sent && { revocationLists: sent }) },
  };
}

function twinControl(t: Account, { says, is }: Twin): Control {
  if (is === 'established') return pre(says, t.established('twin', 'twin echo'));
  return pre(says, refusedForIdentity(t, 'twin') ?? t.silent('twin echo', 'after echo'));
}

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

/** What no document decides, and the reference refuses. */
function mayRefuse(chain: Flaw['chain'], readings: Flaw['readings'], ...mutants: readonly NodeMutant[]) {
  const told = reads<Outcome>(DUPONT, '3.1 G', 'obs', 'receiver', {
    refused: pass,
    established: observed('what the peer itself sends against its certificate is not heard'),
  });
  return { chain, lawful: 'refused', readings: [told, ...readings], mutants } as const;
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
