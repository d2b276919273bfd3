/**
 * What a mobile node does about errors: Binding Errors of those that it has told where it is, and ICMPv6 errors about its messages (RFC 6275 sections 11.3.5 and
 * 11.3.6). What ends or begins then are the registrations.
 */
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import { readIpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { bindingErrorStatusCodes } from '../wire/mobility/registry.ts';
import type { ListEntry } from './binding-update-list.ts';
import type { CorrespondentRegistrations } from './correspondent-registrations.ts';
import type { MessageArrival } from './message-arrival.ts';
import type { HomeRegistration } from './mobile-node-registration.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export type IcmpError = Extract<Icmpv6Message, { kind: 'parameterProblem' | 'destinationUnreachable' }>;

export interface RegistrationErrorsSurroundings {
  readonly rules: MobilityRules;
  readonly registration: HomeRegistration;
  readonly correspondents: CorrespondentRegistrations;
  /** Of the home agent and of all correspondents. */
  entries(): readonly ListEntry[];
  /** That its messages leave from. */
  isOwnAddress(address: Address): boolean;
  discarded(refusal: Discarded): void;
}

export class RegistrationErrors {
  readonly #around: RegistrationErrorsSurroundings;

  constructor(around: RegistrationErrorsSurroundings) {
    this.#around = around;
  }

  bindingError(now: Instant, { source, homeAddress, message }: MessageArrival<'bindingError'>): void {
    const { rules, registration: home, correspondents } = this.#around;
    const from = homeAddress ?? source;
    const entries = this.#around.entries();
    const peer = rules.bindingErrorIsOf(
      from,
      entries.map((each) => each.peer),
    );
    if (peer === undefined) {
      this.#around.discarded(refusal('bindingErrorIsOf', `from ${from}`));
      return;
    }
    const isHomeAgent = entries.some((entry) => entry.peer === peer && entry.homeRegistration);
    if (message.status === UNKNOWN_BINDING) {
      const next = rules.afterUnknownBinding(isHomeAgent);
      if (next === 'registers') home.renews(now);
      else if (next === 'removes') correspondents.removes(peer);
    } else if (message.status === UNRECOGNIZED_TYPE) {
      const registration = correspondents.with(peer);
      const isWaiting = registration?.isUnderWay ?? (isHomeAgent && home.isWaiting);
      if (rules.afterUnknownType(isWaiting) === 'ceases') registration?.closes();
    }
  }

  icmpError({ kind, code, originalPacket }: IcmpError): void {
    const { rules, registration, correspondents } = this.#around;
    const original = readIpPacket(originalPacket);
    const peer = original?.destination;
    const isAboutOurMessage =
      original !== undefined &&
      original.protocol === protocols['Mobility Header'] &&
      this.#around.isOwnAddress(original.source);
    const ends = rules.endsUpdates({ isParameterProblem: kind === 'parameterProblem', code, isAboutOurMessage });
    if (!ends || peer === undefined) return;
    if (peer === registration.entry?.peer) registration.closes();
    else correspondents.with(peer)?.closes();
  }
}

const UNKNOWN_BINDING = bindingErrorStatusCodes['Unknown binding for Home Address destination option'];
const UNRECOGNIZED_TYPE = bindingErrorStatusCodes['Unrecognized MH Type value'];
