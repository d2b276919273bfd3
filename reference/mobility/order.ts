/**
 * A mobility message by hand: the tester says every octet that it wants otherwise, and whether what it learnt from its tests is to authorise it. Addresses
 * are as at home.
 */
import type { Address } from '../wire/address.ts';
import { pseudoHeaderChecksum } from '../wire/checksum.ts';
import { withHomeAddress, withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { aligned, type BindingUpdate, mobilityMessage } from '../wire/mobility/message.ts';
import type { MobilityOption } from '../wire/mobility/options.ts';
import { writeNumber } from '../wire/writer.ts';
import { AUTHENTICATOR } from './return-routability.ts';
import type { RoutabilityTests } from './routability-tests.ts';
import { encapsulated, type Tunnel } from './tunnel.ts';

export interface MobilityOrder {
  readonly source: Address;
  readonly destination: Address;
  /** The Mobility Header; its checksum is worked out unless one is given beside it. */
  readonly message: Uint8Array;
  readonly checksum?: number;
  /** It leaves from here, with its source in a home address option. */
  readonly careOfAddress?: Address;
  /** It goes by way of here, with its destination in a type 2 routing header. */
  readonly by?: Address;
  /** It goes in IPv6 encapsulation, as from a home agent. */
  readonly tunnel?: Tunnel;
  /** Of a binding update: Nonce Indices and Binding Authorization Data are added. */
  readonly authorization?: OrderedAuthorization;
}

export interface OrderedAuthorization {
  /** That the authenticator covers. */
  readonly careOfAddress: Address;
  /** Of a deregistration from home: the home keygen token alone makes the key. */
  readonly fromHome?: boolean;
  /** In place of those of the tests. */
  readonly homeNonceIndex?: number;
  readonly careOfNonceIndex?: number;
  /** The option is absent. */
  readonly withoutNonceIndices?: true;
}

/** The packet as it goes to IPsec. Throws `RangeError` where it is to be authorised and a test is missing. */
export function orderedPacket(order: MobilityOrder, tests: RoutabilityTests): Ipv6Packet {
  const { source, destination, careOfAddress, by, tunnel } = order;
  const payload = order.authorization ? authorized(order, order.authorization, tests) : order.message.slice();
  writeNumber(payload, CHECKSUM, 0, 2);
  const sum = pseudoHeaderChecksum(payload, protocols['Mobility Header'], { source, destination });
  writeNumber(payload, CHECKSUM, order.checksum ?? sum, 2);
  const protocol = protocols['Mobility Header'];
  const atHome: Ipv6Packet = { version: 6, source, destination, extensions: [], protocol, payload };
  const routed = by === undefined ? atHome : withRoutingHeader(atHome, by);
  const packet = careOfAddress === undefined ? routed : withHomeAddress(routed, careOfAddress);
  return tunnel ? encapsulated(packet, tunnel) : packet;
}

function authorized(
  { source, destination, message }: MobilityOrder,
  { careOfAddress, fromHome = false, withoutNonceIndices, ...given }: OrderedAuthorization,
  tests: RoutabilityTests,
): Uint8Array {
  const about = { correspondent: destination, homeAddress: source, careOfAddress, fromHome };
  const homeNonceIndex = given.homeNonceIndex ?? tests.home(about)?.nonceIndex ?? 0;
  const careOfNonceIndex = given.careOfNonceIndex ?? (fromHome ? 0 : (tests.careOf(about)?.nonceIndex ?? 0));
  const added: MobilityOption[] = [
    ...(withoutNonceIndices ? [] : [{ type: 'nonceIndices', homeNonceIndex, careOfNonceIndex } as const]),
    { type: 'bindingAuthorizationData', authenticator: new Uint8Array(AUTHENTICATOR) },
  ];
  const { options, headerLength: _computed, ...update } = mobilityMessage.decode(message).value as BindingUpdate;
  const meant = options.filter(({ type }) => type !== 'pad1' && type !== 'padN');
  const octets = tests.authenticated(aligned({ ...update, options: [...meant, ...added] }), about);
  if (!octets) throw new RangeError(`${source} has no tokens of ${destination}: the tests come before the update`);
  return octets;
}

const CHECKSUM = 4;
