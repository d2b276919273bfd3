/**
 * What a renderer must know of addresses and prefixes written as text: their family, and whether one covers another. Node's
 * own block list does the arithmetic; the words are those of RFC 4632 (CIDR).
 */
import { BlockList } from 'node:net';

export type Family = 'ipv4' | 'ipv6';

/** Of an address or of a prefix. */
export const familyOf = (text: string): Family => (text.includes(':') ? 'ipv6' : 'ipv4');

/** The prefix that holds this address alone, and a prefix as it is. */
export const prefixOf = (text: string): string =>
  text.includes('/') ? text : `${text}/${familyOf(text) === 'ipv4' ? 32 : 128}`;

export const addressOf = (prefix: string): string => prefix.split('/')[0]!;

/** Whether the prefix covers an address, or the whole of another prefix. */
export function covers(prefix: string, other: string): boolean {
  const [address, length] = prefixOf(prefix).split('/') as [string, string];
  const [inner, innerLength] = prefixOf(other).split('/') as [string, string];
  if (familyOf(address) !== familyOf(inner) || Number(length) > Number(innerLength)) return false;
  const block = new BlockList();
  block.addSubnet(address, Number(length), familyOf(address));
  return block.check(inner, familyOf(inner));
}

/** The prefix of every address of that family. */
export const everything = (family: Family): string => (family === 'ipv4' ? '0.0.0.0/0' : '::/0');
