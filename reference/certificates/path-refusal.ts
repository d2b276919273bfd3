/** Why a certification path does not hold. */
import type { Certificate } from './certificate.ts';
import { printDistinguishedName } from './distinguished-name.ts';
import type { CertificateRules } from './rules.ts';

export interface PathRefusal {
  readonly valid: false;
  /**
   * The first rule that said no; or `publicKey` where an issuer has a key of a kind Touchstone does not know; or `pathSearch` and
   * `nameComparisons` where there was more to try than a peer may make us try.
   */
  readonly failed: keyof CertificateRules | 'publicKey' | 'pathSearch' | 'nameComparisons';
  /** Whose certificate it is about. */
  readonly subject: string;
  readonly says: string;
}

export function refusal(failed: PathRefusal['failed'], certificate: Certificate, says: string): PathRefusal {
  return { valid: false, failed, subject: printDistinguishedName(certificate.subject), says };
}
