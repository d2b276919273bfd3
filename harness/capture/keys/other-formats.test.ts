/** Files of setkey, `ip xfrm state`, tcpdump -E, and our own secrets: what each gives, and what it does not. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { faultsIn, keysIn, readFolder } from './key-folder.test-support.ts';
import { secretsJsonSchema } from './secrets-document.ts';

const digits = (octets: number): string =>
  Array.from({ length: octets }, (_, i) => (i + 1).toString(16).padStart(2, '0')).join('');
const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

describe('a file for setkey', () => {
  it('gives SAs over several lines, with comments, and keeps policy apart', () => {
    const { keys, policies, faults } = readFolder({
      'ipsec.conf': [
        'flush; spdflush;',
        'spdadd 10.0.0.0/8 10.1.0.0/16 any -P out ipsec',
        '  esp/tunnel/192.0.2.1-192.0.2.2/require;',
        'add 192.0.2.1 # from here',
        '  192.0.2.2 esp 0x1001 -m tunnel -r 32 -u 7 -f zero-pad -lh 3600',
        `  -E aes-cbc 0x${digits(16)} -A hmac-sha1 "hmacsha1authenticati" ;`,
        `update 2001:db8::1 2001:db8::2 ah 4098 -A hmac-md5 "0123456789abcdef"; add -4 192.0.2.1[4500] 192.0.2.2[4500] esp-udp 7 -E null;`,
      ].join('\n'),
    });
    expect(faults).to.deep.equal([]);
    expect(keys.map(({ line, key }) => ({ line, ...key }))).to.deep.equal([
      {
        line: 4,
        kind: 'esp',
        source: '192.0.2.1',
        destination: '192.0.2.2',
        spi: 0x1001,
        encryption: { id: 12, keyLength: 128, key: digits(16) },
        integrity: { id: 2, key: hexOf('hmacsha1authenticati') },
        encapsulated: false,
      },
      {
        line: 7,
        kind: 'ah',
        source: '2001:db8::1',
        destination: '2001:db8::2',
        spi: 4098,
        integrity: { id: 1, key: hexOf('0123456789abcdef') },
      },
      {
        line: 7,
        kind: 'esp',
        source: '192.0.2.1',
        destination: '192.0.2.2',
        spi: 7,
        encryption: { id: 11, key: '' },
        encapsulated: true,
      },
    ]);
    expect(policies.map(({ line, text }) => `${line} ${text}`)).to.deep.equal([
      '2 spdadd 10.0.0.0/8 10.1.0.0/16 any -P out ipsec esp/tunnel/192.0.2.1-192.0.2.2/require',
    ]);
  });

  it('reads SHA-2 as RFC 4868 and as KAME cut it', () => {
    const keys = keysIn(add(`-E aes-cbc 0x${digits(16)} -A hmac-sha256 0x${digits(32)}`));
    expect(keys.map((key) => (key.kind === 'esp' ? key.integrity : undefined))).to.deep.equal([
      { id: 12, key: digits(32) },
      { id: 12, key: digits(32), icvOctets: 12 },
    ]);
  });

  const ciphers: readonly [name: string, octets: number, id: number, keyLength?: number][] = [
    ['des-cbc', 8, 2],
    ['3des-cbc', 24, 3],
    ['rijndael-cbc', 32, 12, 256],
    ['aes-ctr', 20, 13, 128],
    ['aes-gcm-16', 36, 20, 256],
    ['aes-gmac', 20, 21, 128],
    ['chacha20-poly1305', 36, 28],
  ];
  for (const [name, octets, id, keyLength] of ciphers)
    it(`knows ${name}`, () => {
      const [key] = keysIn(add(`-E ${name} 0x${digits(octets)}`));
      const encryption = { id, ...(keyLength && { keyLength }), key: digits(octets) };
      expect(key).to.deep.include({ encryption });
    });

  const named: readonly [statement: string, says: RegExp][] = [
    [add('-E blowfish-cbc "0123456789abcdef"'), /wanted a cipher that can be opened here, had blowfish-cbc$/],
    [add('-E des-deriv "01234567"'), /wanted a cipher that can be opened here, had des-deriv$/],
    [
      add('-E null -A keyed-md5 "0123456789abcdef"'),
      /wanted an authenticator that can be checked here, had keyed-md5$/,
    ],
    [add('-E null -A hmac-ripemd160 "0123456789abcdef"'), /the ICV of hmac-ripemd160 cannot be checked here$/],
    [add('-E aes-cbc'), /wanted the encryption key, had nothing$/],
    [add('-E aes-cbc secret'), /wanted the encryption key in quotes, or 0x and its digits, had something else$/],
    [add('-E aes-cbc "short"'), /wanted the encryption key of 16, 24, 32 octets for ENCR_AES_CBC, had 5$/],
    [add('-A hmac-sha1 "x"'), /wanted -E with an algorithm, had nothing$/],
    [add('-Z 1 -E null'), /wanted an option of add, had -Z$/],
    ['add 192.0.2.1 192.0.2.2 esp 0x100000000 -E null;', /wanted an SPI of 32 bits/],
    ['add 192.0.2.1 192.0.2.2 esp-old 1 -E null;', /wanted esp, ah or esp-udp, had esp-old$/],
    ['add 192.0.2.999 192.0.2.2 esp 1 -E null;', /wanted the source as an address, had 192.0.2.999$/],
    [`add 192.0.2.1 192.0.2.2 esp 1 -E null\n`, /wanted a semicolon behind the statement, had the end of the file$/],
    ['flush;\ncharge 1 2 3;', /line 2: wanted a statement of setkey, had charge$/],
  ];
  for (const [statement, says] of named)
    it(`names ${statement.slice(0, 70).trim()}`, () => expect(faultsIn(statement).join('; ')).to.match(says));

  it('leaves an end open that has a name, and says so', () => {
    const text = `add gw.example 192.0.2.2 esp 1 -E null;`;
    expect(keysIn(text)[0]).to.have.keys('kind', 'destination', 'spi', 'encryption', 'encapsulated');
    expect(faultsIn(text)[0]).to.match(/had the name gw.example: any will do$/);
  });

  it('loses one statement with a semicolon, and no more', () => {
    const { keys, faults } = readFolder({ k: `add 192.0.2.1 192.0.2.2 esp 1 -E null\n${add('-E null')}\n` });
    expect(keys).to.have.lengthOf(1);
    expect(faults).to.deep.equal(['k, line 1: wanted a semicolon behind the statement, had add in line 2']);
  });
});

/** As iproute2 6.1 and 6.15 print it alike. */
describe('`ip xfrm state`', () => {
  it('gives SAs, printed short', () => {
    const { keys, faults } = readFolder({ states: `${SHORT}${LARVAL}` });
    expect(faults).to.deep.equal([]);
    expect(keys).to.deep.equal([
      {
        file: 'states',
        line: 1,
        key: {
          kind: 'esp',
          source: '192.0.2.1',
          destination: '192.0.2.2',
          spi: 0x1001,
          extendedSequenceNumbers: true,
          encryption: { id: 12, keyLength: 128, key: digits(16) },
          integrity: { id: 12, key: digits(32) },
          encapsulated: true,
        },
      },
      {
        file: 'states',
        line: 9,
        key: {
          kind: 'ah',
          source: '2001:db8::1',
          destination: '2001:db8::2',
          spi: 0x1002,
          extendedSequenceNumbers: false,
          integrity: { id: 12, key: digits(32), icvOctets: 12 },
        },
      },
    ]);
  });

  it('gives them printed long, on one line each, and as they change', () => {
    const keys = keysIn(SHORT);
    const long = SHORT.replace(/spi 0x0000(100.)/g, 'spi 0x0000$1(4097)')
      .replace(/(0x[0-9a-f]{64})/g, '$1 (256 bits)')
      .replace(/(0x[0-9a-f]{32})$/gm, '$1 (128 bits)');
    expect(long).to.contain('bits)');
    expect(keysIn(long)).to.deep.equal(keys);
    expect(keysIn(SHORT.replace(/\n\t/g, '\\\t'))).to.deep.equal(keys);
    expect(keysIn(SHORT.replace(/^src/gm, 'Updated src'))).to.deep.equal(keys);
  });

  const changed: readonly [what: string, from: RegExp, to: string, says: RegExp][] = [
    ['keys that are hidden', /0x[0-9a-f]{32,}/g, '<<Keys hidden>>', /hidden as this was printed \(nokeys\)$/],
    ['a key that is cut', /0x[0-9a-f]{32}$/m, '0x0011', /wanted the encryption key of 16, 24, 32 octets.*had 2$/],
    ['no key', /enc cbc\(aes\) .*/, 'enc cbc(aes)', /wanted a key, 0x and its digits/],
    ['zeros', /enc cbc\(aes\) .*/, `enc cbc(aes) 0x${'00'.repeat(16)}`, /a key of zeros, as a kernel that is locked/],
    ['no cipher', /.*enc cbc.*\n/, '', /wanted enc or aead with a key, had nothing$/],
    ['another cipher', /cbc\(aes\)/, 'cbc(camellia)', /wanted a cipher that can be opened here, had cbc\(camellia\)$/],
    ['another authenticator', /hmac\(sha256\) (\S+) 128/, 'hmac(sm3) $1 256', /ICV of hmac\(sm3\) cannot be checked/],
    ['an ICV that is too long', /128$/m, '192', /an ICV of 192 bits of hmac\(sha256\) cannot be checked here$/],
    ['an ICV without a length', / 128$/m, '', /wanted the length of an ICV in bits behind the key/],
    ['a bad address', /192\.0\.2\.2/, '192.0.2', /wanted an address, had 192.0.2$/],
    ['a bad SPI', /0x00001001/, '0xx', /wanted an SPI of 32 bits, had 0xx$/],
    ['no head', /^src.*\n/, '', /line 1: wanted src ADDRESS dst ADDRESS/],
  ];
  for (const [what, from, to, says] of changed)
    it(`says ${what}`, () => expect(faultsIn(SHORT.replace(from, to)).join('; ')).to.match(says));
});

