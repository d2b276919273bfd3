/**
 * Every decision of IKEv2 that an implementer could get wrong, as a value: RFC 7296 unless a rule names another document. The machine
 * is given these, calls them and decides nothing in passing. What a rule needs beyond its arguments is computed in the file of
 * its subject; who is asked when stands in the exchanges.
 */
import type { Selectors } from '../ipsec/traffic-selector.ts';
import { type TlsRules, tlsRules } from '../tls/rules.ts';
import type { Address } from '../wire/address.ts';
import type { Proposal } from '../wire/ike/proposal.ts';
import { compare, equal } from '../wire/octets.ts';
import { type AdditionalKeyExchangeRules, additionalKeyExchangeRules } from './additional-key-exchange-rules.ts';
import type { AuthenticationKind } from './authentication.ts';
import type { InboundSpi, NamedSpi } from './child-sa.ts';
import type {
  IdentityPattern,
  IkeConnection,
  ProposalConfiguration,
  RemoteIdentity,
  SharedKey,
} from './configuration.ts';
import { type ConfigurationPayloadRules, configurationPayloadRules } from './configuration-payload-rules.ts';
import { type EapRules, eapRules } from './eap/eap-rules.ts';
import type { Purpose } from './exchange.ts';
import { type FragmentationRules, fragmentationRules } from './fragmentation-rules.ts';
import { addressMatchesConnection, identityEquals, identityMatches, type PeerIdentity } from './identity.ts';
import { type CertificateNames, identityInCertificate } from './identity-in-certificate.ts';
import type { Datagram, ExchangeName, OriginalRole, Path } from './interface.ts';
import { type LivenessRules, livenessRules } from './liveness-rules.ts';
import { type MessageRules, messageRules } from './message-rules.ts';
import { type MobikeRules, mobikeRules } from './mobike-rules.ts';
import { narrowedSelectors, withinOffer } from './narrowing.ts';
import { type NullAuthenticationRules, nullAuthenticationRules } from './null-authentication-rules.ts';
import type { NotifyName } from './payloads.ts';
import { type PpkRules, ppkRules } from './ppk-rules.ts';
import { type ChosenProposal, chosenFrom, firstAcceptable } from './proposal-selection.ts';
import { type RawPublicKeyRules, rawPublicKeyRules } from './raw-public-key-rules.ts';
import { type ResumptionRules, resumptionRules } from './resumption/resumption-rules.ts';
import { type TranslatedTransportRules, translatedTransportRules } from './translated-transport-rules.ts';
import type { Hosts } from './transport-hosts.ts';
import { type UnknownSpiRules, unknownSpiRules } from './unknown-spi-rules.ts';
import { type WindowRules, windowRules } from './window-rules.ts';

