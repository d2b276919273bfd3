/**
 * Wireshark's table `ikev2_decryption_table`: a row for each IKE SA, with its SPIs, and for either direction the keys of encryption and integrity. strongSwan's
 * plugin save-keys writes the same.
 *
 *     0011223344556677,8899aabbccddeeff,SK_ei,SK_er,"AES-CBC-128 [RFC3602]",SK_ai,SK_ar,"HMAC_SHA1_96 [RFC2404]"
 */
import { type KeyFormat, LineFault, type LineReading, linesLike, readByLine } from './key-file.ts';
import { encryptionOf, hexOf, integrityOf } from './key-octets.ts';
import type { StrangersIke } from './strangers-key.ts';
import {
  IKEV2_SHA256_96,
  ikev2EncryptionNames,
  ikev2IntegrityNames,
  ikev2IntegrityNotChecked,
  ikev2UncheckedNames,
  keyNamed,
  sameName,
  valueNamed,
} from './wireshark-names.ts';
import { cellsOf } from './wireshark-rows.ts';

export const ikev2DecryptionTable: KeyFormat = {
  name: "Wireshark's ikev2_decryption_table",
  likeness: (text) => linesLike(text, /^\s*"?[0-9a-f]{16}"?\s*,\s*"?[0-9a-f]{16}"?\s*,[^,]*,[^,]*,/i),
  read: (text) => readByLine(text, rowReading),
};

/** For IKEv1 there is a table of its own, with a cookie and a key in each row. It is known so that it can be named. */
export const ikev1DecryptionTable: KeyFormat = {
  name: "Wireshark's ikev1_decryption_table",
  likeness: (text) => linesLike(text, /^\s*"?[0-9a-f]{16}"?\s*,\s*"?[0-9a-f]+"?\s*$/i),
  read: (text) => ({
    keys: [],
    faults: readByLine(text, () => ({ says: ['a key of IKEv1, of which nothing is opened here'] })).faults.slice(0, 1),
  }),
};

function rowReading(row: string): LineReading {
  const [initiator, responder, SK_ei, SK_er, encryption, SK_ai, SK_ar, integrity] = cellsOf(row, 8) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const known = keyNamed(ikev2EncryptionNames, encryption);
  if (known === undefined) throw new LineFault('an encryption algorithm of Wireshark for IKEv2', encryption);
  const [id, bits] = known.split('/').map(Number) as [number, number?];
  const keys = { SK_ei: hexOf(SK_ei, 'SK_ei'), SK_er: hexOf(SK_er, 'SK_er') };
  const read = encryptionOf(id, keys.SK_ei, 'SK_ei');
  const { key: _, ...transform } = read;
  if (transform.keyLength !== bits) throw new LineFault(`SK_ei of ${bits} bits`, `${transform.keyLength}`);
  if (keys.SK_er.length !== keys.SK_ei.length)
    throw new LineFault(`SK_er as long as SK_ei, ${keys.SK_ei.length / 2} octets`, `${keys.SK_er.length / 2}`);
  const { authenticator, says } = integrityIn(integrity, hexOf(SK_ai, 'SK_ai'), hexOf(SK_ar, 'SK_ar'));
  const key: StrangersIke = {
    kind: 'ikev2',
    initiatorSPI: spiOf(initiator, 'initiator'),
    responderSPI: spiOf(responder, 'responder'),
    ...keys,
    encryption: transform,
    ...authenticator,
  };
  return { keys: [key], ...(says !== undefined && { says: [says] }) };
}

function integrityIn(
  name: string,
  SK_ai: string,
  SK_ar: string,
): {
  readonly authenticator: Pick<StrangersIke, 'SK_ai' | 'SK_ar' | 'integrity'>;
  readonly says?: string;
} {
  const keys = { SK_ai, SK_ar };
  if (sameName(name, ikev2IntegrityNames[0]!)) return { authenticator: keys };
  const unchecked = valueNamed(ikev2UncheckedNames, name);
  if (unchecked !== undefined) return { authenticator: { ...keys, integrity: { icvOctets: unchecked } } };
  const foreign = valueNamed(ikev2IntegrityNotChecked, name);
  if (foreign !== undefined)
    return {
      authenticator: { ...keys, integrity: { icvOctets: foreign } },
      says: `the ICV of ${name} cannot be checked here`,
    };
  const isCut = sameName(name, IKEV2_SHA256_96);
  const known = isCut ? '12' : keyNamed(ikev2IntegrityNames, name);
  if (known === undefined) throw new LineFault('an integrity algorithm of Wireshark for IKEv2', name);
  const id = Number(known);
  for (const [what, key] of Object.entries(keys)) integrityOf(id, key, undefined, what);
  return { authenticator: { ...keys, integrity: isCut ? { id, icvOctets: 12 } : id } };
}

function spiOf(text: string, whose: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text)) throw new LineFault(`the ${whose}'s SPI, 16 hexadecimal digits`, text);
  return text.toLowerCase();
}
