/**
 * Mobile IPv6 as a part of a node (RFC 6275): its binding cache, its headers, and the tunnels between mobile node and home agent, around IPsec (section
 * 11.3.2). Which messages change a binding is decided by the roles.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Env, Instant } from '../machine.ts';
import { type Address, parsePrefix } from '../wire/address.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { type Binding, BindingCache } from './binding-cache.ts';
import type { MobilityConfiguration } from './configuration.ts';
import { type Arrived, type Claim, HeaderProcessing } from './header-processing.ts';
import { type MobilityRules, mobilityRules } from './rules.ts';

export interface MobilitySettings {
  readonly configuration: MobilityConfiguration;
  readonly rules?: MobilityRules;
  readonly env: Env;
}

/** What lies around it. */
export interface MobilitySurroundings {
  /** A packet of this node's own leaves, by IPsec and the routes as any other. */
  send(now: Instant, packet: IpPacket): void;
  discarded(refusal: Discarded): void;
}

/** A binding as a node reports it. */
export interface BindingState {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  readonly homeRegistration: boolean;
}

export class Mobility {
  readonly #configuration: MobilityConfiguration;
  readonly #cache: BindingCache;
  readonly #headers: HeaderProcessing;

  constructor({ configuration, rules = mobilityRules }: MobilitySettings, surroundings: MobilitySurroundings) {
    this.#configuration = configuration;
    this.#cache = new BindingCache((refusal) => surroundings.discarded(refusal));
    for (const byHand of configuration.correspondentNode?.bindings ?? []) {
      this.#cache.enter({ ...byHand, boundTo: undefined, homeRegistration: false, sequenceNumber: 0 });
    }
    this.#headers = new HeaderProcessing(rules, {
      binding: (homeAddress) => this.#cache.of(homeAddress),
      isOwnHomeAddress: (address) => address === this.#homeAddress,
      careOfAddressTowards: (destination, homeAddress) => this.#careOfAddressTowards(destination, homeAddress),
    });
  }

  /** A packet to this node, before IPsec. */
  arrives(packet: Ipv6Packet): Arrived {
    return this.#headers.arrives(packet);
  }

  /** After IPsec: as upper layers see it. */
  vouched(packet: Ipv6Packet, through: readonly SadEntry[], claim: Claim | undefined): Ipv6Packet | Discarded {
    return this.#headers.vouched(packet, through, claim);
  }

  /** A packet of this node's own, before IPsec. */
  leaves(packet: Ipv6Packet): Ipv6Packet {
    return this.#headers.leaves(packet);
  }

  state(): readonly BindingState[] {
    return this.#cache.entries.map(reported);
  }

  get #homeAddress(): Address | undefined {
    const { mobileNode } = this.#configuration;
    return mobileNode && parsePrefix(mobileNode.homeAddress).address;
  }

  #careOfAddressTowards(destination: Address, source: Address): Address | undefined {
    const byHand = this.#configuration.mobileNode?.byHand;
    if (!byHand || source !== this.#homeAddress || !byHand.correspondents.includes(destination)) return undefined;
    return byHand.careOfAddress;
  }
}

function reported({ homeAddress, careOfAddress, homeRegistration }: Binding): BindingState {
  return { homeAddress, careOfAddress, homeRegistration };
}
