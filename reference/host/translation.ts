/**
 * A router that translates addresses, one for one (RFC 3022 2.1, "basic NAT"): what comes from an inside address goes on from its outside address, and back. The
 * checksums that a translator can reach follow (4.1); what ESP or AH cover it cannot. Ports stay as they are.
 */
import type { Address } from '../wire/address.ts';
import { pseudoHeaderChecksum } from '../wire/checksum.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16, u16 } from '../wire/octets.ts';
import type { Translation } from './configuration.ts';

/** As it goes on; the packet itself where no address of it is translated. */
export function translated(packet: IpPacket, translations: readonly Translation[]): IpPacket {
  const source = translations.find(({ inside }) => inside === packet.source)?.outside ?? packet.source;
  const destination = translations.find(({ outside }) => outside === packet.destination)?.inside ?? packet.destination;
  if (source === packet.source && destination === packet.destination) return packet;
  return readdressed(packet, source, destination);
}

function readdressed(packet: IpPacket, source: Address, destination: Address): IpPacket {
  const { protocol, payload } = packet;
  const moved = { ...packet, source, destination, ...(packet.version === 4 && { headerChecksum: undefined }) };
  const at = checksumAt[protocol];
  if (at === undefined || payload.length < at + 2 || (protocol === protocols.UDP && readU16(payload, at) === 0)) {
    return moved;
  }
  const summed = payload.slice();
  summed.fill(0, at, at + 2);
  summed.set(u16(pseudoHeaderChecksum(summed, protocol, { source, destination }) || 0xffff), at);
  return { ...moved, payload: summed };
}

/** Of the upper layers that sum the addresses along, the offset of the checksum. */
const checksumAt: Readonly<Record<number, number>> = { [protocols.TCP]: 16, [protocols.UDP]: 6 };