describe('secrets of tcpdump -E', () => {
  it('gives SAs without the keys of their ICVs, default ones, and IKE SAs', () => {
    const text = [
      '# comment',
      `0x12345678@192.1.2.45 3des-cbc-hmac96:0x${digits(24)}`,
      `17@2001:db8::1\t\taes128-cbc:sixteen octets..`,
      'none:',
      `ikev2 I 0x0011223344556677 0x8899aabbccddeeff sha1:0x${digits(20)} aes256-cbc:0x${digits(32)}`,
      `ikev2 R 0x0011223344556677 0x8899AABBCCDDEEFF md5:0x${digits(16)} 3des:0x${digits(24)}`,
    ].join('\n');
    expect(faultsIn(text)).to.deep.equal([]);
    expect(keysIn(text)).to.deep.equal([
      {
        kind: 'esp',
        spi: 0x12345678,
        destination: '192.1.2.45',
        encryption: { id: 3, key: digits(24) },
        integrity: { icvOctets: 12 },
      },
      ...[{ kind: 'esp', spi: 17, destination: '2001:db8::1' }].map((sa) => ({
        ...sa,
        encryption: { id: 12, keyLength: 128, key: hexOf('sixteen octets..') },
      })),
      { kind: 'esp', encryption: { id: 11, key: '' } },
      {
        kind: 'ikev2',
        initiatorSPI: '0011223344556677',
        responderSPI: '8899aabbccddeeff',
        SK_ei: digits(32),
        SK_ai: digits(20),
        encryption: { id: 12, keyLength: 256 },
        integrity: 2,
      },
      {
        kind: 'ikev2',
        initiatorSPI: '0011223344556677',
        responderSPI: '8899aabbccddeeff',
        SK_er: digits(24),
        SK_ar: digits(16),
        encryption: { id: 3 },
        integrity: 1,
      },
    ]);
  });

  const good = '1@192.0.2.1 none:\n2@192.0.2.1 none:\n';
  const named: readonly [line: string, says: RegExp][] = [
    ['1@192.0.2.1 blowfish-cbc:0x00', /wanted a cipher that can be opened here, had blowfish-cbc$/],
    ['1@192.0.2.1 aes128-cbc:0x00', /wanted the encryption key of 16, 24, 32 octets/],
    [`1@192.0.2.1 aes128-cbc:0x${digits(32)}`, /wanted a key of 128 bits for aes128-cbc, had 256$/],
    ['1@192.0.2.1 aes128-cbc', /wanted CIPHER:KEY, had no colon$/],
    ['1@host none:', /wanted an address behind @, had host$/],
    ['5000000000@192.0.2.1 none:', /wanted an SPI of 32 bits before @/],
    ['1@192.0.2.1 none: more', /wanted the encryption key of 0 octets for ENCR_NULL, had 5$/],
    ['file /other', /names another file, which is read where it is named itself$/],
    ['ikev2 I 0x00 0x8899aabbccddeeff sha1:0x00 none:', /wanted an SPI of IKE, 0x and 16 digits, had 0x00$/],
    ['ikev2 I 0x0011223344556677', /wanted ikev2 I or R, two SPIs/],
    ['ikev2 I 0x0011223344556677 0x8899aabbccddeeff sha256:0x00 none:', /wanted sha1 or md5 with a key, had sha256$/],
  ];
  for (const [line, says] of named)
    it(`names ${line.slice(0, 60)}`, () => {
      const faults = faultsIn(`${good}${line}\n`);
      expect(faults.join('; ')).to.match(says);
      expect(faults[0]).to.match(/^keys, line 3: /);
    });
});

