/**
 * What is decided by a mobile node about where it is (RFC 6275 section 11.5): whom it takes for its router, which addresses it forms, and how it comes home.
 * Durations are milliseconds, lifetimes seconds.
 */
import { type Address, inPrefix, type Prefix } from '../wire/address.ts';
import { isUnicastRoutable } from './header-rules.ts';

export interface MovementRules {
  /** 11.5.1: a router is known by the global address that it tells, as link-local ones are not unique; by that where it tells none. */
  routerKnownBy(linkLocal: Address, global: Address | undefined): Address;
  /** 11.5.1, RFC 4861 6.3.4: a router that is known by its global address is reached by the link-local one that it advertised from last. */
  followsRouter(): boolean;
  /** RFC 4861 6.3.4: one with a lifetime of zero is no default router. */
  isDefaultRouter(lifetime: number): boolean;
  /** 11.5.3, RFC 4862 5.5.3: as long as no router has offered an address the next one that is heard is tried: each of a link may offer what others do not. */
  triesNextRouter(hasAddress: boolean): boolean;
  /** 11.5.1: another router tells of movement where none of its prefixes is one of the link so far. */
  tellsOfMovement(isOnePrefixKnown: boolean): boolean;
  /** 11.5.1, RFC 4861 7.2.5: a node stays with a router that still answers, and as a router. */
  staysWithRouter(isRouter: boolean): boolean;
  /** 7.3, 7.5, 11.5.1: how long a router that tells this interval is silent before it is asked whether it is there: three advertisements, none sooner than a router may send them. */
  silenceOfRouter(interval: number): number;
  /** RFC 4861 6.3.4: when a router is asked again: as it told, unless it told nothing, or what would have its node ask without end or wait for weeks. */
  retransmissionTime(told: number): number;
  /** RFC 4862 5.5.3, 11.5.3: an address is formed from an autonomous prefix of unicast routable addresses that is valid, not preferred for longer than that, and leaves 64 bits. */
  formsAddressFrom(prefix: OfferedPrefix): boolean;
  /** 11.5.3, RFC 4862 5.4: a care-of address is tested before it is used. */
  careOfAddressTested(): boolean;
  /** 11.5.3: a care-of address that another node has is not registered. */
  careOfAddressUsable(isUnique: boolean): boolean;
  /** 11.5.2: it is at home where its home prefix is on the link. */
  isHomeLink(onLink: readonly Prefix[], home: Prefix): boolean;
  /** 11.5.5: whoever returns before its binding ends uses its home address on the home link only once it has deregistered. */
  usesHomeAddressAtOnce(isRegistered: boolean): boolean;
  /** 11.5.5: the home agent is looked for from the unspecified address, as it still defends the home address. */
  looksForHomeAgentFrom(homeAddress: Address): Address;
  /** 11.5.5: all nodes of the home link are told, unasked, once the home agent has acknowledged. */
  announcesReturn(): boolean;
}

export interface OfferedPrefix {
  readonly prefix: Address;
  readonly length: number;
  readonly autonomous: boolean;
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

export const movementSections = {
  routerKnownBy: 'RFC 6275 11.5.1',
  followsRouter: 'RFC 6275 11.5.1, RFC 4861 6.3.4',
  isDefaultRouter: 'RFC 4861 6.3.4',
  triesNextRouter: 'RFC 6275 11.5.3, RFC 4862 5.5.3',
  tellsOfMovement: 'RFC 6275 11.5.1',
  staysWithRouter: 'RFC 6275 11.5.1, RFC 4861 7.2.5',
  silenceOfRouter: 'RFC 6275 11.5.1, 7.5',
  retransmissionTime: 'RFC 4861 6.3.4',
  formsAddressFrom: 'RFC 4862 5.5.3',
  careOfAddressTested: 'RFC 6275 11.5.3, RFC 4862 5.4',
  careOfAddressUsable: 'RFC 6275 11.5.3, RFC 4862 5.4',
  isHomeLink: 'RFC 6275 11.5.2',
  usesHomeAddressAtOnce: 'RFC 6275 11.5.5',
  looksForHomeAgentFrom: 'RFC 6275 11.5.5',
  announcesReturn: 'RFC 6275 11.5.5',
} as const satisfies Record<keyof MovementRules, string>;

export const movementRules: MovementRules = {
  routerKnownBy: (linkLocal, global) => global ?? linkLocal,
  followsRouter: () => true,
  isDefaultRouter: (lifetime) => lifetime > 0,
  triesNextRouter: (hasAddress) => !hasAddress,
  tellsOfMovement: (isOnePrefixKnown) => !isOnePrefixKnown,
  staysWithRouter: (isRouter) => isRouter,
  silenceOfRouter: (interval) => ADVERTISEMENTS_MISSED * Math.max(interval, LEAST_INTERVAL),
  retransmissionTime: (told) => Math.min(Math.max(told || RETRANS_TIMER, LEAST_RETRANS_TIMER), LONGEST_RETRANS_TIMER),
  formsAddressFrom: ({ prefix, length, autonomous, validLifetime, preferredLifetime }) =>
    autonomous && isUnicastRoutable(prefix) && length === 64 && validLifetime > 0 && preferredLifetime <= validLifetime,
  careOfAddressTested: () => true,
  careOfAddressUsable: (isUnique) => isUnique,
  isHomeLink: (onLink, home) => onLink.some(({ address, length }) => length === home.length && inPrefix(address, home)),
  usesHomeAddressAtOnce: (isRegistered) => !isRegistered,
  looksForHomeAgentFrom: () => '::',
  announcesReturn: () => true,
};

const ADVERTISEMENTS_MISSED = 3;
/** Of MaxRtrAdvInterval (section 7.5). */
const LEAST_INTERVAL = 70;
/** RFC 4861 section 10; what it may be told at least and at most is this node's choice. */
const RETRANS_TIMER = 1_000;
const LEAST_RETRANS_TIMER = 10;
const LONGEST_RETRANS_TIMER = 10_000;
