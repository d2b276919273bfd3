/**
 * Duplicate address detection, RFC 4862 section 5.4: an address is asked for from the unspecified address, and is nobody else's if within RetransTimer no
 * one has answered for it, nor asked for it in the same way. Whoever wants to use the address asks for this first; what it then does is its own concern.
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { hostBounds } from './bounds.ts';
import type { NeighborMessage } from './neighbor-discovery.ts';
import type { HostRules } from './rules.ts';

export type Detected = 'unique' | 'duplicate';

export class DuplicateAddressDetection {
  readonly #rules: HostRules;
  readonly #discarded: (refusal: Discarded) => void;
  readonly #tentative = new Map<Address, Instant>();

  constructor(rules: HostRules, discarded: (refusal: Discarded) => void = () => {}) {
    this.#rules = rules;
    this.#discarded = discarded;
  }

  /** True when the question is to be asked now; one that is under way goes on. */
  begin(now: Instant, address: Address): boolean {
    if (this.#tentative.has(address)) return false;
    if (this.#tentative.size === hostBounds.tentativeAddresses) {
      this.#discarded(beyond(hostBounds, 'tentativeAddresses', `${address} is not asked for while so many are`));
      return false;
    }
    this.#tentative.set(address, now + RETRANS_TIMER);
    return true;
  }

  /** Whether this message of another node ends the detection of its target: somebody has the address, or wants it too. */
  contradicts({ kind, source, target }: NeighborMessage): boolean {
    const isOver = this.#tentative.has(target) && this.#rules.provesDuplicate(kind, source);
    if (isOver) this.#tentative.delete(target);
    return isOver;
  }

  /** Those that nobody has spoken for in time. */
  due(now: Instant): readonly Address[] {
    const unique = [...this.#tentative].flatMap(([address, until]) => (until <= now ? [address] : []));
    for (const address of unique) this.#tentative.delete(address);
    return unique;
  }

  /** On another link. */
  forget(): void {
    this.#tentative.clear();
  }

  deadline(): Instant | undefined {
    return this.#tentative.size === 0 ? undefined : Math.min(...this.#tentative.values());
  }
}

/** Milliseconds; with DupAddrDetectTransmits 1 the question is asked once (RFC 4862 section 5.1, RFC 4861 section 10). */
const RETRANS_TIMER = 1000;
