/**
 * IANA's transform numbers (RFC 7296 3.3.2, RFC 8247) in the keywords of strongSwan's proposals, as swanctl.conf(5) lists them.
 */
import type { ProposalConfiguration } from '../../lab/node.ts';

/** `aes128-sha256-modp2048`. Throws RangeError where `proposalUnsupported` speaks. */
export function proposalKeyword(proposal: ProposalConfiguration): string {
  const reason = proposalUnsupported(proposal);
  if (reason) throw new RangeError(reason);
  return [
    ...proposal.encryption.map(encryptionKeyword),
    ...proposal.integrity.filter((id) => id !== 0).map((id) => integrities[id]),
    ...(proposal.pseudorandomFunctions ?? []).map((id) => pseudorandomFunctions[id]),
    ...(proposal.keyExchangeMethods ?? []).filter((id) => id !== 0).map((id) => keyExchanges[id]),
    ...additionalKeywords(proposal),
    ...(proposal.extendedSequenceNumbers ?? []).map((extended) => (extended ? 'esn' : 'noesn')),
  ].join('-');
}

/** Which transform strongSwan 5.9 has no keyword for; undefined if it has all. */
export function proposalUnsupported(proposal: ProposalConfiguration): string | undefined {
  const missing = [
    ...proposal.encryption.filter((one) => !encryptionKeyword(one)).map(({ id }) => `encryption ${id}`),
    ...proposal.integrity.filter((id) => id !== 0 && !integrities[id]).map((id) => `integrity ${id}`),
    ...(proposal.pseudorandomFunctions ?? []).filter((id) => !pseudorandomFunctions[id]).map((id) => `prf ${id}`),
    ...(proposal.keyExchangeMethods ?? [])
      .filter((id) => id !== 0 && !keyExchanges[id])
      .map((id) => `key exchange ${id}`),
  ];
  return missing.length > 0 ? `swanctl.conf(5) has no keyword for ${missing.join(', ')}` : undefined;
}

/** `ke1_mlkem768`. */
function additionalKeywords({ additionalKeyExchanges = [] }: ProposalConfiguration): string[] {
  return additionalKeyExchanges.flatMap((methods, i) =>
    methods.map((id) => `ke${i + 1}_${keyExchanges[id] ?? 'none'}`),
  );
}

function encryptionKeyword({ id, keyLength = 128 }: ProposalConfiguration['encryption'][number]): string | undefined {
  const keyword = encryptions[id];
  return typeof keyword === 'function' ? keyword(keyLength) : keyword;
}

const encryptions: Readonly<Record<number, string | ((keyLength: number) => string)>> = {
  2: 'des',
  3: '3des',
  11: 'null',
  12: (length) => `aes${length}`,
  13: (length) => `aes${length}ctr`,
  14: (length) => `aes${length}ccm8`,
  15: (length) => `aes${length}ccm12`,
  16: (length) => `aes${length}ccm16`,
  18: (length) => `aes${length}gcm8`,
  19: (length) => `aes${length}gcm12`,
  20: (length) => `aes${length}gcm16`,
  21: (length) => `aes${length}gmac`,
  28: 'chacha20poly1305',
};

const integrities: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  5: 'aesxcbc',
  8: 'aescmac',
  9: 'aes128gmac',
  10: 'aes192gmac',
  11: 'aes256gmac',
  12: 'sha256',
  13: 'sha384',
  14: 'sha512',
};

const pseudorandomFunctions: Readonly<Record<number, string>> = {
  1: 'prfmd5',
  2: 'prfsha1',
  4: 'prfaesxcbc',
  5: 'prfsha256',
  6: 'prfsha384',
  7: 'prfsha512',
  8: 'prfaescmac',
};

const keyExchanges: Readonly<Record<number, string>> = {
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
  31: 'x25519',
  32: 'x448',
  35: 'mlkem512',
  36: 'mlkem768',
  37: 'mlkem1024',
};
