/**
 * Opening ESP and AH with the keys of strangers. Several may fit a packet, and its ICV decides. Where there is none that can be checked, because the SA has none or the key
 * to it is not known, a packet is opened that has padding as RFC 4303 2.4 wants it, and nobody may rest anything on that but what it looks like.
 */
import { type AhKeys, ahKeys, type OpenedAh, openAh } from '../../../reference/ipsec/ah.ts';
import { type EspKeys, espKeys, type OpenedEsp, openEsp } from '../../../reference/ipsec/esp.ts';
import { ahOffset } from '../../../reference/ipsec/mutable-fields.ts';
import { ipsecRules } from '../../../reference/ipsec/rules.ts';
import { type IntegrityTransform, integrityTransform } from '../../../reference/transforms/integrity.ts';
import { readU32, unhex } from '../../../reference/wire/octets.ts';
import type { FoundAh, FoundEsp, KeyLookup } from '../../capture/keys/key-lookup.ts';
import type { Authenticator, StrangersAh, StrangersEsp } from '../../capture/keys/strangers-key.ts';
import { readable } from '../readable.ts';

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

  /** From the SPI to the ICV; `destination` is that of the packet which carried it. */
  esp(octets: Uint8Array, destination: string): OpenedByStranger | 'no-key' | 'bad-icv' {
    if (octets.length < ESP_HEADER) return 'no-key';
    const spi = readU32(octets);
    const fitting = this.#lookup.keysFor(spi, destination, 'ESP');
    const verified = this.#verified(octets, fitting);
    if (verified) return verified;
    const elsewhere = this.#lookup.keysElsewhere(spi, destination, 'ESP');
    const moved = this.#verified(octets, elsewhere) ?? this.#likely(octets, fitting);
    return moved ?? (fitting.length + elsewhere.length === 0 ? 'no-key' : 'bad-icv');
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

interface UsableEsp extends Numbered {
  readonly keys: EspKeys;
  /** Whether an ICV can be good. */
  readonly verifies: boolean;
}

interface UsableAh extends Numbered {
  readonly keys: AhKeys;
}

interface Numbered {
  readonly sequenceHigh: number;
}

function espOf(key: StrangersEsp): readonly UsableEsp[] {
  const encryption = { ...key.encryption, key: unhex(key.encryption.key) };
  return numberings(key).map(({ extendedSequenceNumbers, sequenceHigh }) => {
    const keys = { ...espKeys({ encryption, extendedSequenceNumbers }, 'node'), ...authenticatorOf(key.integrity) };
    const verifies = keys.encryption.icvOctets > 0 || (key.integrity?.id ?? 0) > 0;
    return { keys, sequenceHigh, verifies };
  });
}

function ahOf(key: StrangersAh): readonly UsableAh[] {
  const { id, key: digits, icvOctets } = key.integrity;
  return numberings(key).map(({ extendedSequenceNumbers, sequenceHigh }) => {
    const keys = ahKeys({ integrity: { id, key: unhex(digits) }, extendedSequenceNumbers }, 'node');
    const integrity = keys.integrity && icvOctets !== undefined ? cut(keys.integrity, icvOctets) : keys.integrity;
    return { keys: { ...keys, ...(integrity && { integrity }) }, sequenceHigh };
  });
}

/** Number 0 is NONE, as some write it beside an AEAD. */
function authenticatorOf(authenticator: Authenticator | undefined): Pick<EspKeys, 'integrity' | 'integrityKey'> {
  if (!authenticator || authenticator.id === 0) return {};
  const { icvOctets } = authenticator;
  if (authenticator.id === undefined) return { integrity: unknown(icvOctets!), integrityKey: new Uint8Array() };
  const transform = integrityTransform(authenticator.id, 'node');
  if (!transform || transform.ivOctets > 0) throw new RangeError(`no integrity transform ${authenticator.id}`);
  const integrity = icvOctets === undefined ? transform : cut(transform, icvOctets);
  return { integrity, integrityKey: unhex(authenticator.key) };
}

function cut(transform: IntegrityTransform, icvOctets: number): IntegrityTransform {
  return { ...transform, icvOctets, icv: (...given) => transform.icv(...given).slice(0, icvOctets) };
}

/** Takes its octets off the end of a packet, and is never good. */
function unknown(icvOctets: number): IntegrityTransform {
  return { id: 0, name: 'unknown', keyOctets: 0, ivOctets: 0, icvOctets, icv: () => new Uint8Array() };
}

/** Short numbers before extended ones, where nothing is said; of those the lowest upper halves, where none is. */
function numberings({
  extendedSequenceNumbers,
  sequenceHigh,
}: Pick<StrangersEsp, 'extendedSequenceNumbers' | 'sequenceHigh'>): readonly (Numbered & {
  readonly extendedSequenceNumbers: boolean;
})[] {
  const short = [{ extendedSequenceNumbers: false, sequenceHigh: 0 }];
  const highs = sequenceHigh === undefined ? [0, 1] : [...new Set([sequenceHigh, (sequenceHigh + 1) % 2 ** 32])];
  const extended = highs.map((high) => ({ extendedSequenceNumbers: true, sequenceHigh: high }));
  if (extendedSequenceNumbers === undefined) return [...short, ...extended];
  return extendedSequenceNumbers ? extended : short;
}

const ESP_HEADER = 8;
