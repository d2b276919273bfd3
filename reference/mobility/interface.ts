/** What the roles of Mobile IPv6 take and want: the types between them, `mobility.ts`, and the host around it. */
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import type { MobilityMessage } from '../wire/mobility/message.ts';

/** A message that a role sends. Addresses are as at home; the headers that bring it there are put in by whoever sends it. */
export interface MessageOrder {
  readonly source: Address;
  readonly destination: Address;
  readonly message: MobilityMessage;
  /** It leaves from here, with its source in a home address option. */
  readonly careOfAddress?: Address;
  /** It goes by way of here, with its destination in a type 2 routing header. */
  readonly by?: Address;
}

/** What lies around the roles. */
export interface RoleSurroundings {
  send(now: Instant, order: MessageOrder): void;
  discarded(refusal: Discarded): void;
}

/** What lies around Mobile IPv6. */
export interface MobilitySurroundings {
  /** A packet of this node's own leaves, by IPsec and the routes as any other. */
  send(now: Instant, packet: IpPacket): void;
  /** An ICMPv6 Parameter Problem, code 0, about a packet that came; `pointer` counts octets of its upper layer. */
  reportParameterProblem(now: Instant, about: IpPacket, pointer: number): void;
  discarded(refusal: Discarded): void;
}

/** A binding as a node reports it. */
export interface BindingState {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  readonly homeRegistration: boolean;
}
