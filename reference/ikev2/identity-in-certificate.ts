/**
 * Whether an identity is one that a certificate certifies (RFC 4945 section 3.1): by the type of the identity, in the subjectAltName of the
 * same kind or, for a DN, the subject. The subject's common name never stands in for a name (section 3.1.2). Which certificate is
 * asked, and what a mismatch means, is for the rules.
 */
import type { Certificate } from '../certificates/certificate.ts';
import { decodeDistinguishedName, equalDistinguishedNames } from '../certificates/distinguished-name.ts';
import type { Address } from '../wire/address.ts';
import { idTypes } from '../wire/ike/registry.ts';
import { toText } from '../wire/octets.ts';
import { addressOfIdentity, type PeerIdentity, sameMailbox } from './identity.ts';

/** The names a certificate certifies. */
export type CertificateNames = Pick<Certificate, 'subject' | 'subjectAltNames'>;

/** RFC 4945 sections 3.1.1 to 3.1.5. ID_KEY_ID and unknown types are in no certificate. */
export function identityInCertificate(peer: PeerIdentity, { subject, subjectAltNames }: CertificateNames): boolean {
  switch (peer.idType) {
    case idTypes.ID_IPV4_ADDR:
    case idTypes.ID_IPV6_ADDR: {
      const address = addressOfIdentity(peer);
      return subjectAltNames.some((name) => 'iPAddress' in name && name.iPAddress === address);
    }
    case idTypes.ID_FQDN: {
      const asked = toText(peer.data).toLowerCase();
      return subjectAltNames.some((name) => 'dNSName' in name && name.dNSName.toLowerCase() === asked);
    }
    case idTypes.ID_RFC822_ADDR: {
      const asked = toText(peer.data);
      return subjectAltNames.some((name) => 'rfc822Name' in name && sameMailbox(name.rfc822Name, asked));
    }
    case idTypes.ID_DER_ASN1_DN: {
      const asked = decodeDistinguishedName(peer.data);
      if (asked === undefined) return false;
      const directoryNames = subjectAltNames.flatMap((name) => ('directoryName' in name ? [name.directoryName] : []));
      return [subject, ...directoryNames].some((name) => equalDistinguishedNames(name, asked));
    }
    default:
      return false;
  }
}

/** The addresses that a certificate certifies. */
export function addressesOfCertificate({ subjectAltNames }: CertificateNames): Address[] {
  return subjectAltNames.flatMap((name) => ('iPAddress' in name ? [name.iPAddress] : []));
}
