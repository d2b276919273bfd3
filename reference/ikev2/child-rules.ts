/**
 * Decisions about children and what becomes of them: what of an offer is granted, which SA a message names, who takes over when something is rekeyed or deleted, and
 * what is said to requests that cross (RFC 7296 sections 1.3, 1.4, 2.8, 2.9, 2.17, 2.18 and 2.25).
 */
import type { Selectors } from '../ipsec/traffic-selector.ts';
import type { Address } from '../wire/address.ts';
import { compare } from '../wire/octets.ts';
import type { InboundSpi, NamedSpi } from './child-sa.ts';
import type { ProposalConfiguration } from './configuration.ts';
import type { Purpose } from './exchange.ts';
import type { Path } from './interface.ts';
import { narrowedSelectors, withinOffer } from './narrowing.ts';
import type { NotifyName } from './payloads.ts';
import type { Hosts } from './transport-hosts.ts';

export interface ChildRules {
  /** RFC 4301 4.4.3.3, section 2.9: what may be granted of an offer under this PAD entry's child. */
  narrowing(offered: Selectors, permitted: Selectors): Selectors | undefined;
  /** 2.9: a child that may have the whole offer takes it before one that would narrow it. */
  wholeOfferFirst(): boolean;
  /** 2.9: an initiator checks that the answer lies within its offer. */
  narrowedAnswer(offered: Selectors, answered: Selectors): boolean;
  /** 1.3.1: transport mode only if asked for and agreed to. */
  transportMode(asked: boolean, configured: 'transport' | 'tunnel'): boolean;
  /** 1.3.1: an initiator that was refused transport mode and will not have tunnel mode deletes the SA. */
  negotiatedMode(negotiated: 'transport' | 'tunnel', configured: 'transport' | 'tunnel'): boolean;
  /** RFC 4877 7.3: what is asked for in transport mode is the policy's own, a home address, wherever IKE runs from. */
  transportOffer(selectors: Selectors, path: Path): Selectors;
  /** RFC 4877 4.4, draft-dupont-ipsec-mipv6-00 3.2 N: the hosts of transport mode need not be IKE's, if policy permits them. */
  transportHostsAcceptable(hosts: Hosts, path: Path): boolean;
  /** RFC 4877 4.4: SAs of transport mode are based on the addresses of their selectors, so that they survive where IKE runs from. */
  transportEnds(hosts: Hosts, path: Path): Hosts;
  /** RFC 6275 10.3.1: an IKE SA is a mobile node's that has a child of this home address alone; what its children's remote selectors name, if it is one. */
  ikeSaOfHomeAddress(remotes: readonly (Address | undefined)[], homeAddress: Address): boolean;
  /** RFC 6275 11.7.3: with the home agent that acknowledged a binding, and with nobody else. */
  ikeSaOfPeer(remoteAddress: Address, peer: Address): boolean;
  /** RFC 4301 4.4.2.1: an SPI identifies one of this node's inbound SAs, whatever address its packets come to. */
  inboundSpiFree(wanted: InboundSpi, inUse: readonly InboundSpi[]): boolean;
  /** RFC 4303 2.1, RFC 4302 2.4: SPIs of ESP and AH are four octets, and 0 to 255 are reserved. */
  childSpi(spi: Uint8Array): boolean;
  /** 2.8, 2.25.1: REKEY_SA names a child by its protocol and the SPI its sender receives on; else CHILD_SA_NOT_FOUND. */
  rekeyedChild(outbound: NamedSpi, named: NamedSpi): boolean;
  /** 2.8: who answered a rekeying sends on the old SA until the peer deletes it: only then is the peer known to be ready. */
  outboundOfSuccessor(): 'now' | 'later';
  /** 2.8: when the child that it replaced goes, a successor takes over what is sent, whatever became of a rekeying of this node's own (2.8.1). */
  successorTakesOver(): boolean;
  /** 2.25.1: a child whose rekeying this node has asked for may be deleted before the answer is there; its successor stays. */
  successorStays(isReplacedOneThere: boolean): boolean;
  /** 2.8: who rekeyed a child deletes the one that was replaced. */
  replacedChild(): 'deleted' | 'kept';
  /** 2.8: who rekeyed an IKE SA deletes the one that was replaced. */
  replacedIkeSa(): 'deleted' | 'kept';
  /** 2.25: who is told CHILD_SA_NOT_FOUND forgets the child, and asks for another one from scratch, unless it has a successor already. */
  childAskedAnew(hasSuccessor: boolean): boolean;
  /** 1.3, 2.17: a child is offered by its own proposals, with its own groups, whatever those of its IKE SA are. */
  childProposals(
    own: readonly ProposalConfiguration[],
    ofIke: readonly ProposalConfiguration[],
  ): readonly ProposalConfiguration[];
  /** 2.17, 1.3: KEYMAT of a rekeyed child takes g^ir when a group was negotiated. */
  perfectForwardSecrecy(sharedSecret: Uint8Array | undefined): Uint8Array;
  /** 2.8.1: of two simultaneous rekeyings the one with the lowest of the four nonces is redundant. */
  redundantRekeying(mine: readonly Uint8Array[], theirs: readonly Uint8Array[]): 'mine' | 'theirs';
  /** 2.25: while an IKE SA is being rekeyed or deleted, requests for children get TEMPORARY_FAILURE. */
  childrenRefusedWhile(state: 'established' | 'rekeying' | 'deleting'): boolean;
  /** 2.25: whether a child that is not known may be one that this node `asks` for, or move here with an IKE SA that is being replaced: it is not said to be none. */
  unknownChildMayCome(asks: readonly Purpose[]): boolean;
  /** 2.25.1: whether the answer makes a child that the peer, whose request was faster than its answer, has deleted already. */
  deletedBeforeMade(outbound: NamedSpi, deletedMeanwhile: readonly NamedSpi[]): boolean;
  /** 2.25: what is said to a request that what this node asks itself does not allow now (RFC 4306 had NO_ADDITIONAL_SAS). */
  collisionAnswer(): NotifyName;
  /** 2.25: TEMPORARY_FAILURE means to ask again after a while, not at once and not for ever. */
  temporaryFailure(failuresBefore: number): 'askLater' | 'askNow' | 'giveUp';
  /** 2.25.2: an IKE SA that is busy with a child of its own asking is not rekeyed at the same time. */
  ikeRekeyingRefusedDuring(purposes: readonly Purpose[]): boolean;
  /** 1.3: whether another child is borne, or NO_ADDITIONAL_SAS said. */
  additionalChild(existing: number): boolean;
  /** 2.8.2: who is rekeying an IKE SA forgets that when the peer, which has replaced it as well, closes it or refuses to have it replaced again. */
  rekeyingForgotten(): boolean;
  /** 2.18: all children move to the IKE SA that replaces theirs. */
  childrenInherited(): boolean;

