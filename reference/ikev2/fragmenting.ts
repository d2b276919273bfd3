/**
 * Sending in fragments (RFC 7383 sections 2.4 and 2.5): the chain that SK would seal is cut into chunks, whatever payloads they cut through, and each
 * is sealed by itself. How large a datagram may be is a rule or configured; sealing is `sealed-message.ts`.
 */
import { familyOf } from '../wire/address.ts';
import { ikeHeaderLength } from '../wire/ike/header.ts';
import { ikePorts } from '../wire/ike/registry.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Fragment, Path } from './interface.ts';
import { type Protection, sealedOctets } from './sealed-message.ts';

/** The chain as it goes out; where it is not split, all of it as one. */
export function fragmentsOf(
  { surroundings, fragmentation, connection }: IkeSa,
  path: Path,
  { innerNextPayload, content }: Pick<Fragment, 'innerNextPayload' | 'content'>,
  protection: Protection,
): { readonly isSplit: boolean; readonly fragments: readonly Fragment[] } {
  const { rules } = surroundings;
  const whole = { isSplit: false, fragments: [{ fragmentNumber: 1, totalFragments: 1, innerNextPayload, content }] };
  if (!fragmentation) return whole;
  const family = familyOf(path.remoteAddress);
  const threshold = connection?.fragmentation?.datagramOctets ?? rules.fragmentationThreshold(family);
  const around = (family === 4 ? IPV4_HEADER : IPV6_HEADER) + UDP_HEADER + markerOctets(path) + ikeHeaderLength;
  if (!rules.messageSplit(around + SK_HEADER + sealedOctets(content.length, protection), threshold)) return whole;
  const chunk = chunkOctets(threshold - around - SKF_HEADER, protection);
  const totalFragments = Math.max(1, Math.ceil(content.length / chunk));
  const fragments = Array.from({ length: totalFragments }, (_, i) => ({
    fragmentNumber: i + 1,
    totalFragments,
    innerNextPayload: rules.fragmentNextPayload(innerNextPayload, i + 1),
    content: content.subarray(i * chunk, (i + 1) * chunk),
  }));
  return { isSplit: true, fragments };
}

/** What can be sealed in so many octets, and one where that is nothing: the threshold is then too small for any fragment. */
function chunkOctets(octets: number, protection: Protection): number {
  const { blockOctets } = protection.cipher;
  const padded = octets - sealedOctets(0, protection) + blockOctets;
  return Math.max(1, padded - (padded % blockOctets) - PAD_LENGTH);
}

function markerOctets({ localPort }: Path): number {
  return localPort === ikePorts['IKE-NAT-T'] ? NON_ESP_MARKER : 0;
}

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const NON_ESP_MARKER = 4;
const SK_HEADER = 4;
const SKF_HEADER = 8;
const PAD_LENGTH = 1;
