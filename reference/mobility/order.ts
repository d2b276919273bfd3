/**
 * A mobility message by hand: the tester says every octet that it wants otherwise, and whether what it learnt from its tests is to authorise it. Addresses
 * are as at home.
 */
import type { Discarded } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { pseudoHeaderChecksum } from '../wire/checksum.ts';
import { withHomeAddress, withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { aligned, type BindingUpdate, mobilityMessage } from '../wire/mobility/message.ts';
import type { MobilityOption } from '../wire/mobility/options.ts';
import { concat } from '../wire/octets.ts';
import { writeNumber } from '../wire/writer.ts';
import { AUTHENTICATOR, bindingAuthenticator, bindingManagementKey } from './return-routability.ts';
import type { KeygenToken, RoutabilityTests } from './routability-tests.ts';
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
  /** It deletes: the home keygen token alone makes the key. */
  readonly deletes?: boolean;
  /** Added to the indices that the tests gave, modulo 65536: nonces that the correspondent has not made yet. */
  readonly homeNonceAhead?: number;
  readonly careOfNonceAhead?: number;
  /** In place of those of the tests. */
  readonly homeKeygenToken?: Uint8Array;
  readonly careOfKeygenToken?: Uint8Array;
  /** The option is absent. */
  readonly withoutNonceIndices?: true;
  readonly withoutAuthorizationData?: true;
  /** Of the authenticator; 12 unless given. */
  readonly authenticatorOctets?: number;
  /** Options behind Binding Authorization Data, encoded, a multiple of 8 octets: the authenticator covers them. */
  readonly followedBy?: Uint8Array;
}

/** The packet as it goes to IPsec; why there is none, where it is to be authorised and a test was not answered. */
export function orderedPacket(order: MobilityOrder, tests: RoutabilityTests): Ipv6Packet | Discarded {
  const { source, destination, careOfAddress, by, tunnel } = order;
  const payload = order.authorization ? authorized(order, order.authorization, tests) : order.message.slice();
  if (!payload) return { rule: 'tests-missing', section: 'RFC 6275 5.2.6', detail: `no tokens of ${destination}` };
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
  authorization: OrderedAuthorization,
  tests: RoutabilityTests,
): Uint8Array | undefined {
  const { careOfAddress, deletes = false, withoutNonceIndices, withoutAuthorizationData, ...given } = authorization;
  const about = { correspondent: destination, homeAddress: source, careOfAddress };
  const home = given.homeKeygenToken ?? tests.home(about)?.token;
  const careOf = deletes ? undefined : (given.careOfKeygenToken ?? tests.careOf(about)?.token);
  if (!home || (!careOf && !deletes)) return undefined;
  const careOfTest = tests.careOf(about) ?? tests.lastCareOf(destination);
  const homeNonceIndex = ahead(tests.home(about), given.homeNonceAhead);
  const careOfNonceIndex = ahead(careOfTest, given.careOfNonceAhead);
  const octets = given.authenticatorOctets ?? AUTHENTICATOR;
  const added: MobilityOption[] = [
    ...(withoutNonceIndices ? [] : [{ type: 'nonceIndices', homeNonceIndex, careOfNonceIndex } as const]),
    ...(withoutAuthorizationData
      ? []
      : [{ type: 'bindingAuthorizationData', authenticator: new Uint8Array(octets) } as const]),
  ];
  const { options, headerLength: _computed, ...update } = mobilityMessage.decode(message).value as BindingUpdate;
  // What fills the message up at its end makes way for what is added.
  const meant = options.slice(0, options.findLastIndex(({ type }) => type !== 'pad1' && type !== 'padN') + 1);
  const header = mobilityMessage.encode(aligned({ ...update, options: [...meant, ...added] }));
  if (withoutAuthorizationData) return header;
  const whole = concat(header, given.followedBy ?? new Uint8Array(0));
  whole[HEADER_LEN] = whole.length / 8 - 1;
  const at = header.length - octets;
  const Kbm = bindingManagementKey(home, careOf);
  const authenticator = bindingAuthenticator(Kbm, careOfAddress, destination, whole, { octets, at });
  whole.set(authenticator.subarray(0, octets), at);
  return whole;
}

const ahead = (test: KeygenToken | undefined, by = 0): number => ((test?.nonceIndex ?? 0) + by) & 0xffff;

/** Where the fields stand in the Mobility Header. */
const HEADER_LEN = 1;
const CHECKSUM = 4;
