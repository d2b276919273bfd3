/**
 * Keys that come without a certificate (RFC 7670): a SubjectPublicKeyInfo in a CERT payload, or nothing at all, since the peer's keys are known beforehand.
 * Which of them may verify AUTH is a rule; verifying is left to `peer-authentication.ts`.
 */
import { type PublicKey, parsePublicKey } from '../transforms/asymmetric-key.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { equal } from '../wire/octets.ts';
import { ikev2Bounds } from './bounds.ts';
import { publicKeyNamed } from './credentials.ts';
import type { IkeSa } from './ike-sa.ts';
import { findAll } from './payloads.ts';
import type { Refusal } from './refusal.ts';
import { tellRefusal } from './surroundings.ts';

/** The keys to verify with, of those that are the peer's by name; or why there are none. */
export function keysOfPeer(
  { surroundings }: IkeSa,
  names: readonly string[],
  payloads: readonly Payload[],
): readonly PublicKey[] | Refusal {
  const { rules } = surroundings;
  const holding = findAll(payloads, 'CERT').filter(({ encoding }) => rules.rawPublicKeyEncoding(encoding));
  const beyond = holding.length - ikev2Bounds.certificates;
  if (beyond > 0) tellRefusal(surroundings, 'certificates', `${beyond} keys are not read`);
  const read = holding.slice(0, ikev2Bounds.certificates).map(({ data }) => parsePublicKey(data));
  const sent = read.filter((key) => key !== undefined);
  if (sent.length < read.length && rules.unreadableRawPublicKey() === 'refused')
    return { rule: 'unreadableRawPublicKey', detail: 'a CERT payload holds no key' };
  const keys = rules.keysOfPeer(names.map(publicKeyNamed), sent, isSame);
  return keys.length > 0 ? keys : { rule: 'keysOfPeer', detail: 'the key that was sent is none of the peer' };
}

const isSame = (one: PublicKey, other: PublicKey): boolean => equal(one.spki, other.spki);
