/**
 * IANA's transform numbers (RFC 7296 3.3.2, RFC 8247) in the words of ikesa and childsa in iked.conf(5). iked has algorithms that it cannot hand to a Linux
 * kernel, because it speaks PF_KEY with it: a child is told only those proposals that it can install.
 */
import type { ProposalConfiguration } from '../../lab/node.ts';

/** `enc aes-128 auth hmac-sha2-256 prf hmac-sha2-256 group curve25519`. */
export function ikeText({
  encryption,
  integrity,
  pseudorandomFunctions = [],
  keyExchangeMethods = [],
}: ProposalConfiguration) {
  return [
    ...encryption.map((one) => `enc ${encryptionName(one, ikeEncryptions)}`),
    ...integrity.map((id) => `auth ${integrities[id]}`),
    ...pseudorandomFunctions.map((id) => `prf ${integrities[prfs[id]!]}`),
    ...keyExchangeMethods.map((id) => `group ${groups[id]}`),
  ].join(' ');
}

/** `enc aes-128 auth hmac-sha2-512 noesn`. */
export function childText({ encryption, integrity, keyExchangeMethods = [] }: ProposalConfiguration): string {
  return [
    ...encryption.map((one) => `enc ${encryptionName(one, childEncryptions)}`),
    ...integrity.map((id) => `auth ${integrities[id]}`),
    ...keyExchangeMethods.map((id) => `group ${groups[id]}`),
    'noesn',
  ].join(' ');
}

/** Those that it can install, in their order. */
export const installable = (proposals: readonly ProposalConfiguration[]): readonly ProposalConfiguration[] =>
  proposals.filter((proposal) => childUnsupported(proposal) === undefined);

/** Which transform of an IKE SA iked has no word for; undefined if it has all. */
export function ikeUnsupported(proposal: ProposalConfiguration): string | undefined {
  const { encryption, integrity, pseudorandomFunctions = [], additionalKeyExchanges = [] } = proposal;
  if (additionalKeyExchanges.length > 0) return 'iked.conf(5): ikesa has one group, and no additional key exchange';
  return missing([
    ...encryption.filter((one) => !encryptionName(one, ikeEncryptions)).map(({ id }) => `encryption ${id}`),
    ...integrity.filter((id) => !integrities[id]).map((id) => `integrity ${id}`),
    ...pseudorandomFunctions.filter((id) => !prfs[id]).map((id) => `prf ${id}`),
    ...groupless(proposal),
  ]);
}

/** Why a child cannot have this proposal. */
export function childUnsupported(proposal: ProposalConfiguration): string | undefined {
  const { encryption, integrity, additionalKeyExchanges = [], extendedSequenceNumbers = [] } = proposal;
  if (additionalKeyExchanges.length > 0) return 'iked.conf(5): childsa has one group, and no additional key exchange';
  const unnamed = missing([
    ...encryption.filter((one) => !encryptionName(one, childEncryptions)).map(({ id }) => `encryption ${id}`),
    ...integrity.filter((id) => !integrities[id]).map((id) => `integrity ${id}`),
    ...groupless(proposal),
  ]);
  if (unnamed) return unnamed;
  if (extendedSequenceNumbers.includes(true)) return 'iked: kernel has no support for extended sequence numbers (ESN)';
  if (integrity.includes(12)) return 'iked: unsupported integrity algorithm HMAC_SHA2_256_128';
  if (integrity.length === 0)
    return 'iked: Linux pfkey has no encryption that protects integrity, and none goes without';
  return undefined;
}

const groupless = ({ keyExchangeMethods = [] }: ProposalConfiguration): string[] =>
  keyExchangeMethods.filter((id) => !groups[id]).map((id) => `key exchange ${id}`);

const missing = (transforms: readonly string[]): string | undefined =>
  transforms.length > 0 ? `iked.conf(5) has no word for ${transforms.join(', ')}` : undefined;

type Encryptions = Readonly<Record<number, string | ((keyLength: number) => string | undefined)>>;

function encryptionName(
  { id, keyLength = 128 }: ProposalConfiguration['encryption'][number],
  of: Encryptions,
): string | undefined {
  const name = of[id];
  return typeof name === 'function' ? name(keyLength) : name;
}

const ikeEncryptions: Encryptions = {
  3: '3des',
  12: (length) => `aes-${length}`,
  19: (length) => (length === 192 ? undefined : `aes-${length}-gcm-12`),
  20: (length) => (length === 192 ? undefined : `aes-${length}-gcm`),
};

const childEncryptions: Encryptions = {
  3: '3des',
  11: 'null',
  12: (length) => `aes-${length}`,
  13: (length) => `aes-${length}-ctr`,
  20: (length) => `aes-${length}-gcm`,
  21: (length) => `aes-${length}-gmac`,
  28: 'chacha20-poly1305',
};

const integrities: Readonly<Record<number, string>> = {
  1: 'hmac-md5',
  2: 'hmac-sha1',
  12: 'hmac-sha2-256',
  13: 'hmac-sha2-384',
  14: 'hmac-sha2-512',
};

/** By the integrity algorithm that has the same word. */
const prfs: Readonly<Record<number, number>> = { 1: 1, 2: 2, 5: 12, 6: 13, 7: 14 };

const groups: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'modp768',
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
  25: 'ecp192',
  26: 'ecp224',
  27: 'brainpool224',
  28: 'brainpool256',
  29: 'brainpool384',
  30: 'brainpool512',
  31: 'curve25519',
};