describe('touchstone-secrets', () => {
  const document = {
    schema: 'touchstone-secrets/1',
    keyExchanges: [
      { group: 14, privateValue: 'AB01' },
      { group: 31, sharedSecret: digits(32), initiatorSPI: '00112233445566FF' },
    ],
    sharedKeys: [{ text: 'kêy' }, { octets: '00FF' }],
  };
  const written = (change: object = {}): string => JSON.stringify({ ...document, ...change }, undefined, 1);

  it('is read, digits in lower case and text as UTF-8', () => {
    const { secrets, faults } = readFolder({ 'anything.json': written() });
    expect(faults).to.deep.equal([]);
    expect(secrets.map(({ file: _, ...rest }) => rest)).to.deep.equal([
      {
        keyExchanges: [
          { group: 14, privateValue: 'ab01' },
          { group: 31, sharedSecret: digits(32), initiatorSPI: '00112233445566ff' },
        ],
        sharedKeys: ['6bc3aa79', '00ff'],
      },
    ]);
  });

  const named: readonly [text: string, says: RegExp][] = [
    [written().replace(']', ''), /keys, line \d+: wanted JSON, had something else$/],
    [written().slice(0, -9), /keys, line \d+: wanted JSON, had something else$/],
    [written({ schema: 'touchstone-secrets/2' }), /at schema: /],
    [written({ keyExchanges: [{ group: 14 }] }), /at keyExchanges.0: either privateValue or sharedSecret$/],
    [written({ keyExchanges: [{ group: 14, privateValue: 'abc' }] }), /at keyExchanges.0.privateValue: hexadecimal/],
    [written({ keyExchanges: [{ group: 14, privatValue: 'ab' }] }), /at keyExchanges.0/],
    [written({ sharedKeys: [{}] }), /at sharedKeys.0: either text or octets$/],
    ['{}', /wanted touchstone-secrets\/1, at /],
  ];
  for (const [text, says] of named)
    it(`names what is off: ${String(says).slice(0, 60)}`, () => expect(faultsIn(text).join('; ')).to.match(says));

  it('follows the schema that is published beside this file', () => {
    const published: unknown = JSON.parse(readFileSync(new URL('secrets.schema.json', import.meta.url), 'utf8'));
    expect(secretsJsonSchema()).to.deep.equal(published);
  });
});

function add(algorithms: string): string {
  return `add 192.0.2.1 192.0.2.2 esp 0x1001 ${algorithms};`;
}

const SHORT = `src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x00001001 reqid 1 mode tunnel
	replay-window 32 flag af-unspec esn
	auth-trunc hmac(sha256) 0x${digits(32)} 128
	enc cbc(aes) 0x${digits(16)}
	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0
	anti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
	sel src 0.0.0.0/0 dst 0.0.0.0/0${' '}
src 2001:db8::1 dst 2001:db8::2
	proto ah spi 0x00001002 reqid 0 mode transport
	replay-window 0${' '}
	auth-trunc hmac(sha256) 0x${digits(32)} 96
	anti-replay context: seq 0x0, oseq 0x0, bitmap 0x00000000
	sel src ::/0 dst ::/0${' '}
`;

const LARVAL = `src 192.0.2.1 dst 192.0.2.2
	proto esp spi 0x00000000 reqid 0 mode transport
	replay-window 0${' '}
	sel src 192.0.2.1/32 dst 192.0.2.2/32${' '}
src 192.0.2.1 dst 192.0.2.2
	proto comp spi 0x00000077 reqid 0 mode transport
	comp deflate${' '}
`;
