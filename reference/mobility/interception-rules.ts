/** What a home agent decides on the home link while a mobile node is away, and about the tunnel to it (RFC 6275 section 10.4). */
import { type Address, isLinkLocal } from '../wire/address.ts';
import type { Binding } from './binding-cache.ts';

export interface InterceptionRules {
  /** 10.4.1: all nodes on the home link are told, unasked, when interception begins. */
  announcesInterception(): boolean;
  /** 10.4.1: solicitations are answered while there is a home registration, and no longer. */
  intercepts(binding: Binding | undefined): boolean;
  /** 10.4.2: what is addressed to the link-local address of a mobile node goes no further. */
  tunnelledTo(destination: Address): boolean;
  /** 10.4.2, 11.3.1, DUPONT-B: IPsec in tunnel mode is the tunnel, of either end; what it has encapsulated is not encapsulated again. */
  encapsulatesAgain(): boolean;
  /** 10.4.2, 9.5.4: what the home agent sends itself is not intercepted: it finds the mobile node by a routing header. */
  tunnelsItsOwn(): boolean;
  /** 10.4.2: a packet goes where the mobile node is now. */
  tunnelDestination(binding: Binding): Address;
  /** 10.4.5: what comes through a tunnel is of a mobile node that is registered. */
  innerSourceAcceptable(binding: Binding | undefined): boolean;
  /** 10.4.5: and comes from its care-of address. */
  outerSourceAcceptable(outerSource: Address, binding: Binding): boolean;
  /** 10.4.6, RFC 4877 4.3: the tunnel SAs of this mobile node, and no others, end where it is. */
  tunnelFollows(sa: MovableAssociation): boolean;
}

export interface MovableAssociation {
  readonly mode: 'transport' | 'tunnel';
  /** Its selectors name this home address and no other address on the mobile node's side. */
  readonly isOfHomeAddress: boolean;
}

export const interceptionSections = {
  announcesInterception: 'RFC 6275 10.4.1',
  intercepts: 'RFC 6275 10.4.1',
  tunnelledTo: 'RFC 6275 10.4.2',
  encapsulatesAgain: 'RFC 6275 10.4.2, 11.3.1',
  tunnelsItsOwn: 'RFC 6275 10.4.2',
  tunnelDestination: 'RFC 6275 10.4.2',
  innerSourceAcceptable: 'RFC 6275 10.4.5',
  outerSourceAcceptable: 'RFC 6275 10.4.5',
  tunnelFollows: 'RFC 6275 10.4.6, RFC 4877 4.3',
} as const satisfies Record<keyof InterceptionRules, string>;

export const interceptionRules: InterceptionRules = {
  announcesInterception: () => true,
  intercepts: (binding) => binding?.homeRegistration === true,
  tunnelledTo: (destination) => !isLinkLocal(destination),
  encapsulatesAgain: () => false,
  tunnelsItsOwn: () => false,
  tunnelDestination: ({ careOfAddress }) => careOfAddress,
  innerSourceAcceptable: (binding) => binding?.homeRegistration === true,
  outerSourceAcceptable: (outerSource, { careOfAddress }) => outerSource === careOfAddress,
  tunnelFollows: ({ mode, isOfHomeAddress }) => mode === 'tunnel' && isOfHomeAddress,
};
