/**
 * Opening ESP and AH with the keys of strangers. Several may fit a packet, and its ICV decides. Where there is none that can be checked, because the SA has none or the key
 * to it is not known, a packet is opened that has padding as RFC 4303 2.4 wants it, and nobody may rest anything on that but what it looks like.
 */
import { type OpenedAh, openAh } from '../../../reference/ipsec/ah.ts';
import { type OpenedEsp, openEsp } from '../../../reference/ipsec/esp.ts';
import { ahOffset } from '../../../reference/ipsec/mutable-fields.ts';
import { ipsecRules } from '../../../reference/ipsec/rules.ts';
import { readU32 } from '../../../reference/wire/octets.ts';
import type { FoundAh, FoundEsp, KeyLookup } from '../../capture/keys/key-lookup.ts';
import type { StrangersAh, StrangersEsp } from '../../capture/keys/strangers-key.ts';
import { readable } from '../readable.ts';
import { type PlaintextAhead, takenFrom } from './plaintext-ahead.ts';
import { ahOf, espOf, type UsableAh, type UsableEsp } from './usable-keys.ts';

export interface OpenedByStranger {
  readonly opened: OpenedEsp;
  readonly by: FoundEsp;
  /** Whether the ICV was good; otherwise there is none that could be checked. */
  readonly verified: boolean;
}

export interface OpenedAhByStranger {
  readonly opened: OpenedAh;
  readonly by: FoundAh;
}

/** Of ESP and of AH. */
export class StrangersOpening {
  readonly #lookup: StrangersLookup;
  readonly #esp = new WeakMap<StrangersEsp, readonly UsableEsp[]>();
  readonly #ah = new WeakMap<StrangersAh, readonly UsableAh[]>();

  constructor(lookup: StrangersLookup) {
    this.#lookup = lookup;
  }

  /** From the SPI to the ICV; `destination` is that of the packet which carried it, and `ahead` what came of it beforehand, if anything. */
  esp(octets: Uint8Array, destination: string, ahead?: PlaintextAhead): OpenedByStranger | 'no-key' | 'bad-icv' {
    if (octets.length < ESP_HEADER) return 'no-key';
    const spi = readU32(octets);
    const fitting = this.#lookup.keysFor(spi, destination, 'ESP');
    const [first] = fitting;
    if (ahead && first && ahead.key === first.key) {
      const opened = takenFrom(ahead, octets, this.#espOf(first.key)[0]!.keys);
      if (opened) return { opened, by: first, verified: true };
    }
    const verified = this.#verified(octets, fitting);
    if (verified) return verified;
    const elsewhere = this.#lookup.keysElsewhere(spi, destination, 'ESP');
    const moved = this.#verified(octets, elsewhere) ?? this.#likely(octets, fitting);
    return moved ?? (fitting.length + elsewhere.length === 0 ? 'no-key' : 'bad-icv');
  }

  /** The key that would be tried first, where an ICV says whether it is right. */
  firstTried(spi: number, destination: string): StrangersEsp | undefined {
    const [first] = this.#lookup.keysFor(spi, destination, 'ESP');
    return first && this.#espOf(first.key)[0]?.verifies ? first.key : undefined;
  }

  /** The first AH of a whole packet; undefined where it has none. */
  ah(packet: Uint8Array, destination: string): OpenedAhByStranger | 'no-key' | 'bad-icv' | undefined {
    const offset = ahOffset(packet);
    if (offset === undefined) return undefined;
    const spi = readU32(packet, offset + 4);
    const fitting = this.#lookup.keysFor(spi, destination, 'AH');
    const candidates = [...fitting, ...this.#lookup.keysElsewhere(spi, destination, 'AH')];
    for (const by of candidates) {
      for (const { keys, sequenceHigh } of this.#ahOf(by.key)) {
        const opened = readable(() => openAh(packet, keys, { sequenceHigh }));
        if (opened?.icvGood) return { opened, by };
      }
    }
    return candidates.length === 0 ? 'no-key' : 'bad-icv';
  }

  #verified(octets: Uint8Array, candidates: readonly FoundEsp[]): OpenedByStranger | undefined {
    for (const by of candidates) {
      for (const { keys, sequenceHigh, verifies } of this.#espOf(by.key)) {
        const opened = verifies ? readable(() => openEsp(octets, keys, { sequenceHigh })) : undefined;
        if (opened?.icvGood && opened.trailer) return { opened, by, verified: true };
      }
    }
    return undefined;
  }

  #likely(octets: Uint8Array, candidates: readonly FoundEsp[]): OpenedByStranger | undefined {
    for (const by of candidates) {
      const usable = this.#espOf(by.key).find(({ verifies }) => !verifies);
      const opened = usable && readable(() => openEsp(octets, usable.keys));
      if (opened?.trailer && ipsecRules.paddingAcceptable(opened.trailer.padding))
        return { opened, by, verified: false };
    }
    return undefined;
  }

  #espOf(key: StrangersEsp): readonly UsableEsp[] {
    const known = this.#esp.get(key);
    if (known) return known;
    const usable = readable(() => espOf(key)) ?? [];
    this.#esp.set(key, usable);
    return usable;
  }

  #ahOf(key: StrangersAh): readonly UsableAh[] {
    const known = this.#ah.get(key);
    if (known) return known;
    const usable = readable(() => ahOf(key)) ?? [];
    this.#ah.set(key, usable);
    return usable;
  }
}

type StrangersLookup = Pick<KeyLookup, 'keysFor' | 'keysElsewhere'>;

const ESP_HEADER = 8;
