/** CERT and CERTREQ payloads (RFC 7296 sections 3.6 and 3.7) of what a connection is configured with. */
import type { Payload } from '../wire/ike/payload-chain.ts';
import { certificateEncodings } from '../wire/ike/registry.ts';
import { concat } from '../wire/octets.ts';
import type { IkeConnection } from './configuration.ts';
import { certificateOf, certificationAuthorities, publicKeyNamed, revocationListOctets } from './credentials.ts';

/** CERT payloads in the configured order, revocation lists last; none with a shared key, and a raw public key where it is to be sent (RFC 7670). */
export function certificatePayloads({ local }: IkeConnection): Payload[] {
  if (local.authentication.kind === 'public-key') {
    const { key, isSent } = local.authentication;
    return isSent ? [{ type: 'CERT', encoding: RAW_PUBLIC_KEY, data: publicKeyNamed(key).spki }] : [];
  }
  if (local.authentication.kind !== 'certificate') return [];
  const { chain, revocationLists = [] } = local.authentication;
  return [
    ...chain.map((recipe): Payload => ({ type: 'CERT', encoding, data: certificateOf(recipe).der })),
    ...revocationLists.map(
      (recipe): Payload => ({ type: 'CERT', encoding: LIST_ENCODING, data: revocationListOctets(recipe) }),
    ),
  ];
}

/** The authorities whose certificates would do for some of these connections. */
export function certificateRequests(connections: readonly IkeConnection[]): Payload[] {
  const anchors = connections.flatMap(({ remote }) =>
    remote.authentication === 'signature' ? remote.trustAnchors : [],
  );
  if (anchors.length === 0) return [];
  return [{ type: 'CERTREQ', encoding, data: concat(...certificationAuthorities(anchors)) }];
}

const encoding = certificateEncodings['X.509 Certificate - Signature'];
const RAW_PUBLIC_KEY = certificateEncodings['Raw Public Key'];
const LIST_ENCODING = certificateEncodings['Certificate Revocation List (CRL)'];
