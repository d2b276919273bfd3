/**
 * The binding cache, RFC 6275 section 9.1: for each home address where its node is now. An entry made by hand has no end. What may put an entry in is
 * the correspondent's and the home agent's concern; here it is found again, and gone when its time is over.
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { mobilityBounds } from './bounds.ts';

export interface Binding {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  /** The address of this node that the binding update came to. */
  readonly boundTo: Address | undefined;
  /** Entered by a home registration. */
  readonly homeRegistration: boolean;
  /** Of the last binding update, 16 bits. */
  readonly sequenceNumber: number;
  /** When it ends; absent: by hand. */
  readonly until?: Instant;
  /** The lifetime that was granted, in seconds. */
  readonly lifetime?: number;
  /** Of a binding that return routability made. */
  readonly nonces?: UsedNonces;
}

/** That the last update named which made a binding. */
export interface UsedNonces {
  readonly home: number;
  readonly careOf: number;
  /** When the youngest home nonce that any update of this binding named was first used. */
  readonly firstUse: Instant;
}

export class BindingCache {
  readonly #entries = new Map<Address, Binding>();
  readonly #discarded: (refusal: Discarded) => void;

  constructor(discarded: (refusal: Discarded) => void = () => {}) {
    this.#discarded = discarded;
  }

  get entries(): readonly Binding[] {
    return [...this.#entries.values()];
  }

  of(homeAddress: Address): Binding | undefined {
    return this.#entries.get(homeAddress);
  }

  /**
   * In place of the one of the same home address. Of those that update messages made the one whose last use is longest ago gives way where they are too
   * many, and is returned; home registrations never do (sections 9.6 and 10.3.1).
   */
  enter(binding: Binding): Binding | undefined {
    this.#entries.delete(binding.homeAddress);
    const temporary = this.entries.filter(isReplaceable);
    const isOneTooMany = isReplaceable(binding) && temporary.length >= mobilityBounds.bindings;
    const givesWay = isOneTooMany ? temporary[0] : undefined;
    if (givesWay) {
      this.#entries.delete(givesWay.homeAddress);
      this.#discarded(beyond(mobilityBounds, 'bindings', `the binding of ${givesWay.homeAddress} gives way`));
    }
    this.#entries.set(binding.homeAddress, binding);
    return givesWay;
  }

  /** A packet went by way of it. */
  use({ homeAddress }: Binding): void {
    const binding = this.#entries.get(homeAddress);
    if (!binding) return;
    this.#entries.delete(homeAddress);
    this.#entries.set(homeAddress, binding);
  }

  remove(homeAddress: Address): Binding | undefined {
    const gone = this.#entries.get(homeAddress);
    this.#entries.delete(homeAddress);
    return gone;
  }

  /** Those whose time is over, which are gone now. */
  expire(now: Instant): readonly Binding[] {
    const over = this.entries.filter(({ until }) => until !== undefined && until <= now);
    for (const { homeAddress } of over) this.#entries.delete(homeAddress);
    return over;
  }

  deadline(): Instant | undefined {
    const ends = this.entries.flatMap(({ until }) => (until === undefined ? [] : [until]));
    return ends.length === 0 ? undefined : Math.min(...ends);
  }
}

/** Made by an update message, and no home registration. */
const isReplaceable = ({ until, homeRegistration }: Binding): boolean => until !== undefined && !homeRegistration;
