/** The decisions about keys that come without a certificate (RFC 7670), a part of `rules.ts`. How such keys are read is `raw-public-keys.ts`. */
import { certificateEncodings } from '../wire/ike/registry.ts';

export interface RawPublicKeyRules {
  /** RFC 7670 3: which CERT payloads hold a raw public key. */
  rawPublicKeyEncoding(encoding: number): boolean;
  /** RFC 7670 3: a CERT payload that says it holds a key and holds none is passed over, and what is known of the peer decides. */
  unreadableRawPublicKey(): 'passedOver' | 'refused';
  /** RFC 4301 4.4.3.2, RFC 7296 3.6: the keys that AUTH may be verified with: the peer's own; of these, where it sends some, the one that it sends first. */
  keysOfPeer<Key>(own: readonly Key[], sent: readonly Key[], isSame: (one: Key, other: Key) => boolean): readonly Key[];
}

export const rawPublicKeyRules: RawPublicKeyRules = {
  rawPublicKeyEncoding: (encoding) => encoding === RAW_PUBLIC_KEY,
  unreadableRawPublicKey: () => 'passedOver',
  keysOfPeer: (own, sent, isSame) => {
    const [first] = sent;
    return first === undefined ? own : own.filter((key) => isSame(key, first));
  },
};

/** Where each of them is written. */
export const rawPublicKeySections = {
  rawPublicKeyEncoding: 'RFC 7670 3',
  unreadableRawPublicKey: 'RFC 7670 3',
  keysOfPeer: 'RFC 4301 4.4.3.2, RFC 7296 3.6',
} as const satisfies Record<keyof RawPublicKeyRules, string>;

const RAW_PUBLIC_KEY = certificateEncodings['Raw Public Key'];
