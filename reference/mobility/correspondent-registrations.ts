/**
 * With which correspondents a mobile node registers, and when, RFC 6275 sections 11.3.5, 11.3.6, 11.7.2 and 11.7.4. Each of them is
 * `correspondent-registration.ts`.
 */
import { beyond, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { mobilityBounds } from './bounds.ts';
import { CorrespondentRegistration, type RegistrationSurroundings } from './correspondent-registration.ts';
import { type MessageArrival, of } from './message-arrival.ts';
import { refusal } from './refusal.ts';

export class CorrespondentRegistrations {
  readonly #around: RegistrationSurroundings;
  readonly #registrations = new Map<Address, CorrespondentRegistration>();

  constructor(around: RegistrationSurroundings) {
    this.#around = around;
  }

  get all(): readonly CorrespondentRegistration[] {
    return [...this.#registrations.values()];
  }

  with(peer: Address): CorrespondentRegistration | undefined {
    return this.#registrations.get(peer);
  }

  /** Registers with this node, unless that is under way; the oldest gives way where there are too many. */
  begins(now: Instant, peer: Address): void {
    let registration = this.#registrations.get(peer);
    if (!registration) {
      if (this.#registrations.size === mobilityBounds.correspondents) {
        const oldest = this.#registrations.keys().next().value!;
        this.#registrations.delete(oldest);
        this.#around.discarded(beyond(mobilityBounds, 'correspondents', `${oldest} gives way to ${peer}`));
      }
      registration = new CorrespondentRegistration(peer, this.#around);
      this.#registrations.set(peer, registration);
    }
    registration.begins(now);
  }

  /** Takes the message if it is one for here. */
  receive(now: Instant, arrival: MessageArrival): boolean {
    const homeTest = of('homeTest', arrival);
    const careOfTest = of('careOfTest', arrival);
    const acknowledgement = of('bindingAcknowledgement', arrival);
    const request = of('bindingRefreshRequest', arrival);
    if (!homeTest && !careOfTest && !acknowledgement && !request) return false;
    const source = arrival.homeAddress ?? arrival.source;
    const peer =
      homeTest || careOfTest ? this.#around.rules.testBelongsTo(source, [...this.#registrations.keys()]) : source;
    const registration = peer === undefined ? undefined : this.#registrations.get(peer);
    if (request) this.#refreshes(now, source, registration);
    else if (!registration) this.#around.discarded(refusal('testBelongsTo', `nothing was asked of ${arrival.source}`));
    else if (homeTest) registration.homeTest(now, homeTest);
    else if (careOfTest) registration.careOfTest(now, careOfTest);
    else registration.acknowledged(now, acknowledgement!);
    return true;
  }

  /** The home agent has taken another care-of address, or the same again (section 11.7.2). */
  followsHome(now: Instant): void {
    for (const registration of this.all) {
      const { rules } = this.#around;
      const isNew = registration.entry.careOfAddress !== this.#around.careOfAddress();
      if (isNew && rules.followsHomeRegistration()) registration.begins(now);
      else registration.registeredAtHome(now);
    }
  }

  /** The binding of this correspondent is believed no longer. */
  removes(peer: Address): void {
    this.#registrations.delete(peer);
  }

  timeout(now: Instant): void {
    for (const registration of this.all) {
      registration.timeout(now);
      if (registration.isOver) this.#registrations.delete(registration.entry.peer);
    }
  }

  deadline(): Instant | undefined {
    const instants = this.all.map((each) => each.deadline()).filter((instant) => instant !== undefined);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  #refreshes(now: Instant, peer: Address, registration: CorrespondentRegistration | undefined): void {
    if (this.#around.rules.refreshRequestHeeded(registration !== undefined)) this.begins(now, peer);
    else this.#around.discarded(refusal('refreshRequestHeeded', `no binding with ${peer}`));
  }
}
