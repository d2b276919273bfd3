/**
 * The length of the paths that SAs take, RFC 4301 section 8.2: an ICMP message about a packet that this node protected teaches it, and a packet that would be too
 * long once it is protected is not simply sealed. Who is believed and what is done are rules; the ICMP message to a sender, and cutting, are the host's.
 */
import type { Instant } from '../machine.ts';
import { type Address, familyOf } from '../wire/address.ts';
import { icmpTypes, unreachableCodes } from '../wire/icmp.ts';
import { icmpv6Types } from '../wire/icmpv6.ts';
import { type IpPacket, readIpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16, readU32 } from '../wire/octets.ts';
import { NAT_TRAVERSAL_PORT } from './encapsulation.ts';
import { alignmentOf, ESP_HEADER } from './esp.ts';
import { quotation } from './icmp-error.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { IpsecRules } from './rules.ts';
import { type AhEntry, type EspIdentity, icvOctets, isEsp, type SadEntry } from './sad.ts';
import { isLaterFragment, type PolicyAddresses } from './selectors-of-packet.ts';

/** What becomes of a packet that is too long for the path of its SA. `mtu` is what would not be, before protection. */
export interface Beyond {
  readonly fate: 'told' | 'cut';
  readonly mtu: number;
  readonly refusal: Refusal;
}

export interface PathMtuSettings {
  readonly rules: IpsecRules;
  /** Of the first hop towards this address. */
  readonly linkMtu: (destination: Address) => number;
  readonly messages: 'heeded' | 'ignored';
}

export class PathMtus {
  readonly #settings: PathMtuSettings;

  constructor(settings: PathMtuSettings) {
    this.#settings = settings;
  }

  /** Section 8.2.1, for an ICMP message that came in clear; undefined where it is about no path, or was heeded. */
  hears(now: Instant, message: IpPacket, sad: readonly SadEntry[]): Refusal | undefined {
    const mtu = nextHopMtu(message);
    if (mtu === undefined) return undefined;
    const { rules, messages } = this.#settings;
    const packet = quotation(message);
    const quoted = packet ? identityOf(packet, rules.policyAddresses) : 'cut short';
    if (quoted === undefined) return undefined;
    if (!rules.pathMtuMessageHeeded(messages)) return refusal('pathMtuMessageHeeded', `from ${message.source}`);
    if (quoted === 'cut short') return refusal('pathMtuSa', `${message.source} quotes too little`);
    const entry = rules.pathMtuSa(sad, quoted);
    const about = `${quoted.protocol} with SPI 0x${quoted.spi.toString(16)} to ${quoted.destination}`;
    if (!entry) return refusal('pathMtuSa', `${message.source} speaks of ${about}`);
    if (!rules.pathMtuAcceptable(mtu, this.of(now, entry), familyOf(entry.destination))) {
      return refusal('pathMtuAcceptable', `${mtu} octets for ${about}`);
    }
    entry.pathMtu = { octets: mtu, learnt: now };
    return undefined;
  }

  /** How long a packet of this SA may be on the wire. */
  of(now: Instant, { destination, pathMtu }: SadEntry): number {
    const { rules, linkMtu } = this.#settings;
    const link = linkMtu(destination);
    return pathMtu && rules.pathMtuStands(pathMtu, now) ? Math.min(pathMtu.octets, link) : link;
  }

  /** Tunnel mode: undefined where the packet is to be sealed, whether or not it has to be cut then. */
  beyond(now: Instant, entry: SadEntry, octets: Uint8Array, forwarded: boolean): Beyond | undefined {
    if (entry.sa.mode !== 'tunnel') return undefined;
    const { rules } = this.#settings;
    const longest = rules.longestPacket(roomUnder(entry, this.of(now, entry), rules));
    const packet = octets.length > longest ? readIpPacket(octets) : undefined;
    if (!packet) return undefined;
    const { version } = packet;
    const { dontFragment: outside, fragments = 'after' } = entry.sa;
    const fate = rules.packetBeyondPath({
      version,
      dontFragment: version === 4 && (packet.dontFragment ?? false),
      octets: octets.length,
      forwarded,
      // What must not be cut outside is cut inside.
      fragments: outside === 'set' ? 'before' : fragments,
    });
    if (fate === 'sealed') return undefined;
    const mtu = fate === 'told' ? rules.mtuTold(longest, version) : longest;
    const why = refusal('packetBeyondPath', `${octets.length} octets, and ${entry.sa.name} takes ${longest}`);
    return { fate, mtu, refusal: why };
  }
}

function nextHopMtu({ protocol, payload }: IpPacket): number | undefined {
  if (payload.length < 8) return undefined;
  const [type, code] = payload;
  if (protocol === protocols['IPv6-ICMP'])
    return type === icmpv6Types['Packet Too Big'] ? readU32(payload, 4) : undefined;
  const isTooBig =
    protocol === protocols.ICMP &&
    type === icmpTypes['Destination Unreachable'] &&
    code === unreachableCodes['Fragmentation Needed and DF set'];
  return isTooBig ? readU16(payload, 6) : undefined;
}

/** What protected a packet that is quoted; undefined where nothing did. */
function identityOf(packet: IpPacket, addressesOf: PolicyAddresses): EspIdentity | 'cut short' | undefined {
  const { protocol, payload } = packet;
  const ends = addressesOf(packet);
  const header = packet.version === 6 && packet.extensions.find(({ type }) => type === 'authentication');
  if (header && header.type === 'authentication') return { protocol: 'AH', spi: header.spi, ...ends };
  const spiAt = isLaterFragment(packet) ? undefined : spiAtIn(protocol, payload);
  if (spiAt === undefined) return undefined;
  if (payload.length < spiAt + 4) return 'cut short';
  return { protocol: protocol === protocols.AH ? 'AH' : 'ESP', spi: readU32(payload, spiAt), ...ends };
}

/** In octets. Behind a UDP header the SPI is only there where more was quoted than eight octets. */
function spiAtIn(protocol: number, payload: Uint8Array): number | undefined {
  if (protocol === protocols.ESP) return 0;
  if (protocol === protocols.AH) return AH_SPI;
  const isInUdp = protocol === protocols.UDP && payload.length >= 2 && readU16(payload) === NAT_TRAVERSAL_PORT;
  return isInUdp ? UDP_HEADER : undefined;
}

/** What stands around a packet in tunnel mode. */
function roomUnder(entry: SadEntry, pathMtu: number, rules: IpsecRules) {
  const version = familyOf(entry.destination);
  const outer = IP_HEADER[version];
  if (!isEsp(entry)) {
    const { integrity } = (entry as AhEntry).keys;
    const icv = integrity.ivOctets + integrity.icvOctets;
    const around = outer + AH_HEADER + icv + rules.ahIcvPadding(icv, version);
    return { pathMtu, around, alignment: 1, trailer: 0 };
  }
  const { encryption } = entry.keys;
  const around = outer + (entry.encapsulation ? UDP_HEADER : 0) + ESP_HEADER + encryption.ivOctets + icvOctets(entry);
  return { pathMtu, around, alignment: alignmentOf(entry.keys), trailer: 2 };
}

/** Octets. */
const IP_HEADER = { 4: 20, 6: 40 } as const;
const UDP_HEADER = 8;
const AH_HEADER = 12;
const AH_SPI = 4;
