/**
 * The IPv6 extension headers of a packet for this node, RFC 8200 sections 4, 4.2 and 4.4: what it does about options, routing headers and upper layers that it does
 * not know. Home address options (a destination option, RFC 6275 section 6.3) and type 2 routing headers are known where the node was told of Mobile IPv6, and
 * read there: so a correspondent without a home address drops such a header in silence (RFC 6275 sections 6.4 and 11.3.3), as its kind is none that it does not
 * know (RFC 8200 section 4.4).
 */
import type { Discarded } from '../machine.ts';
import { isMulticast } from '../wire/address.ts';
import {
  type ExtensionHeader,
  extensionHeaders,
  extensionProtocols,
  optionTypes,
  routingTypes,
} from '../wire/ip/extension-headers.ts';
import { headersBeforeAuthentication } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { endOfOption, FIXED_HEADER, NEXT_HEADER } from './header-octets.ts';
import { type ErrorReason, parameterProblem } from './icmp-errors.ts';
import { type HostRules, hostSections } from './rules.ts';

export interface Unrecognized {
  readonly refusal: Discarded;
  readonly error?: ErrorReason;
}

/**
 * Why the packet goes no further by what stands before its upper layer, AH or ESP; undefined where it does. Where AH or ESP let it out, so many of its headers,
 * `read`, were read before.
 */
export function unrecognizedHeader(
  packet: Ipv6Packet,
  read: number | undefined,
  mobile: boolean,
  rules: HostRules,
): Unrecognized | undefined {
  const headers = rules.behindAuthenticationWaits() ? headersBeforeAuthentication(packet) : packet.extensions;
  let [announcedAt, at] = [NEXT_HEADER, FIXED_HEADER];
  for (const [place, header] of headers.entries()) {
    const octets = extensionHeaders.get(extensionProtocols[header.type])!.encode(header);
    const announcedBy = place === 0 && read === undefined ? 'IPv6' : 'another';
    const found =
      place < (read ?? 0)
        ? undefined
        : inHeader(header, octets, { packet, mobile, announcedBy, announcedAt, at }, rules);
    if (found) return found;
    announcedAt = at;
    at += octets.length;
  }
  return undefined;
}

/** That nothing here reads what the last of its headers announces (RFC 8200 section 4); the packet is as it came out of IPsec. */
export function unrecognizedNextHeader(packet: Ipv6Packet, rules: HostRules): Unrecognized | undefined {
  const { protocol, extensions, source } = packet;
  if (rules.nextHeaderRecognized(protocol)) return undefined;
  const before = extensions
    .slice(0, -1)
    .map((each) => extensionHeaders.get(extensionProtocols[each.type])!.encode(each));
  const pointer = extensions.length === 0 ? NEXT_HEADER : before.reduce((at, { length }) => at + length, FIXED_HEADER);
  return {
    refusal: refusal('nextHeaderRecognized', `protocol ${protocol} from ${source}`),
    error: parameterProblem('unrecognized Next Header type encountered', pointer),
  };
}

interface Reading {
  readonly packet: Ipv6Packet;
  readonly mobile: boolean;
  /** Which header announces it, and where in the packet. */
  readonly announcedBy: 'IPv6' | 'another';
  readonly announcedAt: number;
  /** Where the header begins in the packet. */
  readonly at: number;
}

function inHeader(
  header: ExtensionHeader,
  octets: Uint8Array,
  reading: Reading,
  rules: HostRules,
): Unrecognized | undefined {
  if (header.type === 'hopByHop') {
    return misplaced(reading, rules) ?? inOptions(octets, { ...reading, mobile: false }, rules);
  }
  if (header.type === 'destinationOptions') return inOptions(octets, reading, rules);
  if (header.type !== 'routing') return undefined;
  const { routingType, segmentsLeft } = header;
  const known = reading.mobile && routingType === routingTypes['Type 2 Routing Header'];
  if (known || rules.routingTypePassedOver(routingType, segmentsLeft)) return undefined;
  return {
    refusal: refusal('routingTypePassedOver', `routing type ${routingType}, ${segmentsLeft} segments left`),
    error: parameterProblem('erroneous header field encountered', reading.at + ROUTING_TYPE),
  };
}

/** Hop-by-hop options that do not follow the IPv6 header itself: for whoever meets them there nothing is announced. */
function misplaced({ packet, announcedBy, announcedAt: pointer }: Reading, rules: HostRules): Unrecognized | undefined {
  if (rules.hopByHopPlaceAcceptable(announcedBy)) return undefined;
  return {
    refusal: refusal('hopByHopPlaceAcceptable', `from ${packet.source}`),
    error: parameterProblem('unrecognized Next Header type encountered', pointer),
  };
}

function inOptions(octets: Uint8Array, { packet, mobile, at }: Reading, rules: HostRules): Unrecognized | undefined {
  let place = 2;
  while (place < octets.length) {
    const type = octets[place]!;
    if (!everybodysOptions.has(type) && !(mobile && type === optionTypes['Home Address'])) {
      const action = rules.unrecognizedOption(type, isMulticast(packet.destination));
      if (action !== 'skip') {
        const pointer = at + place;
        const error = parameterProblem('unrecognized IPv6 option encountered', pointer);
        const why = refusal('unrecognizedOption', `option ${type} from ${packet.source}`);
        return { refusal: why, ...(action === 'report' && { error }) };
      }
    }
    place = endOfOption(octets, place);
  }
  return undefined;
}

function refusal(
  rule: 'nextHeaderRecognized' | 'unrecognizedOption' | 'routingTypePassedOver' | 'hopByHopPlaceAcceptable',
  detail: string,
): Discarded {
  return { rule, section: hostSections[rule], detail };
}

/** A Jumbo Payload is for links that are none of this host's (RFC 2675 section 1). */
const everybodysOptions: ReadonlySet<number> = new Set([
  optionTypes.Pad1,
  optionTypes.PadN,
  optionTypes['Tunnel Encapsulation Limit'],
  optionTypes['Router Alert'],
]);

/** Octets from the beginning of a routing header. */
const ROUTING_TYPE = 2;
