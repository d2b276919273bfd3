/**
 * The keys a transcript holds, by what names them on the wire: an SPI, or the two of an IKE SA. A record that Touchstone cannot use (an
 * unknown transform, a key of another size) opens nothing, and takes nothing from the others.
 */
import { type AhKeys, ahKeys, type OpenedAh, openAh } from '../../reference/ipsec/ah.ts';
import { type EspKeys, espKeys, type OpenedEsp, openEsp } from '../../reference/ipsec/esp.ts';
import { ahOffset } from '../../reference/ipsec/mutable-fields.ts';
import { readU32, unhex } from '../../reference/wire/octets.ts';
import type { KeyRecord, MarkEntry, PolicyIntent } from '../capture/transcript.ts';
import { readable } from './readable.ts';

export type IkeKeyRecord = Extract<KeyRecord, { kind: 'ikev2' }>;
export type EspKeyRecord = Extract<KeyRecord, { kind: 'esp' }>;
export type AhKeyRecord = Extract<KeyRecord, { kind: 'ah' }>;

export class KeyRing {
  /** By both SPIs of an IKE SA. */
  readonly #ike = new Map<string, IkeKeyRecord[]>();
  readonly #esp = new Map<number, EspKeys[]>();
  readonly #ah = new Map<number, AhKeys[]>();
  /** The upper halves that an extended sequence number may have (RFC 4303 2.2.1); the likeliest last. */
  readonly #highs: number[] = [1, 0];

  constructor(intent: PolicyIntent) {
    for (const { manual } of Object.values(intent.parties))
      for (const { sequenceNumber } of manual) this.#expect(sequenceNumber);
  }

  /** Whether the record may open something that nothing opened before. */
  learn(record: KeyRecord): boolean {
    if (record.kind === 'ah') return this.#learnAh(record);
    return record.kind === 'ikev2' ? this.#learnIke(record) : this.#learnEsp(record);
  }

  /** Of the IKE SA with these SPIs, in lower-case hex. */
  ike(initiatorSPI: string, responderSPI: string): readonly IkeKeyRecord[] {
    return this.#ike.get(`${initiatorSPI} ${responderSPI}`) ?? [];
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

  /** The same for the first AH of a whole packet. */
  openAh(octets: Uint8Array): OpenedAh | 'no-key' | 'bad-icv' | undefined {
    const offset = ahOffset(octets);
    if (offset === undefined) return undefined;
    const candidates = this.#ah.get(readU32(octets, offset + 4));
    if (!candidates) return 'no-key';
    for (const keys of candidates) {
      for (const sequenceHigh of keys.extendedSequenceNumbers ? this.#highs.toReversed() : [0]) {
        const opened = readable(() => openAh(octets, keys, { sequenceHigh }));
        if (opened?.icvGood) return opened;
      }
    }
    return 'bad-icv';
  }

  #learnIke(record: IkeKeyRecord): boolean {
    const name = `${record.initiatorSPI} ${record.responderSPI}`;
    const known = this.#ike.get(name) ?? [];
    if (known.length === MOST_OF_ONE_NAME) return false;
    this.#ike.set(name, [...known, record]);
    return true;
  }

  #learnAh({ spi, integrity, extendedSequenceNumbers }: AhKeyRecord): boolean {
    const keys = readable(() =>
      ahKeys({ integrity: { id: integrity.id, key: unhex(integrity.key) }, extendedSequenceNumbers }, 'node'),
    );
    const known = this.#ah.get(spi) ?? [];
    if (!keys || known.length === MOST_OF_ONE_NAME) return false;
    this.#ah.set(spi, [...known, keys]);
    return true;
  }

  #learnEsp({ spi, encryption, integrity, extendedSequenceNumbers }: EspKeyRecord): boolean {
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
    if (!keys || keys.encryptionKey.length !== keys.encryption.keyOctets + keys.encryption.saltOctets) return false;
    const known = this.#esp.get(spi) ?? [];
    if (known.length === MOST_OF_ONE_NAME) return false;
    // Without any integrity every octet string opens: such an SA may only have what no other key of the SPI opens.
    if (isAuthentic(keys)) known.unshift(keys);
    else known.push(keys);
    this.#esp.set(spi, known);
    return true;
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

/** Whoever chooses an SPI may choose one again, and each packet under it is tried with every key of that name. Two is what a scenario needs. */
const MOST_OF_ONE_NAME = 32;
