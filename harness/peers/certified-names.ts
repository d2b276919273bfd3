/** The names of a certificate as text, the way mutants that err with them read them: printed, and therefore no longer of any kind. */
import type { CertificateNames } from '../../reference/ikev2/identity-in-certificate.ts';

export interface CertifiedNames {
  /** Of the subjectAltName, as they are written there. */
  readonly exactly: readonly string[];
  /** The same in lower case. */
  readonly all: readonly string[];
  readonly commonNames: readonly string[];
  readonly organization: string;
}

export function certifiedNames({ subject, subjectAltNames }: CertificateNames): CertifiedNames {
  const exactly = subjectAltNames.flatMap((name) => {
    if ('dNSName' in name) return [name.dNSName];
    if ('rfc822Name' in name) return [name.rfc822Name];
    return 'iPAddress' in name ? [name.iPAddress] : [];
  });
  const ofType = (type: string) =>
    subject.flat().flatMap((attribute) => (attribute.type === type ? [attribute.value] : []));
  return {
    exactly,
    all: exactly.map((name) => name.toLowerCase()),
    commonNames: ofType(COMMON_NAME),
    organization: ofType(ORGANIZATION)[0] ?? '',
  };
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
