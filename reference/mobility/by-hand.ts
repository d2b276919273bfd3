/**
 * A mobile node that is told everything by hand: where it is, with whom it speaks by the home address option, and which message to send. What the tests of
 * a correspondent give, it keeps.
 */
import type { Instant } from '../machine.ts';
import { type Address, parsePrefix } from '../wire/address.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { MobileNodeConfiguration } from './configuration.ts';
import type { Role } from './interface.ts';
import { type MessageArrival, of } from './message-arrival.ts';
import { type MobilityOrder, orderedPacket } from './order.ts';
import { RoutabilityTests } from './routability-tests.ts';

export class MobileNodeByHand implements Role {
  readonly #configuration: MobileNodeConfiguration;
  readonly #tests = new RoutabilityTests();

  constructor(configuration: MobileNodeConfiguration) {
    this.#configuration = configuration;
  }

  /** The message as it goes to IPsec. Throws `RangeError` where tests are missing that are to authorise it. */
  ordered(order: MobilityOrder): Ipv6Packet {
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

  careOfAddressTowards(destination: Address, source: Address): Address | undefined {
    const { byHand, homeAddress } = this.#configuration;
    const isOptimised = byHand?.correspondents.includes(destination) && source === parsePrefix(homeAddress).address;
    return isOptimised ? byHand!.careOfAddress : undefined;
  }
}
