/**
 * What goes into the IKEv2 machine and what comes out of it. The host turns UDP datagrams into inputs (it strips and adds the
 * non-ESP marker of RFC 3948), carries SAs to the SAD, and tells the world of the events. Times are milliseconds of lab time.
 */
import type { TrafficSelector } from '../ipsec/traffic-selector.ts';
import type { Discarded, Seams } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import type { HandshakeMessage } from '../wire/tls/handshake.ts';
import type { ChildConfiguration, Lifetime } from './configuration.ts';

/** Where an IKE message came in or goes out: both ends, with their ports. */
export interface Path {
  readonly localAddress: Address;
  readonly localPort: number;
  readonly remoteAddress: Address;
  readonly remotePort: number;
}

export type IkeInput =
  /** One IKE message, without the non-ESP marker, and the path it came on. */
  | { readonly kind: 'datagram'; readonly path: Path; readonly octets: Uint8Array }
  | { readonly kind: 'command'; readonly command: IkeCommand }
  /** An outbound packet of a trap policy has no SA: its selectors (RFC 7296 section 2.9) go first into TSi and TSr. */
  | { readonly kind: 'acquire'; readonly connection: string; readonly child: string; readonly packet?: PacketSelectors }
  /** A child SA reached a hard limit: the SAD has dropped it, the peer must be told. */
  | { readonly kind: 'expired'; readonly spi: number }
  /** A packet came on a child whose selectors it does not meet, and was discarded (RFC 4301 section 5.2 step 5). */
  | { readonly kind: 'selectors-not-met'; readonly spi: number; readonly packet: Uint8Array }
  /** A packet of ESP or AH came under an SPI of nobody, from one address to another; in UDP from this port. */
  | UnknownSpi
  /** A local address is gone; SAs from it now leave from another, and with MOBIKE the peer is told. */
  | { readonly kind: 'address-changed'; readonly from: Address; readonly to: Address }
  | EndMoved
  /** An authentic packet of ESP in UDP came on the child with this inbound SPI, from here. */
  | { readonly kind: 'esp-heard'; readonly spi: number; readonly remoteAddress: Address; readonly remotePort: number }
  | { readonly kind: 'timeout' };

export interface UnknownSpi {
  readonly kind: 'unknown-spi';
  readonly spi: number;
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly remotePort?: number;
}

/**
 * A binding has moved one end of these IKE SAs: this node's own of those with a peer, or the other one of those with children of a home address (RFC 6275
 * 10.3.1, 11.7.3).
 */
export interface EndMoved {
  readonly kind: 'end-moved';
  readonly of: { readonly peer: Address } | { readonly homeAddress: Address };
  readonly to: Address;
  readonly fate: FateOfIkeSa;
}

/** Of an IKE SA with an end that has moved: it goes there, or is good for nothing more, and its children live on; or that, and another one is begun. */
export type FateOfIkeSa = 'follows' | 'discarded' | 'renewed' | 'stays';

export type IkeCommand =
  /** `begun`: whoever asks does not wait for what comes of it. */
  | { readonly kind: 'initiate'; readonly connection: string; readonly child: string; readonly begun?: true }
  | { readonly kind: 'rekey-child'; readonly connection: string; readonly child: string }
  | { readonly kind: 'rekey-ike'; readonly connection: string }
  /** `only`: of several by that name the oldest, even one that the peer has replaced. */
  | { readonly kind: 'close-child'; readonly connection: string; readonly child: string; readonly only?: 'oldest' }
  | { readonly kind: 'close'; readonly connection: string }
  | { readonly kind: 'liveness'; readonly connection: string }
  /** The IKE SA is gone without a word, as when a machine is put to sleep; a ticket stays (RFC 5723 section 3). */
  | { readonly kind: 'suspend'; readonly connection: string };

