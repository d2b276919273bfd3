/**
 * Hardware addresses of neighbors, for ARP (RFC 826, RFC 1122 section 2.3.2) and neighbor discovery (RFC 4861 section 7.2) alike: an address
 * is asked for when a packet needs it, the packet waits, the question is repeated a second later and given up after three. An
 * answered entry stays until the node moves, as in a lab the cables do not change otherwise, or until there are too many.
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { MacAddress } from '../wire/address-fields.ts';
import { hostBounds } from './bounds.ts';

export class NeighborCache<Packet> {
  readonly #discarded: (refusal: Discarded) => void;
  readonly #known = new Map<Address, MacAddress>();
  readonly #asked = new Map<Address, Question<Packet>>();

  /** `discarded` is told of packets that found no room, and of neighbors forgotten for others. */
  constructor(discarded: (refusal: Discarded) => void = () => {}) {
    this.#discarded = discarded;
  }

  hardwareAddressOf(neighbor: Address): MacAddress | undefined {
    return this.#known.get(neighbor);
  }

  /** Keeps a packet for a neighbor that is not known; true when the question is to be asked now. */
  await(now: Instant, neighbor: Address, packet: Packet): boolean {
    const open = this.#asked.get(neighbor);
    if (open) {
      if (open.waiting.push(packet) > hostBounds.packetsForNeighbor) {
        open.waiting.shift();
        this.#discarded(
          beyond(hostBounds, 'packetsForNeighbor', `the first of those that wait for ${neighbor} gives way`),
        );
      }
      return false;
    }
    if (this.#asked.size === hostBounds.unresolvedNeighbors) {
      this.#discarded(
        beyond(hostBounds, 'unresolvedNeighbors', `${neighbor} is not asked for while so many do not answer`),
      );
      return false;
    }
    this.#asked.set(neighbor, { waiting: [packet], times: 1, again: now + RETRANSMISSION_TIMER });
    return true;
  }

  isKnown(neighbor: Address): boolean {
    return this.#known.has(neighbor);
  }

  /** Nobody has answered for it yet. */
  isAskedFor(neighbor: Address): boolean {
    return this.#asked.has(neighbor);
  }

  /** Where a neighbor is: what waited for it may go. */
  learn(neighbor: Address, hardwareAddress: MacAddress): readonly Packet[] {
    if (!this.#known.has(neighbor) && this.#known.size === hostBounds.neighbors) {
      const oldest = this.#known.keys().next().value!;
      this.#known.delete(oldest);
      this.#discarded(beyond(hostBounds, 'neighbors', `${oldest} is forgotten for ${neighbor}`));
    }
    this.#known.set(neighbor, hardwareAddress);
    const waiting = this.#asked.get(neighbor)?.waiting ?? [];
    this.#asked.delete(neighbor);
    return waiting;
  }

  /** The questions to repeat now, and the packets nobody will ever take. */
  due(now: Instant): { readonly repeat: readonly Address[]; readonly unreachable: readonly Packet[] } {
    const repeat: Address[] = [];
    const unreachable: Packet[] = [];
    for (const [neighbor, question] of this.#asked) {
      if (question.again > now) continue;
      if (question.times === MOST_QUESTIONS) {
        unreachable.push(...question.waiting);
        this.#asked.delete(neighbor);
      } else {
        question.times++;
        question.again = now + RETRANSMISSION_TIMER;
        repeat.push(neighbor);
      }
    }
    return { repeat, unreachable };
  }

  deadline(): Instant | undefined {
    let earliest: Instant | undefined;
    for (const { again } of this.#asked.values()) if (earliest === undefined || again < earliest) earliest = again;
    return earliest;
  }

  forget(): void {
    this.#known.clear();
    this.#asked.clear();
  }
}

interface Question<Packet> {
  readonly waiting: Packet[];
  times: number;
  again: Instant;
}

/** RFC 4861 section 10: RETRANS_TIMER in milliseconds and MAX_MULTICAST_SOLICIT. */
const RETRANSMISSION_TIMER = 1000;
const MOST_QUESTIONS = 3;
