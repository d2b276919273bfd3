/** What a host or router decides about its neighbors on a link: whom it believes, what it remembers, and what it says of itself (RFC 4861 section 7, RFC 826). */
import { type Address, isMulticast, solicitedNodeMulticast } from '../wire/address.ts';

export interface NeighborRules {
  /** A solicitation or advertisement comes from this link, whole, and says nothing that such a message does not. */
  neighborMessageAcceptable(message: NeighborMessageClaim): boolean;
  /** Whoever asks for an address of this node, and has one, is remembered with the hardware address that he names; nobody else who asks is. */
  solicitationTeaches(isForMe: boolean, source: Address): boolean;
  /** An advertisement makes no entry: it answers a question that was asked, or changes what is known. */
  advertisementTeaches(isAskedFor: boolean, isKnown: boolean): boolean;
  /** Another hardware address than the known one is believed where the advertisement overrides. */
  replacesKnown(override: boolean): boolean;
  /** Whoever asks by ARP for an address of this node is remembered, and of others what is known is put right. */
  arpTeaches(isForMe: boolean, isKnown: boolean): boolean;
  /** What another node says of an address that is being tested proves that it is a duplicate: any advertisement, and a solicitation that tests it too. */
  provesDuplicate(kind: 'solicitation' | 'advertisement', source: Address): boolean;
  /** A solicitation is answered for an address that the node has, or stands for in some capacity; for no other. */
  solicitationIsMine(answering: Answering | undefined): boolean;
  /** An answer for an address that others may answer for too, as a proxy or for an anycast address, gives way to theirs: the Override flag. */
  overridesOthers(answering: Answering): boolean;
  /** A router says so of itself; of the mobile node for which it stands it does not. */
  saysRouter(isRouter: boolean, answering: Answering): boolean;
}

/** In which capacity a node answers for an address. */
export type Answering = 'own' | 'proxy' | 'anycast';

export interface NeighborMessageClaim {
  readonly kind: 'solicitation' | 'advertisement';
  readonly hopLimit: number;
  readonly code: number;
  readonly checksumHolds: boolean;
  readonly source: Address;
  readonly destination: Address;
  readonly target: Address;
  readonly solicited: boolean;
  /** An option names an address of the sender's link layer. */
  readonly hasSourceLinkLayerAddress: boolean;
}

export const neighborSections = {
  neighborMessageAcceptable: 'RFC 4861 7.1.1, 7.1.2',
  solicitationTeaches: 'RFC 4861 7.2.3',
  advertisementTeaches: 'RFC 4861 7.2.5',
  replacesKnown: 'RFC 4861 7.2.5',
  arpTeaches: 'RFC 826',
  provesDuplicate: 'RFC 4862 5.4.3, 5.4.4',
  solicitationIsMine: 'RFC 4861 7.2.3',
  overridesOthers: 'RFC 4861 7.2.4, 7.2.7, 7.2.8',
  saysRouter: 'RFC 4861 7.2.4, RFC 6275 10.4.1',
} as const satisfies Record<keyof NeighborRules, string>;

export const neighborRules: NeighborRules = {
  neighborMessageAcceptable({ kind, hopLimit, code, checksumHolds, source, destination, target, ...says }) {
    if (hopLimit !== 255 || code !== 0 || !checksumHolds || isMulticast(target)) return false;
    if (kind === 'advertisement') return !(says.solicited && isMulticast(destination));
    return source !== '::' || (destination === solicitedNodeMulticast(target) && !says.hasSourceLinkLayerAddress);
  },
  solicitationTeaches: (isForMe, source) => isForMe && source !== '::',
  advertisementTeaches: (isAskedFor, isKnown) => isAskedFor || isKnown,
  replacesKnown: (override) => override,
  arpTeaches: (isForMe, isKnown) => isForMe || isKnown,
  provesDuplicate: (kind, source) => kind === 'advertisement' || source === '::',
  solicitationIsMine: (answering) => answering !== undefined,
  overridesOthers: (answering) => answering === 'own',
  saysRouter: (isRouter, answering) => isRouter && answering !== 'proxy',
};
