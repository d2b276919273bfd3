/** What stands behind the SPI of an `add` of setkey(8): options without a key, which are passed over, and `-E`, `-A` with algorithm and key. */
import { LineFault } from './key-file.ts';
import { encryptionOf, integrityOf, keyOf } from './key-octets.ts';
import type { Word } from './setkey-statements.ts';
import type { Authenticator, StrangersAh, StrangersEsp } from './strangers-key.ts';

export interface SetkeyAlgorithms {
  /** Each way in which the ICV may have been cut. */
  readonly keys: readonly (Omit<StrangersEsp, 'spi'> | Omit<StrangersAh, 'spi'>)[];
  readonly says: readonly string[];
}

/** Throws `LineFault`. */
export function algorithmsOf(words: readonly Word[], protocol: 'esp' | 'ah'): SetkeyAlgorithms {
  const options = optionsOf(words);
  const { authenticators, says } = authenticatorsOf(options.A);
  const numbers = options.extended ? { extendedSequenceNumbers: true } : {};
  if (protocol === 'ah') {
    const keys = authenticators.flatMap((integrity): StrangersAh[] =>
      integrity?.id === undefined ? [] : [{ kind: 'ah', ...numbers, integrity }],
    );
    if (keys.length === 0) throw new LineFault('-A with an algorithm that can be checked here', options.A?.name ?? '');
    return { keys, says };
  }
  if (options.E === undefined) throw new LineFault('-E with an algorithm', '');
  const encryption = cipherOf(options.E);
  const integrities = AEADS.has(encryption.id) ? [undefined] : authenticators;
  return {
    keys: integrities.map((integrity) => ({ kind: 'esp', ...numbers, encryption, ...(integrity && { integrity }) })),
    says,
  };
}

interface Algorithm {
  readonly name: string;
  readonly key?: Word;
}

function optionsOf(words: readonly Word[]): {
  readonly E?: Algorithm;
  readonly A?: Algorithm;
  readonly extended: boolean;
} {
  const found: { E?: Algorithm; A?: Algorithm } = {};
  let extended = false;
  for (let at = 0; at < words.length; ) {
    const { text, quoted } = words[at]!;
    const name = words[at + 1]?.text;
    if (!quoted && (text === '-E' || text === '-A')) {
      if (name === undefined) throw new LineFault(`an algorithm behind ${text}`, '');
      const key = KEYLESS.has(name) && !words[at + 2]?.quoted ? undefined : words[at + 2];
      found[text === '-E' ? 'E' : 'A'] = { name, ...(key && { key }) };
      at += key ? 3 : 2;
      continue;
    }
    const operands = quoted ? undefined : OPTIONS[text];
    if (operands === undefined) throw new LineFault('an option of add', text);
    if (text === '-f' && name === 'esn') extended = true;
    at += 1 + operands;
  }
  return { ...found, extended };
}

function cipherOf({ name, key }: Algorithm): StrangersEsp['encryption'] {
  const id = ciphers[name];
  if (id === undefined) throw new LineFault('a cipher that can be opened here', name);
  return encryptionOf(id, id === NULL ? '' : octetsOf(key, 'the encryption key'));
}

function authenticatorsOf(algorithm: Algorithm | undefined): {
  readonly authenticators: readonly (Authenticator | undefined)[];
  readonly says: readonly string[];
} {
  if (algorithm === undefined || algorithm.name === 'null') return { authenticators: [undefined], says: [] };
  const { name, key } = algorithm;
  if (name === 'hmac-ripemd160')
    return { authenticators: [{ icvOctets: 12 }], says: [`the ICV of ${name} cannot be checked here`] };
  const id = authenticatorNames[name];
  if (id === undefined) throw new LineFault('an authenticator that can be checked here', name);
  const octets = octetsOf(key, 'the integrity key');
  const whole = integrityOf(id, octets);
  return { authenticators: SHA2.has(id) ? [whole, integrityOf(id, octets, 12)] : [whole], says: [] };
}

function octetsOf(word: Word | undefined, what: string): string {
  if (word === undefined) throw new LineFault(what, '');
  if (word.quoted) return Buffer.from(word.text, 'latin1').toString('hex');
  if (!/^0x/i.test(word.text)) throw new LineFault(`${what} in quotes, or 0x and its digits`, 'something else');
  return keyOf(word.text, what);
}

const NULL = 11;
const AEADS: ReadonlySet<number> = new Set([20, 21, 28]);

const ciphers: Readonly<Record<string, number>> = {
  null: NULL,
  simple: NULL,
  'des-cbc': 2,
  '3des-cbc': 3,
  'aes-cbc': 12,
  'rijndael-cbc': 12,
  'aes-ctr': 13,
  'aes-gcm-16': 20,
  'aes-gmac': 21,
  'chacha20-poly1305': 28,
};

const authenticatorNames: Readonly<Record<string, number>> = {
  'hmac-md5': 1,
  'hmac-sha1': 2,
  'aes-xcbc-mac': 5,
  'hmac-sha256': 12,
  'hmac-sha2-256': 12,
  'hmac-sha384': 13,
  'hmac-sha2-384': 13,
  'hmac-sha512': 14,
  'hmac-sha2-512': 14,
};

/** Cut to 96 bits by KAME, and that of SHA-256 by PF_KEY of Linux; elsewhere as RFC 4868 has it. */
const SHA2: ReadonlySet<number> = new Set([12, 13, 14]);

const KEYLESS: ReadonlySet<string> = new Set(['null', 'simple']);

/** How many words each takes. */
const OPTIONS: Readonly<Record<string, number>> = {
  '-m': 1,
  '-r': 1,
  '-u': 1,
  '-f': 1,
  '-lh': 1,
  '-ls': 1,
  '-bh': 1,
  '-bs': 1,
  '-ctx': 3,
  '-C': 1,
  '-R': 0,
  '-natt': 2,
  '-natt_mtu': 1,
  '-esn': 0,
  '-hwif': 1,
};
