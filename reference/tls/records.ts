/**
 * The record protocol (RFC 5246 section 6.2) with AES-128-GCM (RFC 5288 section 3): octets in either direction become records, in the clear until a side
 * changes its cipher spec, and then sealed under a sequence number that nobody sends.
 *
 *     sealed fragment    | nonce_explicit (8) | ciphertext ... | ICV (16) |
 *     additional data    | seq_num (8) | ContentType | ProtocolVersion | length of the plaintext (2) |
 */
import type { Provider } from '../transforms/cipher.ts';
import { aesCtr } from '../transforms/ciphers-noble.ts';
import { encryptionTransform } from '../transforms/encryption.ts';
import { concat, readU16, u16, u32, u64 } from '../wire/octets.ts';
import { MOST_PLAINTEXT, RECORD_HEADER, tlsRecord } from '../wire/tls/record.ts';
import { tlsVersions } from '../wire/tls/registry.ts';
import type { TlsRefusal } from './refusal.ts';
import type { TlsRules } from './rules.ts';
import { Unread } from './unread.ts';

export interface OpenedRecord {
  readonly contentType: number;
  readonly fragment: Uint8Array;
}

/** One direction of a connection. */
interface Direction {
  /** Key and implicit nonce; absent in the clear. */
  readonly key?: Uint8Array;
  readonly sequenceNumber: bigint;
}

export class Records {
  readonly #rules: TlsRules;
  readonly #aead;
  readonly #unread = new Unread();
  #sending: Direction = { sequenceNumber: 0n };
  #receiving: Direction = { sequenceNumber: 0n };

  constructor(rules: TlsRules, provider: Provider) {
    this.#rules = rules;
    this.#aead = encryptionTransform(ENCR_AES_GCM_16, 128, provider)!;
  }

  /** Octets that came, in whatever pieces. */
  receives(octets: Uint8Array): void {
    this.#unread.add(octets);
  }

  /** The next record that is all there; undefined where none is. */
  next(): OpenedRecord | TlsRefusal | undefined {
    if (this.#unread.length < RECORD_HEADER) return undefined;
    const length = readU16(this.#unread.first(RECORD_HEADER), RECORD_HEADER - 2);
    const most = MOST_PLAINTEXT + (this.#receiving.key ? MOST_EXPANSION : 0);
    if (!this.#rules.tlsRecordLength(length, most))
      return { rule: 'tlsRecordLength', alert: 'record_overflow', detail: `a record of ${length} octets` };
    const end = RECORD_HEADER + length;
    if (this.#unread.length < end) return undefined;
    const { contentType, fragment } = tlsRecord.decode(this.#unread.first(end)).value;
    this.#unread.read(end);
    return this.#opened(contentType, fragment);
  }

  /** As many records as it takes. */
  records(contentType: number, octets: Uint8Array): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at === 0 || at < octets.length; at += MOST_PLAINTEXT)
      pieces.push(this.#record(contentType, octets.subarray(at, at + MOST_PLAINTEXT)));
    return concat(...pieces);
  }

  /** What follows ChangeCipherSpec in a direction; sequence numbers begin anew (6.1). */
  sealsWith(key: Uint8Array): void {
    this.#sending = { key, sequenceNumber: 0n };
  }

  opensWith(key: Uint8Array): void {
    this.#receiving = { key, sequenceNumber: 0n };
  }

  #record(contentType: number, plaintext: Uint8Array): Uint8Array {
    const { key, sequenceNumber } = this.#sending;
    this.#sending = { ...this.#sending, sequenceNumber: sequenceNumber + 1n };
    if (!key) return tlsRecord.encode({ contentType, version: TLS_1_2, fragment: plaintext });
    // RFC 5288 section 3: the sequence number is a nonce that does not come again.
    const nonce = u64(sequenceNumber);
    const aad = additionalData(sequenceNumber, contentType, plaintext.length);
    const fragment = concat(nonce, this.#aead.encrypt(key, nonce, plaintext, aad));
    return tlsRecord.encode({ contentType, version: TLS_1_2, fragment });
  }

  #opened(contentType: number, fragment: Uint8Array): OpenedRecord | TlsRefusal {
    const { key, sequenceNumber } = this.#receiving;
    this.#receiving = { ...this.#receiving, sequenceNumber: sequenceNumber + 1n };
    if (!key) return { contentType, fragment };
    const length = fragment.length - NONCE - ICV;
    const [nonce, sealed] = [fragment.subarray(0, NONCE), fragment.subarray(NONCE)];
    const opened = () => this.#aead.decrypt(key, nonce, sealed, additionalData(sequenceNumber, contentType, length));
    const plaintext =
      length < 0
        ? undefined
        : this.#rules.tlsRecordOpened(opened, () => unchecked(key, nonce, sealed.subarray(0, length)));
    if (plaintext) return { contentType, fragment: plaintext };
    return { rule: 'tlsRecordOpened', alert: 'bad_record_mac', detail: 'a record that does not open' };
  }
}

function additionalData(sequenceNumber: bigint, contentType: number, octets: number): Uint8Array {
  return concat(u64(sequenceNumber), Uint8Array.of(contentType), u16(TLS_1_2), u16(octets));
}

/** GCM without its tag: counter mode from the block that follows the tag's. */
function unchecked(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return aesCtr.decrypt(key.subarray(0, 16), concat(key.subarray(16), nonce, u32(2)), ciphertext)!;
}

const TLS_1_2 = tlsVersions['TLS 1.2'];
const ENCR_AES_GCM_16 = 20;
const MOST_EXPANSION = 2048;
const NONCE = 8;
const ICV = 16;
