/**
 * Tickets (RFC 5723 sections 4.1, 4.2, 6 and 7): what a gateway gives and takes back, and what a client keeps. They are by reference here: a name that the
 * gateway finds the session under, and some octets more that nobody guesses. To the client a ticket is opaque.
 */
import { equalInConstantTime } from '../../transforms/integrity.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { concat, hex, readU32, u32 } from '../../wire/octets.ts';
import { ikev2Bounds } from '../bounds.ts';
import type { IkeConnection } from '../configuration.ts';
import type { InitiatedExchange } from '../exchange.ts';
import { identityOctets, type PeerIdentity } from '../identity.ts';
import type { IkeSa, Surroundings } from '../ike-sa.ts';
import { find, findNotify, notify } from '../payloads.ts';
import type { Refusal } from '../refusal.ts';
import { tellRefusal } from '../surroundings.ts';
import { sessionOf } from './resuming.ts';
import type { HeldTicket, Session } from './session.ts';

/** Said by a client with its first IKE_AUTH request, or later in an INFORMATIONAL. */
export function ticketRequest({ resumption }: IkeConnection): Payload[] {
  return resumption ? [notify(notifyTypes.TICKET_REQUEST)] : [];
}

/** The client asks for a ticket by itself; `askedAgain` counts those times that TICKET_ACK let it. */
export function askForTicket(ikeSa: IkeSa, askedAgain = 0): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'ticket',
    build: () => (ikeSa.connection ? ticketRequest(ikeSa.connection) : undefined),
    process: ({ payloads }) => takeTicket(ikeSa, payloads, askedAgain),
  };
}

/** What the gateway says to a message with TICKET_REQUEST; `IDi` where that message has none. */
export function answerTicketRequest(ikeSa: IkeSa, payloads: readonly Payload[], IDi?: PeerIdentity): Payload[] {
  const { rules } = ikeSa.surroundings;
  const { state } = ikeSa;
  if (state.name !== 'established' || findNotify(payloads, 'TICKET_REQUEST') === undefined) return [];
  const { resumption, local } = state.connection;
  if (!rules.resumptionOffered(resumption !== undefined)) return [];
  const answer = rules.ticketAnswer();
  const identities = { IDi: find(payloads, 'IDi') ?? IDi ?? state.peer, IDr: identityOctets(local.identity) };
  const session = sessionOf(ikeSa, identities);
  if (answer !== 'TICKET_LT_OPAQUE' || session === undefined) return [notify(notifyTypes[answer])];
  const seconds = resumption?.ticketLifetime ?? TICKET_LIFETIME;
  return [notify(notifyTypes.TICKET_LT_OPAQUE, concat(u32(seconds), newTicket(ikeSa.surroundings, session, seconds)))];
}

function newTicket(surroundings: Surroundings, session: Session, seconds: number): Uint8Array {
  const { env, now, tickets } = surroundings;
  const octets = env.octets('identifier', 2 * PART).slice();
  const [name, proof] = [octets.subarray(0, PART), octets.subarray(PART)];
  tickets.given.set(hex(name), { session, proof, expires: now + 1000 * seconds, wasUsed: false });
  for (const oldest of [...tickets.given.keys()].slice(0, Math.max(0, tickets.given.size - ikev2Bounds.tickets))) {
    tickets.given.delete(oldest);
    tellRefusal(surroundings, 'tickets', 'the oldest is forgotten');
  }
  return octets;
}

/** The client's side of an answer: a ticket is kept for later, or asked for later. */
export function takeTicket(ikeSa: IkeSa, payloads: readonly Payload[], askedAgain = 0): void {
  const { surroundings, state } = ikeSa;
  const { now, tickets, rules } = surroundings;
  if (state.name !== 'established' || state.connection.resumption === undefined) return;
  const { connection, peer } = state;
  if (findNotify(payloads, 'TICKET_ACK') && rules.ticketAskedLater(askedAgain))
    ikeSa.begin(askForTicket(ikeSa, askedAgain + 1));
  const given = findNotify(payloads, 'TICKET_LT_OPAQUE')?.data;
  const session = sessionOf(ikeSa, { IDi: identityOctets(connection.local.identity), IDr: peer });
  if (session === undefined || given === undefined || given.length <= LIFETIME_OCTETS) return;
  const ticket = given.slice(LIFETIME_OCTETS);
  tickets.held.set(connection.name, { session, ticket, until: now + 1000 * readU32(given) });
}

/** What a client may present to resume a connection. */
export function ticketFor(
  { tickets, rules, now }: Surroundings,
  { name, resumption }: IkeConnection,
): HeldTicket | undefined {
  const held = tickets.held.get(name);
  return resumption && held && rules.ticketPresented(now, held.until) ? held : undefined;
}

/** The session of a ticket that comes back, or why it is rejected. */
export function sessionOfTicket({ tickets, rules, now }: Surroundings, ticket: Uint8Array): Session | Refusal {
  const known = tickets.given.get(hex(ticket.subarray(0, PART)));
  if (known === undefined || !rules.ticketGenuine(() => equalInConstantTime(known.proof, ticket.subarray(PART))))
    return { rule: 'ticketGenuine', detail: 'nobody here has made this ticket' };
  if (!rules.ticketInTime(now, known.expires)) return { rule: 'ticketInTime', detail: 'it has expired' };
  if (!rules.ticketUnused(known.wasUsed)) return { rule: 'ticketUnused', detail: 'it was used before' };
  return known.session;
}

/** An IKE SA stands that was resumed from this session: neither side uses the ticket again. */
export function spend({ tickets, rules }: Surroundings, session: Session): void {
  for (const [name, given] of tickets.given)
    if (isOf(given, session.spis)) tickets.given.set(name, { ...given, wasUsed: true });
  const held = tickets.held.get(session.connection);
  if (held && isOf(held, session.spis) && rules.ticketSpent()) tickets.held.delete(session.connection);
}

/** Section 6.2: an IKE SA was deleted, and its tickets with it. */
export function forgetTickets({ surroundings: { tickets, rules }, spis }: IkeSa): void {
  if (rules.ticketOfDeleted() === 'kept') return;
  for (const kept of [tickets.given, tickets.held])
    for (const [name, ticket] of kept) if (isOf(ticket, spis)) kept.delete(name);
}

/** Section 6.2: an IKE SA was replaced, and who had a ticket of the old one asks for another. */
export function renewTicket(old: IkeSa, successor: IkeSa): void {
  const { tickets, rules } = old.surroundings;
  const had = [...tickets.held.values()].some((held) => isOf(held, old.spis));
  if (!rules.ticketRenewed()) return;
  forgetTickets(old);
  if (had) successor.begin(askForTicket(successor));
}

function isOf({ session: { spis } }: Pick<HeldTicket, 'session'>, of: IkeSa['spis']): boolean {
  return spis.initiatorSPI === of.initiatorSPI && spis.responderSPI === of.responderSPI;
}

/** Of the name, and of what proves it. */
const PART = 16;
const LIFETIME_OCTETS = 4;
/** Seconds, where the configuration does not say. */
const TICKET_LIFETIME = 3600;