export interface Ikev2Rules
  extends FragmentationRules,
    AdditionalKeyExchangeRules,
    ConfigurationPayloadRules,
    EapRules,
    LivenessRules,
    MessageRules,
    MobikeRules,
    NullAuthenticationRules,
    PpkRules,
    RawPublicKeyRules,
    ResumptionRules,
    TlsRules,
    TranslatedTransportRules,
    UnknownSpiRules,
    WindowRules {
  // Messages
  /** 2.6, 3.1: an IKE SA is named by this node's own SPI in its messages; a response to the first one has no other yet. */
  ikeSaOfMessage(ikeSa: IkeSaName, spis: MessageSpis, path: Path): boolean;
  /** 1.2, 1.3: IKE_AUTH comes first and once, everything else only when it is done; RFC 9242 3.2: but for IKE_INTERMEDIATE. Of an IKE SA that waits for somebody to authenticate: for whom. */
  exchangeInState(exchange: ExchangeName, awaited: OriginalRole | undefined): boolean;
  /** 3.1: the SPIs of an IKE_SA_INIT request: the initiator's not zero, the responder's zero. */
  initialSpis(spis: MessageSpis): boolean;
  /** 2.5: whether a message of this major version is understood. */
  majorVersion(major: number): boolean;
  /** 3.1: the Initiator flag tells who began the IKE SA; it must be set by exactly that peer. */
  initiatorFlag(flag: boolean, senderIsOriginalInitiator: boolean): boolean;
  /** 3.14: the ICV is checked before anything else; `sameIcv` compares it, an AEAD's opening tells it. */
  integrity(sameIcv: () => boolean): boolean;
  /** 2.5: an unknown payload whose Critical bit is set makes the message unacceptable. */
  criticalPayload(payload: { readonly payloadType: number; readonly critical: boolean }): boolean;
  /** 1.2 to 1.4, 2.21: a message without the payloads of its exchange is INVALID_SYNTAX. */
  requiredPayloads(required: readonly string[], present: readonly string[]): boolean;
  /** 2.4: an unprotected message, whatever it says, never ends an IKE SA that has keys. */
  unprotectedMessageIgnored(): boolean;
  /** 2.21.1: an error in an answer to IKE_SA_INIT is unauthenticated; it may be a forger's, so go on waiting. */
  unprotectedErrorEnds(notifyType: number): boolean;
  /** 3.10.1: an unknown notification of type below 16384 in a response is an error; any other unknown one is ignored. */
  notifyIsError(notifyType: number): boolean;

  /** 2.21.2, 2.21.3: the errors that end an IKE SA without any Delete. */
  fatalNotification(name: string): boolean;

  // Message IDs and retransmission
  /** 2.2: a response is matched to the outstanding request by its Message ID. */
  responseMessageId(outstanding: number, received: number): boolean;
  /** 2.1: a repeated request is answered with the stored response, and processed no second time. */
  repeatedRequest(): 'answerAgain' | 'processAgain' | 'ignore';
  /** 2.1: a retransmission is the same datagrams; `sealAnew` would make others of the same payloads. */
  retransmission(stored: readonly Datagram[], sealAnew: () => readonly Datagram[]): readonly Datagram[];
  /** 2.11: a response goes to where its request came from, from where it went. */
  responsePath(request: Path, established: Path): Path;
  /** 2.23: where requests go after an authenticated one has come: only a peer that a NAT moves (or port 4500 does) is followed. */
  requestPath(request: Path, established: Path, mayMove: boolean): Path;

  // IKE_SA_INIT
  /** 2.6: cookies are asked for when more than `threshold` IKE SAs are half-open. */
  cookieRequired(halfOpen: number, threshold: number): boolean;
  /** 2.6: the cookie returned is the one that was made for this initiator. */
  cookieValid(expected: Uint8Array, returned: Uint8Array): boolean;
  /** 2.6: an initiator repeats its request with the cookie it was given, but not for ever; undefined gives up. */
  cookieReturned(cookie: Uint8Array, cookiesBefore: number): Uint8Array | undefined;
  /** 2.7, 3.3: one complete proposal, the first acceptable in the initiator's order. */
  chosenProposal(
    offered: readonly Proposal[],
    acceptable: readonly ProposalConfiguration[],
    protocolId: number,
    keyExchange: 'offered' | 'none',
  ): ChosenProposal | undefined;
  /** 3.3.6: an initiator checks that the answer is one of its own proposals, one transform of each type. */
  acceptedProposal(offered: readonly Proposal[], answer: Proposal): ChosenProposal | undefined;
  /** 1.2, 3.4: the group of the KE payload is that of the chosen proposal, or INVALID_KE_PAYLOAD says which. */
  keyExchangeGroup(ofPayload: number, chosen: number): boolean;
  /** 2.7, 2.21.1: an initiator takes up a suggested group only if it has offered it. */
  suggestedGroup(offered: readonly number[], tried: readonly number[], suggested: number): boolean;
  /** 2.1, 2.21.1: an error in clear that names the group in use answers a request from before, which was sent twice. */
  suggestionIsNew(suggested: number, inUse: number): boolean;
  /** RFC 6989 section 2: the shared secret of a valid public value; `unchecked` computes with any value. */
  sharedSecret(checked: () => Uint8Array | undefined, unchecked: () => Uint8Array | undefined): Uint8Array | undefined;
  /** 2.12: a private value is used for one exchange only (reuse is allowed; this house does not). */
  privateValue(fresh: () => Uint8Array): Uint8Array;
  /** 2.10, 3.9: a nonce has 16 to 256 octets, and at least half the key size of the PRF. */
  nonceLength(octets: number, prfKeyOctets: number): boolean;
  /** 2.14: what of a nonce is in the key of SKEYSEED: of a PRF whose key has one size, the first 64 bits. */
  nonceInKey(nonce: Uint8Array, keyIsFixed: boolean): Uint8Array;
  /** 2.23: a NAT stands before the sender when none of the hashes it sent is that of the address seen. */
  addressTranslated(seen: Uint8Array, sent: readonly Uint8Array[]): boolean;
  /** 2.23: behind a NAT everything after IKE_SA_INIT moves to port 4500. */
  natTraversalPorts(path: Path, natDetected: boolean): Path;

  // IKE_AUTH
  /** 1.2, RFC 4301 4.4.3: an IDr that is the local identity of some connection leaves only such. */
  connectionsAsked(
    connections: readonly IkeConnection[],
    isAsked: (connection: IkeConnection) => boolean,
  ): readonly IkeConnection[];
  /** RFC 4301 4.4.3: the first connection, in PAD order, whose identity pattern the peer's identity matches. */
  padEntry(
    connections: readonly IkeConnection[],
    peer: PeerIdentity,
    matches: (connection: IkeConnection) => boolean,
  ): IkeConnection | undefined;
  /** RFC 4301 4.4.3.1: exact match, sub-tree of names or DNs, address range. */
  identityMatchesPad(peer: PeerIdentity, pattern: IdentityPattern | 'any'): boolean;
  /** RFC 4301 4.4.3: the addresses of a connection, where it names some. */
  pathMatchesConnection(path: Path, connection: IkeConnection): boolean;
  /** 2.15, RFC 4301 4.4.3.2: the shared key that belongs to the identity asserted; a group key last. */
  sharedKeyOfIdentity(keys: readonly SharedKey[], peer: PeerIdentity): string | undefined;
  /** RFC 4301 4.4.3.2: the peer authenticates by the method its PAD entry names. */
  authenticationMethod(wanted: RemoteIdentity['authentication'], used: AuthenticationKind | 'unknown'): boolean;
  /** 3.6: the first certificate holds the key that verifies AUTH. */
  certificateThatSigns<Certificate>(certificates: readonly Certificate[]): Certificate | undefined;
  /** RFC 4945 3.1: the identity is in the certificate that signs, not in one of the `others` sent: equal type, a subjectAltName, or the whole subject. */
  identityMatchesCertificate(
    peer: PeerIdentity,
    certificate: CertificateNames,
    others: readonly CertificateNames[],
  ): boolean;
  /** 2.15: AUTH verifies over the first message, the other's nonce and the identity. */
  authenticationData(verifies: () => boolean): boolean;
  /** RFC 7427 4: a signature's hash is one that was announced; older methods imply theirs. */
  signatureHash(announced: readonly number[], used: number): boolean;
  /** 3.6, RFC 4945 5.1: the certificate leads to a trust anchor of the PAD entry. `failure` is path validation's word. */
  certificationPath(failure: string | undefined): boolean;
  /** 3.6, RFC 4945 5.2.1: revocation lists that the peer sends count beside those at hand: one that says revoked is enough. */
  revocationListsThatCount<List>(atHand: readonly List[], sent: readonly List[]): readonly List[];
  /** 3.5: an address as identity need not be the address of the messages (RFC 4945 3.1.1 wants it by default). */
  addressIdentityIsTransportAddress(identityAddress: string, transportAddress: string): boolean;
  /** draft-dupont-ipsec-mipv6-00 3.1: addresses in a certificate include the one in use. Not required by RFC 7296. */
  certificateAddressesIncludeTransportAddress(addresses: readonly string[], transportAddress: string): boolean;
  /** draft-dupont-ipsec-mipv6-00 3.1: a certificate without any address will do, unless the PAD entry asks for some. */
  certificateWithoutAddresses(constraint: RemoteIdentity['certificateAddresses']): boolean;
  /** 3.5, 2.15: the responder's identity when IDr asked for another one: the initiator's own policy decides. */
  responderIdentity(asked: PeerIdentity | undefined, answered: PeerIdentity): boolean;
  /** 2.21.2: what a responder says when authentication fails: AUTHENTICATION_FAILED and nothing else. */
  failedAuthenticationAnswer(): NotifyName | 'silence';
  /** 2.21.2: after failed authentication the IKE SA is gone. */
  ikeSaAfterFailedAuthentication(): 'deleted' | 'kept';
  /** 2.4: INITIAL_CONTACT, once authenticated, ends the other IKE SAs of the same identity, whichever side of IKE_AUTH says it. */
  initialContactEnds(sameIdentity: boolean, said: InitialContact): boolean;
  /** 1.2, 2.21.2: a refused child leaves the IKE SA standing. */
  ikeSaAfterRefusedChild(): 'kept' | 'deleted';

  // Children
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
  /** 2.25: whether a child that is not known may be one that this node `asks` for, whose answer is on its way: it is not said to be none. */
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
  /** 2.8.2: who is rekeying an IKE SA forgets that when the peer, which has replaced it as well, closes it. */
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

/** In which message of IKE_AUTH it was said, or that it was not. */
export type InitialContact = 'in the request' | 'in the response' | 'nowhere';

/** By what an IKE SA is known. */
export interface IkeSaName extends MessageSpis {
  readonly role: OriginalRole;
  readonly path: Path;
}

export interface MessageSpis {
  readonly initiatorSPI: Uint8Array;
  readonly responderSPI: Uint8Array;
}

/** As RFC 7296, RFC 4301 and RFC 4945 (names in certificates) ask. */
export const ikev2Rules: Ikev2Rules = {
  ...fragmentationRules,
  ...additionalKeyExchangeRules,
  ...configurationPayloadRules,
  ...eapRules,
  ...livenessRules,
  ...messageRules,
  ...mobikeRules,
  ...nullAuthenticationRules,
  ...ppkRules,
  ...rawPublicKeyRules,
  ...resumptionRules,
  ...tlsRules,
  ...windowRules,
  ...translatedTransportRules,
  ...unknownSpiRules,

  ikeSaOfMessage: ({ role, initiatorSPI, responderSPI }, message) =>
    role === 'initiator' ? equal(initiatorSPI, message.initiatorSPI) : equal(responderSPI, message.responderSPI),
  exchangeInState: (exchange, awaited) => {
    const authenticates = exchange === 'IKE_AUTH' || exchange === 'IKE_INTERMEDIATE';
    return awaited === 'initiator' ? authenticates : awaited === undefined && !authenticates;
  },
  initialSpis: ({ initiatorSPI, responderSPI }) => !isZero(initiatorSPI) && isZero(responderSPI),
  majorVersion: (major) => major === 2,
  initiatorFlag: (flag, senderIsOriginalInitiator) => flag === senderIsOriginalInitiator,
  integrity: (sameIcv) => sameIcv(),
  criticalPayload: ({ critical }) => !critical,
  requiredPayloads: (required, present) => required.every((type) => present.includes(type)),
  unprotectedMessageIgnored: () => true,
  unprotectedErrorEnds: (notifyType) => notifyType === NO_PROPOSAL_CHOSEN,
  notifyIsError: (notifyType) => notifyType < FIRST_STATUS,
  fatalNotification: (name) => name === 'AUTHENTICATION_FAILED' || name === 'INVALID_SYNTAX',

  responseMessageId: (outstanding, received) => outstanding === received,
  repeatedRequest: () => 'answerAgain',
  retransmission: (stored) => stored,
  responsePath: (request) => request,
  requestPath: (request, established, mayMove) => (mayMove ? request : established),

  cookieRequired: (halfOpen, threshold) => halfOpen > threshold,
  cookieValid: equal,
  cookieReturned: (cookie, cookiesBefore) => (cookiesBefore < 3 ? cookie : undefined),
  chosenProposal: firstAcceptable,
  acceptedProposal: chosenFrom,
  keyExchangeGroup: (ofPayload, chosen) => ofPayload === chosen,
  suggestedGroup: (offered, tried, suggested) => offered.includes(suggested) && !tried.includes(suggested),
  suggestionIsNew: (suggested, inUse) => suggested !== inUse,
  sharedSecret: (checked) => checked(),
  privateValue: (fresh) => fresh(),
  nonceLength: (octets, prfKeyOctets) => octets >= 16 && octets <= 256 && 2 * octets >= prfKeyOctets,
  nonceInKey: (nonce, keyIsFixed) => (keyIsFixed ? nonce.subarray(0, 8) : nonce),
  addressTranslated: (seen, sent) => sent.length > 0 && !sent.some((hash) => equal(hash, seen)),
  natTraversalPorts: (path, natDetected) => (natDetected ? { ...path, localPort: 4500, remotePort: 4500 } : path),

  connectionsAsked: (connections, isAsked) => (connections.some(isAsked) ? connections.filter(isAsked) : connections),
  padEntry: (connections, _peer, matches) => connections.find(matches),
  identityMatchesPad: identityMatches,
  pathMatchesConnection: addressMatchesConnection,
  sharedKeyOfIdentity: (keys, peer) =>
    (
      keys.find(({ identity }) => identity !== 'any' && identityEquals(peer, identity)) ??
      keys.find(({ identity }) => identity === 'any')
    )?.key,
  authenticationMethod: (wanted, used) => wanted === used,
  certificateThatSigns: (certificates) => certificates[0],
  identityMatchesCertificate: identityInCertificate,
  authenticationData: (verifies) => verifies(),
  signatureHash: (announced, used) => announced.includes(used),
  certificationPath: (failure) => failure === undefined,
  revocationListsThatCount: (atHand, sent) => [...atHand, ...sent],
  addressIdentityIsTransportAddress: () => true,
  certificateAddressesIncludeTransportAddress: () => true,
  certificateWithoutAddresses: (constraint) => constraint !== 'required',
  responderIdentity: () => true,
  failedAuthenticationAnswer: () => 'AUTHENTICATION_FAILED',
  ikeSaAfterFailedAuthentication: () => 'deleted',
  initialContactEnds: (sameIdentity, said) => sameIdentity && said !== 'nowhere',
  ikeSaAfterRefusedChild: () => 'kept',

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
  unknownChildMayCome: (asks) => asks.some((purpose) => purpose === 'furtherChild' || purpose === 'rekeyChild'),
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

function isZero(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0);
}

const NO_PROPOSAL_CHOSEN = 14;
const FIRST_STATUS = 16384;
