/**
 * The tables from which Wireshark 4.0 opens what a run protected: `esp_sa` and `ikev2_decryption_table`, in the spellings that version
 * accepts. A key it has no spelling for (ChaCha20-Poly1305, extended sequence numbers) is left out and named, because one line that
 * Wireshark does not know makes it reject the whole table.
 */
import {
  espEncryptionNames,
  espIntegrityNames,
  ikev2EncryptionNames,
  ikev2IntegrityNames,
} from './keys/wireshark-names.ts';
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
  const encryption = espEncryptionNames[record.encryption.id];
  const integrity = record.integrity ? espIntegrityNames[record.integrity.id] : 'NULL';
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
  const encryption = ikev2EncryptionNames[keyLength ? `${id}/${keyLength}` : String(id)];
  const integrity = ikev2IntegrityNames[record.integrity ?? 0];
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
