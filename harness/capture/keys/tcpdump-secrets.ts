/**
 * The secrets that tcpdump -E reads from a file (tcpdump(1)): for an SA its SPI, destination, cipher and key; a cipher and key alone stand for any SA. They say how
 * long an ICV is, and have no key for it. Of an IKE SA each line has the keys of one direction.
 *
 *     0x12345678@192.0.2.1  3des-cbc-hmac96:0x00…
 *     ikev2 I 0x0011223344556677 0x8899aabbccddeeff sha1:0x00… aes128-cbc:0x00…
 */
import { canonicalAddress, isAddress } from '../../../reference/wire/address.ts';
import { type KeyFormat, LineFault, type LineReading, linesLike, readByLine } from './key-file.ts';
import { encryptionOf, integrityOf, keyOf } from './key-octets.ts';
import type { StrangersEsp, StrangersIke } from './strangers-key.ts';

export const tcpdumpSecrets: KeyFormat = {
  name: 'secrets of tcpdump -E',
  likeness: (text) => linesLike(text, LIKE),
  read: (text) => readByLine(text, lineReading),
};

function lineReading(line: string): LineReading {
  const words = line.trim().split(/[ \t]+/);
  if (/^file$/i.test(words[0]!)) return { says: ['names another file, which is read where it is named itself'] };
  if (/^ikev2$/i.test(words[0]!)) return { keys: [ikeKey(words)] };
  // A key that is text may have spaces.
  const secret = line.trim().slice(words[0]!.length).trim();
  const named = secret === '' ? {} : saNamed(words[0]!);
  const { encryption, icvOctets } = secretOf(secret === '' ? words[0]! : secret);
  return { keys: [{ kind: 'esp', ...named, encryption, ...(icvOctets && { integrity: { icvOctets } }) }] };
}

function saNamed(text: string): Pick<StrangersEsp, 'spi' | 'destination'> {
  const [, number, address = ''] = /^(0x[0-9a-f]{1,8}|\d{1,10})@(.*)$/i.exec(text) ?? [];
  const spi = Number(number);
  if (!(spi <= 0xffff_ffff)) throw new LineFault('an SPI of 32 bits before @', text);
  if (!isAddress(address)) throw new LineFault('an address behind @', address);
  return { spi, destination: canonicalAddress(address) };
}

/** `CIPHER[-hmac96]:KEY`. */
function secretOf(text: string): { readonly encryption: StrangersEsp['encryption']; readonly icvOctets?: number } {
  const colon = text.indexOf(':');
  if (colon < 0) throw new LineFault('CIPHER:KEY', 'no colon');
  const [, cipher = '', hmac] = /^(.*?)(-hmac96)?$/i.exec(text.slice(0, colon)) ?? [];
  const id = ciphers[cipher.toLowerCase()];
  if (id === undefined) throw new LineFault('a cipher that can be opened here', cipher);
  const encryption = encryptionOf(id.id, keyOf(text.slice(colon + 1), 'the key'));
  if (id.bits !== undefined && encryption.keyLength !== id.bits)
    throw new LineFault(`a key of ${id.bits} bits for ${cipher}`, `${encryption.keyLength}`);
  return { encryption, ...(hmac !== undefined && { icvOctets: 12 }) };
}

function ikeKey(words: readonly string[]): StrangersIke {
  const [, side = '', initiator = '', responder = '', authentication = '', encryption = ''] = words;
  if (words.length !== 6 || !/^[IR]/.test(side))
    throw new LineFault('ikev2 I or R, two SPIs, AUTHENTICATOR:KEY CIPHER:KEY', `${words.length} words`);
  const [SK_e, SK_a] = side.startsWith('I') ? (['SK_ei', 'SK_ai'] as const) : (['SK_er', 'SK_ar'] as const);
  const {
    encryption: { key, ...transform },
  } = secretOf(encryption);
  const colon = authentication.indexOf(':');
  const name = authentication.slice(0, Math.max(0, colon)).toLowerCase();
  const id = authenticators[name];
  if (id === undefined) throw new LineFault('sha1 or md5 with a key', name);
  const integrity = integrityOf(id, keyOf(authentication.slice(colon + 1), 'the integrity key'));
  return {
    kind: 'ikev2',
    initiatorSPI: spiOf(initiator),
    responderSPI: spiOf(responder),
    [SK_e]: key,
    [SK_a]: integrity.key,
    encryption: transform,
    integrity: id,
  };
}

function spiOf(text: string): string {
  const digits = /^0x([0-9a-f]{16})$/i.exec(text)?.[1];
  if (digits === undefined) throw new LineFault('an SPI of IKE, 0x and 16 digits', text);
  return digits.toLowerCase();
}

/** OpenSSL's names, which tcpdump looks up, with or without `-cbc`; those that are here. */
const ciphers: Readonly<Record<string, { readonly id: number; readonly bits?: number }>> = {
  none: { id: 11 },
  ...spelt('des', 2),
  ...spelt('3des', 3),
  ...spelt('des3', 3),
  ...spelt('des-ede3', 3),
  ...Object.assign(
    {},
    ...[128, 192, 256].flatMap((bits) => [spelt(`aes${bits}`, 12, bits), spelt(`aes-${bits}`, 12, bits)]),
  ),
};

function spelt(
  name: string,
  id: number,
  bits?: number,
): Record<string, { readonly id: number; readonly bits?: number }> {
  const transform = { id, ...(bits !== undefined && { bits }) };
  return { [name]: transform, [`${name}-cbc`]: transform };
}

const authenticators: Readonly<Record<string, number>> = { md5: 1, sha1: 2 };

const LIKE = /^\s*(?:(?:0x[0-9a-f]+|\d+)@\S+\s|ikev2\s+[IR]\s|file\s+\/|[a-z0-9-]+(?:-cbc|-hmac96|none):\S+\s*$)/i;
