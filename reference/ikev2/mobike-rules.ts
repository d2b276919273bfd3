/**
 * The decisions of MOBIKE (RFC 4555), and of address updates without it (RFC 7296 section 2.23), a part of `rules.ts`: who is followed where, on whose word, and after
 * which checks. The messages are `exchanges/address-update.ts`, the SAs that move `moving-children.ts`.
 */
import { type Address, addressOctets } from '../wire/address.ts';
import { concat, equal, u16 } from '../wire/octets.ts';
import type { IkeConnection } from './configuration.ts';
import { addressMatchesConnection } from './identity.ts';
import type { OriginalRole, Path } from './interface.ts';

export interface MobikeRules {
  /** RFC 4555 3.1: MOBIKE is there where both peers have said so. */
  mobikeAgreed(willing: boolean, peerIsWilling: boolean): boolean;
  /** RFC 4555 3.3: who speaks MOBIKE and detects NATs moves to port 4500 with IKE_AUTH, whether or not there is one. */
  mobikePorts(path: Path, willing: boolean, peerDetectsNats: boolean): Path;
  /** RFC 4555 3.5: the original initiator decides which addresses are used; its peer tells of other ones it has (3.6). */
  afterLosingAddress(role: OriginalRole): 'updates' | 'announces';
  /** RFC 4555 3.5: UPDATE_SA_ADDRESSES is obeyed where MOBIKE was agreed on and the original initiator asks. */
  updateObeyed(agreed: boolean, sender: OriginalRole): boolean;
  /** RFC 4555 3.5: the pair of addresses must be one that policy allows; else UNACCEPTABLE_ADDRESSES. */
  addressesAcceptable(path: Path, connection: IkeConnection): boolean;
  /** RFC 4555 3.9: NO_NATS_ALLOWED holds the addresses and ports of the headers, or somebody has changed them. */
  natsAbsent(sent: Uint8Array, path: Path): boolean;
  /** RFC 4555 3.9: an update that met UNEXPECTED_NAT_DETECTED is tried again some times: it may have been one forged packet. */
  updateRetried(before: number): boolean;
  /** RFC 4555 3.7: the peer shows that it can receive where it says it is, before SAs move there. */
  returnRoutabilityChecked(): boolean;
  /** RFC 4555 3.7: a COOKIE2 goes back as it came. */
  cookie2Answer(sent: Uint8Array): Uint8Array;
  /** RFC 4555 3.7: another COOKIE2 than was sent closes the IKE SA. */
  cookie2Verified(sent: Uint8Array, returned: Uint8Array | undefined): boolean;
  /** RFC 4555 3.8: NAT detection in an INFORMATIONAL request is answered by the same. */
  natDetectionAnswered(): boolean;
  /** RFC 4555 3.5: the answer to an update that a newer change of addresses has overtaken changes nothing. */
  updateOvertaken(changesThen: number, changesNow: number): boolean;
  /** RFC 4555 3.5, 3.6: of requests about addresses that came in another order the newest counts, by its Message ID. */
  addressesAreNewest(messageId: number, newest: number | undefined): boolean;
  /** RFC 4555 3.6: a list of additional addresses replaces the one before, and no addresses is such a list. */
  additionalAddresses(known: readonly Address[], told: readonly Address[]): readonly Address[];
  /** RFC 4555 3.5, 3.10: an initiator whose request stays unanswered tries another address of its peer, when it is due. */
  nextRemoteAddress(current: Address, others: readonly Address[], sendings: number): Address | undefined;
  /** RFC 7296 2.23, RFC 4555 3.8: a peer that a NAT moves is followed by who is behind none; with MOBIKE, not on the word of IKE. */
  followedDynamically(circumstances: Circumstances): boolean;
  /** RFC 7296 2.23: all packets go to where the peer was heard last, those of ESP, too. */
  childrenFollow(): boolean;
}

/** Under which an authenticated packet has come from elsewhere. */
export interface Circumstances {
  readonly by: 'IKE' | 'ESP';
  readonly peerBehind: boolean;
  readonly thisNodeBehind: boolean;
  readonly mobike: boolean;
}

export const mobikeRules: MobikeRules = {
  mobikeAgreed: (willing, peerIsWilling) => willing && peerIsWilling,
  mobikePorts: (path, willing, peerDetectsNats) =>
    willing && peerDetectsNats ? { ...path, localPort: 4500, remotePort: 4500 } : path,
  afterLosingAddress: (role) => (role === 'initiator' ? 'updates' : 'announces'),
  updateObeyed: (agreed, sender) => agreed && sender === 'initiator',
  addressesAcceptable: addressMatchesConnection,
  natsAbsent: (sent, path) => equal(sent, noNatsAllowedData(path)),
  updateRetried: (before) => before < 3,
  returnRoutabilityChecked: () => true,
  cookie2Answer: (sent) => sent,
  cookie2Verified: (sent, returned) => returned !== undefined && equal(sent, returned),
  natDetectionAnswered: () => true,
  updateOvertaken: (changesThen, changesNow) => changesThen !== changesNow,
  addressesAreNewest: (messageId, newest) => newest === undefined || messageId > newest,
  additionalAddresses: (_known, told) => told,
  nextRemoteAddress: (current, others, sendings) =>
    sendings < 3 ? undefined : others.find((address) => address !== current),
  followedDynamically: ({ by, peerBehind, thisNodeBehind, mobike }) =>
    peerBehind && !thisNodeBehind && !(mobike && by === 'IKE'),
  childrenFollow: () => true,
};

/** Section 4.2.6: source and destination, then their ports, of a message that came on this path. */
function noNatsAllowedData({ remoteAddress, remotePort, localAddress, localPort }: Path): Uint8Array {
  return concat(addressOctets(remoteAddress), addressOctets(localAddress), u16(remotePort), u16(localPort));
}

/** Where each of them is written. */
export const mobikeSections = {
  mobikeAgreed: 'RFC 4555 3.1',
  mobikePorts: 'RFC 4555 3.3',
  afterLosingAddress: 'RFC 4555 3.5, 3.6',
  updateObeyed: 'RFC 4555 3.5',
  addressesAcceptable: 'RFC 4555 3.5',
  natsAbsent: 'RFC 4555 3.9',
  updateRetried: 'RFC 4555 3.9',
  returnRoutabilityChecked: 'RFC 4555 3.7',
  cookie2Answer: 'RFC 4555 3.7',
  cookie2Verified: 'RFC 4555 3.7',
  natDetectionAnswered: 'RFC 4555 3.8',
  updateOvertaken: 'RFC 4555 3.5',
  addressesAreNewest: 'RFC 4555 3.5, 3.6',
  additionalAddresses: 'RFC 4555 3.6',
  nextRemoteAddress: 'RFC 4555 3.5, 3.10',
  followedDynamically: 'RFC 7296 2.23, RFC 4555 3.8',
  childrenFollow: 'RFC 7296 2.23',
} as const satisfies Record<keyof MobikeRules, string>;
