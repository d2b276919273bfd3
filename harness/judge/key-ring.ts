/**
 * The keys a transcript holds, by what names them on the wire: an SPI, or the two of an IKE SA. A record that Touchstone cannot use (an
 * unknown transform, a key of another size) opens nothing, and takes nothing from the others.
 */
import { type EspKeys, espKeys, type OpenedEsp, openEsp } from '../../reference/ipsec/esp.ts';
import { readU32, unhex } from '../../reference/wire/octets.ts';
import type { KeyRecord, MarkEntry, PolicyIntent } from '../capture/transcript.ts';
import type { IkeKeyRecord } from './ike-opening.ts';
import { readable } from './readable.ts';

export class KeyRing {
  readonly ike: IkeKeyRecord[] = [];
  #size = 0;
  readonly #esp = new Map<number, EspKeys[]>();
  /** The upper halves that an extended sequence number may have (RFC 4303 2.2.1); the likeliest last. */
  readonly #highs: number[] = [1, 0];

  constructor(intent: PolicyIntent) {
    for (const { sequenceNumber } of [...intent.tn.manual, ...intent.nut.manual]) this.#expect(sequenceNumber);
  }

  /** Grows with every record, whether or not it can be used. */
  get size(): number {
    return this.#size;
  }

  learn(record: KeyRecord): void {
    this.#size += 1;
    if (record.kind === 'ikev2') this.ike.push(record);
    else this.#learnEsp(record);
  }

  /** An ESP packet ordered by hand may jump to any number. */
  learnOrder({ act }: MarkEntry): void {
    if (act.kind === 'command' && act.command?.kind === 'esp') this.#expect(act.command.packet?.sequenceNumber);
  }

  /** Tries every key the SPI names: the same SPI may stand for several SAs. */
  openEsp(octets: Uint8Array): OpenedEsp | 'no-key' | 'bad-icv' {
    const candidates = octets.length < 8 ? undefined : this.#esp.get(readU32(octets));
    if (!candidates) return 'no-key';
    for (const keys of candidates) {
      for (const sequenceHigh of keys.extendedSequenceNumbers ? this.#highs.toReversed() : [0]) {
        const opened = readable(() => openEsp(octets, keys, { sequenceHigh }));
        if (opened?.icvGood && opened.trailer) return opened;
      }
    }
    return 'bad-icv';
  }

  #learnEsp({ spi, encryption, integrity, extendedSequenceNumbers }: Extract<KeyRecord, { kind: 'esp' }>): void {
    const keys = readable(() =>
      espKeys(
        {
          encryption: { ...encryption, key: unhex(encryption.key) },
          // Number 0 is NONE, as some write it beside an AEAD.
          ...(integrity?.id && { integrity: { id: integrity.id, key: unhex(integrity.key) } }),
          extendedSequenceNumbers,
        },
        'node',
      ),
    );
    if (!keys || keys.encryptionKey.length !== keys.encryption.keyOctets + keys.encryption.saltOctets) return;
    const known = this.#esp.get(spi) ?? [];
    // Without any integrity every octet string opens: such an SA may only have what no other key of the SPI opens.
    if (isAuthentic(keys)) known.unshift(keys);
    else known.push(keys);
    this.#esp.set(spi, known);
  }

  /** The number itself, and what follows it when its lower half ends. */
  #expect(sequenceNumber: bigint | number | string | undefined): void {
    const high = sequenceNumber === undefined ? undefined : readable(() => upperHalf(BigInt(sequenceNumber)));
    if (high === undefined) return;
    for (const each of [(high + 1) % 2 ** 32, high]) if (!this.#highs.includes(each)) this.#highs.push(each);
    if (this.#highs.length > MOST_HIGHS) this.#highs.splice(2, this.#highs.length - MOST_HIGHS);
  }
}

function isAuthentic({ encryption, integrity }: EspKeys): boolean {
  return encryption.icvOctets > 0 || integrity !== undefined;
}

function upperHalf(sequenceNumber: bigint): number {
  return Number(BigInt.asUintN(64, sequenceNumber) >> 32n);
}

/** A scenario jumps a few times; a transcript that jumps oftener is somebody's attack on the reader. */
const MOST_HIGHS = 16;
