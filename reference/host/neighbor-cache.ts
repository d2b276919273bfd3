/**
 * Hardware addresses of neighbors, for ARP (RFC 826, RFC 1122 section 2.3.2) and neighbor discovery (RFC 4861 section 7.2) alike: an address
 * is asked for when a packet needs it, the packet waits, the question is repeated a second later and given up after three. An
 * answered entry stays until the node moves: in a lab the cables do not change otherwise.
 */
import type { Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { MacAddress } from '../wire/address-fields.ts';

export class NeighborCache<Packet> {
  readonly #known = new Map<Address, MacAddress>();
  readonly #asked = new Map<Address, Question<Packet>>();

  hardwareAddressOf(neighbor: Address): MacAddress | undefined {
    return this.#known.get(neighbor);
  }

  /** Keeps a packet for a neighbor that is not known; true when the question is to be asked now. */
  await(now: Instant, neighbor: Address, packet: Packet): boolean {
    const open = this.#asked.get(neighbor);
    if (open) {
      // RFC 4861 section 7.2.2: at least one packet waits, and the oldest gives way when the queue is full.
      if (open.waiting.push(packet) > LONGEST_QUEUE) open.waiting.shift();
      return false;
    }
    this.#asked.set(neighbor, { waiting: [packet], times: 1, again: now + RETRANSMISSION_TIMER });
    return true;
  }

  /** An answer to our question: what waited for it may go. */
  learn(neighbor: Address, hardwareAddress: MacAddress): readonly Packet[] {
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
const LONGEST_QUEUE = 16;
