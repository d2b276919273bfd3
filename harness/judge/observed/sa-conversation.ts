/**
 * What went by under one SA, in one direction: its numbers, IVs and padding, between which ends, and how much of it could be opened. Of a packet that its sender did
 * not authenticate nothing is believed but that it went by; where no packet can be checked, for want of a key, the headers are taken as they stand and that is said.
 */
import type { Address } from '../../../reference/wire/address.ts';
import { readU32 } from '../../../reference/wire/octets.ts';
import type { ProtectionState, Seen, SeenProtection } from '../sightings.ts';
import { IvRecord } from './iv-record.ts';
import { SequenceRecord } from './sequence-record.ts';

export interface SaPath extends Seen {
  readonly source: Address;
  readonly destination: Address;
  /** In UDP (RFC 3948). */
  readonly encapsulated: boolean;
}

export class SaConversation {
  readonly protocol: 'ESP' | 'AH';
  readonly spi: number;
  /** In order; an SA whose end moved has several. */
  readonly paths: SaPath[] = [];
  readonly first: Seen;
  last: Seen;
  readonly counts: Record<ProtectionState, number> = { opened: 0, unverified: 0, 'bad-icv': 0, 'no-key': 0, cut: 0 };
  /** Of packets whose ICV was good, or where none could be checked, of all. */
  numbers = new SequenceRecord();
  /** Only of ESP that was opened and verified. */
  readonly ivs = new IvRecord();
  /** Packets with padding, and the first whose padding is not 1, 2, 3 and so on (RFC 4303 2.4). */
  padded = 0;
  otherPadding: { readonly padding: string; readonly seen: Seen } | undefined;
  /** Of each IV; undefined until a packet was opened and verified. */
  ivOctets: number | undefined;
  mode: 'transport' | 'tunnel' | undefined;
  extendedSequenceNumbers: boolean | undefined;
  firstUnopened: Seen | undefined;
  firstBadIcv: Seen | undefined;

  constructor(seen: SeenProtection) {
    this.protocol = seen.protocol;
    this.spi = seen.spi;
    this.first = placeOf(seen);
    this.last = this.first;
  }

  get packets(): number {
    return Object.values(this.counts).reduce((sum, each) => sum + each, 0);
  }

  /** Whether packets were authenticated, so that what they bear is their sender's. */
  get isAuthentic(): boolean {
    return this.counts.opened > 0;
  }

  /** Whether it comes from where the SA goes to: who has the key to open can seal, too, and the other end is not the sender. */
  comesBack({ source }: Pick<SeenProtection, 'source'>): boolean {
    return this.paths.at(-1)?.destination === source;
  }

  add(seen: SeenProtection): void {
    if (seen.state === 'opened' && this.counts.opened === 0) this.numbers = new SequenceRecord();
    this.counts[seen.state]++;
    this.last = placeOf(seen);
    this.#goes(seen);
    const counts = seen.state === 'opened' || this.counts.opened === 0;
    const isNew = counts && this.numbers.add(seen.sequenceNumber, digestOf(seen), seen);
    if (seen.state !== 'opened') this.firstUnopened ??= placeOf(seen);
    if (seen.state === 'bad-icv') this.firstBadIcv ??= placeOf(seen);
    const { opened } = seen;
    if (!opened) return;
    this.mode ??= opened.mode;
    this.extendedSequenceNumbers ??= opened.extendedSequenceNumbers;
    if (seen.state !== 'opened' || !isNew) return;
    this.ivOctets ??= opened.iv?.length;
    if (opened.iv && opened.iv.length > 0) this.ivs.add(opened.iv, seen);
    if (opened.padding && opened.padding.length > 0) this.#pads(opened.padding, seen);
  }

  #goes({ number, time, source, destination, encapsulated }: SeenProtection): void {
    const last = this.paths.at(-1);
    if (last?.source === source && last.destination === destination && last.encapsulated === encapsulated) return;
    if (this.paths.length < MOST_PATHS) this.paths.push({ number, time, source, destination, encapsulated });
  }

  #pads(padding: Uint8Array, seen: Seen): void {
    this.padded++;
    if (this.otherPadding) return;
    for (let i = 0; i < padding.length; i++) {
      if (padding[i] === i + 1) continue;
      this.otherPadding = { padding: padding.subarray(0, 16).join(' '), seen: placeOf(seen) };
      return;
    }
  }
}

const placeOf = ({ number, time }: Seen): Seen => ({ number, time });

/** Of the ICV, or where there is none of what is encrypted. Packets of one number that are the same have the same. */
function digestOf({ protocol, octets }: SeenProtection): number {
  const end = protocol === 'AH' ? AH_ICV + 8 : octets.length;
  if (octets.length < end || end < AH_ICV) return 0;
  return (readU32(octets, end - 4) ^ Math.imul(readU32(octets, end - 8), 0x9e3779b1)) >>> 0;
}

/** Octets of AH before its ICV. */
const AH_ICV = 12;
/** Changes of either end that are told apart: who moves oftener says nothing new by it. */
const MOST_PATHS = 64;
