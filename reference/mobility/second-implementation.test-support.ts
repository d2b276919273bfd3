/**
 * Return routability once more, for tests: written from the formulas of RFC 6275 sections 5.2.5 and 6.2.7 and the figures of 6.1 alone, with node:crypto and
 * nothing of this folder, so that two implementations can disagree. Nobody publishes numbers for it.
 */
import { createHash, createHmac } from 'node:crypto';

/** `First (64, HMAC_SHA1 (Kcn, (address | nonce | 0 or 1)))`. */
export function token(Kcn: Uint8Array, address: string, nonce: Uint8Array, which: 0 | 1): Buffer {
  return createHmac('sha1', Kcn)
    .update(inOctets(address))
    .update(nonce)
    .update(Buffer.of(which))
    .digest()
    .subarray(0, 8);
}

/** `SHA-1 (home keygen token | care-of keygen token)`, `SHA-1 (home keygen token)`. */
export function kbm(home: Uint8Array, careOf?: Uint8Array): Buffer {
  const whole = createHash('sha1').update(home);
  return (careOf ? whole.update(careOf) : whole).digest();
}

/** `First (96, HMAC_SHA1 (Kbm, (care-of address | correspondent | MH Data)))`; `before` is all of the Mobility Header before the authenticator, `after` what follows it. */
export function authenticator(
  key: Uint8Array,
  careOfAddress: string,
  correspondent: string,
  before: Uint8Array,
  after: Uint8Array = Buffer.alloc(0),
): Buffer {
  const data = Buffer.concat([before, after]);
  data.writeUInt16BE(0, 4);
  const mac = createHmac('sha1', key).update(inOctets(careOfAddress)).update(inOctets(correspondent)).update(data);
  return mac.digest().subarray(0, 12);
}

export interface UpdateFields {
  readonly sequenceNumber?: number;
  /** A, H, L, K from the highest bit on; A alone unless given. */
  readonly flags?: number;
  /** Units of 4 s. */
  readonly lifetime?: number;
  /** In octets, a multiple of 8 with the four before it. */
  readonly options?: Uint8Array;
  /** Behind the authenticator, where nothing may be; a multiple of 8 octets. */
  readonly behind?: Uint8Array;
}

/** A binding update with nonce indices and an authenticator of its own, as section 6.1.7 draws it; its checksum is zero. */
export function bindingUpdate(
  { sequenceNumber = 1, flags = 0x8000, lifetime = 60, options = NONE, behind = NONE }: UpdateFields,
  indices: { readonly home: number; readonly careOf: number },
  sign: (before: Uint8Array, behind: Uint8Array) => Uint8Array,
): Buffer {
  const fixed = Buffer.from([59, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  fixed.writeUInt16BE(sequenceNumber, 6);
  fixed.writeUInt16BE(flags, 8);
  fixed.writeUInt16BE(lifetime, 10);
  const nonceIndices = Buffer.from([4, 4, 0, 0, 0, 0]);
  nonceIndices.writeUInt16BE(indices.home, 2);
  nonceIndices.writeUInt16BE(indices.careOf, 4);
  const before = Buffer.concat([fixed, options, nonceIndices, Buffer.from([5, 12])]);
  before[1] = (before.length + 12 + behind.length) / 8 - 1;
  return Buffer.concat([before, sign(before, behind), behind]);
}

/** Of an acknowledgement whose last option is Binding Authorization Data of 12 octets: whether it is that of this key. */
export function acknowledgementHolds(
  octets: Uint8Array,
  key: Uint8Array,
  careOfAddress: string,
  correspondent: string,
): boolean {
  if (octets.length < SIGNED) return false;
  const before = octets.subarray(0, octets.length - 12);
  const isThere = before.at(-2) === 5 && before.at(-1) === 12;
  const right = authenticator(key, careOfAddress, correspondent, before);
  return isThere && right.equals(octets.subarray(octets.length - 12));
}

/** An IPv6 address without an embedded IPv4 address. */
function inOctets(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

const NONE = Buffer.alloc(0);
/** Octets of the shortest acknowledgement with an authenticator. */
const SIGNED = 32;
