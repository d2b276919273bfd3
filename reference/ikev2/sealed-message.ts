/**
 * The SK payload (RFC 7296 section 3.14), and SKF for a piece of its content (RFC 7383 section 2.5): sealing a chain of payloads into a message and opening one, with a cipher and an integrity
 * algorithm or with an AEAD (RFC 5282). Whose keys and which Message ID is the IKE SA's business; whether a wrong ICV matters
 * is a rule.
 *
 *     HDR | SK generic header | IV | ciphertext of (payloads | padding | Pad Length) | ICV
 */
import type { Provider } from '../transforms/cipher.ts';
import { type EncryptionTransform, encryptionTransform } from '../transforms/encryption.ts';
import { equalInConstantTime, type IntegrityTransform, integrityWithoutIv } from '../transforms/integrity.ts';
import type { IkeHeader } from '../wire/ike/header.ts';
import { ikeMessage } from '../wire/ike/message.ts';
import type { Payload, PayloadOf } from '../wire/ike/payload-chain.ts';
import { concat } from '../wire/octets.ts';
import type { ChosenProposal } from './proposal-selection.ts';

/** What one direction of an IKE SA is protected with. */
export interface Protection {
  readonly cipher: EncryptionTransform;
  readonly integrity: IntegrityTransform | undefined;
  /** SK_ei or SK_er, salt included. */
  readonly encryptionKey: Uint8Array;
  /** SK_ai or SK_ar; empty with an AEAD. */
  readonly integrityKey: Uint8Array;
}

/** The protection of one direction; the proposal was chosen because all its transforms exist. */
export function protectionOf(
  chosen: ChosenProposal,
  encryptionKey: Uint8Array,
  integrityKey: Uint8Array,
  provider: Provider,
): Protection {
  const { id = 0, keyLength } = chosen.encryption ?? {};
  const cipher = encryptionTransform(id, keyLength, provider);
  if (cipher === undefined) throw new RangeError(`no encryption algorithm ${id}`);
  const integrity = chosen.integrity === undefined ? undefined : integrityWithoutIv(chosen.integrity, provider);
  return { cipher, integrity, encryptionKey, integrityKey };
}

/** A message with the chain `plaintext` sealed in its SK payload, or in SKF where it is a fragment. `iv` has the cipher's `ivOctets`. */
export function sealMessage(
  header: IkeHeader,
  innerNextPayload: number,
  plaintext: Uint8Array,
  iv: Uint8Array,
  protection: Protection,
  fragment?: Pick<PayloadOf<'SKF'>, 'fragmentNumber' | 'totalFragments'>,
): Uint8Array {
  const { cipher, integrity, encryptionKey, integrityKey } = protection;
  const icvOctets = icvOctetsOf(protection);
  const padded = withPadding(plaintext, cipher.blockOctets);
  const body = concat(iv, new Uint8Array(padded.length + icvOctets));
  const payload: Payload = fragment
    ? { type: 'SKF', innerNextPayload, ...fragment, body }
    : { type: 'SK', innerNextPayload, body };
  const octets = ikeMessage.encode({ header, payloads: [payload] });
  const start = octets.length - body.length;
  const ciphertextAt = start + iv.length;
  octets.set(cipher.encrypt(encryptionKey, iv, padded, octets.subarray(0, start)), ciphertextAt);
  if (integrity !== undefined) {
    const icvAt = octets.length - icvOctets;
    octets.set(integrity.icv(integrityKey, octets.subarray(0, icvAt)), icvAt);
  }
  return octets;
}

/** Octets of IV, ciphertext and ICV over so many of plaintext. */
export function sealedOctets(plaintextOctets: number, protection: Protection): number {
  const { ivOctets, blockOctets } = protection.cipher;
  const padded = blockOctets * Math.ceil((plaintextOctets + 1) / blockOctets);
  return ivOctets + padded + icvOctetsOf(protection);
}

/**
 * The chain inside. `bodyOctets` is the length of the body of SK or SKF, which ends the message. `passes` is asked once whether
 * the ICV will do, and given the comparison; undefined where it said no, or where nothing can be read.
 */
export function openMessage(
  octets: Uint8Array,
  bodyOctets: number,
  protection: Protection,
  passes: (sameIcv: () => boolean) => boolean,
): Uint8Array | undefined {
  const { cipher, integrity, encryptionKey, integrityKey } = protection;
  const icvOctets = integrity?.icvOctets ?? 0;
  if (bodyOctets < cipher.ivOctets + cipher.icvOctets + icvOctets) return undefined;
  const start = octets.length - bodyOctets;
  const icvAt = octets.length - icvOctets;
  const decrypt = () =>
    cipher.decrypt(
      encryptionKey,
      octets.subarray(start, start + cipher.ivOctets),
      octets.subarray(start + cipher.ivOctets, icvAt),
      octets.subarray(0, start),
    );
  if (integrity === undefined) {
    const padded = decrypt();
    return passes(() => padded !== undefined) && padded !== undefined ? withoutPadding(padded) : undefined;
  }
  const icv = () => integrity.icv(integrityKey, octets.subarray(0, icvAt));
  if (!passes(() => equalInConstantTime(octets.subarray(icvAt), icv()))) return undefined;
  const padded = decrypt();
  return padded === undefined ? undefined : withoutPadding(padded);
}

function icvOctetsOf({ cipher, integrity }: Protection): number {
  return cipher.icvOctets || (integrity?.icvOctets ?? 0);
}

/** Padding of any content, here zeros, and its length, up to whole blocks. */
function withPadding(plaintext: Uint8Array, blockOctets: number): Uint8Array {
  const padLength = (blockOctets - ((plaintext.length + 1) % blockOctets)) % blockOctets;
  return concat(plaintext, new Uint8Array(padLength), Uint8Array.of(padLength));
}

function withoutPadding(padded: Uint8Array): Uint8Array | undefined {
  const padLength = padded[padded.length - 1];
  if (padLength === undefined || padLength + 1 > padded.length) return undefined;
  return padded.subarray(0, padded.length - 1 - padLength);
}
