/**
 * A mobile node that is told everything by hand: where it is, with whom it speaks by the home address option, and which message to send. What the tests of
 * a correspondent give, it keeps. Where it has a home agent and is away, everything else passes the tunnel to it.
 */
import type { Discarded, Instant } from '../machine.ts';
import { type Address, familyOf, inPrefix, parsePrefix } from '../wire/address.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import type { MobileNodeConfiguration } from './configuration.ts';
import type { Role, RoleSurroundings, Tunnel } from './interface.ts';
import { type MessageArrival, of } from './message-arrival.ts';
import { type MobilityOrder, orderedPacket } from './order.ts';
import { RoutabilityTests } from './routability-tests.ts';
import type { MobilityRules } from './rules.ts';

export class MobileNodeByHand implements Role {
  readonly #configuration: MobileNodeConfiguration;
  readonly #rules: MobilityRules;
  readonly #surroundings: RoleSurroundings;
  readonly #tests = new RoutabilityTests();

  constructor(configuration: MobileNodeConfiguration, rules: MobilityRules, surroundings: RoleSurroundings) {
    this.#configuration = configuration;
    this.#rules = rules;
    this.#surroundings = surroundings;
  }

  /** The message as it goes to IPsec, or why there is none. */
  ordered(order: MobilityOrder): Ipv6Packet | Discarded {
    return orderedPacket(order, this.#tests);
  }

  receive(_now: Instant, arrival: MessageArrival): boolean {
    const homeTest = of('homeTest', arrival);
    if (homeTest) this.#tests.takeHomeTest(homeTest);
    const careOfTest = of('careOfTest', arrival);
    if (careOfTest) this.#tests.takeCareOfTest(careOfTest);
    return homeTest !== undefined || careOfTest !== undefined;
  }

  timeout(): void {}

  deadline(): undefined {
    return undefined;
  }

  keyManagementAddress(peer: Address): Address | undefined {
    const { address: homeAddress } = this.#homeAddress;
    const careOfAddress = this.#careOfAddress ?? homeAddress;
    return this.#rules.keyManagementFrom({ homeAddress, careOfAddress }, peer === this.#configuration.homeAgent);
  }

  careOfAddressTowards(destination: Address, source: Address): Address | undefined {
    const { byHand } = this.#configuration;
    const isOptimised = byHand?.correspondents.includes(destination) && source === this.#homeAddress.address;
    return isOptimised ? byHand!.careOfAddress : undefined;
  }

  tunnelFor({ source, destination }: Ipv6Packet, isTunnelled: boolean): Tunnel | undefined {
    if (isTunnelled && !this.#rules.encapsulatesAgain()) return undefined;
    const { homeAgent } = this.#configuration;
    const careOfAddress = this.#careOfAddress;
    if (homeAgent === undefined || careOfAddress === undefined) return undefined;
    const isFromHome = source === this.#homeAddress.address && destination !== homeAgent;
    return isFromHome && this.#rules.tunnelsToHomeAgent()
      ? { source: careOfAddress, destination: homeAgent }
      : undefined;
  }

  opensTunnel(outer: Ipv6Packet, inner: IpPacket): 'opens' | Discarded | undefined {
    const isOfHomeAgent = outer.source === this.#configuration.homeAgent;
    return isOfHomeAgent && inner.destination === this.#homeAddress.address ? 'opens' : undefined;
  }

  /** Where it is; undefined at home. */
  get #careOfAddress(): Address | undefined {
    const addresses = this.#surroundings.addressesOf(this.#configuration.interface);
    const here = addresses.filter(({ address }) => familyOf(address) === 6);
    return here.some(({ address }) => inPrefix(address, this.#homeAddress)) ? undefined : here[0]?.address;
  }

  get #homeAddress() {
    return parsePrefix(this.#configuration.homeAddress);
  }
}
