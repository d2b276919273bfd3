/**
 * The ESP packet itself, RFC 4303 section 2: from the SPI to the ICV, without any IP header. `sealEspPayload` encrypts and authenticates
 * a payload with its trailer; `openEsp` is stateless and judges nothing but the ICV, so that analysts open captures with it. Which SA,
 * which sequence number and what follows from a wrong ICV are `sealing.ts` and `inbound.ts`.
 *
 *     |               Security Parameters Index (SPI)                 |
 *     |                      Sequence Number                          |
 *     |                    IV, if the cipher has one                  |
 *     |                    Payload Data (encrypted)                   |
 *     |          Padding (0-255 octets, encrypted)                    |
 *     |                               |  Pad Length   | Next Header   |
 *     |         Integrity Check Value, over all of the above          |
 */
import type { Provider } from '../transforms/cipher.ts';
import { type EncryptionTransform, encryptionTransform } from '../transforms/encryption.ts';
import { equalInConstantTime, type IntegrityTransform, integrityWithoutIv } from '../transforms/integrity.ts';
import { concat, readU32, u32 } from '../wire/octets.ts';

/** What protects one SA's packets. `integrity` is absent with an AEAD, or where there is none at all. */
export interface EspKeys {
  readonly encryption: EncryptionTransform;
  /** With the salt at its end, as KEYMAT lays it out. */
  readonly encryptionKey: Uint8Array;
  readonly integrity?: IntegrityTransform;
  readonly integrityKey?: Uint8Array;
  readonly extendedSequenceNumbers: boolean;
}

/** An algorithm and its key by IANA numbers. */
export interface KeyedTransform {
  readonly id: number;
  /** Bits; only for ciphers with more than one size. */
  readonly keyLength?: number;
  readonly key: Uint8Array;
}

/** The keys of one direction. Throws `RangeError` when Touchstone lacks the transform. */
export function espKeys(
  sa: { encryption: KeyedTransform; integrity?: KeyedTransform; extendedSequenceNumbers: boolean },
  provider: Provider = 'noble',
): EspKeys {
  const encryption = encryptionTransform(sa.encryption.id, sa.encryption.keyLength, provider);
  if (!encryption)
    throw new RangeError(`no encryption transform ${sa.encryption.id} (${sa.encryption.keyLength} bits)`);
  const integrity = sa.integrity && integrityWithoutIv(sa.integrity.id, provider);
  if (sa.integrity && !integrity) throw new RangeError(`no integrity transform ${sa.integrity.id}`);
  return {
    encryption,
    encryptionKey: sa.encryption.key,
    ...(integrity && { integrity, integrityKey: sa.integrity!.key }),
    extendedSequenceNumbers: sa.extendedSequenceNumbers,
  };
}

/** Offsets of octets within an ESP packet: the first, and the one after the last. */
export type OctetRange = readonly [start: number, end: number];

export interface EspLayout {
  readonly iv: OctetRange;
  readonly ciphertext: OctetRange;
  readonly icv: OctetRange;
}

/** Where everything lies, or undefined when the packet is too short to hold it. */
export function espLayout(esp: Uint8Array, keys: EspKeys): EspLayout | undefined {
  const icvStart = esp.length - icvOctets(keys);
  const ivEnd = ESP_HEADER + keys.encryption.ivOctets;
  if (icvStart < ivEnd) return undefined;
  return { iv: [ESP_HEADER, ivEnd], ciphertext: [ivEnd, icvStart], icv: [icvStart, esp.length] };
}

/** RFC 4303 section 2.4: ciphertext ends on a multiple of the cipher's block and of four octets. */
export function alignmentOf(keys: EspKeys): number {
  return Math.max(keys.encryption.blockOctets, 4);
}

/** The ESP trailer, section 2.4 to 2.6. */
export function espTrailer(padding: Uint8Array, nextHeader: number): Uint8Array {
  return concat(padding, Uint8Array.of(padding.length, nextHeader));
}

/**
 * The octets that a separate integrity algorithm covers, section 2.8: header, IV, ciphertext, and with extended sequence numbers the upper
 * half, which is not on the wire. `authenticated` is everything before the ICV.
 */
export function integrityOctets(authenticated: Uint8Array, sequenceHigh: number | undefined): Uint8Array {
  return sequenceHigh === undefined ? authenticated : concat(authenticated, u32(sequenceHigh));
}

/** The associated data of an AEAD, RFC 4106 section 5: SPI and sequence number, all 64 bits of an extended one. */
export function associatedData(header: Uint8Array, sequenceHigh: number | undefined): Uint8Array {
  if (sequenceHigh === undefined) return header;
  return concat(header.subarray(0, 4), u32(sequenceHigh), header.subarray(4, 8));
}

export interface EspPayload {
  readonly spi: number;
  /** All 64 bits; only the lower 32 go onto the wire. */
  readonly sequenceNumber: bigint;
  readonly iv: Uint8Array;
  /** Payload, padding, pad length and next header. */
  readonly plaintext: Uint8Array;
}

/** What the ICV covers is the caller's to choose, as it is a rule. */
export type IntegrityCoverage = typeof integrityOctets;

export function sealEspPayload(
  payload: EspPayload,
  keys: EspKeys,
  coverage: IntegrityCoverage = integrityOctets,
): Uint8Array {
  const header = concat(u32(payload.spi), u32(Number(payload.sequenceNumber & 0xffffffffn)));
  const high = keys.extendedSequenceNumbers ? Number(payload.sequenceNumber >> 32n) : undefined;
  const { encryption, encryptionKey } = keys;
  const aad = associatedData(header, high);
  const ciphertext = encryption.encrypt(encryptionKey, payload.iv, payload.plaintext, aad);
  const sealed = concat(header, payload.iv, ciphertext);
  if (!keys.integrity) return sealed;
  return concat(sealed, keys.integrity.icv(keys.integrityKey!, coverage(sealed, high)));
}

