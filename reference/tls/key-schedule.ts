/**
 * The keys of TLS 1.2: the pseudorandom function (RFC 5246 section 5), the master secret (section 8.1; RFC 7627 section 4), the keys of both directions
 * (section 6.3, RFC 5288 section 3), what Finished proves (section 7.4.9), and what is exported to others (RFC 5705 section 4).
 *
 *     premaster secret --PRF--> master secret --PRF--> client_write_key | server_write_key | client_write_IV | server_write_IV
 *                                             --PRF--> verify_data of Finished
 *                                             --PRF--> exported keys
 */
import { hash, hmac } from '../transforms/keyed-hash.ts';
import { concat, fromText } from '../wire/octets.ts';

/** What both ends share when the handshake is over. */
export interface TlsSecrets {
  readonly master: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
}

/** By client and server: a key of AES-128 with the implicit half of its nonces behind it, as AEADs take it here. */
export interface WriteKeys {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** PRF(secret, label, seed) = P_SHA256(secret, label | seed): HMAC(secret, A(i) | seed) one after another, where A(i) = HMAC(secret, A(i-1)). */
export function tlsPrf(secret: Uint8Array, label: string, seed: Uint8Array, octets: number): Uint8Array {
  const labelled = concat(fromText(label), seed);
  const pieces: Uint8Array[] = [];
  for (let a = labelled; pieces.length * SHA256_OCTETS < octets; ) {
    a = hmac('sha256', secret, a);
    pieces.push(hmac('sha256', secret, concat(a, labelled)));
  }
  return concat(...pieces).subarray(0, octets);
}

/** `sessionHash` is the transcript's up to ClientKeyExchange, and absent where the master secret is not bound to it. */
export function masterSecret(
  premaster: Uint8Array,
  { clientRandom, serverRandom }: Omit<TlsSecrets, 'master'>,
  sessionHash?: Uint8Array,
): Uint8Array {
  return sessionHash
    ? tlsPrf(premaster, 'extended master secret', sessionHash, 48)
    : tlsPrf(premaster, 'master secret', concat(clientRandom, serverRandom), 48);
}

export function writeKeys({ master, clientRandom, serverRandom }: TlsSecrets): WriteKeys {
  const block = tlsPrf(master, 'key expansion', concat(serverRandom, clientRandom), 2 * KEY + 2 * IV);
  const client = concat(block.subarray(0, KEY), block.subarray(2 * KEY, 2 * KEY + IV));
  const server = concat(block.subarray(KEY, 2 * KEY), block.subarray(2 * KEY + IV));
  return { client, server };
}

/** verify_data: what a Finished of this side says, over all handshake messages before it. */
export function verifyData(master: Uint8Array, side: 'client' | 'server', transcript: Uint8Array): Uint8Array {
  return tlsPrf(master, `${side} finished`, hash('sha256', transcript), 12);
}

/** Without a context. */
export function exportedKey({ master, clientRandom, serverRandom }: TlsSecrets, label: string, octets: number) {
  return tlsPrf(master, label, concat(clientRandom, serverRandom), octets);
}

const SHA256_OCTETS = 32;
const KEY = 16;
const IV = 4;
