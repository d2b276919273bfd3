/**
 * The decisions of session resumption (RFC 5723), a part of `rules.ts`: what becomes of tickets is `tickets.ts`, what is made of one is `session.ts`, and the
 * messages are in `exchanges/ike-session-resume.ts` and `exchanges/ike-session-resume-response.ts`.
 */
import type { Instant } from '../../machine.ts';
import { equal } from '../../wire/octets.ts';
import type { PeerIdentity } from '../identity.ts';
import type { NotifyName } from '../payloads.ts';

export interface ResumptionRules {
  /** 4.3.2: who does not support it knows no IKE_SESSION_RESUME, and no ticket. */
  resumptionOffered(isConfigured: boolean): boolean;
  /** 4.1: what a gateway that supports it says to TICKET_REQUEST: a ticket, or that there will be one later, or none. */
  ticketAnswer(): 'TICKET_LT_OPAQUE' | 'TICKET_ACK' | 'TICKET_NACK';
  /** 4.1: a client that was told TICKET_ACK may ask again in an INFORMATIONAL; it has done so that many times. */
  ticketAskedLater(askedAgain: number): boolean;
  /** 6.2: the ticket of an IKE SA that was replaced is no good, and a new one is asked for. */
  ticketRenewed(): boolean;
  /** 4.3.1: a client presents no ticket that it knows to have expired. */
  ticketPresented(now: Instant, until: Instant): boolean;
  /** 4.3.1: a client uses a ticket once. */
  ticketSpent(): boolean;
  /** 6.2: the ticket of an IKE SA that was deleted goes with it. */
  ticketOfDeleted(): 'forgotten' | 'kept';
  /** 6.1, 9.2: a ticket is one that this gateway has made. */
  ticketGenuine(verifies: () => boolean): boolean;
  /** 6.2, 9.6: it is good for as long as was said. */
  ticketInTime(now: Instant, expires: Instant): boolean;
  /** 4.3.1: an IKE SA was established with it before. */
  ticketUnused(wasUsed: boolean): boolean;
  /** 4.3.1: a ticket is used when the IKE SA stands: before that, in IKE_AUTH, all is asked again that was asked when it was presented. */
  ticketReadAgain(): boolean;
  /** 4.3.2: what is said, in clear, to a ticket that is rejected. */
  rejectedTicketAnswer(): NotifyName | 'silence';
  /** 4.3.2: a client whose ticket is rejected begins as if it had none. */
  afterRejectedTicket(): 'beginsAnew' | 'givesUp';
  /** 5.1: SKEYSEED = prf(SK_d_old, "Resumption" | Ni | Nr). */
  resumptionLabel(label: string): string;
  /** 4.3.3: AUTH = prf(SK_px, <message octets>), with no padding of the key as for a shared one. */
  resumedAuthentication(direct: () => Uint8Array, padded: () => Uint8Array): Uint8Array;
  /** 4.3.3: IDi and IDr are those of the session. */
  resumedIdentity(ofSession: PeerIdentity, said: PeerIdentity): boolean;
  /** 4.3.3: neither side shows a certificate. */
  resumedCertificate(isShown: boolean): boolean;
  /** 4.3.4: an IKE SA that is still there goes, without a word, when it has been resumed. */
  resumedReplaces(): 'silently' | 'never';
}

export const resumptionRules: ResumptionRules = {
  resumptionOffered: (isConfigured) => isConfigured,
  ticketAnswer: () => 'TICKET_LT_OPAQUE',
  ticketAskedLater: (askedAgain) => askedAgain < 3,
  ticketRenewed: () => true,
  ticketPresented: (now, until) => now < until,
  ticketSpent: () => true,
  ticketOfDeleted: () => 'forgotten',
  ticketGenuine: (verifies) => verifies(),
  ticketInTime: (now, expires) => now < expires,
  ticketUnused: (wasUsed) => !wasUsed,
  ticketReadAgain: () => true,
  rejectedTicketAnswer: () => 'TICKET_NACK',
  afterRejectedTicket: () => 'beginsAnew',
  resumptionLabel: (label) => label,
  resumedAuthentication: (direct) => direct(),
  resumedIdentity: (ofSession, said) => ofSession.idType === said.idType && equal(ofSession.data, said.data),
  resumedCertificate: (isShown) => !isShown,
  resumedReplaces: () => 'silently',
};

/** Where each of them is written. */
export const resumptionSections = {
  resumptionOffered: 'RFC 5723 4.3.2',
  ticketAnswer: 'RFC 5723 4.1',
  ticketAskedLater: 'RFC 5723 4.1',
  ticketRenewed: 'RFC 5723 6.2',
  ticketPresented: 'RFC 5723 4.3.1',
  ticketSpent: 'RFC 5723 4.3.1',
  ticketOfDeleted: 'RFC 5723 6.2',
  ticketGenuine: 'RFC 5723 6.1, 9.2',
  ticketInTime: 'RFC 5723 6.2, 9.6',
  ticketUnused: 'RFC 5723 4.3.1',
  ticketReadAgain: 'RFC 5723 4.3.1',
  rejectedTicketAnswer: 'RFC 5723 4.3.2',
  afterRejectedTicket: 'RFC 5723 4.3.2',
  resumptionLabel: 'RFC 5723 5.1',
  resumedAuthentication: 'RFC 5723 4.3.3',
  resumedIdentity: 'RFC 5723 4.3.3',
  resumedCertificate: 'RFC 5723 4.3.3',
  resumedReplaces: 'RFC 5723 4.3.4',
} as const satisfies Record<keyof ResumptionRules, string>;
