/**
 * Whether a certificate is revoked (RFC 5280 section 6.3), as far as the lists at hand tell: complete lists, signed by the certificate's own
 * issuer. Delta lists, indirect ones and lists for one distribution point are not used, as RFC 4945 section 5.2.2.4 asks. Where no list speaks of a certificate it counts as good: who has no list is no worse off.
 */
import type { CalendarSeconds } from './calendar.ts';
import type { Certificate } from './certificate.ts';
import type { RevocationList } from './revocation-list.ts';
import type { CertificateRules } from './rules.ts';

/** Whether some list that may speak of the certificate, which `issuer` issued, says that it is revoked. */
export function isRevoked(
  certificate: Certificate,
  issuer: Certificate,
  lists: readonly RevocationList[],
  at: CalendarSeconds,
  rules: CertificateRules,
): boolean {
  return lists.some((list) => mayBeUsed(list, issuer, at, rules) && rules.isListed(certificate, list));
}

/** Cheap questions first: a stranger may have sent the list. */
function mayBeUsed(list: RevocationList, issuer: Certificate, at: CalendarSeconds, rules: CertificateRules): boolean {
  return (
    rules.listIsOfIssuer(list, issuer) &&
    rules.listIsCurrent(list, at) &&
    rules.listExtensionsPermit(list) &&
    rules.listAlgorithmsAgree(list) &&
    rules.mayKeySignLists(issuer) &&
    issuer.publicKey !== undefined &&
    rules.listSignatureVerifies(list, issuer.publicKey)
  );
}
