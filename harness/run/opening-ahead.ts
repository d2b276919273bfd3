/**
 * Packets of a capture in batches, and the ESP among them opened ahead by a thread of its own, while this one walks the batch before. Which thread opened a packet is not to be
 * seen in what comes of it (`plaintext-ahead.ts`), so that nothing depends on when the other is done.
 */
import type { StrangersEsp } from '../capture/keys/strangers-key.ts';
import type { StrangerPacket } from '../capture/strangers/packets.ts';
import type { FirstOpened } from '../judge/strangers/packet-walk.ts';
import {
  type AheadAnswer,
  type AheadOrder,
  type PlaintextAhead,
  UNOPENED,
} from '../judge/strangers/plaintext-ahead.ts';
import { Relay } from '../threads/relay.ts';

export interface Batch {
  readonly packets: readonly StrangerPacket[];
  /** Of each packet what was opened ahead. */
  readonly ahead: Promise<readonly (PlaintextAhead | undefined)[]>;
}

export class OpeningAhead {
  readonly #entry: URL | undefined;
  readonly #firstOf: (packet: StrangerPacket) => FirstOpened | undefined;
  #relay: Relay<AheadOrder, AheadAnswer> | undefined;
  readonly #places = new Map<StrangersEsp, number>();
  #untold: StrangersEsp[] = [];
  #seen = 0;

  /** `entry` is the module of the thread; without one nothing is opened ahead. */
  constructor(entry: URL | undefined, firstOf: (packet: StrangerPacket) => FirstOpened | undefined) {
    this.#entry = entry;
    this.#firstOf = firstOf;
  }

  takes(packets: readonly StrangerPacket[]): Batch {
    return { packets, ahead: this.#entry ? this.#opened(packets) : NOTHING };
  }

  async end(): Promise<void> {
    await this.#relay?.end();
  }

  async #opened(packets: readonly StrangerPacket[]): Promise<readonly (PlaintextAhead | undefined)[]> {
    const firsts = packets.map((packet) => this.#placed(packet));
    const some = firsts.filter((first) => first !== undefined);
    this.#seen += some.length;
    if (this.#seen >= WORTHWHILE) this.#relay ??= new Relay(this.#entry!);
    if (!this.#relay?.isReady || some.length === 0) return [];
    const order = orderOf(some, this.#untold);
    this.#untold = [];
    const { starts } = order;
    const answer = await this.#relay.asks(order, [order.octets.buffer, order.keys.buffer]);
    if (!answer) return [];
    let place = 0;
    return firsts.map((first) => (first ? plaintextAt(answer, starts, place++, first.key) : undefined));
  }

  #placed(packet: StrangerPacket): PlacedEsp | undefined {
    const first = this.#firstOf(packet);
    if (!first) return undefined;
    let place = this.#places.get(first.key);
    if (place === undefined) {
      if (this.#places.size >= MOST_KEYS) return undefined;
      place = this.#places.size;
      this.#places.set(first.key, place);
      this.#untold.push(first.key);
    }
    return { ...first, place };
  }
}

interface PlacedEsp extends FirstOpened {
  readonly place: number;
}

function orderOf(firsts: readonly PlacedEsp[], told: readonly StrangersEsp[]): AheadOrder {
  const starts = new Int32Array(firsts.length + 1);
  const keys = new Int32Array(firsts.length);
  for (const [i, { esp, place }] of firsts.entries()) {
    starts[i + 1] = starts[i]! + esp.length;
    keys[i] = place;
  }
  const octets = new Uint8Array(starts.at(-1)!);
  for (const [i, { esp }] of firsts.entries()) octets.set(esp, starts[i]);
  return { octets, starts, keys, told };
}

function plaintextAt(
  { octets, lengths }: AheadAnswer,
  starts: Int32Array,
  place: number,
  key: StrangersEsp,
): PlaintextAhead | undefined {
  const length = lengths[place]!;
  const start = starts[place]!;
  return length === UNOPENED ? undefined : { key, plaintext: octets.subarray(start, start + length) };
}

const NOTHING: Promise<readonly undefined[]> = Promise.resolve([]);
/** Packets: fewer are opened before a thread has begun. */
const WORTHWHILE = 4_096;
/** Of a large gateway. */
const MOST_KEYS = 4_096;
