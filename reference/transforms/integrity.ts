/**
 * Transform type 3, the integrity algorithms (RFC 7296 section 3.3.2): HMAC with SHA-1 cut to 96 bits (RFC 2404) and with SHA-2 cut to half (RFC 4868),
 * AES-XCBC (RFC 3566) and AES-CMAC (RFC 4494) cut to 96 bits, AES-GMAC for AH (RFC 4543); HMAC-MD5-96 (RFC 2403) for captures only. Over which octets an
 * ICV runs is for esp, ah and the SK payload to say.
 */
import { cmac, gmac, xcbc } from './block-cipher-mac.ts';
import type { Provider } from './cipher.ts';
import { type HashName, hashOctets, hmac } from './keyed-hash.ts';

export { equalInConstantTime } from './constant-time.ts';

/** Sizes are in octets. */
export interface IntegrityTransform {
  /** The number in IANA's registry of IKEv2 transforms of type 3. */
  readonly id: number;
  /** The name in that registry. */
  readonly name: string;
  /** As KEYMAT gives it; that of AES-GMAC ends with a salt. */
  readonly keyOctets: number;
  readonly icvOctets: number;
  /** What AH carries before the ICV and the algorithm takes as input (RFC 4543 section 4); 0 of all that ESP and IKE may use. */
  readonly ivOctets: number;
  /** Too weak to offer to anybody: here so that a capture can be judged. */
  readonly judgingOnly?: boolean;
  /**
   * `icvOctets` long. HMAC takes a key of another size as it is, since a manual SA may have any; the others throw `RangeError`, which is the caller's
   * error. `iv` is needed where `ivOctets` is not 0.
   */
  icv(key: Uint8Array, octets: Uint8Array, iv?: Uint8Array): Uint8Array;
}

/** The transform that a proposal names; undefined where Touchstone has none (AUTH_NONE, number 0, among them). */
export function integrityTransform(id: number, provider: Provider = 'noble'): IntegrityTransform | undefined {
  const row = integrityAlgorithms.find((algorithm) => algorithm.id === id);
  if (row === undefined) return undefined;
  const { code, ...sizes } = row;
  return { ...sizes, icv: (key, octets, iv = NONE) => code(provider, key, octets, iv).slice(0, sizes.icvOctets) };
}

/** The same for ESP and IKE, which have no place for an IV of it (RFC 4543 section 5.3). */
export function integrityWithoutIv(id: number, provider?: Provider): IntegrityTransform | undefined {
  const transform = integrityTransform(id, provider);
  return transform?.ivOctets === 0 ? transform : undefined;
}

type Code = (provider: Provider, key: Uint8Array, octets: Uint8Array, iv: Uint8Array) => Uint8Array;
type Algorithm = Omit<IntegrityTransform, 'icv'> & { readonly code: Code };

function keyedHash(id: number, name: string, hash: HashName, icvOctets: number): Algorithm {
  const code: Code = (provider, key, octets) => hmac(hash, key, octets, provider);
  return { id, name, keyOctets: hashOctets[hash], icvOctets, ivOctets: 0, code };
}

function blockCipher(id: number, name: string, mac: typeof xcbc): Algorithm {
  const code: Code = (provider, key, octets) => mac(key, octets, provider);
  return { id, name, keyOctets: 16, icvOctets: 12, ivOctets: 0, code };
}

function galois(id: number, name: string, keyOctets: number): Algorithm {
  const code: Code = (provider, key, octets, iv) => gmac(key, iv, octets, provider);
  return { id, name, keyOctets: keyOctets + 4, icvOctets: 16, ivOctets: 8, code };
}

const NONE = new Uint8Array();

const integrityAlgorithms: readonly Algorithm[] = [
  { ...keyedHash(1, 'AUTH_HMAC_MD5_96', 'md5', 12), judgingOnly: true },
  keyedHash(2, 'AUTH_HMAC_SHA1_96', 'sha1', 12),
  blockCipher(5, 'AUTH_AES_XCBC_96', xcbc),
  blockCipher(8, 'AUTH_AES_CMAC_96', cmac),
  galois(9, 'AUTH_AES_128_GMAC', 16),
  galois(10, 'AUTH_AES_192_GMAC', 24),
  galois(11, 'AUTH_AES_256_GMAC', 32),
  keyedHash(12, 'AUTH_HMAC_SHA2_256_128', 'sha256', 16),
  keyedHash(13, 'AUTH_HMAC_SHA2_384_192', 'sha384', 24),
  keyedHash(14, 'AUTH_HMAC_SHA2_512_256', 'sha512', 32),
];
