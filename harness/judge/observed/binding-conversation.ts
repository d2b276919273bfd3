/**
 * Binding updates of one home address to one correspondent, with what return routability gave for them (RFC 6275 5.2): Kbm follows from the tokens that went by, so that
 * whoever saw both tests can tell an authenticator that is right from one that is not, without any key.
 */
import {
  AUTHENTICATOR,
  bindingAuthenticator,
  bindingManagementKey,
} from '../../../reference/mobility/return-routability.ts';
import type { Address } from '../../../reference/wire/address.ts';
import { homeAddressesIn, routingHeaderOf } from '../../../reference/wire/ip/home-addresses.ts';
import { type IpPacket, ipPacket } from '../../../reference/wire/ip/packet.ts';
import { type BindingUpdate, type MobilityMessage, mobilityMessage } from '../../../reference/wire/mobility/message.ts';
import { equal } from '../../../reference/wire/octets.ts';
import { readable } from '../readable.ts';
import type { Seen, SeenPacket } from '../sightings.ts';
import type { RegistrationConversation } from './registration-conversation.ts';

export interface SeenUpdate extends Seen {
  readonly sequenceNumber: number;
  readonly careOfAddress: Address;
  /** `misplaced`: something stands behind it (6.2.7). `untested`: the tokens that its nonce indices name did not go by. */
  readonly authenticator: 'right' | 'wrong' | 'misplaced' | 'absent' | 'untested';
  answer?: Seen & { readonly status: number };
}

export class BindingConversation {
  readonly homeAddress: Address;
  readonly correspondent: Address;
  /** The last of them, in order. */
  readonly updates: SeenUpdate[] = [];
  /** The first of each kind of answer to each kind of authenticator, by both. */
  readonly firsts = new Map<string, SeenUpdate>();

  constructor(homeAddress: Address, correspondent: Address) {
    this.homeAddress = homeAddress;
    this.correspondent = correspondent;
  }

  asks(update: SeenUpdate): void {
    if (this.updates.length === MOST_UPDATES) this.updates.shift();
    this.updates.push(update);
  }

  answers(sequenceNumber: number, status: number, { number, time }: Seen): void {
    const update = this.updates.findLast((each) => each.sequenceNumber === sequenceNumber && !each.answer);
    if (!update) return;
    update.answer = { status, number, time };
    const kind = `${update.authenticator} ${status < FIRST_REFUSAL ? 'accepted' : 'refused'}`;
    if (!this.firsts.has(kind)) this.firsts.set(kind, update);
  }
}

/** Reads the signalling between mobile nodes and correspondents, and knows the tokens that went by. An update under an SA needs none of them (DUPONT E1). */
export class BindingSignalling {
  readonly #tokens = new Map<string, Uint8Array>();
  readonly #of: (homeAddress: Address, correspondent: Address) => BindingConversation;
  readonly #registrations: (homeAddress: Address, homeAgent: Address) => RegistrationConversation;

  constructor(
    of: (homeAddress: Address, correspondent: Address) => BindingConversation,
    registrations: (homeAddress: Address, homeAgent: Address) => RegistrationConversation,
  ) {
    this.#of = of;
    this.#registrations = registrations;
  }

  take(seen: SeenPacket): void {
    const message = readable(() => mobilityMessage.decode(seen.payload).value);
    if (message) this.#hears(message, seen);
  }

