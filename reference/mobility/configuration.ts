/**
 * What a node is told of Mobile IPv6 (RFC 6275), as pure data: the roles it takes. A role without signalling, whose bindings an administrator wrote
 * down, is what a kernel alone can be told. Addresses are canonical text, prefixes `address/length`, lifetimes seconds.
 */
import type { Address } from '../wire/address.ts';

/** A node that is told nothing knows no home address option and no type 2 routing header. Each role includes what it needs of the others' headers. */
export interface MobilityConfiguration {
  readonly correspondentNode?: CorrespondentNodeConfiguration;
  readonly homeAgent?: HomeAgentConfiguration;
  readonly mobileNode?: MobileNodeConfiguration;
}

/** RFC 6275 section 9. */
export interface CorrespondentNodeConfiguration {
  /** Return routability and binding updates are answered; absent: only what is written here holds. */
  readonly signalling?: CorrespondentSignalling;
  /** Bindings by hand; they last until the next configuration. */
  readonly bindings?: readonly BindingByHand[];
  /**
   * Asks for what section 9.3.1 says anyway: a home address option before ESP or AH needs no binding, the SA vouches for it. A product that has to be
   * told is told; the reference does so always.
   */
  readonly verifiesByIpsec?: true;
  /** Home address options are believed without a binding (section 9.3.1 forbids it): for a tester that answers by hand, and keeps no bindings. */
  readonly believesHomeAddresses?: true;
}

export interface CorrespondentSignalling {
  /** A binding update that an SA authenticates needs no return routability (DUPONT E1; RFC 6275 9.5.1 wants it always). */
  readonly trustsIpsec?: true;
  /** The longest binding that is granted; MAX_RR_BINDING_LIFETIME (section 12), 420 s, unless given. */
  readonly longestBinding?: number;
  /** Route optimization is turned off (section 8.2): no binding is kept. */
  readonly keepsNoBindings?: true;
}

export interface BindingByHand {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
}

/** RFC 6275 section 10. The node is a router on the home link. */
export interface HomeAgentConfiguration {
  /** On the home link. */
  readonly interface: string;
  /** Where binding updates go and tunnels end; one of the interface's own. */
  readonly address: Address;
  /** The mobile nodes it serves. */
  readonly homeAddresses: readonly Address[];
  /** Those of them that are not to be registered for now, whatever their SA says. */
  readonly prohibited?: readonly Address[];
  /** Registrations by hand, in force from the start; they last until the next configuration. */
  readonly registrations?: readonly BindingByHand[];
  /**
   * Home registrations must come under an SA that authenticates them (section 10.3.1, RFC 4877 4.1), and so must questions for prefixes (section 5.4); `false`
   * is for looking at the rest alone.
   */
  readonly requiresIpsec: boolean;
  /** The longest binding that is granted; 3600 s unless given. */
  readonly longestBinding?: number;
  /** How long the home prefix is valid and preferred, in seconds; without end unless given. */
  readonly prefixLifetimes?: { readonly valid: number; readonly preferred: number };
  /** How soon and how late mobile nodes are told unasked, in seconds: MinMobPfxAdvInterval and MaxMobPfxAdvInterval; 600 and 86,400 unless given (section 13). */
  readonly prefixDeliveries?: { readonly shortest: number; readonly longest: number };
  /** In its router advertisements and for address discovery; 0 unless given, the greater the better. */
  readonly preference?: number;
}

/** RFC 6275 section 11. */
export interface MobileNodeConfiguration {
  /** The one it moves with. */
  readonly interface: string;
  /** With the length of the home prefix. */
  readonly homeAddress: string;
  /** Absent: it is discovered (section 11.4.1). */
  readonly homeAgent?: Address;
  /** Bindings are registered and kept; absent: what is written in `byHand` holds. */
  readonly signalling?: MobileSignalling;
  readonly byHand?: {
    readonly careOfAddress: Address;
    /** These hold a binding, and are spoken to with the home address option; all others through the home agent. */
    readonly correspondents: readonly Address[];
  };
}

export interface MobileSignalling {
  /** Asked for, of the home agent; of a correspondent at most 420 s. */
  readonly lifetime: number;
  /** Registers with correspondents that speak to it, too (section 11.7.2). */
  readonly routeOptimization: boolean;
  /** The home agent is believed without an SA that authenticates it (section 11.7.3 wants one): for looking at the rest alone. */
  readonly withoutIpsec?: true;
}
