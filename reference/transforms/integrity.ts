/**
 * Transform type 3, the integrity algorithms (RFC 7296 section 3.3.2): HMAC with SHA-1 cut to 96 bits (RFC 2404) and with
 * SHA-2 cut to half (RFC 4868); HMAC-MD5-96 (RFC 2403) for captures only. Over which octets an ICV runs is for esp, ah and the
 * SK payload to say.
 */
import type { Provider } from './cipher.ts';
import { type HashName, hashOctets, hmac } from './keyed-hash.ts';

/** Sizes are in octets. */
export interface IntegrityTransform {
  /** The number in IANA's registry of IKEv2 transforms of type 3. */
  readonly id: number;
  /** The name in that registry. */
  readonly name: string;
  readonly keyOctets: number;
  readonly icvOctets: number;
  /** Too weak to offer to anybody: here so that a capture can be judged. */
  readonly judgingOnly?: boolean;
  /** The truncated HMAC, `icvOctets` long. A key of another size is used as it is: a manual SA may have any. */
  icv(key: Uint8Array, octets: Uint8Array): Uint8Array;
}

/** The transform that a proposal names; undefined where Touchstone has none (AUTH_NONE, number 0, among them). */
export function integrityTransform(id: number, provider: Provider = 'noble'): IntegrityTransform | undefined {
  const row = integrityAlgorithms.find((algorithm) => algorithm.id === id);
  if (row === undefined) return undefined;
  const { hash, ...sizes } = row;
  return {
    ...sizes,
    keyOctets: hashOctets[hash],
    icv: (key, octets) => hmac(hash, key, octets, provider).slice(0, sizes.icvOctets),
  };
}

/** Whether two ICVs, signatures or hashes are equal, in a time that depends on their lengths only. */
export function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one[at]! ^ other[at]!;
  return difference === 0;
}

const integrityAlgorithms: readonly {
  id: number;
  name: string;
  hash: HashName;
  icvOctets: number;
  judgingOnly?: boolean;
}[] = [
  { id: 1, name: 'AUTH_HMAC_MD5_96', hash: 'md5', icvOctets: 12, judgingOnly: true },
  { id: 2, name: 'AUTH_HMAC_SHA1_96', hash: 'sha1', icvOctets: 12 },
  { id: 12, name: 'AUTH_HMAC_SHA2_256_128', hash: 'sha256', icvOctets: 16 },
  { id: 13, name: 'AUTH_HMAC_SHA2_384_192', hash: 'sha384', icvOctets: 24 },
  { id: 14, name: 'AUTH_HMAC_SHA2_512_256', hash: 'sha512', icvOctets: 32 },
];
