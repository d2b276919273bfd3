/**
 * NAT detection (RFC 7296 section 2.23): each side sends a hash of the SPIs with the address and port it believes in, for either end. What a
 * difference means is a rule; this file computes.
 */
import { hash } from '../transforms/keyed-hash.ts';
import { type Address, addressOctets } from '../wire/address.ts';
import type { NotifyPayload } from '../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { concat, u16 } from '../wire/octets.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Path } from './interface.ts';
import { notify } from './payloads.ts';

/** SHA-1 over SPIi | SPIr | address | port. */
export function natDetectionHash(SPIi: Uint8Array, SPIr: Uint8Array, address: Address, port: number): Uint8Array {
  return hash('sha1', concat(SPIi, SPIr, addressOctets(address), u16(port)));
}

/**
 * The two notifications of a message sent on this path. Who feigns a NAT hashes the source with port 0, which no
 * datagram has: the peer then sees one before this node, as section 2.23 allows for forcing UDP encapsulation.
 */
export function natDetectionNotifies(
  { initiatorSPI, responderSPI, nat }: Pick<IkeSa, 'initiatorSPI' | 'responderSPI' | 'nat'>,
  path: Path,
): NotifyPayload[] {
  const port = nat.feigned ? 0 : path.localPort;
  const source = natDetectionHash(initiatorSPI, responderSPI, path.localAddress, port);
  const destination = natDetectionHash(initiatorSPI, responderSPI, path.remoteAddress, path.remotePort);
  return [
    notify(notifyTypes.NAT_DETECTION_SOURCE_IP, source),
    notify(notifyTypes.NAT_DETECTION_DESTINATION_IP, destination),
  ];
}