export interface PacketSelectors {
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

export type IkeEffect =
  | {
      readonly kind: 'send';
      readonly path: Path;
      readonly octets: Uint8Array;
      /** To be sent behind a non-ESP marker. */
      readonly marker: boolean;
      readonly tampers: readonly TamperNote[];
    }
  | { readonly kind: 'install'; readonly securityAssociation: NegotiatedSa }
  | {
      readonly kind: 'remove';
      readonly protocol: 'ESP' | 'AH';
      readonly direction: 'in' | 'out';
      readonly spi: number;
    }
  /** The SA begins and ends elsewhere now. */
  | Readdressing
  | { readonly kind: 'event'; readonly event: IkeEvent };

/** New ends of one direction of a child; keys, counters and the rest stay. */
export interface Readdressing {
  readonly kind: 'readdress';
  readonly protocol: 'ESP' | 'AH';
  readonly direction: 'in' | 'out';
  readonly spi: number;
  readonly source: Address;
  readonly destination: Address;
  readonly encapsulation?: { readonly sourcePort: number; readonly destinationPort: number };
}

/** What a seam says it did to a message, so that an independent decoder's complaint can be expected. */
export interface TamperNote {
  readonly name: string;
  readonly complaint?: string;
}

/** One direction of a child SA, as the SAD takes it (RFC 4301 section 4.4.2.1). */
export type NegotiatedSa = NegotiatedEsp | NegotiatedAh;

export interface NegotiatedEsp extends Negotiated {
  readonly protocol: 'ESP';
  readonly encryption: { readonly id: number; readonly keyLength?: number; readonly key: Uint8Array };
  /** Absent with an AEAD. */
  readonly integrity?: { readonly id: number; readonly key: Uint8Array };
  readonly encapsulation?: { readonly sourcePort: number; readonly destinationPort: number };
  /** Inbound, in transport mode through a NAT: between which addresses the peer sends (RFC 7296 section 2.23.1). */
  readonly realEnds?: { readonly source: Address; readonly destination: Address };
}

export interface NegotiatedAh extends Negotiated {
  readonly protocol: 'AH';
  readonly integrity: { readonly id: number; readonly key: Uint8Array };
}

interface Negotiated extends Pick<ChildConfiguration, 'dontFragment' | 'fragments'> {
  readonly connection: string;
  readonly child: string;
  readonly direction: 'in' | 'out';
  readonly spi: number;
  /** Tunnel mode: the outer addresses; transport mode: the addresses of the hosts. */
  readonly source: Address;
  readonly destination: Address;
  readonly mode: 'transport' | 'tunnel';
  readonly extendedSequenceNumbers: boolean;
  readonly replayWindow: number;
  /** From this node's point of view, whatever the direction. */
  readonly local: readonly TrafficSelector[];
  readonly remote: readonly TrafficSelector[];
  readonly lifetime?: Lifetime;
}

export type IkeEvent =
  | {
      readonly kind: 'ike';
      readonly connection: string;
      readonly state: 'established' | 'rekeyed' | 'closed' | 'failed';
      readonly reason?: string;
      readonly initiatorSPI: string;
      readonly responderSPI: string;
    }
  | {
      readonly kind: 'child';
      readonly connection: string;
      readonly child: string;
      readonly state: 'established' | 'rekeyed' | 'closed' | 'refused';
      readonly reason?: string;
      readonly inboundSpi: number;
      readonly outboundSpi: number;
    }
  | { readonly kind: 'keys'; readonly record: IkeKeys | ChildKeys | AhKeys }
  /** A message was refused. */
  | ({ readonly kind: 'discarded' } & Discarded);

/** Keys are lower-case hex. */
export interface IkeKeys {
  readonly kind: 'ikev2';
  readonly initiatorSPI: string;
  readonly responderSPI: string;
  readonly SK_ei: string;
  readonly SK_er: string;
  readonly SK_ai: string;
  readonly SK_ar: string;
  readonly encryption: { readonly id: number; readonly keyLength?: number };
  readonly integrity?: number;
}

export interface ChildKeys {
  readonly kind: 'esp';
  readonly source: Address;
  readonly destination: Address;
  readonly spi: number;
  readonly encryption: { readonly id: number; readonly keyLength?: number; readonly key: string };
  readonly integrity?: { readonly id: number; readonly key: string };
  readonly extendedSequenceNumbers: boolean;
  readonly encapsulated: boolean;
  readonly since: number;
}

/** What verifies the packets of an SA of AH. */
export interface AhKeys
  extends Pick<ChildKeys, 'source' | 'destination' | 'spi' | 'extendedSequenceNumbers' | 'since'> {
  readonly kind: 'ah';
  readonly integrity: { readonly id: number; readonly key: string };
}

/** What a seam is told of the message it sees. */
export interface MessageContext {
  readonly exchange: ExchangeName;
  readonly kind: 'request' | 'response';
  /** This node's role when the IKE SA began. */
  readonly role: OriginalRole;
  readonly messageId: number;
  /** Unknown to a responder before it has read IDi. */
  readonly connection?: string;
  /** A tamper says here what it did; the note travels on the effect that sends the message. */
  note(tamper: TamperNote): void;
}

/** The exchanges that are spoken here. */
export const exchangeNames = [
  'IKE_SA_INIT',
  'IKE_SESSION_RESUME',
  'IKE_INTERMEDIATE',
  'IKE_AUTH',
  'CREATE_CHILD_SA',
  'IKE_FOLLOWUP_KE',
  'INFORMATIONAL',
] as const;

export type ExchangeName = (typeof exchangeNames)[number];

/** Who began the IKE SA (RFC 7296 section 3.1), as opposed to who began an exchange. */
export type OriginalRole = 'initiator' | 'responder';

export interface IkeSeams extends Seams<IkeMessage, MessageContext> {
  /** Before sealing: the fragments that a message goes out in (RFC 7383). What is not to be split is given as one, and goes whole if it is given back. */
  fragments(fragments: readonly Fragment[], context: MessageContext): readonly Fragment[];
  /** Each time a message is sent: which of its datagrams go out, and in which order. `sendings` counts those before. */
  sends(datagrams: readonly Datagram[], context: MessageContext, sendings: number): readonly Datagram[];
  /** How many requests it has outstanding at most, whatever the peer has said (RFC 7296 section 2.3). */
  presumedWindow(said: number): number;
  /** As initiator under this connection: the methods of further keys before IKE_AUTH, of those that were agreed on. */
  furtherMethods(agreed: readonly number[], connection: string): readonly number[];
  /** Before TLS says it, in EAP-TLS under this connection: what the transcript covers. */
  tlsMessage(message: HandshakeMessage, connection: string): HandshakeMessage;
}

/** A fragment before it is sealed. */
export interface Fragment {
  readonly fragmentNumber: number;
  readonly totalFragments: number;
  readonly innerNextPayload: number;
  readonly content: Uint8Array;
}

/** A message, or a fragment of one, as it goes out, and what seams did to it. */
export interface Datagram {
  readonly octets: Uint8Array;
  readonly tampers: readonly TamperNote[];
}
