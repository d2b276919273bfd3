/** Broken twins of IKEv2 where a session is resumed (RFC 5723). */
import { mutant } from '../mutant.ts';

export const resumesUnasked = mutant(
  'resumesUnasked',
  'ikev2',
  'resumptionOffered',
  'it is in the daemon, and so nobody asks whether it was configured',
  () => () => true,
);

export const refusesTickets = mutant(
  'refusesTickets',
  'ikev2',
  'ticketAnswer',
  'it knows what a ticket is, and has none to give',
  () => () => 'TICKET_NACK',
);

export const leavesOutTheLabel = mutant(
  'leavesOutTheLabel',
  'ikev2',
  'resumptionLabel',
  'new keys are made of the old SK_d and the nonces, as if it was rekeyed',
  () => () => '',
);

export const padsResumedKey = mutant(
  'padsResumedKey',
  'ikev2',
  'resumedAuthentication',
  'AUTH of a shared key is what there is a function for',
  () => (_direct, padded) => padded(),
);

export const takesForgedTickets = mutant(
  'takesForgedTickets',
  'ikev2',
  'ticketGenuine',
  'the name in a ticket is looked up, and the rest of it by nobody',
  () => () => true,
);

export const takesTicketsTwice = mutant(
  'takesTicketsTwice',
  'ikev2',
  'ticketUnused',
  'a ticket is good until it expires',
  () => () => true,
);

export const saysNothingOfTickets = mutant(
  'saysNothingOfTickets',
  'ikev2',
  'rejectedTicketAnswer',
  'what is not to be trusted gets no answer',
  () => () => 'silence',
);

export const givesUpWithTheTicket = mutant(
  'givesUpWithTheTicket',
  'ikev2',
  'afterRejectedTicket',
  'TICKET_NACK is an error like any other',
  () => () => 'givesUp',
);

export const keepsInterrupted = mutant(
  'keepsInterrupted',
  'ikev2',
  'resumedReplaces',
  'the interrupted IKE SA is left to be found dead',
  () => () => 'never',
);
