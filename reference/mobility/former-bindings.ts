/**
 * What a correspondent remembers of bindings that are gone, RFC 6275 sections 5.2.8 and 9.5.3: as long as the tokens that made one are believed, whoever
 * recorded its binding updates could send them again. The last sequence number stays, and the nonces never serve again at the same two addresses.
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { Binding, UsedNonces } from './binding-cache.ts';
import { mobilityBounds } from './bounds.ts';
import { MAX_NONCE_LIFETIME } from './return-routability.ts';

export interface FormerBinding {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  readonly sequenceNumber: number;
  /** That the last update named which made the binding. */
  readonly nonces: UsedNonces;
}

export class FormerBindings {
  readonly #former = new Map<Address, FormerBinding>();
  readonly #discarded: (refusal: Discarded) => void;

  constructor(discarded: (refusal: Discarded) => void) {
    this.#discarded = discarded;
  }

  of(homeAddress: Address, now: Instant): FormerBinding | undefined {
    const former = this.#former.get(homeAddress);
    return former && !isOver(former.nonces, now) ? former : undefined;
  }

  /** The binding is gone. Where that is one too many to remember, the one that gives way is returned: its nonces have to go. */
  remember({ homeAddress, careOfAddress, sequenceNumber, nonces }: Binding, now: Instant): FormerBinding | undefined {
    this.expire(now);
    if (!nonces || isOver(nonces, now)) return undefined;
    const known = this.of(homeAddress, now);
    const firstUse = Math.max(nonces.firstUse, known?.nonces.firstUse ?? 0);
    this.#former.delete(homeAddress);
    const givesWay = this.#former.size < mobilityBounds.formerBindings ? undefined : [...this.#former.values()][0]!;
    if (givesWay) {
      this.#former.delete(givesWay.homeAddress);
      const why = `the nonces of a former binding of ${givesWay.homeAddress} are given up`;
      this.#discarded(beyond(mobilityBounds, 'formerBindings', why));
    }
    this.#former.set(homeAddress, { homeAddress, careOfAddress, sequenceNumber, nonces: { ...nonces, firstUse } });
    return givesWay;
  }

  expire(now: Instant): void {
    for (const { homeAddress, nonces } of this.#former.values()) {
      if (isOver(nonces, now)) this.#former.delete(homeAddress);
    }
  }
}

function isOver({ firstUse }: UsedNonces, now: Instant): boolean {
  return now - firstUse > 1000 * MAX_NONCE_LIFETIME;
}
