/**
 * Keys by what names an SA on the wire. An SPI alone need not: several SAs to different destinations may have one, and so may two in turn to the same (RFC 4301 4.1).
 * All that fit are given, the most specific first, and whether a packet is of one of them its ICV decides.
 */
import { type Address, canonicalAddress, familyOf } from '../../../reference/wire/address.ts';
import type { FoundKey, InFile } from './read-keys.ts';
import type { StrangersAh, StrangersEsp, StrangersIke } from './strangers-key.ts';

export type FoundEsp = InFile<{ readonly key: StrangersEsp }>;
export type FoundAh = InFile<{ readonly key: StrangersAh }>;
export type FoundIke = InFile<{ readonly key: StrangersIke }>;

export class KeyLookup {
  readonly #esp = new KeysOfSas<StrangersEsp>();
  readonly #ah = new KeysOfSas<StrangersAh>();
  readonly #ike = new Map<string, FoundIke[]>();

  constructor(found: readonly FoundKey[] = []) {
    for (const each of found) this.learn(each);
  }

  /** False where there are as many of this name as anybody would try. */
  learn(found: FoundKey): boolean {
    const { key, ...place } = found;
    if (key.kind === 'esp') return this.#esp.learn({ key, ...place });
    if (key.kind === 'ah') return this.#ah.learn({ key, ...place });
    const name = `${key.initiatorSPI} ${key.responderSPI}`;
    const known = this.#ike.get(name) ?? [];
    if (known.length === MOST_OF_ONE_NAME) return false;
    this.#ike.set(name, [...known, { key, ...place }]);
    return true;
  }

  keysFor(spi: number, destination: Address, protocol: 'ESP'): readonly FoundEsp[];
  keysFor(spi: number, destination: Address, protocol: 'AH'): readonly FoundAh[];
  /** Of two as specific the one that was found first. */
  keysFor(spi: number, destination: Address, protocol: 'ESP' | 'AH'): readonly FoundKey[] {
    return protocol === 'ESP' ? this.#esp.keysFor(spi, destination) : this.#ah.keysFor(spi, destination);
  }

  /** Those of the SPI that are to other destinations: a NAT, or a move, has an SA end elsewhere than its keys say. Only a good ICV makes one of them right. */
  keysElsewhere(spi: number, destination: Address, protocol: 'ESP'): readonly FoundEsp[];
  keysElsewhere(spi: number, destination: Address, protocol: 'AH'): readonly FoundAh[];
  keysElsewhere(spi: number, destination: Address, protocol: 'ESP' | 'AH'): readonly FoundKey[] {
    return protocol === 'ESP' ? this.#esp.keysElsewhere(spi, destination) : this.#ah.keysElsewhere(spi, destination);
  }

  /** SPIs in lower-case hex. */
  ikeKeysFor(initiatorSPI: string, responderSPI: string): readonly FoundIke[] {
    return this.#ike.get(`${initiatorSPI} ${responderSPI}`) ?? [];
  }
}

class KeysOfSas<Key extends StrangersEsp | StrangersAh> {
  /** By SPI and destination; those to any, or to one with stars, under `*`. */
  readonly #named = new Map<string, InFile<{ readonly key: Key }>[]>();
  /** Of no SPI, or of one with stars. */
  readonly #open: InFile<{ readonly key: Key }>[] = [];
  /** The first of each SPI, whatever the destination. */
  readonly #ofSpi = new Map<number, InFile<{ readonly key: Key }>[]>();
  /** By SPI, then by destination. */
  readonly #asked = new Map<number, Map<Address, readonly InFile<{ readonly key: Key }>[]>>();
  #answers = 0;

  learn(found: InFile<{ readonly key: Key }>): boolean {
    const { spi, destination } = found.key;
    const isNamed = typeof spi === 'number';
    const name = `${spi} ${destination === undefined || destination.includes('*') ? '*' : canonicalAddress(destination)}`;
    const known = isNamed ? (this.#named.get(name) ?? []) : this.#open;
    if (known.length === (isNamed ? MOST_OF_ONE_NAME : MOST_OPEN)) return false;
    known.push(found);
    if (isNamed) {
      this.#named.set(name, known);
      const ofSpi = this.#ofSpi.get(spi) ?? [];
      if (ofSpi.length < MOST_OF_ONE_NAME) this.#ofSpi.set(spi, [...ofSpi, found]);
    }
    this.#forget();
    return true;
  }

  keysFor(spi: number, destination: Address): readonly InFile<{ readonly key: Key }>[] {
    const before = this.#asked.get(spi)?.get(destination);
    if (before) return before;
    const name = `${spi} ${destination}`;
    const toAny = (this.#named.get(`${spi} *`) ?? []).filter(({ key }) => fits(key.destination, destination));
    const open = this.#open.filter(({ key }) => spiFits(key.spi, spi) && fits(key.destination, destination));
    const fitting = [...(this.#named.get(name) ?? []), ...toAny, ...open]
      .filter(({ key: { family } }) => family === undefined || family === familyOf(destination))
      .map((found) => ({ found, weight: weightOf(found.key) }))
      .sort((one, other) => other.weight - one.weight)
      .map(({ found }) => found);
    if (this.#answers++ === MOST_ASKED) this.#forget();
    this.#asked.set(spi, (this.#asked.get(spi) ?? new Map()).set(destination, fitting));
    return fitting;
  }

  #forget(): void {
    this.#asked.clear();
    this.#answers = 0;
  }

  keysElsewhere(spi: number, destination: Address): readonly InFile<{ readonly key: Key }>[] {
    const fitting = this.keysFor(spi, destination);
    return (this.#ofSpi.get(spi) ?? []).filter((found) => !fitting.includes(found));
  }
}

/** An SPI before a destination, and either before one with stars, whose digits count. */
function weightOf({ spi, destination, source }: StrangersEsp | StrangersAh): number {
  const ofSpi = spi === undefined ? 0 : typeof spi === 'number' ? 9 : 10 - spi.split('*').length;
  return 1_000 * ofSpi + 20 * weightOfEnd(destination) + weightOfEnd(source);
}

function weightOfEnd(end: Address | undefined): number {
  return end === undefined ? 0 : 20 - 2 * (end.split('*').length - 1);
}

function spiFits(pattern: number | string | undefined, spi: number): boolean {
  if (typeof pattern !== 'string') return pattern === undefined || pattern === spi;
  const digits = `0x${spi.toString(16).padStart(8, '0')}`;
  return [...pattern].every((digit, i) => digit === '*' || digit === digits[i]);
}

function fits(pattern: Address | undefined, destination: Address): boolean {
  if (pattern === undefined || pattern === destination) return true;
  if (!pattern.includes('*')) return canonicalAddress(pattern) === destination;
  const [wanted, had] = [groupsOf(pattern), groupsOf(destination)];
  return wanted.length === had.length && wanted.every((group, i) => group === '*' || group === had[i]);
}

/** Octets of IPv4, or all eight groups of IPv6 without leading zeros. */
function groupsOf(address: string): readonly string[] {
  if (!address.includes(':')) return address.split('.');
  const [before = [], after] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = after ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0') : [];
  return [...before, ...zeros, ...(after ?? [])].map((group) => group.replace(/^0+(?=.)/, ''));
}

/** Whoever chooses an SPI may choose one again, and each packet under it is tried with every key of that name. */
const MOST_OF_ONE_NAME = 64;
/** Keys that may be of any SPI are tried on every packet that none of its own opens. */
const MOST_OPEN = 1_000;
/** Answers that are remembered: the SAs of a large gateway. */
const MOST_ASKED = 20_000;
