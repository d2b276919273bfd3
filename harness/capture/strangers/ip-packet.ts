/**
 * From a record to the IP packet in it, whatever link layers it was captured under: `reference/wire/layers.ts` says which lies in which. What pads a frame behind
 * the packet is cut away; a packet that was cut itself is handed on as far as it goes, and said to be so. What is no IP has a name to be counted by.
 */
import { MalformedOctets } from '../../../reference/wire/dissection.ts';
import { etherTypes, LEAST_ETHER_TYPE } from '../../../reference/wire/ethernet.ts';
import { nameIn } from '../../../reference/wire/fields.ts';
import { innerLayer, type Layer, type LayerName, layerOfLinkType, structures } from '../../../reference/wire/layers.ts';
import { readU16 } from '../../../reference/wire/octets.ts';
import { pppProtocols } from '../../../reference/wire/ppp.ts';
import type { StrangerRecord } from './items.ts';

export type RecordContents = CarriedPacket | NoPacket | BrokenPacket;

export interface CarriedPacket {
  readonly kind: 'packet';
  readonly version: 4 | 6;
  /** From the IP header to the end of the packet, or of what is there of it. A view of the record's. */
  readonly octets: Uint8Array;
  /** Octets of the packet that are not there, by its own length. */
  readonly missing: number;
  /** Why they are not: a snap length cut the record, or the packet is shorter than it says. */
  readonly missingFor?: 'snap length' | 'packet';
}

/** Something else, as `ARP` or `802.3 LLC`. */
export interface NoPacket {
  readonly kind: 'other';
  readonly name: string;
}

/** Headers that cannot be read, for which a snap length may be to blame. */
export interface BrokenPacket {
  readonly kind: 'broken';
  readonly fault: MalformedOctets;
  readonly isCut: boolean;
}

type Captured = Pick<StrangerRecord, 'octets' | 'originalLength'> & {
  readonly interface: Pick<StrangerRecord['interface'], 'linkType'>;
};

export function ipPacketOf(record: Captured): RecordContents {
  const { linkType } = record.interface;
  try {
    let layer = layerOfLinkType.get(linkType);
    if (layer === undefined) return other(`link type ${linkType}`);
    let { octets } = record;
    if (layer === 'ethernet' && carriesIp(octets)) return packetIn(octets.subarray(ETHERNET_HEADER), record);
    for (let depth = 0; depth < DEEPEST; depth++) {
      if (layer === 'ip') return packetIn(octets, record);
      const value = structures[layer].decode(octets).value as { readonly payload?: Uint8Array };
      const outer = { layer, value, start: 0, end: octets.length } as Layer;
      const inner: LayerName | undefined = innerLayer(outer);
      if (inner === undefined || inner === 'arp' || !value.payload) return other(nameOf(outer));
      octets = value.payload;
      layer = inner;
    }
    return other(`more than ${DEEPEST} layers around it`);
  } catch (thrown) {
    if (!(thrown instanceof MalformedOctets)) throw thrown;
    return { kind: 'broken', fault: thrown, isCut: isCut(record) };
  }
}

/** As most frames do: to spell their addresses, only to pass them over, would take ten times as long as everything else. */
function carriesIp(ethernet: Uint8Array): boolean {
  const etherType = ethernet.length < ETHERNET_HEADER ? undefined : readU16(ethernet, 12);
  return etherType === etherTypes.IPv4 || etherType === etherTypes.IPv6;
}

function packetIn(octets: Uint8Array, record: Captured): CarriedPacket {
  const version = octets.length === 0 ? undefined : octets[0]! >> 4;
  if (version !== 4 && version !== 6)
    throw new MalformedOctets('ip/version', 0, '4 or 6', String(version ?? 'nothing'));
  const header = version === 4 ? 4 * (octets[0]! & 0xf) : IPV6_HEADER;
  if (header < IPV4_HEADER) throw new MalformedOctets('ip/headerLength', 0, 'from 5 words on', String(header / 4));
  if (octets.length < header) throw new MalformedOctets('ip', 0, `${header} octets`, String(octets.length));
  const declared = version === 4 ? readU16(octets, 2) : readU16(octets, 4);
  // A jumbogram (RFC 2675), or a segment that the interface was still to cut: as long as the frame.
  const unsaid = declared === 0;
  const length = unsaid ? octets.length + lostWith(record) : version === 4 ? declared : IPV6_HEADER + declared;
  if (length < header) throw new MalformedOctets('ip/totalLength', 2, `at least ${header}`, String(length));
  const missing = Math.max(0, length - octets.length);
  return {
    kind: 'packet',
    version,
    octets: length < octets.length ? octets.subarray(0, length) : octets,
    missing,
    ...(missing > 0 && { missingFor: isCut(record) ? 'snap length' : 'packet' }),
  };
}

const lostWith = ({ octets, originalLength }: Captured): number => Math.max(0, originalLength - octets.length);

const isCut = (record: Captured): boolean => lostWith(record) > 0;

const other = (name: string): NoPacket => ({ kind: 'other', name });

function nameOf({ layer, value }: Layer): string {
  switch (layer) {
    case 'ethernet':
    case 'vlanTag':
      return value.etherType < LEAST_ETHER_TYPE ? nameOfLlc(value.payload) : nameOfType(value.etherType);
    case 'linuxCooked':
    case 'linuxCooked2':
      return value.protocolType === LLC_OF_LINUX ? nameOfLlc(value.payload) : nameOfType(value.protocolType);
    case 'loopback':
      return `protocol family ${value.family}`;
    case 'pppoe':
      return 'PPPoE discovery';
    case 'ppp':
      return ciscoHdlc.has(value.protocol)
        ? 'Cisco HDLC'
        : `PPP ${nameIn(pppProtocols, value.protocol) ?? hexOf(value.protocol)}`;
    default:
      return layer;
  }
}

const nameOfType = (etherType: number): string =>
  nameIn(etherTypes, etherType) ?? otherTypes.get(etherType) ?? `EtherType ${hexOf(etherType)}`;

/** IEEE 802.2: SNAP, in which an EtherType may stand behind five octets, or another. */
const nameOfLlc = (payload: Uint8Array): string =>
  payload[0] === 0xaa && payload[1] === 0xaa ? '802.3 LLC/SNAP' : '802.3 LLC';

const hexOf = (number: number): string => `0x${number.toString(16).padStart(4, '0')}`;

const otherTypes: ReadonlyMap<number, string> = new Map([
  [0x8847, 'MPLS'],
  [0x8848, 'MPLS multicast'],
  [0x8863, 'PPPoE discovery'],
  [0x88cc, 'LLDP'],
  [0x88e5, 'MACsec'],
  [0x88f7, 'PTP'],
]);

/** Where PPP has its protocol, as its compressed form would be read: the first octets of Cisco's framing in PPP_HDLC. */
const ciscoHdlc: ReadonlySet<number> = new Set([0x0f, 0x8f]);
/** ETH_P_802_2 of Linux. */
const LLC_OF_LINUX = 4;
const ETHERNET_HEADER = 14;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** Tags and headers around one packet: more are no link. */
const DEEPEST = 16;
