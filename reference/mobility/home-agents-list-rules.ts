/** What is decided by a home agent about the others of its link (RFC 6275 sections 10.1 and 10.5.1): whom it lists, and whom it tells of. Lifetimes are seconds. */
import type { Address } from '../wire/address.ts';
import type { HomeAgentInformation, PrefixInformation } from '../wire/neighbor-discovery-options.ts';

export interface HomeAgentsListRules {
  /** A router is listed while it says that it is a home agent, by the H bit. */
  listsRouter(isHomeAgent: boolean): boolean;
  /** From the Home Agent Information option; 0 where there is none. */
  homeAgentPreference(option: HomeAgentInformation | undefined): number;
  /** From that option; the lifetime of the router where there is none. */
  homeAgentLifetime(option: HomeAgentInformation | undefined, routerLifetime: number): number;
  /** It has the addresses that stand in prefixes with the R bit. */
  homeAgentAddresses(prefixes: readonly PrefixInformation[]): readonly PrefixInformation[];
  /** 10.1: for as long as the prefix is valid. */
  homeAgentAddressValid(validLeft: number): boolean;
  /** In order of decreasing preference; those of equal preference as they were drawn. */
  orderOfReply(drawn: readonly PreferredHomeAgent[]): readonly PreferredHomeAgent[];
  /** Only as many as fit into the minimum MTU of IPv6. */
  addressesInReply(addresses: readonly Address[]): readonly Address[];
}

export interface PreferredHomeAgent {
  readonly preference: number;
  readonly addresses: readonly Address[];
}

export const homeAgentsListSections = {
  listsRouter: 'RFC 6275 10.5.1',
  homeAgentPreference: 'RFC 6275 10.5.1',
  homeAgentLifetime: 'RFC 6275 10.5.1',
  homeAgentAddresses: 'RFC 6275 10.5.1',
  homeAgentAddressValid: 'RFC 6275 10.1',
  orderOfReply: 'RFC 6275 10.5.1',
  addressesInReply: 'RFC 6275 10.5.1',
} as const satisfies Record<keyof HomeAgentsListRules, string>;

export const homeAgentsListRules: HomeAgentsListRules = {
  listsRouter: (isHomeAgent) => isHomeAgent,
  homeAgentPreference: (option) => option?.homeAgentPreference ?? 0,
  homeAgentLifetime: (option, routerLifetime) => option?.homeAgentLifetime ?? routerLifetime,
  homeAgentAddresses: (prefixes) => prefixes.filter(({ routerAddress }) => routerAddress),
  homeAgentAddressValid: (validLeft) => validLeft > 0,
  orderOfReply: (drawn) => drawn.toSorted((one, other) => other.preference - one.preference),
  addressesInReply: (addresses) => addresses.slice(0, MOST_ADDRESSES),
};

/** Of 16 octets each, within 1280 less the IPv6 header and the reply's own eight octets. */
const MOST_ADDRESSES = 77;
