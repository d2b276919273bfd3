/**
 * How much a peer can make IKE keep or do. One datagram costs what its octets cost, as many answers are kept for each IKE SA as its window is said to
 * hold; what could grow beyond is listed here. Reaching a bound is told as a rule's refusal is, under its name.
 */
import type { Bounds } from '../machine.ts';
import { tlsBounds } from '../tls/bounds.ts';

export const ikev2Bounds = {
  /** Payloads in one message: a datagram holds 16,000 of four octets, the longest message of this house has some twenty and one with a hundred certificates a hundred more. */
  payloads: 256,
  /** Proposals of one SA payload: each is held against all that are configured. Proposal Num (RFC 7296 3.3.1) counts no further. */
  proposals: 255,
  /** Transforms in them all: as many as some hundred generous proposals have. */
  transforms: 1024,
  /** Selectors of one TS payload: Number of TSs (RFC 7296 3.13) counts no further. */
  trafficSelectors: 255,
  /** Selectors of each side of an offer that are looked at; narrowing may leave out any (RFC 7296 2.9), and costs the square of their number for each child configured. */
  offeredSelectors: 64,
  /** SPIs of the Delete payloads of one message, and those kept of children that may yet be made: more than an IKE SA has children. */
  deletedSpis: 1024,
  /** Certificates that are read of one message, the signer's first: reading one takes a millisecond, and a path has six (`path-search.ts`). */
  certificates: 16,
  /** Elements of DER in the certificates and lists that are read of one message: reading takes some 20 µs for each, an honest certificate has 100 to 400. */
  certificateElements: 4096,
  /** Revocation lists that are read of one message, which honest peers do not send at all (RFC 4945 3.3.3): one for each authority of a path. */
  revocationLists: 4,
  /** Exchanges of EAP in one IKE_AUTH, ten at least (RFC 7296 2.16). */
  eapExchanges: 32,
  /** Octets of EAP-TLS that wait for the fragments that are to follow: what one message of TLS may have, and all that is said with it. */
  eapTlsOctets: 65_536,
  ...tlsBounds,
  /** Configuration attributes of one message that are looked at: a client asks for a dozen (RFC 7296 3.15.1). */
  configurationAttributes: 64,
  /** Addresses of one pool that are looked through for one that is free: more than there are IKE SAs. */
  pooledAddresses: 1024,
  /** Hash algorithms announced by one peer; IANA has seven (RFC 7427 4). */
  hashAlgorithms: 64,
  /** IKE SAs that wait for IKE_AUTH, four times as many as cookies are asked for at: whoever gets so far receives at its address, and waits for the others to expire. */
  halfOpenIkeSas: 256,
  /** IKE SAs with one remote address, rekeyed ones included until they are deleted: a NAT may hide many peers, none of them has more than two. */
  ikeSasOfAddress: 128,
  /** IKE SAs of all peers: each keeps its last requests and answers, 64 KiB at most where the window is one. */
  ikeSas: 512,
  /** Children of one IKE SA, rekeyed ones included until they are deleted: a packet's SA is sought among them all. */
  childrenOfIkeSa: 256,
  /** Tickets that a gateway has given out (RFC 5723): the oldest is forgotten for one more. */
  tickets: 512,
  /** Agreements on one IKE SA that wait for further keys: the oldest is forgotten for one more. */
  followUps: 4,
  /** Children of all IKE SAs. */
  children: 2048,
  /** Fragments of one message: 64 KiB make 140 of the smallest size recommended (RFC 7383 2.5.1). */
  fragments: 256,
  /** Octets of the fragments that wait for the rest of one message, decrypted: no message is longer (RFC 7383 5). */
  fragmentOctets: 65_536,
  /** Answers in each second to what nobody vouches for (RFC 7296 2.21.4): a peer that has lost its state asks once, and repeats that a few times. */
  unprotectedAnswers: 8,
  /** INVALID_SELECTORS or INVALID_SPI on its way for one IKE SA (RFC 4301 5.2 step 5): the next packet of the kind will tell it again. */
  complaints: 1,
} as const satisfies Bounds;

export type Ikev2Bound = keyof typeof ikev2Bounds;

export function isBound(name: string): name is Ikev2Bound {
  return name in ikev2Bounds;
}
