/**
 * What `ip xfrm state` prints of the SAs of a Linux kernel, with or without -d, -s and -o, and `ip xfrm monitor` of those that change: each begins with its addresses at
 * the start of a line. What carries no key (a window, a lifetime, a selector) is passed over; a key that is not printed is said.
 *
 *     src 192.0.2.1 dst 192.0.2.2
 *         proto esp spi 0x00001001 reqid 1 mode transport
 *         auth-trunc hmac(sha256) 0x00… 128
 *         enc cbc(aes) 0x00…
 */
import { canonicalAddress, isAddress } from '../../../reference/wire/address.ts';
import {
  type AtLine,
  attempted,
  gathered,
  type KeyFormat,
  type KeyReading,
  LineFault,
  type LineReading,
  linesLike,
} from './key-file.ts';
import { encryptionOf, hexOf, integrityOf } from './key-octets.ts';
import { type LinuxName, linuxAuthenticators, linuxCiphers } from './linux-names.ts';
import type { Authenticator, StrangersEsp } from './strangers-key.ts';

export const xfrmState: KeyFormat = {
  name: '`ip xfrm state`',
  likeness: (text) => linesLike(text, HEAD) + linesLike(text, /^\s+proto (esp|ah|comp) spi /),
  read(text): KeyReading {
    return gathered(blocksOf(text).map(({ line, words }) => ({ line, reading: attempted(() => blockReading(words)) })));
  },
};

interface Block {
  readonly words: readonly string[];
}

/** From a line with addresses to the next; what is indented before the first is one that lost its head. */
function blocksOf(text: string): readonly AtLine<Block>[] {
  const blocks: AtLine<{ readonly words: string[] }>[] = [];
  for (const [i, content] of text.split('\n').entries()) {
    const words = content.split(/[\s\\]+/).filter(Boolean);
    if (words.length === 0) continue;
    const isNew = !/^\s/.test(content);
    if (isNew || blocks.length === 0) blocks.push({ line: i + 1, words });
    else blocks.at(-1)!.words.push(...words);
  }
  return blocks;
}

function blockReading(all: readonly string[]): LineReading {
  const words = all.slice(all.indexOf('src'));
  if (all.indexOf('src') < 0 || all.indexOf('src') > 1 || words[2] !== 'dst')
    throw new LineFault('src ADDRESS dst ADDRESS', all.slice(0, 4).join(' '));
  const ends = { source: addressIn(words[1]), destination: addressIn(words[3]) };
  const protocol = after(words, 'proto');
  if (protocol === 'comp' || protocol === 'route2' || protocol === 'hao') return {};
  if (protocol !== 'esp' && protocol !== 'ah') throw new LineFault('proto esp or ah', protocol);
  const spi = spiIn(after(words, 'spi'));
  if (spi === 0) return {}; // a larval one, or a policy's template
  if (words.includes(HIDDEN)) throw new LineFault('keys', 'none: they were hidden as this was printed (nokeys)');
  const common = { ...ends, spi, extendedSequenceNumbers: isExtended(words) };
  const authenticator = authenticatorIn(words);
  if (protocol === 'ah') {
    if (authenticator.integrity?.id === undefined) throw new LineFault('auth or auth-trunc with a key', '');
    return { keys: [{ kind: 'ah', ...common, integrity: authenticator.integrity }], ...said(authenticator.says) };
  }
  const aead = words.indexOf('aead');
  const cipher = words.indexOf('enc');
  if (aead < 0 && cipher < 0) throw new LineFault('enc or aead with a key', '');
  const encryption = aead >= 0 ? aeadAt(words, aead) : cipherAt(words, cipher);
  const key: StrangersEsp = {
    kind: 'esp',
    ...common,
    encryption,
    ...(aead < 0 && authenticator.integrity && { integrity: authenticator.integrity }),
    encapsulated: words.includes('encap'),
  };
  const zeros = /^(00)+$/.test(encryption.key) ? 'a key of zeros, as a kernel that is locked down gives' : undefined;
  return { keys: [key], ...said(authenticator.says ?? zeros) };
}

const said = (says: string | undefined): LineReading => (says === undefined ? {} : { says: [says] });