export interface OpenedEsp {
  readonly spi: number;
  /** The 32 bits on the wire. */
  readonly sequenceNumber: number;
  /** True as well when the SA has no integrity at all: `layout.icv` is then empty. */
  readonly icvGood: boolean;
  /** Present unless the cipher itself refused. */
  readonly plaintext?: Uint8Array;
  readonly trailer?: EspTrailer;
  readonly layout?: EspLayout;
}

export interface EspTrailer {
  readonly payload: Uint8Array;
  readonly padding: Uint8Array;
  readonly padLength: number;
  readonly nextHeader: number;
}

/**
 * Opens one ESP packet. `sequenceHigh` is the upper half of an extended sequence number (0 unless told). A packet too short to be
 * opened has no layout and a bad ICV.
 */
export function openEsp(esp: Uint8Array, keys: EspKeys, { sequenceHigh = 0 } = {}): OpenedEsp {
  if (esp.length < ESP_HEADER) return { spi: 0, sequenceNumber: 0, icvGood: false };
  const spi = readU32(esp);
  const sequenceNumber = readU32(esp, 4);
  const layout = espLayout(esp, keys);
  if (!layout) return { spi, sequenceNumber, icvGood: false };
  const plaintext = decryptEsp(esp, layout, keys, sequenceHigh);
  const isAead = keys.encryption.icvOctets > 0;
  const icvGood = isAead ? plaintext !== undefined : icvMatches(esp, layout, keys, sequenceHigh);
  if (!plaintext) return { spi, sequenceNumber, icvGood, layout };
  const trailer = readTrailer(plaintext);
  return trailer
    ? { spi, sequenceNumber, icvGood, layout, plaintext, trailer }
    : { spi, sequenceNumber, icvGood, layout, plaintext };
}

/** The plaintext with its trailer; undefined when an AEAD refuses or the ciphertext is no whole blocks. */
export function decryptEsp(
  esp: Uint8Array,
  layout: EspLayout,
  keys: EspKeys,
  sequenceHigh: number,
): Uint8Array | undefined {
  const iv = esp.subarray(layout.iv[0], layout.iv[1]);
  const aad = associatedData(esp.subarray(0, ESP_HEADER), keys.extendedSequenceNumbers ? sequenceHigh : undefined);
  const end = keys.encryption.icvOctets > 0 ? layout.icv[1] : layout.ciphertext[1];
  return keys.encryption.decrypt(keys.encryptionKey, iv, esp.subarray(layout.ciphertext[0], end), aad);
}

/** The trailer of a plaintext, read from its end; undefined when Pad Length points before the beginning. */
export function readTrailer(plaintext: Uint8Array): EspTrailer | undefined {
  if (plaintext.length < 2) return undefined;
  const padLength = plaintext[plaintext.length - 2]!;
  const nextHeader = plaintext[plaintext.length - 1]!;
  const payloadEnd = plaintext.length - 2 - padLength;
  if (payloadEnd < 0) return undefined;
  return {
    payload: plaintext.subarray(0, payloadEnd),
    padding: plaintext.subarray(payloadEnd, plaintext.length - 2),
    padLength,
    nextHeader,
  };
}

/**
 * The plaintext with its trailer, whatever the ICV says: what comes of an ICV is the caller's to decide. Undefined when the ciphertext is no whole blocks.
 * Every AEAD of ESP is a stream cipher beneath, or none (AES-GMAC), so that encrypting what is encrypted gives the plaintext.
 */
export function unverifiedPlaintext(
  esp: Uint8Array,
  layout: EspLayout,
  keys: EspKeys,
  sequenceHigh: number,
): Uint8Array | undefined {
  const { encryption, encryptionKey } = keys;
  if (encryption.icvOctets === 0) return decryptEsp(esp, layout, keys, sequenceHigh);
  const ciphertext = esp.subarray(...layout.ciphertext);
  return encryption.encrypt(encryptionKey, esp.subarray(...layout.iv), ciphertext).subarray(0, ciphertext.length);
}

/** The ICV that a received packet should have: of a separate integrity algorithm or of the AEAD; empty where there is neither. */
export function computedIcv(
  esp: Uint8Array,
  layout: EspLayout,
  keys: EspKeys,
  sequenceHigh: number,
  coverage: IntegrityCoverage = integrityOctets,
): Uint8Array {
  const high = keys.extendedSequenceNumbers ? sequenceHigh : undefined;
  if (keys.encryption.icvOctets > 0) return aeadIcv(esp, layout, keys, high);
  if (!keys.integrity) return new Uint8Array();
  return keys.integrity.icv(keys.integrityKey!, coverage(esp.subarray(0, layout.icv[0]), high));
}

/** SPI and sequence number, octets. */
export const ESP_HEADER = 8;

function aeadIcv(esp: Uint8Array, layout: EspLayout, keys: EspKeys, high: number | undefined): Uint8Array {
  const plaintext = unverifiedPlaintext(esp, layout, keys, high ?? 0)!;
  const aad = associatedData(esp.subarray(0, ESP_HEADER), high);
  const iv = esp.subarray(...layout.iv);
  return keys.encryption.encrypt(keys.encryptionKey, iv, plaintext, aad).subarray(plaintext.length);
}

function icvMatches(esp: Uint8Array, layout: EspLayout, keys: EspKeys, sequenceHigh: number): boolean {
  return equalInConstantTime(computedIcv(esp, layout, keys, sequenceHigh), esp.subarray(...layout.icv));
}

function icvOctets({ encryption, integrity }: EspKeys): number {
  return encryption.icvOctets || (integrity?.icvOctets ?? 0);
}
