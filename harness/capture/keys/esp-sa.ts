/**
 * Wireshark's table `esp_sa`: a row for each SA of ESP, with the family, both addresses and the SPI, any of them a star, the encryption and its key, the integrity
 * and its key. strongSwan's plugin save-keys writes the same. Versions after 4.0 have two columns more, about extended sequence numbers.
 *
 *     "IPv4","192.0.2.1","*","0x00001001","AES-CBC [RFC3602]","0x00…","HMAC-SHA-1-96 [RFC2404]","0x00…"
 */
import { type Address, canonicalAddress, familyOf, isAddress } from '../../../reference/wire/address.ts';
import { type KeyFormat, LineFault, type LineReading, linesLike, readByLine } from './key-file.ts';
import { encryptionOf, integrityOf, keyOf } from './key-octets.ts';
import type { Authenticator, StrangersEsp } from './strangers-key.ts';
import {
  ESP_GCM_OF_ANY_ICV,
  ESP_SHA256_96,
  espEncryptionNames,
  espEncryptionNotOpened,
  espIntegrityNames,
  espIntegrityNotChecked,
  espUncheckedNames,
  keyNamed,
  laterEspEncryptionNames,
  sameName,
  valueNamed,
} from './wireshark-names.ts';
import { cellsOf } from './wireshark-rows.ts';

export const espSa: KeyFormat = {
  name: "Wireshark's esp_sa",
  likeness: (text) => linesLike(text, /^\s*"?ipv[46]"?\s*,/i),
  read: (text) => readByLine(text, rowReading),
};

function rowReading(row: string): LineReading {
  const [family, source, destination, spi, encryption, encryptionKey, integrity, integrityKey, length, upper] = cellsOf(
    row,
    8,
    10,
  ) as [string, string, string, string, string, string, string, string, string?, string?];
  const version = versionOf(family);
  const ends = {
    family: version,
    ...endOf('source', source, version),
    ...endOf('destination', destination, version),
    ...spiOf(spi),
    ...numbersOf(length, upper),
  };
  const { ciphers, beside } = ciphersOf(encryption, integrity);
  const key = keyOf(encryptionKey, 'the encryption key');
  const { authenticator, says } = beside
    ? integrityIn(integrity, integrityKey)
    : { authenticator: undefined, says: undefined };
  return {
    keys: ciphers.map(
      (id): StrangersEsp => ({
        kind: 'esp',
        ...ends,
        encryption: encryptionOf(id, key),
        ...(authenticator && { integrity: authenticator }),
      }),
    ),
    ...(says && { says: [says] }),
  };
}

/** Transforms that the name may stand for, the likeliest first, and whether an integrity algorithm stands beside them. */
function ciphersOf(name: string, integrity: string): { readonly ciphers: readonly number[]; readonly beside: boolean } {
  if (sameName(name, ESP_GCM_OF_ANY_ICV)) return { ciphers: gcmWith(integrity), beside: false };
  const known = keyNamed({ ...espEncryptionNames, ...laterEspEncryptionNames }, name);
  if (known === undefined) throw new LineFault(wantedInPlaceOf(name), name);
  const id = Number(known);
  if (!isAead(id)) return { ciphers: [id], beside: true };
  const octets = valueNamed(espUncheckedNames, integrity);
  if (!sameName(integrity, espIntegrityNames[0]!) && octets !== aeadIcvs[id])
    throw new LineFault(`NULL for the integrity beside ${name}`, integrity);
  return { ciphers: [id], beside: false };
}

/** Some versions of strongSwan write `ANY 64 bit` for an ICV of twelve octets, too. */
function gcmWith(integrity: string): readonly number[] {
  if (sameName(integrity, espIntegrityNames[0]!)) return [20, 19, 18];
  const octets = valueNamed(espUncheckedNames, integrity);
  if (octets === 8) return [18, 19];
  if (octets === 12) return [19];
  if (octets === 16) return [20];
  throw new LineFault(`NULL for the integrity beside ${ESP_GCM_OF_ANY_ICV}, or ANY of 64, 96 or 128 bit`, integrity);
}

function wantedInPlaceOf(name: string): string {
  const isKnown = espEncryptionNotOpened.some((each) => sameName(each, name));
  return isKnown ? 'an encryption algorithm that can be opened here' : 'an encryption algorithm of Wireshark';
}

/** `says` of one that cannot be checked. */
function integrityIn(
  name: string,
  key: string,
): { readonly authenticator?: Authenticator | undefined; readonly says?: string | undefined } {
  if (sameName(name, espIntegrityNames[0]!)) return {};
  const unchecked = valueNamed(espUncheckedNames, name);
  if (unchecked !== undefined) return { authenticator: { icvOctets: unchecked } };
  const foreign = valueNamed(espIntegrityNotChecked, name);
  if (foreign !== undefined)
    return { authenticator: { icvOctets: foreign }, says: `the ICV of ${name} cannot be checked here` };
  const octets = keyOf(key, 'the integrity key');
  if (sameName(name, ESP_SHA256_96)) return { authenticator: integrityOf(12, octets, 12) };
  const known = keyNamed(espIntegrityNames, name);
  if (known === undefined) throw new LineFault('an integrity algorithm of Wireshark', name);
  return { authenticator: integrityOf(Number(known), octets) };
}

function versionOf(family: string): 4 | 6 {
  if (sameName(family, 'IPv4')) return 4;
  if (sameName(family, 'IPv6')) return 6;
  throw new LineFault('IPv4 or IPv6', family);
}

function endOf(
  end: 'source' | 'destination',
  text: string,
  version: 4 | 6,
): { readonly source?: Address; readonly destination?: Address } {
  if (text === '*') return {};
  const stars = text.toLowerCase();
  const sample = stars.replaceAll('*', '1');
  if (!isAddress(sample) || familyOf(sample) !== version)
    throw new LineFault(`the ${end} as an IPv${version} address or *`, text);
  return { [end]: stars.includes('*') ? stars : canonicalAddress(text) };
}

/** As strtoul(3) reads it, or `0x` and eight digits of which some are stars. */
function spiOf(text: string): { readonly spi?: number | string } {
  if (text === '*') return {};
  if (/^0x[0-9a-f*]{8}$/i.test(text) && text.includes('*')) return { spi: text.toLowerCase() };
  const digits = /^(?:0x[0-9a-f]+|[0-9]+)$/i.test(text) ? text : 'none';
  const spi = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (!(spi <= 0xffff_ffff)) throw new LineFault('an SPI of 32 bits, or *', text);
  return { spi };
}

function numbersOf(
  length: string | undefined,
  upper: string | undefined,
): Pick<StrangersEsp, 'extendedSequenceNumbers' | 'sequenceHigh'> {
  if (length === undefined || upper === undefined) return {};
  const bits = /^(32|64)(?:-bit)?$/i.exec(length)?.[1];
  if (bits === undefined) throw new LineFault('32-bit or 64-bit', length);
  if (bits === '32') return { extendedSequenceNumbers: false };
  if (!/^(?:0x)?[0-9a-f]{1,8}$/i.test(upper))
    throw new LineFault('the upper half of a sequence number, hexadecimal', upper);
  return { extendedSequenceNumbers: true, sequenceHigh: Number.parseInt(upper, 16) };
}

const isAead = (id: number): boolean => aeadIcvs[id] !== undefined;

/** In octets. */
const aeadIcvs: Readonly<Record<number, number>> = { 18: 8, 19: 12, 20: 16, 28: 16 };
