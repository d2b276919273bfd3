/**
 * What a mobile node makes of errors of its home agent and its correspondents, RFC 6275 sections 11.3.5 and 11.3.6: of a Binding Error, and of an ICMP error
 * about a message of its own.
 */
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import { readIpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { bindingErrorStatusCodes } from '../wire/mobility/registry.ts';
import type { CorrespondentRegistrations } from './correspondent-registrations.ts';
import type { MessageArrival } from './message-arrival.ts';
import type { HomeRegistration } from './mobile-node-registration.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export interface ErrorSurroundings {
  /** The home address, and the care-of address where it has one. */
  ownAddresses(): readonly Address[];
  readonly registration: HomeRegistration;
  readonly correspondents: CorrespondentRegistrations;
  discarded(refusal: Discarded): void;
}

export class ErrorsOfPeers {
  readonly #rules: MobilityRules;
  readonly #around: ErrorSurroundings;

  constructor(rules: MobilityRules, around: ErrorSurroundings) {
    this.#rules = rules;
    this.#around = around;
  }

  bindingError(now: Instant, { source, homeAddress, message }: MessageArrival<'bindingError'>): void {
    const { registration, correspondents } = this.#around;
    const from = homeAddress ?? source;
    const homeAgent = registration.entry?.peer;
    const peers = correspondents.all.map(({ entry }) => entry.peer);
    const peer = this.#rules.bindingErrorIsOf(from, homeAgent === undefined ? peers : [homeAgent, ...peers]);
    if (peer === undefined) {
      this.#around.discarded(refusal('bindingErrorIsOf', `from ${from}`));
      return;
    }
    const isHomeAgent = peer === homeAgent;
    const correspondent = correspondents.with(peer);
    if (message.status === UNKNOWN_BINDING) {
      const next = this.#rules.afterUnknownBinding(isHomeAgent);
      if (next === 'registers') registration.renews(now);
      else if (next === 'removes') correspondents.removes(peer);
    } else if (message.status === UNRECOGNIZED_TYPE) {
      const isWaiting = correspondent?.isUnderWay ?? (isHomeAgent && registration.isWaiting);
      if (this.#rules.afterUnknownType(isWaiting) === 'ceases') correspondent?.closes();
    }
  }

  icmp(message: Icmpv6Message): void {
    if (message.kind !== 'parameterProblem' && message.kind !== 'destinationUnreachable') return;
    const { kind, code, originalPacket } = message;
    const original = readIpPacket(originalPacket);
    if (!original) return;
    const isAboutOurMessage =
      original.protocol === protocols['Mobility Header'] && this.#around.ownAddresses().includes(original.source);
    if (!this.#rules.endsUpdates({ isParameterProblem: kind === 'parameterProblem', code, isAboutOurMessage })) return;
    const { registration, correspondents } = this.#around;
    if (original.destination === registration.entry?.peer) registration.closes();
    else correspondents.with(original.destination)?.closes();
  }
}

const UNKNOWN_BINDING = bindingErrorStatusCodes['Unknown binding for Home Address destination option'];
const UNRECOGNIZED_TYPE = bindingErrorStatusCodes['Unrecognized MH Type value'];
