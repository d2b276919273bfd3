/** An end of TLS as EAP wants it, from what a connection of IKE is told: the certificate to be shown, the trust anchors, and who the other is to be (RFC 5216 5.2). */
import { calendarSecondsAt } from '../../certificates/calendar.ts';
import type { TlsEndpoint } from '../../tls/endpoint.ts';
import type { Credential, IkeConnection } from '../configuration.ts';
import { certificateOf, privateKeyNamed } from '../credentials.ts';
import { identityText, type PeerIdentity } from '../identity.ts';
import { identityInCertificate } from '../identity-in-certificate.ts';
import type { Surroundings } from '../ike-sa.ts';

/** A certificate and its key, for AUTH or for EAP-TLS alone. */
export type CertifiedCredential = Extract<Credential, { readonly chain: unknown }>;

export function tlsEndpoint(
  { rules, certificateRules, env, settings, now, seams }: Surroundings,
  { chain, key }: CertifiedCredential,
  { remote, name }: IkeConnection,
  other: PeerIdentity,
): TlsEndpoint {
  return {
    credential: { chain: chain.map(certificateOf), key: privateKeyNamed(key) },
    trust: {
      anchors: remote.trustAnchors.map(certificateOf),
      at: calendarSecondsAt(now),
      isNamed: (certificate) => identityInCertificate(other, certificate),
      name: identityText(other),
    },
    rules,
    certificateRules,
    env,
    provider: settings.provider,
    tampers: (message) => seams.tlsMessage(message, name),
  };
}
