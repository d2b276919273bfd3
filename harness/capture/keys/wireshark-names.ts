/**
 * How Wireshark 4.0 spells transforms in its tables `esp_sa` and `ikev2_decryption_table`, by IANA's numbers. What it can spell and nobody here can open, or
 * check, is named too, and a few that later versions have.
 */

export const espEncryptionNames: Readonly<Record<number, string>> = {
  2: 'DES-CBC [RFC2405]',
  3: 'TripleDES-CBC [RFC2451]',
  11: 'NULL',
  12: 'AES-CBC [RFC3602]',
  13: 'AES-CTR [RFC3686]',
  18: 'AES-GCM with 8 octet ICV [RFC4106]',
  19: 'AES-GCM with 12 octet ICV [RFC4106]',
  20: 'AES-GCM with 16 octet ICV [RFC4106]',
};

/** Written only by versions after 4.0. */
export const laterEspEncryptionNames: Readonly<Record<number, string>> = { 28: 'ChaCha20 with Poly1305 [RFC7634]' };

export const espEncryptionNotOpened: readonly string[] = [
  'CAST5-CBC [RFC2144]',
  'BLOWFISH-CBC [RFC2451]',
  'TWOFISH-CBC',
  'AES-GCM with IIV and 16 octet ICV [RFC4106 & RFC8750]',
  'ChaCha20 with Poly1305 and IIV [RFC7634 & RFC8750]',
];

/** How long its ICV is, this name leaves to the integrity beside it: strongSwan writes that, and Wireshark before it had the three names above. */
export const ESP_GCM_OF_ANY_ICV = 'AES-GCM [RFC4106]';

export const espIntegrityNames: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'HMAC-MD5-96 [RFC2403]',
  2: 'HMAC-SHA-1-96 [RFC2404]',
  12: 'HMAC-SHA-256-128 [RFC4868]',
  13: 'HMAC-SHA-384-192 [RFC4868]',
  14: 'HMAC-SHA-512-256 [RFC4868]',
};

/** Octets of ICV. */
export const espUncheckedNames: Readonly<Record<string, number>> = {
  'ANY 64 bit authentication [no checking]': 8,
  'ANY 96 bit authentication [no checking]': 12,
  'ANY 128 bit authentication [no checking]': 16,
  'ANY 192 bit authentication [no checking]': 24,
  'ANY 256 bit authentication [no checking]': 32,
};

/** HMAC-SHA-256 as it was cut before RFC 4868. */
export const ESP_SHA256_96 = 'HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]';

/** Octets of ICV of what cannot be checked here. */
export const espIntegrityNotChecked: Readonly<Record<string, number>> = { 'MAC-RIPEMD-160-96 [RFC2857]': 12 };

/** By transform and key length in bits. */
export const ikev2EncryptionNames: Readonly<Record<string, string>> = {
  '3': '3DES [RFC2451]',
  '11': 'NULL [RFC2410]',
  '12/128': 'AES-CBC-128 [RFC3602]',
  '12/192': 'AES-CBC-192 [RFC3602]',
  '12/256': 'AES-CBC-256 [RFC3602]',
  ...Object.fromEntries(
    [128, 192, 256].flatMap((bits) => [
      [`13/${bits}`, `AES-CTR-${bits} [RFC5930]`],
      ...[8, 12, 16].flatMap((octets, i) => [
        [`${14 + i}/${bits}`, `AES-CCM-${bits} with ${octets} octet ICV [RFC5282]`],
        [`${18 + i}/${bits}`, `AES-GCM-${bits} with ${octets} octet ICV [RFC5282]`],
      ]),
    ]),
  ),
};

export const ikev2IntegrityNames: Readonly<Record<number, string>> = {
  0: 'NONE [RFC4306]',
  1: 'HMAC_MD5_96 [RFC2403]',
  2: 'HMAC_SHA1_96 [RFC2404]',
  12: 'HMAC_SHA2_256_128 [RFC4868]',
  13: 'HMAC_SHA2_384_192 [RFC4868]',
  14: 'HMAC_SHA2_512_256 [RFC4868]',
};

export const ikev2UncheckedNames: Readonly<Record<string, number>> = {
  'ANY 64-bits of Authentication [No Checking]': 8,
  'ANY 96-bits of Authentication [No Checking]': 12,
  'ANY 128-bits of Authentication [No Checking]': 16,
  'ANY 160-bits of Authentication [No Checking]': 20,
  'ANY 192-bits of Authentication [No Checking]': 24,
  'ANY 256-bits of Authentication [No Checking]': 32,
};

export const IKEV2_SHA256_96 = 'HMAC_SHA2_256_96 [draft-ietf-ipsec-ciph-sha-256-00]';

/** Octets of ICV of what cannot be checked here. */
export const ikev2IntegrityNotChecked: Readonly<Record<string, number>> = {
  'HMAC_MD5_128 [RFC4595]': 16,
  'HMAC_SHA1_160 [RFC4595]': 20,
};

/** As strongSwan writes `TripleDes`, in any case. */
export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The key of the entry whose name this is. */
export function keyNamed(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.keys(names).find((key) => sameName(names[key]!, name));
}

/** The value under this name. */
export function valueNamed(names: Readonly<Record<string, number>>, name: string): number | undefined {
  const known = Object.keys(names).find((each) => sameName(each, name));
  return known === undefined ? undefined : names[known];
}
