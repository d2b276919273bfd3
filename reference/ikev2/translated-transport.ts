/**
 * The selectors of transport mode where a NAT stands between the peers (RFC 7296 section 2.23.1). Each side names both ends in TSi and TSr as it sees them, and
 * puts what it sees in the place of what the other has named before it compares anything. What came is kept: the checksums of TCP and UDP are about that.
 *
 *     client IP1  <-->  IPN1 NAT IPN2  <-->  IP2 server        TSi, TSr of the client: IP1, IPN2; the server has and returns: IPN1, IP2
 */
import type { Selectors, TrafficSelector } from '../ipsec/traffic-selector.ts';
import { type Address, familyOf } from '../wire/address.ts';
import type { IkeSa } from './ike-sa.ts';
import { type Hosts, hostsOfPath, hostsOfSelectors, onlyAddress, sameHosts } from './transport-hosts.ts';

/** What an offer or an answer selects. */
export interface Selected {
  readonly selectors: Selectors;
  /** Whom the peer named, where that is somebody else. */
  readonly realHosts?: Hosts;
}

/** An offer as it is looked up, in order; for children of a mode, or of any. */
export interface Lookup extends Selected {
  readonly mode?: 'transport' | 'tunnel';
}

/** What a responder looks up. */
export function lookupsOf(ikeSa: IkeSa, offered: Selectors, asksTransport: boolean): readonly Lookup[] {
  const seen = asksTransport ? asSeenHere(ikeSa, offered) : { selectors: offered };
  if (!seen.realHosts) return [seen];
  const substituted = { ...seen, mode: 'transport' } as const;
  const { rules } = ikeSa.surroundings;
  return rules.substitutionUndone() ? [substituted, { selectors: offered, mode: 'tunnel' }] : [substituted];
}

/** What came in an offer or an answer of transport mode. */
export function asSeenHere({ nat, path, surroundings: { rules } }: IkeSa, came: Selectors): Selected {
  const { peerBehind, thisNodeBehind } = nat;
  const selectors = {
    local: rules.ownAddressSubstituted(thisNodeBehind) ? substituted(came.local, path.localAddress) : came.local,
    remote: rules.peerAddressSubstituted(peerBehind) ? substituted(came.remote, path.remoteAddress) : came.remote,
  };
  const realHosts = hostsOfSelectors(came, path);
  return sameHosts(realHosts, hostsOfSelectors(selectors, path)) ? { selectors: came } : { selectors, realHosts };
}

/** What an initiator asks for in transport mode. */
export function translatedOffer({ nat, path, surroundings: { rules } }: IkeSa, permitted: Selectors): Selectors {
  if (!nat.detected) return permitted;
  const { local, remote } = hostsOfPath(path);
  return {
    local: rules.offeredOfTranslated(permitted.local, local),
    remote: rules.offeredOfTranslated(permitted.remote, remote),
  };
}

/** Several addresses, or one of another family, are not what IKE runs over, and stay. */
function substituted(selectors: readonly TrafficSelector[], address: Address): readonly TrafficSelector[] {
  const named = onlyAddress(selectors);
  if (named === undefined || familyOf(named) !== familyOf(address)) return selectors;
  return selectors.map((selector) => ({ ...selector, startAddress: address, endAddress: address }));
}
