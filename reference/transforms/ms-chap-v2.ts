/**
 * The computations of MS-CHAP-V2 (RFC 2759 section 8) and the keys that follow from it (RFC 3079 section 3.4): what a password and two challenges make.
 * The packets are `wire/eap.ts`, who sends which is `ikev2/eap`.
 */
import { concat, fromText, hex } from '../wire/octets.ts';
import { desCbc } from './ciphers-node.ts';
import { hash } from './keyed-hash.ts';
import { md4 } from './md4.ts';

/** Both challenges of an authentication, 16 octets each, and the name that is in them, without a domain. */
export interface Challenges {
  readonly authenticator: Uint8Array;
  readonly peer: Uint8Array;
  readonly name: string;
}

/** GenerateNTResponse(): the 24 octets by which a peer proves that it has the password. */
export function ntResponse(challenges: Challenges, password: string): Uint8Array {
  const key = concat(passwordHash(password), new Uint8Array(5));
  const challenge = challengeHash(challenges);
  return concat(...[0, 7, 14].map((at) => desBlock(key.subarray(at, at + 7), challenge)));
}

/** GenerateAuthenticatorResponse(): `S=` and 40 digits, by which an authenticator proves the same. */
export function authenticatorResponse(challenges: Challenges, password: string, response: Uint8Array): string {
  const first = hash('sha1', concat(md4(passwordHash(password)), response, MAGIC_1));
  return `S=${hex(hash('sha1', concat(first, challengeHash(challenges), MAGIC_2))).toUpperCase()}`;
}

/** The MSK: the key for what the peer sends, the key for what it receives, and zeros up to 64 octets. */
export function masterSessionKey(password: string, response: Uint8Array): Uint8Array {
  const master = hash('sha1', concat(md4(passwordHash(password)), response, MASTER_KEY_MAGIC)).subarray(0, 16);
  return concat(startKey(master, PEER_SENDS), startKey(master, PEER_RECEIVES), new Uint8Array(32));
}

/** NtPasswordHash(): MD4 of the password in UTF-16, little end first. */
function passwordHash(password: string): Uint8Array {
  const octet = (_: unknown, i: number) => (password.charCodeAt(i >> 1) >> (8 * (i % 2))) & 0xff;
  return md4(Uint8Array.from({ length: 2 * password.length }, octet));
}

function challengeHash({ peer, authenticator, name }: Challenges): Uint8Array {
  return hash('sha1', concat(peer, authenticator, fromText(name))).subarray(0, 8);
}

/** One block under DES; each seven bits of the key get a parity bit that nobody looks at. */
function desBlock(sevenOctets: Uint8Array, block: Uint8Array): Uint8Array {
  const bits = sevenOctets.reduce((sofar, octet) => (sofar << 8n) | BigInt(octet), 0n);
  const key = Uint8Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(49 - 7 * i)) & 0x7fn) << 1);
  return desCbc.encrypt(key, new Uint8Array(8), block);
}

/** GetAsymmetricStartKey() of 128 bits. */
function startKey(master: Uint8Array, magic: Uint8Array): Uint8Array {
  return hash('sha1', concat(master, new Uint8Array(40), magic, new Uint8Array(40).fill(0xf2))).subarray(0, 16);
}

const MAGIC_1 = fromText('Magic server to client signing constant');
const MAGIC_2 = fromText('Pad to make it do more than one iteration');
const MASTER_KEY_MAGIC = fromText('This is the MPPE Master Key');
const PEER_SENDS = fromText('On the client side, this is the send key; on the server side, it is the receive key.');
const PEER_RECEIVES = fromText('On the client side, this is the receive key; on the server side, it is the send key.');
