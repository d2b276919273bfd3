import { type TlsRules, tlsRules } from '../tls/rules.ts';
import type { Proposal } from '../wire/ike/proposal.ts';
import { equal } from '../wire/octets.ts';
import { type AdditionalKeyExchangeRules, additionalKeyExchangeRules } from './additional-key-exchange-rules.ts';
import type { AuthenticationKind } from './authentication.ts';
import { type ChildRules, childRules } from './child-rules.ts';
import type {
  IdentityPattern,
  IkeConnection,
  ProposalConfiguration,
  RemoteIdentity,
  SharedKey,
} from './configuration.ts';
import { type ConfigurationPayloadRules, configurationPayloadRules } from './configuration-payload-rules.ts';
import { type EapRules, eapRules } from './eap/eap-rules.ts';
import { type FragmentationRules, fragmentationRules } from './fragmentation-rules.ts';
import { addressMatchesConnection, identityEquals, identityMatches, type PeerIdentity } from './identity.ts';
import { type CertificateNames, identityInCertificate } from './identity-in-certificate.ts';
import type { Datagram, ExchangeName, OriginalRole, Path } from './interface.ts';
import { type LivenessRules, livenessRules } from './liveness-rules.ts';
import { type MessageRules, messageRules } from './message-rules.ts';
import { type MobikeRules, mobikeRules } from './mobike-rules.ts';
import { type NullAuthenticationRules, nullAuthenticationRules } from './null-authentication-rules.ts';
import type { NotifyName } from './payloads.ts';
import { type PpkRules, ppkRules } from './ppk-rules.ts';
import { type ChosenProposal, chosenFrom, firstAcceptable } from './proposal-selection.ts';
import { type RawPublicKeyRules, rawPublicKeyRules } from './raw-public-key-rules.ts';
import { type ResumptionRules, resumptionRules } from './resumption/resumption-rules.ts';
import { type TranslatedTransportRules, translatedTransportRules } from './translated-transport-rules.ts';
import { type UnknownSpiRules, unknownSpiRules } from './unknown-spi-rules.ts';
import { type WindowRules, windowRules } from './window-rules.ts';

export interface Ikev2Rules
  extends FragmentationRules,
    AdditionalKeyExchangeRules,
    ChildRules,
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
  ...childRules,
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
};

function isZero(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0);
}

const NO_PROPOSAL_CHOSEN = 14;
const FIRST_STATUS = 16384;
