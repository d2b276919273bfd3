/** What a mobile node hears on the link that it is on (RFC 4861), and what it can do there: the types between it and the host around it. */
import type { Address } from '../wire/address.ts';
import type { MacAddress } from '../wire/address-fields.ts';
import type { RouterAdvertisement } from '../wire/icmpv6.ts';

export type LinkMessage =
  | { readonly kind: 'routerSolicitation'; readonly source: Address; readonly hardwareAddress?: MacAddress }
  | {
      readonly kind: 'routerAdvertisement';
      readonly source: Address;
      readonly hardwareAddress?: MacAddress;
      readonly message: RouterAdvertisement;
    }
  | {
      readonly kind: 'neighborAdvertisement';
      readonly target: Address;
      readonly solicited: boolean;
      /** It says that it is a router. */
      readonly router: boolean;
      readonly hardwareAddress?: MacAddress;
    };

/** The interface that a mobile node moves with. */
export interface MovingInterface {
  readonly linkLocalAddress: Address;
  /** In place of the addresses that it had, each with the length of its prefix, and of the default router; nobody is known any more on another link. */
  takes(addresses: readonly string[], router: Address | undefined, isAnotherLink: boolean): void;
  /** This node's ends of the tunnels of IPsec with a peer were at one address and are at another. */
  relocates(from: Address, to: Address, peer: Address): void;
  solicitsRouters(): void;
  /** Asks a neighbor whether it is there; `heard` is told of an answer. */
  probes(neighbor: Address): void;
  /** Asks all who may answer for an address, from this one. */
  asksFor(target: Address, source: Address): void;
  knows(neighbor: Address): boolean;
  learns(neighbor: Address, hardwareAddress: MacAddress): void;
}