  // INFORMATIONAL
  /** 1.4: an INFORMATIONAL request is answered, an empty one too, since that proves life; 2.25: whatever this node `asks` meanwhile. */
  informationalAnswered(asks: Purpose | undefined): boolean;
  /** 1.4.1, 3.11: Delete names the sender's inbound SPIs of one protocol: this node's outbound ones. Both directions go. */
  deletedChild(child: { readonly inbound: NamedSpi; readonly outbound: NamedSpi }, named: NamedSpi): boolean;
  /** 1.4.1: the answer to Delete names the other SA of each pair, but of none that this node has itself asked to delete: the two have crossed. */
  deleteAnswered(pairs: readonly { readonly inbound: NamedSpi; readonly crossed: boolean }[]): readonly NamedSpi[];
  /** 1.4.1: a Delete of the IKE SA ends it with all its children. */
  deletedIkeSa(): boolean;
}

export const childRules: ChildRules = {
  narrowing: narrowedSelectors,
  wholeOfferFirst: () => true,
  narrowedAnswer: withinOffer,
  transportMode: (asked, configured) => asked && configured === 'transport',
  negotiatedMode: (negotiated, configured) => negotiated === configured,
  transportOffer: (selectors) => selectors,
  transportHostsAcceptable: () => true,
  transportEnds: (hosts) => hosts,
  ikeSaOfPeer: (remoteAddress, peer) => remoteAddress === peer,
  ikeSaOfHomeAddress: (remotes, homeAddress) => remotes.includes(homeAddress),
  inboundSpiFree: ({ spi }, inUse) => inUse.every((each) => each.spi !== spi),
  childSpi: (spi) => spi.length === 4 && (spi[0] !== 0 || spi[1] !== 0 || spi[2] !== 0),
  rekeyedChild: (outbound, named) => outbound.protocolId === named.protocolId && outbound.spi === named.spi,
  outboundOfSuccessor: () => 'later',
  successorTakesOver: () => true,
  successorStays: () => true,
  childProposals: (own) => own,
  perfectForwardSecrecy: (sharedSecret) => sharedSecret ?? new Uint8Array(),
  redundantRekeying: (mine, theirs) => (compare(lowest(mine), lowest(theirs)) < 0 ? 'mine' : 'theirs'),
  replacedChild: () => 'deleted',
  replacedIkeSa: () => 'deleted',
  childAskedAnew: (hasSuccessor) => !hasSuccessor,
  childrenRefusedWhile: (state) => state !== 'established',
  unknownChildMayCome: (asks) =>
    asks.some((purpose) => purpose === 'furtherChild' || purpose === 'rekeyChild' || purpose === 'rekeyIkeSa'),
  deletedBeforeMade: ({ protocolId, spi }, deletedMeanwhile) =>
    deletedMeanwhile.some((deleted) => deleted.protocolId === protocolId && deleted.spi === spi),
  collisionAnswer: () => 'TEMPORARY_FAILURE',
  temporaryFailure: (failuresBefore) => (failuresBefore < 3 ? 'askLater' : 'giveUp'),
  ikeRekeyingRefusedDuring: (purposes) =>
    purposes.some((purpose) => ['furtherChild', 'rekeyChild', 'deleteChild', 'deleteIkeSa'].includes(purpose)),
  additionalChild: () => true,
  rekeyingForgotten: () => true,
  childrenInherited: () => true,

  informationalAnswered: () => true,
  deletedChild: ({ outbound }, named) => outbound.protocolId === named.protocolId && outbound.spi === named.spi,
  deleteAnswered: (pairs) => pairs.filter(({ crossed }) => !crossed).map(({ inbound }) => inbound),
  deletedIkeSa: () => true,
};

function lowest(nonces: readonly Uint8Array[]): Uint8Array {
  return [...nonces].sort(compare)[0] ?? new Uint8Array();
}
