/** What is decided by a mobile node about discovery (RFC 6275 sections 11.4.1 to 11.4.3): of home agents, and of the prefixes of its home. */
import type { Address, Prefix } from '../wire/address.ts';
import { homeAgentsAnycast } from './home-agents-anycast.ts';

export interface DiscoveryRules {
  /** 11.4.1: home agents are asked for at their anycast address of the home prefix. */
  homeAgentsAskedAt(home: Prefix): Address;
  /** 11.4.1: each repetition waits twice as long as the one before, in milliseconds. */
  homeAgentRequestRepeatedAfter(last: number): number;
  /** 11.4.1: whether a request is repeated after so many repetitions: DHAAD_RETRIES. */
  repeatsHomeAgentRequest(repetitions: number): boolean;
  /** 11.4.1, 6.6: the reply has the identifier of the request. */
  homeAgentReplyMatches(received: number, sent: number | undefined): boolean;
  /** 11.4.1: home agents are tried in the order of the reply. */
  orderOfHomeAgents(listed: readonly Address[]): readonly Address[];
  /** 11.4.2: who asks for prefixes is the home address: it stands in an option of what leaves from the care-of address. */
  prefixesAskedAs(homeAddress: Address, careOfAddress: Address): Address;
  /** 11.4.3: an advertisement comes from the home agent of the last registration that was accepted. */
  prefixesComeFrom(source: Address, homeAgent: Address | undefined): boolean;
  /** 11.4.3: it has a type 2 routing header. */
  prefixesRouted(hasRoutingHeader: boolean): boolean;
  /** 11.4.3: it answers the solicitation of this identifier. */
  prefixesSolicited(received: number, outstanding: number | undefined): boolean;
  /** 11.4.3: whether one that nobody asked for makes the node ask. */
  asksAfterUnsolicited(): boolean;
  /** 11.4.2: how long before its home address ends a node asks for prefixes; in milliseconds of the time that is left. */
  asksForPrefixesBefore(validLeft: number): number;
  /** 11.4.2: bindings that would outlive a home prefix are shortened. */
  shortensBindings(bindingLeft: number, validLeft: number): boolean;
}

export const discoverySections = {
  homeAgentsAskedAt: 'RFC 6275 11.4.1',
  homeAgentRequestRepeatedAfter: 'RFC 6275 11.4.1',
  repeatsHomeAgentRequest: 'RFC 6275 11.4.1',
  homeAgentReplyMatches: 'RFC 6275 11.4.1',
  orderOfHomeAgents: 'RFC 6275 11.4.1',
  prefixesAskedAs: 'RFC 6275 11.4.2',
  prefixesComeFrom: 'RFC 6275 11.4.3',
  prefixesRouted: 'RFC 6275 11.4.3',
  prefixesSolicited: 'RFC 6275 11.4.3',
  asksAfterUnsolicited: 'RFC 6275 11.4.3',
  asksForPrefixesBefore: 'RFC 6275 11.4.2',
  shortensBindings: 'RFC 6275 11.4.2',
} as const satisfies Record<keyof DiscoveryRules, string>;

export const discoveryRules: DiscoveryRules = {
  homeAgentsAskedAt: (home) => homeAgentsAnycast(home),
  homeAgentRequestRepeatedAfter: (last) => 2 * last,
  repeatsHomeAgentRequest: (repetitions) => repetitions < DHAAD_RETRIES,
  homeAgentReplyMatches: (received, sent) => received === sent,
  orderOfHomeAgents: (listed) => listed,
  prefixesAskedAs: (homeAddress) => homeAddress,
  prefixesComeFrom: (source, homeAgent) => source === homeAgent,
  prefixesRouted: (hasRoutingHeader) => hasRoutingHeader,
  prefixesSolicited: (received, outstanding) => received === outstanding,
  asksAfterUnsolicited: () => true,
  asksForPrefixesBefore: (validLeft) => validLeft / 4,
  shortensBindings: (bindingLeft, validLeft) => bindingLeft > validLeft,
};

const DHAAD_RETRIES = 4;