function cipherAt(words: readonly string[], at: number): StrangersEsp['encryption'] {
  const name = words[at + 1] ?? '';
  const id = idOf(linuxCiphers, name);
  if (id === undefined) throw new LineFault('a cipher that can be opened here', name);
  return encryptionOf(id, id === NULL ? '' : keyAt(words, at + 2));
}

function aeadAt(words: readonly string[], at: number): StrangersEsp['encryption'] {
  const name = words[at + 1] ?? '';
  const bits = icvAfter(words, at + 2);
  const id = idOf(linuxCiphers, name, bits);
  if (id === undefined) throw new LineFault('an AEAD that can be opened here', `${name} with ${bits} bits of ICV`);
  return encryptionOf(id, keyAt(words, at + 2));
}

/** `says` of one that cannot be checked. An ICV may be cut shorter than the transform's, as Linux long cut that of SHA-256. */
function authenticatorIn(words: readonly string[]): { readonly integrity?: Authenticator; readonly says?: string } {
  const truncated = words.indexOf('auth-trunc');
  const at = truncated >= 0 ? truncated : words.indexOf('auth');
  const name = words[at + 1] ?? '';
  if (at < 0 || name === 'digest_null') return {};
  const id = Object.keys(linuxAuthenticators).find((each) => linuxAuthenticators[Number(each)]!.name === name);
  const bits = truncated < 0 ? undefined : icvAfter(words, at + 2);
  if (id === undefined) {
    if (bits === undefined) throw new LineFault('an authenticator that can be checked here', name);
    return { integrity: { icvOctets: bits / 8 }, says: `the ICV of ${name} cannot be checked here` };
  }
  const { icv } = linuxAuthenticators[Number(id)]!;
  if (bits !== undefined && bits > icv)
    return { integrity: { icvOctets: bits / 8 }, says: `an ICV of ${bits} bits of ${name} cannot be checked here` };
  return { integrity: integrityOf(Number(id), keyAt(words, at + 2), bits === icv || !bits ? undefined : bits / 8) };
}

function keyAt(words: readonly string[], at: number): string {
  const text = words[at] ?? '';
  const digits = /^0x(.*)$/.exec(text)?.[1];
  if (digits === undefined) throw new LineFault('a key, 0x and its digits', text === '' ? '' : 'something else');
  return hexOf(digits, 'a key');
}

/** Behind the key, and behind its length where that is printed: `(256 bits)`. */
function icvAfter(words: readonly string[], at: number): number {
  const behind = words.slice(at, at + 4).join(' ');
  const bits = Number(/^\S+(?: \(\d+ bits\))? (\d+)/.exec(behind)?.[1]);
  if (!(bits > 0 && bits % 8 === 0 && bits <= 512))
    throw new LineFault('the length of an ICV in bits behind the key', words[at + 1] ?? '');
  return bits;
}

/** Among the flags, or by the window that only such an SA has. */
function isExtended(words: readonly string[]): boolean {
  const at = words.indexOf('flag');
  return at >= 0 && words.slice(at, at + MOST_FLAGS).includes('esn');
}

function spiIn(text: string): number {
  const digits = /^0x([0-9a-f]{1,8})(?:\(\d+\))?$/i.exec(text)?.[1];
  if (digits === undefined) throw new LineFault('an SPI of 32 bits', text);
  return Number.parseInt(digits, 16);
}

function addressIn(text = ''): string {
  const address = text.replace(/\/(?:32|128)$/, '');
  if (!isAddress(address)) throw new LineFault('an address', text);
  return canonicalAddress(address);
}

function after(words: readonly string[], word: string): string {
  const at = words.indexOf(word);
  return at < 0 ? '' : (words[at + 1] ?? '');
}

function idOf(names: Readonly<Record<number, LinuxName>>, name: string, icv?: number): number | undefined {
  const found = Object.entries(names).find(([, each]) => each.name === name && each.icv === icv);
  return found && Number(found[0]);
}

/** `ip xfrm monitor` puts a word before the addresses of what changed. */
const HEAD = /^(?:Updated |Deleted |Expired )?src \S+ dst \S+/;
const HIDDEN = '<<Keys';
const NULL = 11;
/** Names that ip(8) has for flags of an SA, and the number it ends them with. */
const MOST_FLAGS = 12;
