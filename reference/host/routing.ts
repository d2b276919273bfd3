/**
 * Where a packet goes next: RFC 1122 section 3.3.1 and RFC 8200's hosts alike. Prefixes of the interfaces are on-link, the longest
 * prefix wins, and an earlier route wins over a later one of the same length. What a router does to a packet it forwards stands in `host.ts`.
 */
import {
  type Address,
  familyOf,
  inPrefix,
  isLinkLocal,
  isMulticast,
  type Prefix,
  parsePrefix,
} from '../wire/address.ts';
import type { Route } from './configuration.ts';
import type { NetworkInterface } from './interfaces.ts';

export interface Hop {
  readonly interface: NetworkInterface;
  /** The neighbor whose hardware address the frame is sent to. */
  readonly neighbor: Address;
}

export class RoutingTable {
  readonly #interfaces: readonly NetworkInterface[];
  readonly #routes: readonly { readonly prefix: Prefix; readonly via: Address; readonly interface: NetworkInterface }[];

  /** Throws `RangeError` where a route names an interface that is none. */
  constructor(interfaces: readonly NetworkInterface[], routes: readonly Route[]) {
    this.#interfaces = interfaces;
    this.#routes = routes.map((route) => {
      const through = interfaces.find((one) => one.name === route.interface);
      if (!through) throw new RangeError(`a route through ${route.interface}, which is no interface`);
      return {
        prefix: parsePrefix(defaults[route.destination] ?? route.destination),
        via: route.via,
        interface: through,
      };
    });
  }

  /** Undefined where no route leads there. A link-local destination, and a group, are on the first interface's link. */
  hopTowards(destination: Address): Hop | undefined {
    let best: Hop | undefined;
    let bestLength = -1;
    for (const one of this.#interfaces) {
      const length = one.onLinkLength(destination);
      if (length !== undefined && length > bestLength) {
        best = { interface: one, neighbor: destination };
        bestLength = length;
      }
    }
    const isHere = isLinkLocal(destination) || isMulticast(destination);
    if (!best && familyOf(destination) === 6 && isHere && this.#interfaces[0]) {
      return { interface: this.#interfaces[0], neighbor: destination };
    }
    for (const route of this.#routes) {
      if (route.prefix.length > bestLength && inPrefix(destination, route.prefix)) {
        best = { interface: route.interface, neighbor: route.via };
        bestLength = route.prefix.length;
      }
    }
    return best;
  }
}

const defaults: Readonly<Record<string, string>> = { default4: '0.0.0.0/0', default6: '::/0' };
