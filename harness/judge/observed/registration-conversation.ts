/**
 * Registrations of one home address with one home agent (RFC 6275 10.3.1, 11.7.1): what each update says, whether an SA protects it and its answer, and what the home agent makes
 * of it. An SA that nobody can check protects nothing here.
 */
import type { Address } from '../../../reference/wire/address.ts';
import type { Seen } from '../sightings.ts';

export interface SeenRegistration extends Seen {
  readonly sequenceNumber: number;
  readonly isProtected: boolean;
  /** From another address than the home address, for a time: what ends a binding, and who is at home, has no care-of address to name. */
  readonly isAway: boolean;
  /** `inside`: in an Alternate Care-of Address option. */
  readonly careOfAddress: 'inside' | 'in the header alone';
  answer?: Seen & { readonly status: number; readonly isProtected: boolean };
}

export class RegistrationConversation {
  readonly homeAddress: Address;
  readonly homeAgent: Address;
  /** The last of them, in order. */
  readonly updates: SeenRegistration[] = [];
  /** The first that was accepted, under an SA and in clear; the first that was refused under one. */
  acceptedProtected: SeenRegistration | undefined;
  acceptedInClear: SeenRegistration | undefined;
  refused: SeenRegistration | undefined;
  /** The first of those that are protected and away, by where they have the care-of address. */
  readonly named = new Map<SeenRegistration['careOfAddress'], SeenRegistration>();

  constructor(homeAddress: Address, homeAgent: Address) {
    this.homeAddress = homeAddress;
    this.homeAgent = homeAgent;
  }

  asks(update: SeenRegistration): void {
    if (this.updates.length === MOST_UPDATES) this.updates.shift();
    this.updates.push(update);
    if (update.isProtected && update.isAway && !this.named.has(update.careOfAddress))
      this.named.set(update.careOfAddress, update);
  }

  answers(sequenceNumber: number, status: number, isProtected: boolean, { number, time }: Seen): void {
    const update = this.updates.findLast((each) => each.sequenceNumber === sequenceNumber && !each.answer);
    if (!update) return;
    update.answer = { status, isProtected, number, time };
    if (status >= FIRST_REFUSAL) {
      if (update.isProtected) this.refused ??= update;
    } else if (update.isProtected) this.acceptedProtected ??= update;
    else this.acceptedInClear ??= update;
  }
}

/** Status of a Binding Acknowledgement from which on it refuses (RFC 6275 6.1.8). */
const FIRST_REFUSAL = 128;
/** That wait for an answer. */
const MOST_UPDATES = 16;