  #hears(message: MobilityMessage, seen: SeenPacket): void {
    const { source, destination } = seen;
    if (message.kind === 'homeTest')
      this.#keep('home', source, destination, message.homeNonceIndex, message.homeKeygenToken);
    else if (message.kind === 'careOfTest')
      this.#keep('care-of', source, destination, message.careOfNonceIndex, message.careOfKeygenToken);
    else if (message.kind === 'bindingUpdate' && message.homeRegistration) this.#registers(message, seen);
    else if (message.kind === 'bindingUpdate' && !seen.within) this.#updates(message, seen);
    else if (message.kind === 'bindingAcknowledgement') this.#acknowledges(message, seen);
  }

  #keep(kind: string, correspondent: Address, address: Address, index: number, token: Uint8Array): void {
    if (this.#tokens.size >= MOST_TOKENS) this.#tokens.delete(this.#tokens.keys().next().value!);
    this.#tokens.set(tokenName(kind, correspondent, address, index), token.slice());
  }

  #registers(message: BindingUpdate, seen: SeenPacket): void {
    const { number, time, source, destination } = seen;
    const homeAddress = homeAddressOf(seen);
    const isInside = message.options.some(({ type }) => type === 'alternateCareOfAddress');
    this.#registrations(homeAddress, destination).asks({
      number,
      time,
      sequenceNumber: message.sequenceNumber,
      isProtected: seen.within?.state === 'opened',
      isAway: source !== homeAddress && message.lifetime > 0,
      careOfAddress: isInside ? 'inside' : 'in the header alone',
    });
  }

  #updates(message: BindingUpdate, seen: SeenPacket): void {
    const homeAddress = homeAddressOf(seen);
    const alternate = message.options.find((each) => each.type === 'alternateCareOfAddress');
    const careOfAddress = alternate?.type === 'alternateCareOfAddress' ? alternate.alternateCareOfAddress : seen.source;
    this.#of(homeAddress, seen.destination).asks({
      number: seen.number,
      time: seen.time,
      sequenceNumber: message.sequenceNumber,
      careOfAddress,
      authenticator: this.#checked(message, { homeAddress, careOfAddress }, seen),
    });
  }

  #checked(
    message: BindingUpdate,
    { homeAddress, careOfAddress }: { readonly homeAddress: Address; readonly careOfAddress: Address },
    { payload, destination: correspondent }: SeenPacket,
  ): SeenUpdate['authenticator'] {
    const header = payload.subarray(0, 8 * (payload[1]! + 1));
    const at = authenticatorIn(header);
    const indices = message.options.find((each) => each.type === 'nonceIndices');
    if (at === undefined || indices?.type !== 'nonceIndices') return 'absent';
    if (at + AUTHENTICATOR !== header.length) return 'misplaced';
    const home = this.#tokens.get(tokenName('home', correspondent, homeAddress, indices.homeNonceIndex));
    const careOf = this.#tokens.get(tokenName('care-of', correspondent, careOfAddress, indices.careOfNonceIndex));
    // RFC 6275 5.2.5, 6.2.7: what deletes a binding may rest on the home keygen token alone, and covers the home address.
    const deletes = message.lifetime === 0 || careOfAddress === homeAddress;
    if (!home || (!careOf && !deletes)) return 'untested';
    const covered = deletes ? homeAddress : careOfAddress;
    const given = header.subarray(at, at + AUTHENTICATOR);
    const isOf = (Kbm: Uint8Array): boolean =>
      equal(given, bindingAuthenticator(Kbm, covered, correspondent, header, { octets: AUTHENTICATOR, at }));
    const isRight =
      (careOf && isOf(bindingManagementKey(home, careOf))) || (deletes && isOf(bindingManagementKey(home)));
    return isRight ? 'right' : 'wrong';
  }

  /** To the home address, in a type 2 routing header where the mobile node is away. */
  #acknowledges(
    { sequenceNumber, status }: { readonly sequenceNumber: number; readonly status: number },
    seen: SeenPacket,
  ): void {
    const packet = headersOf(seen);
    const routing = packet?.version === 6 ? routingHeaderOf(packet) : undefined;
    const homeAddress = routing?.addresses?.[0] ?? seen.destination;
    const isProtected = seen.within?.state === 'opened';
    this.#registrations(homeAddress, seen.source).answers(sequenceNumber, status, isProtected, seen);
    this.#of(homeAddress, seen.source).answers(sequenceNumber, status, seen);
  }
}

/** In its option, or where the packet comes from. */
function homeAddressOf(seen: SeenPacket): Address {
  const packet = headersOf(seen);
  const [homeAddress] = packet?.version === 6 ? homeAddressesIn(packet) : [];
  return homeAddress ?? seen.source;
}

/** Transport mode leaves them in front of ESP. */
function headersOf({ whole, outer }: SeenPacket): IpPacket | undefined {
  const octets = whole ?? outer;
  return octets && readable(() => ipPacket.decode(octets).value);
}

/** Where the authenticator of twelve octets begins that RFC 6275 6.2.7 wants last; undefined where there is none. */
function authenticatorIn(header: Uint8Array): number | undefined {
  for (let at = FIXED; at < header.length; ) {
    const type = header[at]!;
    if (type === AUTHORIZATION_DATA)
      return header[at + 1] === AUTHENTICATOR && at + 2 + AUTHENTICATOR <= header.length ? at + 2 : undefined;
    at += type === PAD1 ? 1 : 2 + (header[at + 1] ?? 0);
  }
  return undefined;
}

const tokenName = (kind: string, correspondent: Address, address: Address, index: number): string =>
  `${kind} ${correspondent} ${address} ${index}`;

/** Status of a Binding Acknowledgement from which on it refuses (RFC 6275 6.1.8). */
const FIRST_REFUSAL = 128;
/** Octets of a Binding Update before its options. */
const FIXED = 12;
const AUTHORIZATION_DATA = 5;
const PAD1 = 0;
/** That wait for an answer. */
const MOST_UPDATES = 16;
/** A token is good for some minutes; two for each of so many mobile nodes. */
const MOST_TOKENS = 10_000;
