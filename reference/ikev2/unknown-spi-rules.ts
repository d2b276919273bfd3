/** Decisions about what belongs to no SA of this node, or not to the one that it came under (RFC 7296 sections 1.5, 2.21.4 and 3.10.1): to whom that is said, how, and how often. */
import type { IkeHeader } from '../wire/ike/header.ts';
import type { NamedSpi } from './child-sa.ts';

export interface UnknownSpiRules {
  /** 1.5, 2.21.4: INVALID_IKE_SPI may be said to a request that is encrypted; never to a response, nor to what is in clear, which may say such a thing itself. */
  unknownIkeSpiAnswered(message: { readonly isResponse: boolean; readonly isEncrypted: boolean }): boolean;
  /** 2.21.4: the answer has the SPIs and the Message ID of the request. */
  unknownIkeSpiAnswer(request: Answered): Answered;
  /** 1.5, 2.21.4: a packet under an SPI of nobody is told over an IKE SA with whoever sent it, and without protection only where there is none. */
  unknownSpiTold(hasIkeSa: boolean): 'protected' | 'in clear' | 'silence';
  /** 1.5: as the packet has it, whichever end chose it. */
  unknownSpiNamed(spi: number): number;
  /** 3.10.1: INVALID_SELECTORS names the SA that the packet came under: the inbound one of its receiver. */
  mismatchedChild(child: { readonly inbound: NamedSpi; readonly outbound: NamedSpi }): NamedSpi;
  /** 3.10.1: it holds the start of the packet, as an ICMP error does. */
  mismatchQuoted(packet: Uint8Array): Uint8Array;
  /** 2.21.4: what nobody vouches for is answered no more often than there is a token for. */
  unprotectedAnswered(spendsToken: () => boolean): boolean;
}

/** What an answer copies. */
export type Answered = Pick<IkeHeader, 'initiatorSPI' | 'responderSPI' | 'messageId'>;

export const unknownSpiRules: UnknownSpiRules = {
  unknownIkeSpiAnswered: ({ isResponse, isEncrypted }) => isEncrypted && !isResponse,
  unknownIkeSpiAnswer: (request) => request,
  unknownSpiTold: (hasIkeSa) => (hasIkeSa ? 'protected' : 'in clear'),
  unknownSpiNamed: (spi) => spi,
  mismatchedChild: ({ inbound }) => inbound,
  mismatchQuoted: (packet) => packet.slice(0, QUOTED_OCTETS),
  unprotectedAnswered: (spendsToken) => spendsToken(),
};

export const unknownSpiSections = {
  unknownIkeSpiAnswered: 'RFC 7296 1.5, 2.21.4',
  unknownIkeSpiAnswer: 'RFC 7296 1.5, 2.21.4',
  unknownSpiTold: 'RFC 7296 1.5, 2.21.4',
  unknownSpiNamed: 'RFC 7296 1.5',
  mismatchedChild: 'RFC 7296 3.10.1',
  mismatchQuoted: 'RFC 7296 3.10.1',
  unprotectedAnswered: 'RFC 7296 2.21.4',
} as const satisfies Record<keyof UnknownSpiRules, string>;

/** As much of a packet as an ICMP error quotes (RFC 1812 section 4.3.2.3). */
const QUOTED_OCTETS = 548;
