/** A packet put under AH by hand (RFC 4302), for what no order of a machine can say: where headers stand, and what the ICV takes them for. */
import { ahForm, ahKeys, sealAh } from '../../reference/ipsec/ah.ts';
import { coveredForm, mutability } from '../../reference/ipsec/mutable-fields.ts';
import { extensionProtocols } from '../../reference/wire/ip/extension-headers.ts';
import { encodeExtensions, type Ipv6Packet } from '../../reference/wire/ip/ipv6.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { concat, unhex } from '../../reference/wire/octets.ts';
import type { ManualAh } from '../lab/node.ts';

export interface AhByHand {
  /** Of the SA that the packet is put under. */
  readonly sa: ManualAh;
  readonly sequenceNumber: bigint;
  /** These headers stand behind AH. */
  readonly hidden?: Ipv6Packet['extensions'];
  /** The ICV takes the addresses in the headers as they are on the wire. */
  readonly asOnTheWire?: true;
}

/** The packet with AH in it, behind all of its headers. */
export function underAh(packet: Uint8Array, { sa, sequenceNumber, hidden = [], asOnTheWire }: AhByHand): Uint8Array {
  const { extensions, payload, ...header } = ipPacket.decode(packet).value as Ipv6Packet;
  const { integrity, extendedSequenceNumbers, spi } = sa;
  const keys = ahKeys({ integrity: { id: integrity.id, key: unhex(integrity.key) }, extendedSequenceNumbers });
  const foretelling = { ...mutability, foretellsHomeAddress: false, foretellsRouting: false };
  const form = asOnTheWire ? { ...ahForm, covered: (octets: Uint8Array) => coveredForm(octets, foretelling) } : ahForm;
  const protocol = hidden[0] ? extensionProtocols[hidden[0].type] : header.protocol;
  const carried = concat(encodeExtensions(hidden, header.protocol), payload);
  const bare = { ...header, extensions, protocol, payload: carried, nextHeader: undefined, payloadLength: undefined };
  return sealAh(bare, { spi, sequenceNumber }, keys, form);
}
