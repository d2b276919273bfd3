/**
 * The tables from which Wireshark 4.0 opens what a run protected: `esp_sa` and `ikev2_decryption_table`, in the spellings that version
 * accepts. A key it has no spelling for (ChaCha20-Poly1305, extended sequence numbers) is left out and named, because one line that
 * Wireshark does not know makes it reject the whole table.
 */
import type { KeyRecord } from './transcript.ts';

export interface KeyTables {
  /** Contents of the two files; each line ends with a newline. */
  readonly esp_sa: string;
  readonly ikev2_decryption_table: string;
  /** One sentence for each key that Wireshark 4.0 cannot use. */
  readonly leftOut: readonly string[];
}

export function keyTables(keys: readonly KeyRecord[]): KeyTables {
  const esp = new Set<string>();
  const ikev2 = new Set<string>();
  const leftOut = new Set<string>();
  const shared = sharedSpis(keys);
  for (const record of keys) {
    if (record.kind === 'ah') continue; // nothing of it is encrypted, and Wireshark verifies no AH
    const line = record.kind === 'esp' ? espLine(record, !shared.has(record.spi)) : ikev2Line(record);
    if ('missing' in line) leftOut.add(line.missing);
    else (record.kind === 'esp' ? esp : ikev2).add(line.line);
  }
  return { esp_sa: lines(esp), ikev2_decryption_table: lines(ikev2), leftOut: [...leftOut] };
}

/** SPIs of several keys. Any other alone finds the keys, so that a packet opens wherever a move or a NAT makes it come from or go to. */
function sharedSpis(keys: readonly KeyRecord[]): ReadonlySet<number> {
  const known = new Map<number, string>();
  const shared = new Set<number>();
  for (const record of keys) {
    if (record.kind !== 'esp') continue;
    const { spi, encryption, integrity } = record;
    const key = `${encryption.key} ${integrity?.key}`;
    if ((known.get(spi) ?? key) !== key) shared.add(spi);
    known.set(spi, key);
  }
  return shared;
}

type EspKeyRecord = Extract<KeyRecord, { kind: 'esp' }>;
type Ikev2KeyRecord = Extract<KeyRecord, { kind: 'ikev2' }>;
type Line = { readonly line: string } | { readonly missing: string };

function espLine(record: EspKeyRecord, alone: boolean): Line {
  const name = `ESP 0x${record.spi.toString(16).padStart(8, '0')}`;
  const encryption = ESP_ENCRYPTION[record.encryption.id];
  const integrity = record.integrity ? ESP_INTEGRITY[record.integrity.id] : 'NULL';
  if (record.extendedSequenceNumbers) return { missing: `${name}: extended sequence numbers` };
  if (!encryption) return { missing: `${name}: encryption transform ${record.encryption.id}` };
  if (!integrity) return { missing: `${name}: integrity transform ${record.integrity?.id}` };
  const family = record.source.includes(':') ? 'IPv6' : 'IPv4';
  const cells = [
    family,
    '*',
    alone ? '*' : record.destination,
    `0x${record.spi.toString(16).padStart(8, '0')}`,
    encryption,
    hexCell(record.encryption.key),
    integrity,
    hexCell(record.integrity?.key ?? ''),
  ];
  return { line: cells.map((cell) => `"${cell}"`).join(',') };
}

function ikev2Line(record: Ikev2KeyRecord): Line {
  const name = `IKE ${record.initiatorSPI}`;
  const { id, keyLength } = record.encryption;
  const encryption = IKEV2_ENCRYPTION[keyLength ? `${id}/${keyLength}` : String(id)];
  const integrity = IKEV2_INTEGRITY[record.integrity ?? 0];
  if (!encryption) return { missing: `${name}: encryption transform ${id}` };
  if (!integrity) return { missing: `${name}: integrity transform ${record.integrity}` };
  const keys = [record.SK_ei, record.SK_er, `"${encryption}"`, record.SK_ai, record.SK_ar, `"${integrity}"`];
  return { line: [record.initiatorSPI, record.responderSPI, ...keys].join(',') };
}

function hexCell(key: string): string {
  return key === '' ? '' : `0x${key}`;
}

function lines(of: ReadonlySet<string>): string {
  return [...of].map((line) => `${line}\n`).join('');
}

const ESP_ENCRYPTION: Readonly<Record<number, string>> = {
  2: 'DES-CBC [RFC2405]',
  3: 'TripleDES-CBC [RFC2451]',
  11: 'NULL',
  12: 'AES-CBC [RFC3602]',
  13: 'AES-CTR [RFC3686]',
  18: 'AES-GCM with 8 octet ICV [RFC4106]',
  19: 'AES-GCM with 12 octet ICV [RFC4106]',
  20: 'AES-GCM with 16 octet ICV [RFC4106]',
};

const ESP_INTEGRITY: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'HMAC-MD5-96 [RFC2403]',
  2: 'HMAC-SHA-1-96 [RFC2404]',
  12: 'HMAC-SHA-256-128 [RFC4868]',
  13: 'HMAC-SHA-384-192 [RFC4868]',
  14: 'HMAC-SHA-512-256 [RFC4868]',
};

/** By transform and key length in bits. */
const IKEV2_ENCRYPTION: Readonly<Record<string, string>> = {
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

const IKEV2_INTEGRITY: Readonly<Record<number, string>> = {
  0: 'NONE [RFC4306]',
  1: 'HMAC_MD5_96 [RFC2403]',
  2: 'HMAC_SHA1_96 [RFC2404]',
  12: 'HMAC_SHA2_256_128 [RFC4868]',
  13: 'HMAC_SHA2_384_192 [RFC4868]',
  14: 'HMAC_SHA2_512_256 [RFC4868]',
};
