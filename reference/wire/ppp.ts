/**
 * The Point-to-Point Protocol (RFC 1661 section 2), with the address and control fields of HDLC in front (RFC 1662 section
 * 3.1) or without, its protocol number in two octets or compressed to one (RFC 1661 section 6.5), and PPP over Ethernet
 * (RFC 2516 section 4). A frame tells these by its own octets: no protocol number begins with the address of HDLC, and
 * only the last octet of one is odd.
 */
import { bit, bits } from './bit-fields.ts';
import { computed, declared, type Holding, type Maybe, nameIn, numberAt, rest, surplus, u8, u16 } from './fields.ts';
import { type Part, structure, type ValueOf } from './kernel.ts';
import { hex } from './octets.ts';

export type PppFrame = ValueOf<typeof pppFrame>;
export type PppoePacket = ValueOf<typeof pppoePacket>;

export const pppProtocols = {
  IPv4: 0x0021,
  IPv6: 0x0057,
  IPCP: 0x8021,
  IPv6CP: 0x8057,
  LCP: 0xc021,
  PAP: 0xc023,
  CHAP: 0xc223,
} as const;

/** Session data; any other code is of the discovery stage, or of its end. */
export const SESSION_DATA = 0;

const hdlcHeader: Part<Maybe<'hdlcHeader', Uint8Array>> = {
  read(reader, into) {
    const { octets, offset, left } = reader;
    if (left < 2 || octets[offset] !== 0xff || octets[offset + 1] !== 0x03) return;
    const held = reader.view(2, 'hdlcHeader');
    into.hdlcHeader = held;
    reader.leaf(offset, 'hdlcHeader', 'HDLC Address, Control', hex(held));
  },
  write(writer, { hdlcHeader: given }) {
    if (given) writer.octets(given);
  },
};

const protocol: Part<Holding<'protocol', number> & Maybe<'isCompressed', boolean>> = {
  read(reader, into) {
    const isCompressed = reader.left > 0 && reader.octets[reader.offset]! % 2 === 1;
    const size = isCompressed ? 1 : 2;
    const start = reader.claim(size, 'protocol');
    const held = numberAt(reader.octets, start, size);
    into.protocol = held;
    if (isCompressed) into.isCompressed = true;
    const name = nameIn(pppProtocols, held);
    reader.leaf(start, 'protocol', 'Protocol', name ? `${held} (${name})` : String(held));
  },
  write(writer, { protocol: number, isCompressed }) {
    writer.number(number, isCompressed ? 1 : 2);
  },
};

export const pppFrame = structure('ppp', 'Point-to-Point Protocol', [hdlcHeader, protocol, rest('payload', 'Payload')]);

export const pppoePacket = structure('pppoe', 'PPP over Ethernet', [
  bits('versionAndType', 'Version, Type', 1, [bit('version', 4, 'Version', () => 1), bit('type', 4, 'Type', () => 1)]),
  u8('code', 'Code'),
  u16('sessionId', 'Session ID'),
  computed(u16('length', 'Length'), ({ payload }: { payload: Uint8Array }) => payload.length),
  declared('payload', 'Payload', ({ length }: { length: number }) => length),
  surplus('trailer', 'Octets after the packet'),
]);
