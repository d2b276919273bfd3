/**
 * What a datagram on port 4500 holds, RFC 3948 section 2 and RFC 7296 section 2.23: four zero octets (the Non-ESP
 * Marker) and an IKE message; a single octet 0xff, a NAT-keepalive; anything else is ESP, whose SPI is never zero. The
 * inner octets are decoded by `message.ts` and `esp.ts`.
 */
import { computed, constant, rest, u8, u32 } from '../fields.ts';
import { choice } from '../groups.ts';
import { structure, type ValueOf } from '../kernel.ts';

export type UdpEncapsulation =
  | ValueOf<typeof encapsulatedIke>
  | ValueOf<typeof encapsulatedEsp>
  | ValueOf<typeof keepalive>;

export const keepaliveOctet = 0xff;

const encapsulatedIke = structure('encapsulatedIke', 'UDP encapsulation of IKE', [
  constant('kind', 'ike'),
  computed(u32('marker', 'Non-ESP Marker'), () => 0),
  rest('payload', 'IKE message'),
]);

const encapsulatedEsp = structure('encapsulatedEsp', 'UDP encapsulation of ESP', [
  constant('kind', 'esp'),
  rest('payload', 'ESP packet'),
]);

const keepalive = structure('keepalive', 'NAT-keepalive', [
  constant('kind', 'keepalive'),
  computed(u8('octet', 'NAT-keepalive'), () => keepaliveOctet),
]);

export const udpEncapsulation = choice<UdpEncapsulation>(
  'udpEncapsulation',
  'UDP encapsulation',
  ({ octets, offset, left }) => {
    if (left === 1 && octets[offset] === keepaliveOctet) return keepalive;
    const marked =
      left >= 4 && (octets[offset]! | octets[offset + 1]! | octets[offset + 2]! | octets[offset + 3]!) === 0;
    return marked ? encapsulatedIke : encapsulatedEsp;
  },
  ({ kind }) => ({ ike: encapsulatedIke, esp: encapsulatedEsp, keepalive })[kind],
);

/** An IKE message as it goes to port 4500. */
export function encapsulateIke(message: Uint8Array): Uint8Array {
  return udpEncapsulation.encode({ kind: 'ike', payload: message });
}
