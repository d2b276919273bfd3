/**
 * What a peer makes of whom the other says it is (DUPONT G, H and I). Nobody chose what was claimed: where it was in order, that is what was seen, and nothing is known of the
 * check; a refusal counts where the same verifier has believed the same peer another time.
 */
import {
  captureQuestion,
  inconclusive,
  type Judgement,
  type PeerClaim,
  seenAt,
} from '../../harness/vocabulary/capture-question.ts';
import { fail, observed, pass, reads } from '../../harness/vocabulary/question.ts';
import { isV4Mapped } from '../../reference/wire/address.ts';
import { authenticationMethods, idTypes } from '../../reference/wire/ike/registry.ts';
import { DUPONT, RFC4301, RFC4945, RFC7296 } from '../requirements/documents.ts';

const may = { refused: pass, established: pass };

export const certifiedIdentity = captureQuestion({
  id: 'DUPONT-G1',
  title: 'Is an identity accepted that the certificate does not name?',
  about: 'claim',
  asks: ({ certificate, method, idType }) =>
    certificate !== undefined && signatures.has(method) && idType !== idTypes.ID_NULL,
  outcomes: ['certified', 'refused', 'established'],
  judge: (claim) =>
    claim.certificate!.names
      ? seenAt('certified', `the certificate names ${claim.identity}`, claim)
      : verdictOn(claim, `${claim.identity}, which the certificate does not name`, claim.believed.certificate),
  plays: ['receiver'],
  reads: ({ idType }) => {
    const of = { certified: observed('the certificate names the identity'), refused: pass, established: fail };
    return [
      reads(DUPONT, '3.1 G', 'MUST', 'receiver', of),
      reads(RFC4301, '4.4.3.2', 'MAY', 'implementation', { ...of, ...may }),
      ...ofProfile(idType, of),
      reads(RFC7296, '3.5', 'MAY', 'implementation', { ...of, ...may }),
    ];
  },
});

export const addressAsIdentity = captureQuestion({
  id: 'DUPONT-H',
  title: 'Is an address accepted as identity that is not the one the messages come from?',
  about: 'claim',
  asks: ({ address, isTranslated }) => address !== undefined && !isV4Mapped(address) && !isTranslated,
  outcomes: ['in-use', 'refused', 'established'],
  judge: (claim) =>
    claim.address === claim.source
      ? seenAt('in-use', `${claim.identity} is where the messages come from`, claim)
      : verdictOn(claim, `${claim.identity}, from ${claim.source}`, claim.believed.source),
  plays: ['receiver'],
  reads: ({ certificate }) => {
    const of = { 'in-use': observed('the identity is the address in use'), refused: pass, established: fail };
    return [
      reads(DUPONT, '3.1 H', 'MUST', 'receiver', of),
      ...(certificate ? [reads(RFC4945, '3.1.1', 'MUST', 'receiver', of)] : []),
      reads(RFC7296, '3.5', 'MAY', 'implementation', { ...of, ...may }),
    ];
  },
});

export const addressesOfCertificate = captureQuestion({
  id: 'DUPONT-I',
  title: 'Is a peer accepted whose certificate names other addresses than the one in use?',
  about: 'claim',
  asks: ({ certificate, method, isTranslated }) =>
    (certificate?.addresses.length ?? 0) > 0 && signatures.has(method) && !isTranslated,
  outcomes: ['named', 'refused', 'no-child', 'established'],
  judge: (claim) => {
    const { addresses } = claim.certificate!;
    if (addresses.includes(claim.source)) return seenAt('named', `the certificate names ${claim.source}`, claim);
    if (claim.verdict?.is === 'no-child') return seenAt('no-child', claim.verdict.says, claim, claim.verdict);
    return verdictOn(claim, `a certificate of ${addresses.join(', ')}, from ${claim.source}`, claim.believed.source);
  },
  plays: ['receiver'],
  reads: () => {
    const of = {
      named: observed('the certificate names the address in use'),
      refused: pass,
      'no-child': observed('the peer is accepted, and has no traffic of its own'),
      established: fail,
    };
    return [
      reads(DUPONT, '3.1 I', 'SHOULD', 'receiver', of),
      reads(RFC7296, '3.5', 'MAY', 'implementation', { ...of, ...may, 'no-child': pass }),
    ];
  },
});

function verdictOn(claim: PeerClaim, claimed: string, wasBelieved: boolean): Judgement {
  const { verdict } = claim;
  if (!verdict) return inconclusive('I-TIME', `${claimed}: nothing shows what became of it`);
  if (verdict.is !== 'refused') return seenAt('established', `${claimed}: ${verdict.says}`, claim, verdict);
  if (!wasBelieved)
    return inconclusive('I-PRE', `${claimed}: refused, and nothing shows that the peer is believed otherwise`);
  return seenAt('refused', `${claimed}: ${verdict.says}`, verdict, claim);
}

/** RFC 4945 3.1, by the type of the identity. */
function ofProfile(
  idType: number,
  of: { certified: ReturnType<typeof observed>; refused: typeof pass; established: typeof fail },
) {
  const section = sectionOf.get(idType);
  return section === undefined ? [] : [reads(RFC4945, section, 'MUST', 'receiver', of)];
}

const sectionOf: ReadonlyMap<number, string> = new Map([
  [idTypes.ID_IPV4_ADDR, '3.1.1'],
  [idTypes.ID_IPV6_ADDR, '3.1.1'],
  [idTypes.ID_FQDN, '3.1.2'],
  [idTypes.ID_RFC822_ADDR, '3.1.3'],
  [idTypes.ID_DER_ASN1_DN, '3.1.5'],
]);

const signatures: ReadonlySet<number> = new Set([
  authenticationMethods['RSA Digital Signature'],
  authenticationMethods['ECDSA with SHA-256 on the P-256 curve'],
  authenticationMethods['ECDSA with SHA-384 on the P-384 curve'],
  authenticationMethods['ECDSA with SHA-512 on the P-521 curve'],
  authenticationMethods['Digital Signature'],
]);
