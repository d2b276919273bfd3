/**
 * ESP packets that were opened before their turn, many at a time and by another thread: what comes of each is what its turn would have found. A packet is only opened ahead with
 * the key that would be tried first, and only a good ICV counts; of everything else nothing is kept, and its turn begins as if nobody had tried.
 */
import { type EspKeys, espLayout, type OpenedEsp, openEsp, readTrailer } from '../../../reference/ipsec/esp.ts';
import { readU32 } from '../../../reference/wire/octets.ts';
import type { StrangersEsp } from '../../capture/keys/strangers-key.ts';
import { readable } from '../readable.ts';
import { espOf, type UsableEsp } from './usable-keys.ts';

/** Of one packet: what the ICV was good for, with the trailer. */
export interface PlaintextAhead {
  readonly key: StrangersEsp;
  readonly plaintext: Uint8Array;
}

/** Packets one behind the other, each from its SPI to its ICV. All of it is handed over, and no copy stays. */
export interface AheadOrder {
  readonly octets: Uint8Array<ArrayBuffer>;
  /** Where each begins, and where the last ends. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** The place of the key of each, among all that were ever told. */
  readonly keys: Int32Array<ArrayBuffer>;
  /** Those that were not told yet, in the order of their places. */
  readonly told: readonly StrangersEsp[];
}

export interface AheadAnswer {
  /** Each plaintext where its packet was. */
  readonly octets: Uint8Array<ArrayBuffer>;
  /** Octets of each plaintext; `UNOPENED` where it is none. */
  readonly lengths: Int32Array<ArrayBuffer>;
}

export const UNOPENED = -1;

/** Knows the keys that it was told. */
export class AheadOpener {
  readonly #keys: (UsableEsp | undefined)[] = [];

  opens({ octets, starts, keys, told }: AheadOrder): AheadAnswer {
    for (const key of told) this.#keys.push(readable(() => espOf(key)[0]));
    const lengths = new Int32Array(keys.length).fill(UNOPENED);
    for (let i = 0; i < keys.length; i++) {
      const usable = this.#keys[keys[i]!];
      if (!usable?.verifies) continue;
      const { sequenceHigh } = usable;
      const packet = octets.subarray(starts[i]!, starts[i + 1]!);
      const opened = readable(() => openEsp(packet, usable.keys, { sequenceHigh }));
      if (!opened?.icvGood || !opened.trailer || !opened.plaintext) continue;
      octets.set(opened.plaintext, starts[i]!);
      lengths[i] = opened.plaintext.length;
    }
    return { octets, lengths };
  }
}

/** As `openEsp` would have it; undefined where the plaintext cannot be of this packet. */
export function takenFrom({ plaintext }: PlaintextAhead, esp: Uint8Array, keys: EspKeys): OpenedEsp | undefined {
  const layout = espLayout(esp, keys);
  const trailer = readTrailer(plaintext);
  if (!layout || !trailer) return undefined;
  return { spi: readU32(esp), sequenceNumber: readU32(esp, 4), icvGood: true, layout, plaintext, trailer };
}
