/** IANA's transform numbers (RFC 7296 3.3.2, RFC 8247) in the words of ike=, esp= and ah= in ipsec.conf(5). */
import type { ProposalConfiguration } from '../../lab/node.ts';

/** `aes128-sha2_256-sha2_256-curve25519` of IKE, `aes_gcm128-none` of ESP. Throws RangeError where `proposalUnsupported` speaks. */
export function proposalText(proposal: ProposalConfiguration): string {
  const reason = proposalUnsupported(proposal);
  if (reason) throw new RangeError(reason);
  const { encryption, integrity, pseudorandomFunctions = [], keyExchangeMethods = [] } = proposal;
  return [
    encryption.map(encryptionName),
    // What goes without saying would be read as another transform.
    encryption.length > 0 && integrity.length === 0 ? ['none'] : integrity.map((id) => integrities[id]),
    pseudorandomFunctions.map((id) => pseudorandomFunctionNames[id]),
    keyExchangeMethods.map((id) => keyExchanges[id]),
  ]
    .map((names) => names.join('+'))
    .filter(Boolean)
    .join('-');
}

/** Which transform Libreswan has no word for; undefined if it has all. */
export function proposalUnsupported(proposal: ProposalConfiguration): string | undefined {
  const { encryption, integrity, pseudorandomFunctions = [], keyExchangeMethods = [] } = proposal;
  const missing = [
    ...encryption.filter((one) => !encryptionName(one)).map(({ id }) => `encryption ${id}`),
    ...integrity.filter((id) => !integrities[id]).map((id) => `integrity ${id}`),
    ...pseudorandomFunctions.filter((id) => !pseudorandomFunctionNames[id]).map((id) => `prf ${id}`),
    ...keyExchangeMethods.filter((id) => !keyExchanges[id]).map((id) => `key exchange ${id}`),
  ];
  if (integrity.length === 0 && encryption.some(({ id }) => !combined.includes(id)))
    return 'ipsec algparse: a non-AEAD ESP encryption algorithm cannot have NONE as the integrity algorithm';
  return missing.length > 0 ? `ipsec.conf(5) has no word for ${missing.join(', ')}` : undefined;
}

function encryptionName({ id, keyLength = 128 }: ProposalConfiguration['encryption'][number]): string | undefined {
  const name = encryptions[id];
  return typeof name === 'function' ? name(keyLength) : name;
}

const encryptions: Readonly<Record<number, string | ((keyLength: number) => string)>> = {
  3: '3des',
  11: 'null',
  12: (length) => `aes${length}`,
  13: (length) => `aesctr${length}`,
  14: (length) => `aes_ccm_a${length}`,
  15: (length) => `aes_ccm_b${length}`,
  16: (length) => `aes_ccm_c${length}`,
  18: (length) => `aes_gcm_a${length}`,
  19: (length) => `aes_gcm_b${length}`,
  20: (length) => `aes_gcm_c${length}`,
  21: (length) => `aes_gmac${length}`,
  23: (length) => `camellia${length}`,
  28: 'chacha20_poly1305',
};

/** Those that protect integrity as well. */
const combined: readonly number[] = [14, 15, 16, 18, 19, 20, 21, 28];

const integrities: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'md5',
  2: 'sha1_96',
  5: 'aes_xcbc',
  8: 'aes_cmac',
  12: 'sha2_256_128',
  13: 'sha2_384_192',
  14: 'sha2_512_256',
};

const pseudorandomFunctionNames: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  4: 'aes_xcbc',
  5: 'sha2_256',
  6: 'sha2_384',
  7: 'sha2_512',
};

const keyExchanges: Readonly<Record<number, string>> = {
  0: 'dh0',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'dh19',
  20: 'dh20',
  21: 'dh21',
  31: 'dh31',
};
