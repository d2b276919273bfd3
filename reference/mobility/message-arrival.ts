/**
 * A Mobility Header that reached this node, RFC 6275 section 9.2: the checks that come before those of its type. What each role makes of the message is
 * its own concern.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Discarded } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import {
  type MobilityMessage,
  type MobilityMessageOf,
  mobilityChecksum,
  mobilityMessage,
} from '../wire/mobility/message.ts';
import { fixedOctets } from '../wire/mobility/message-format.ts';
import { mobilityHeaderTypes } from '../wire/mobility/registry.ts';
import type { Claim } from './header-processing.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';
import type { Tunnel } from './tunnel.ts';

export interface MessageArrival<Kind extends MobilityMessage['kind'] = MobilityMessage['kind']> {
  readonly message: MobilityMessageOf<Kind>;
  /** The Mobility Header as it came, which an authenticator covers. */
  readonly octets: Uint8Array;
  /** Of the IPv6 header on the wire: a care-of address where the sender is away. */
  readonly source: Address;
  readonly destination: Address;
  /** Of a home address option. */
  readonly homeAddress?: Address;
  /** The SAs it came under, outermost first. */
  readonly through: readonly SadEntry[];
  /** The IPv6 encapsulation that it came out of. */
  readonly tunnel?: Tunnel;
}

export type MessageRead =
  | { readonly kind: 'message'; readonly arrival: MessageArrival }
  /** `pointer` is an offset in the Mobility Header that a Parameter Problem is to name; `unknownType` asks for a Binding Error. */
  | {
      readonly kind: 'refused';
      readonly refusal: Discarded;
      readonly pointer?: number;
      readonly unknownType?: true;
    };

/** The arrival, if its message is of this kind. */
export function of<Kind extends MobilityMessage['kind']>(
  kind: Kind,
  arrival: MessageArrival,
): MessageArrival<Kind> | undefined {
  return arrival.message.kind === kind ? (arrival as unknown as MessageArrival<Kind>) : undefined;
}

/** `packet` is as upper layers see it: from the home address, where a claim names one. */
export function readMessage(
  packet: Ipv6Packet,
  {
    through,
    claim,
    tunnel,
  }: { readonly through: readonly SadEntry[]; readonly claim?: Claim; readonly tunnel?: Tunnel },
  rules: MobilityRules,
): MessageRead {
  const { payload: octets, destination } = packet;
  const message = decoded(octets);
  if (!message) return { kind: 'refused', refusal: refusal('headerLengthAcceptable', `${octets.length} octets`) };
  const endpoints = { source: claim?.homeAddress ?? packet.source, destination };
  if (!rules.mobilityChecksumAcceptable(mobilityChecksum(octets, endpoints) === 0)) {
    return { kind: 'refused', refusal: refusal('mobilityChecksumAcceptable', `from ${packet.source}`) };
  }
  const { mhType, payloadProtocol, headerLength } = message as Required<MobilityMessage>;
  const least = leastOctets.get(mhType);
  if (!rules.mobilityTypeKnown(least !== undefined)) {
    return { kind: 'refused', refusal: refusal('mobilityTypeKnown', `MH type ${mhType}`), unknownType: true };
  }
  if (!rules.payloadProtocolAcceptable(payloadProtocol)) {
    const why = refusal('payloadProtocolAcceptable', `Payload Proto ${payloadProtocol}`);
    return { kind: 'refused', refusal: why, pointer: PAYLOAD_PROTO };
  }
  const tooShort = refusal('headerLengthAcceptable', `Header Len ${headerLength} of MH type ${mhType}`);
  if (!rules.headerLengthAcceptable(8 * (headerLength + 1), least ?? 0)) {
    return { kind: 'refused', refusal: tooShort, pointer: HEADER_LEN };
  }
  // Whoever takes it all the same finds nothing to read in it.
  if (message.kind === 'other') return { kind: 'refused', refusal: tooShort };
  if (!rules.reservedAcceptable(reservedAreZero(message))) {
    return { kind: 'refused', refusal: refusal('reservedAcceptable', `MH type ${mhType}`) };
  }
  if (!rules.optionsAcceptable(message.options.every(({ type }) => optionsOf(message.kind).has(type)))) {
    return { kind: 'refused', refusal: refusal('optionsAcceptable', `MH type ${mhType}`) };
  }
  const from = claim ? { source: claim.careOfAddress, homeAddress: claim.homeAddress } : { source: packet.source };
  return { kind: 'message', arrival: { message, octets, ...from, destination, through, ...(tunnel && { tunnel }) } };
}

function decoded(octets: Uint8Array): MobilityMessage | undefined {
  try {
    return mobilityMessage.decode(octets).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

function reservedAreZero(message: MobilityMessage): boolean {
  const fields = message as unknown as Readonly<Record<string, number | Uint8Array | undefined>>;
  return reservedFields.every((field) => {
    const given = fields[field] ?? 0;
    return typeof given === 'number' ? given === 0 : given.every((octet) => octet === 0);
  });
}

const reservedFields = ['reserved', 'messageDataReserved', 'reservedBit', 'reservedBits'] as const;

/** The options that RFC 6275 section 6.1 names for a message of this kind. */
const optionsOf = (kind: MobilityMessage['kind']): ReadonlySet<string> => {
  if (kind === 'bindingUpdate') return updateOptions;
  return kind === 'bindingAcknowledgement' ? acknowledgementOptions : padding;
};

const padding: ReadonlySet<string> = new Set(['pad1', 'padN']);
const updateOptions: ReadonlySet<string> = new Set([
  ...padding,
  'alternateCareOfAddress',
  'nonceIndices',
  'bindingAuthorizationData',
]);
const acknowledgementOptions: ReadonlySet<string> = new Set([
  ...padding,
  'bindingRefreshAdvice',
  'bindingAuthorizationData',
]);

/** Where the fields stand in the Mobility Header (section 6.1.1). */
const PAYLOAD_PROTO = 0;
const HEADER_LEN = 1;

/** By MH type, without options. */
const leastOctets: ReadonlyMap<number, number> = new Map([
  [mobilityHeaderTypes['Binding Refresh Request'], fixedOctets.bindingRefreshRequest],
  [mobilityHeaderTypes['Home Test Init'], fixedOctets.homeTestInit],
  [mobilityHeaderTypes['Care-of Test Init'], fixedOctets.careOfTestInit],
  [mobilityHeaderTypes['Home Test'], fixedOctets.homeTest],
  [mobilityHeaderTypes['Care-of Test'], fixedOctets.careOfTest],
  [mobilityHeaderTypes['Binding Update'], fixedOctets.bindingUpdate],
  [mobilityHeaderTypes['Binding Acknowledgement'], fixedOctets.bindingAcknowledgement],
  [mobilityHeaderTypes['Binding Error'], fixedOctets.bindingError],
]);
