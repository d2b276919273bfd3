/** The decisions of transport mode where a NAT stands between the peers (RFC 7296 section 2.23.1), a part of `rules.ts`. What stands in whose place then is `translated-transport.ts`. */
import { narrowed, type TrafficSelector, trafficSelectors } from '../ipsec/traffic-selector.ts';
import type { Address } from '../wire/address.ts';

export interface TranslatedTransportRules {
  /** 2.23.1: each side of an offer is one address, that which IKE runs over, whatever policy permits besides; all of it where that is not permitted. */
  offeredOfTranslated(permitted: readonly TrafficSelector[], own: Address): readonly TrafficSelector[];
  /** 2.23.1: what a peer behind a NAT calls itself means nothing here: it is where its messages come from. */
  peerAddressSubstituted(peerBehind: boolean): boolean;
  /** 2.23.1: where this node is behind a NAT, what its peer calls it is before that: it is where messages come to. */
  ownAddressSubstituted(thisNodeBehind: boolean): boolean;
  /** 2.23.1: an offer for which there is no child of transport mode, as the addresses are seen here, is looked up again as it came, for one of tunnel mode. */
  substitutionUndone(): boolean;
  /** 2.23: the hosts of transport mode stay where they are, and ESP follows a NAT that gives one of them another port. */
  transportPortsFollow(): boolean;
}

export const translatedTransportRules: TranslatedTransportRules = {
  offeredOfTranslated(permitted, own) {
    const offered = narrowed(permitted, trafficSelectors({ addresses: [own, own] }));
    return offered.length > 0 ? offered : permitted;
  },
  peerAddressSubstituted: (peerBehind) => peerBehind,
  ownAddressSubstituted: (thisNodeBehind) => thisNodeBehind,
  substitutionUndone: () => true,
  transportPortsFollow: () => true,
};

/** Where each of them is written. */
export const translatedTransportSections = {
  offeredOfTranslated: 'RFC 7296 2.23.1',
  peerAddressSubstituted: 'RFC 7296 2.23.1',
  ownAddressSubstituted: 'RFC 7296 2.23.1',
  substitutionUndone: 'RFC 7296 2.23.1',
  transportPortsFollow: 'RFC 7296 2.23',
} as const satisfies Record<keyof TranslatedTransportRules, string>;
