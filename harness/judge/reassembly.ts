/** Puts a fragmented packet together from the pieces a transcript holds (RFC 791 3.2, RFC 8200 4.5), with the reference's own reassembly. */
import { Reassembly } from '../../reference/host/fragments.ts';
import { hostRules } from '../../reference/host/rules.ts';
import { isFragment } from '../../reference/ipsec/selectors-of-packet.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';

export type Piece = IpPacket;

/** The packet itself when it is whole, the whole it completes, or undefined while pieces are missing. `earlier` ends with the packet. */
export function reassembled(packet: IpPacket, earlier: () => readonly Piece[]): IpPacket | undefined {
  if (!isFragment(packet)) return packet;
  const reassembly = new Reassembly(hostRules);
  const pieces = earlier().filter(isFragment);
  return pieces.map((piece) => reassembly.take(0, piece)).at(-1);
}
