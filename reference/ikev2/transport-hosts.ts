/**
 * Between which hosts a child in transport mode is. They are those of its selectors, which need not be the addresses that IKE runs over: a mobile node
 * asks from its care-of address for SAs of its home address (RFC 4877 sections 4.4 and 7.3; the proxy case of draft-dupont-ipsec-mipv6-00 section 3.2).
 * Who may ask for which address is the PAD entry's to say (`narrowing.ts`); whether two addresses may be two is a rule.
 */
import type { Selectors, TrafficSelector } from '../ipsec/traffic-selector.ts';
import type { Address } from '../wire/address.ts';
import type { Path } from './interface.ts';

/** Seen from this node. */
export interface Hosts {
  readonly local: Address;
  readonly remote: Address;
}

/** On each side the one address that all selectors name (RFC 7296 section 1.1.2); IKE's own where they name more. */
export function hostsOfSelectors({ local, remote }: Selectors, path: Path): Hosts {
  return { local: onlyAddress(local) ?? path.localAddress, remote: onlyAddress(remote) ?? path.remoteAddress };
}

/** Those that IKE runs over (RFC 7296 section 2.11). */
export function hostsOfPath({ localAddress, remoteAddress }: Path): Hosts {
  return { local: localAddress, remote: remoteAddress };
}

export function sameHosts(one: Hosts, other: Hosts): boolean {
  return one.local === other.local && one.remote === other.remote;
}

/** The one address that all of them name; undefined where there are more. */
export function onlyAddress(selectors: readonly TrafficSelector[]): Address | undefined {
  const [first] = selectors;
  const isOnly = selectors.every(({ startAddress, endAddress }) =>
    [startAddress, endAddress].every((address) => address === first?.startAddress),
  );
  return isOnly ? first?.startAddress : undefined;
}
