/**
 * A router that translates addresses, one for one (RFC 3022 2.1, "basic NAT"): what comes from an inside address goes on from its outside address, and back. The
 * checksums that a translator can reach follow (4.1); what ESP or AH cover it cannot. Ports stay as they are.
 */
import { type Endpoints, readdressed } from '../wire/checksum.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import type { Translation } from './configuration.ts';

/** As it goes on; the packet itself where no address of it is translated. */
export function translated(packet: IpPacket, translations: readonly Translation[]): IpPacket {
  const source = translations.find(({ inside }) => inside === packet.source)?.outside ?? packet.source;
  const destination = translations.find(({ outside }) => outside === packet.destination)?.inside ?? packet.destination;
  if (source === packet.source && destination === packet.destination) return packet;
  return moved(packet, { source, destination });
}

function moved(packet: IpPacket, ends: Endpoints): IpPacket {
  const payload = readdressed(packet.payload, packet.protocol, packet, ends);
  return { ...packet, ...ends, payload, ...(packet.version === 4 && { headerChecksum: undefined }) };
}
