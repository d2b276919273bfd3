/** Whether the certificates that the other end shows authenticate it (RFC 5246 section 7.4.2, RFC 5216 sections 5.2 and 5.3): their path, and the name in the first. */
import { type Certificate, parseCertificate } from '../certificates/certificate.ts';
import { validatePath } from '../certificates/path-validation.ts';
import type { PublicKey } from '../transforms/asymmetric-key.ts';
import type { AlertName } from '../wire/tls/registry.ts';
import { tlsBounds } from './bounds.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { type Handshake, refuses } from './refusal.ts';

/** The key of whoever is authenticated. */
export function* trustedKey(
  endpoint: TlsEndpoint,
  shown: readonly { readonly der: Uint8Array }[],
): Handshake<PublicKey> {
  const { rules, certificateRules, trust } = endpoint;
  if (shown.length > tlsBounds.tlsCertificates)
    return yield* refuses('tlsCertificates', 'bad_certificate', `${shown.length} certificates`);
  if (!rules.tlsCertificateGiven(shown.length))
    return yield* refuses('tlsCertificateGiven', 'handshake_failure', 'no certificate');
  const certificates = shown.map(({ der }) => parseCertificate(der));
  const [first] = certificates;
  if (first?.publicKey === undefined)
    return yield* refuses('tlsCertificatePath', 'bad_certificate', 'no certificate with a key to verify with');
  const others = certificates.slice(1).filter((one): one is Certificate => one !== undefined);
  const path = validatePath(first, { others, anchors: trust.anchors }, trust.at, certificateRules);
  const failure = path.valid ? undefined : `${path.failed}: ${path.subject}: ${path.says}`;
  if (!rules.tlsCertificatePath(failure))
    return yield* refuses('tlsCertificatePath', path.valid ? 'bad_certificate' : alertFor(path.failed), failure ?? '');
  if (!rules.tlsCertificateNames(() => trust.isNamed(first)))
    return yield* refuses('tlsCertificateNames', 'access_denied', `the certificate is not of ${trust.name}`);
  return first.publicKey;
}

/** RFC 5246 section 7.2.2 has words for some. */
function alertFor(failed: string): AlertName {
  switch (failed) {
    case 'isWithinValidity':
      return 'certificate_expired';
    case 'isTrustAnchor':
      return 'unknown_ca';
    default:
      return 'bad_certificate';
  }
}
