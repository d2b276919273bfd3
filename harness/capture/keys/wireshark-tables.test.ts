/** Wireshark's two tables: what we write we read, what it may write we read or name, and what strongSwan makes of them. */
import { expect } from 'chai';
import { encryptionTransform } from '../../../reference/transforms/encryption.ts';
import { integrityTransform, integrityWithoutIv } from '../../../reference/transforms/integrity.ts';
import { keyTables } from '../key-tables.ts';
import type { KeyRecord } from '../transcript.ts';
import { faultsIn, keysIn, readFolder } from './key-folder.test-support.ts';
import { encryptionKeys, integrityKeys } from './key-octets.ts';

const digits = (octets: number, from = 1): string =>
  Array.from({ length: octets }, (_, i) => ((from + i) % 256).toString(16).padStart(2, '0')).join('');

describe('sizes of keys', () => {
  it('are those of the reference', () => {
    for (const [id, { keys, salt = 0 }] of Object.entries(encryptionKeys)) {
      const sizes = [undefined, 128, 192, 256].flatMap((bits) => {
        const transform = encryptionTransform(Number(id), bits);
        return transform ? [[transform.keyOctets, transform.saltOctets]] : [];
      });
      expect(sizes, id).to.deep.equal(keys.map((size) => [size, salt]));
    }
    for (const [id, size] of Object.entries(integrityKeys)) {
      const transform = integrityTransform(Number(id))!;
      expect(size, id).to.equal(transform.name.includes('HMAC') ? 'any' : transform.keyOctets);
    }
    const known = Array.from({ length: 64 }, (_, id) => id);
    const hasCipher = (id: number) => [undefined, 128].some((bits) => encryptionTransform(id, bits));
    expect(known.filter(hasCipher).map(String)).to.deep.equal(Object.keys(encryptionKeys));
    expect(known.filter((id) => integrityTransform(id)).map(String)).to.deep.equal(Object.keys(integrityKeys));
  });
});

describe('esp_sa', () => {
  it('gives back every key that we write into it', () => {
    const written = everyEsp();
    const { esp_sa, leftOut } = keyTables(written);
    const { keys, faults } = readFolder({ esp_sa });
    expect(faults).to.deep.equal([]);
    expect(keys.length + leftOut.length).to.equal(written.length);
    const read = new Map(keys.map(({ key }) => [key.kind === 'esp' ? key.spi : 0, key]));
    for (const record of written.filter(({ spi }) => read.has(spi))) {
      const { encryption, integrity, spi } = record;
      expect(read.get(spi), `0x${spi.toString(16)}`).to.deep.equal({
        kind: 'esp',
        family: 4,
        spi,
        encryption,
        ...(integrity && { integrity }),
      });
    }
    expect(read.size).to.be.above(40);
  });

  it('knows on which line each stands', () => {
    const { keys } = readFolder({ esp_sa: `# first\n\n${row()}\r\n\n${row({ spi: '17' })}` });
    expect(keys.map(({ file, line }) => `${file} ${line}`)).to.deep.equal(['esp_sa 3', 'esp_sa 5']);
  });

  const read: readonly [what: string, cells: Partial<Row>, expected: object][] = [
    ['addresses', {}, { source: '192.0.2.1', destination: '192.0.2.2', spi: 0x1001 }],
    [
      'an address of IPv6',
      { family: 'IPv6', source: '*', destination: '2001:DB8:0::2' },
      { destination: '2001:db8::2' },
    ],
    ['stars for octets', { destination: '192.*.2.*' }, { destination: '192.*.2.*' }],
    ['an SPI in decimal', { spi: '4097' }, { spi: 0x1001 }],
    ['an SPI in octal, as strtoul(3) has it', { spi: '010' }, { spi: 8 }],
    ['stars for digits of an SPI', { spi: '0x0000100*' }, { spi: '0x0000100*' }],
    [
      'a key as text',
      { encryptionKey: 'aescbcencryption' },
      { encryption: { id: 12, keyLength: 128, key: hexOf('aescbcencryption') } },
    ],
    [
      'escapes in a key',
      { encryptionKey: '\\x00\\xff\\"\\\\,#\\n890123456' },
      { encryption: { id: 12, keyLength: 128, key: `00ff225c2c230a${hexOf('890123456')}` } },
    ],
    [
      'an odd number of digits',
      { encryptionKey: `0x${digits(16).slice(1)}` },
      { encryption: { id: 12, keyLength: 128, key: digits(16) } },
    ],
    [
      'TripleDES in the case of strongSwan',
      { encryption: 'TripleDes-CBC [RFC2451]', encryptionKey: `0x${digits(24)}` },
      { encryption: { id: 3, key: digits(24) } },
    ],
    [
      'an ICV that is not checked',
      { integrity: 'ANY 96 bit authentication [no checking]', integrityKey: '' },
      { integrity: { icvOctets: 12 } },
    ],
    [
      'SHA-256 cut to 96 bits',
      { integrity: 'HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]' },
      { integrity: { id: 12, key: digits(20), icvOctets: 12 } },
    ],
    [
      'ChaCha20-Poly1305 of later versions',
      {
        encryption: 'ChaCha20 with Poly1305 [RFC7634]',
        encryptionKey: `0x${digits(36)}`,
        integrity: 'NULL',
        integrityKey: '',
      },
      { encryption: { id: 28, key: digits(36) } },
    ],
    ['numbers of later versions', { more: ['64-bit', '2'] }, { extendedSequenceNumbers: true, sequenceHigh: 2 }],
    ['short numbers of later versions', { more: ['32-bit', '0'] }, { extendedSequenceNumbers: false }],
  ];
  for (const [what, cells, expected] of read)
    it(`reads ${what}`, () => {
      expect(faultsIn(row(cells))).to.deep.equal([]);
      const [key] = keysIn(row(cells));
      expect(key).to.deep.include(expected);
    });

  it('leaves open what a star leaves open', () => {
    const [key] = keysIn(row({ source: '*', destination: '*', spi: '*' }));
    expect(key).to.have.keys('kind', 'family', 'encryption', 'integrity');
  });

  it('reads AES-GCM of strongSwan in each way that its row may mean', () => {
    const gcm = (integrity: string) =>
      keysIn(
        row({ encryption: 'AES-GCM [RFC4106]', encryptionKey: `0x${digits(20)}`, integrity, integrityKey: '0x' }),
      ).map((key) => 'encryption' in key && key.encryption.id);
    expect(gcm('ANY 128 bit authentication [no checking]')).to.deep.equal([20]);
    expect(gcm('ANY 96 bit authentication [no checking]')).to.deep.equal([19]);
    expect(gcm('ANY 64 bit authentication [no checking]')).to.deep.equal([18, 19]);
    expect(gcm('NULL')).to.deep.equal([20, 19, 18]);
  });

  const named: readonly [cells: Partial<Row>, says: RegExp][] = [
    ...['CAST5-CBC [RFC2144]', 'BLOWFISH-CBC [RFC2451]', 'TWOFISH-CBC'].map((encryption): [Partial<Row>, RegExp] => [
      { encryption },
      /wanted an encryption algorithm that can be opened here, had (CAST5|BLOWFISH|TWOFISH)-CBC/,
    ]),
    [
      { encryption: 'AES-GCM with IIV and 16 octet ICV [RFC4106 & RFC8750]' },
      /that can be opened here, had AES-GCM with IIV/,
    ],
    [{ integrity: 'MAC-RIPEMD-160-96 [RFC2857]' }, /the ICV of MAC-RIPEMD-160-96 \[RFC2857\] cannot be checked here$/],
    [{ encryption: 'ROT13' }, /wanted an encryption algorithm of Wireshark, had ROT13$/],
    [{ integrity: 'CRC-32' }, /wanted an integrity algorithm of Wireshark, had CRC-32$/],
    [{ family: 'IPv5' }, /no line of any of them/],
    [{ destination: '192.0.2' }, /wanted the destination as an IPv4 address or \*, had 192.0.2$/],
    [{ destination: '2001:db8::1' }, /wanted the destination as an IPv4 address or \*, had 2001:db8::1$/],
    [{ destination: '192.0.2.0/24' }, /wanted the destination as an IPv4 address or \*/],
    [{ spi: '0x100000000' }, /wanted an SPI of 32 bits, or \*/],
    [{ spi: '-1' }, /wanted an SPI of 32 bits, or \*, had -1$/],
    [{ encryptionKey: `0x${digits(15)}` }, /wanted the encryption key of 16, 24, 32 octets for ENCR_AES_CBC, had 15$/],
    [{ encryptionKey: '0x0g' }, /wanted the encryption key in hexadecimal digits, had g as the 2. of them$/],
    [{ integrityKey: '' }, /wanted the integrity key of some octets for AUTH_HMAC_SHA1_96, had 0$/],
    [
      { encryption: 'AES-GCM with 16 octet ICV [RFC4106]', encryptionKey: `0x${digits(20)}` },
      /wanted NULL for the integrity/,
    ],
    [{ more: ['48-bit', '0'] }, /wanted 32-bit or 64-bit, had 48-bit$/],
    [{ more: ['64-bit', 'x'] }, /wanted the upper half of a sequence number, hexadecimal, had x$/],
    [{ more: ['64-bit'] }, /wanted 8 or 10 cells, had 9$/],
  ];
  for (const [cells, says] of named)
    it(`names ${JSON.stringify(cells).slice(0, 70)}`, () => {
      expect(faultsIn(row(cells))).to.have.lengthOf(1);
      expect(faultsIn(row(cells))[0]).to.match(says);
    });

  it('opens what it can of a row whose ICV it cannot check', () => {
    expect(keysIn(row({ integrity: 'MAC-RIPEMD-160-96 [RFC2857]' }))).to.have.lengthOf(1);
  });
});

describe('ikev2_decryption_table', () => {
  it('gives back every key that we write into it', () => {
    const written = everyIke();
    const { ikev2_decryption_table, leftOut } = keyTables(written);
    const { keys, faults } = readFolder({ ikev2_decryption_table });
    expect(faults).to.deep.equal([]);
    expect(keys.length + leftOut.length).to.equal(written.length);
    const read = new Map(keys.map(({ key }) => [key.kind === 'ikev2' ? key.initiatorSPI : '', key]));
    for (const record of written.filter(({ initiatorSPI }) => read.has(initiatorSPI)))
      expect(read.get(record.initiatorSPI)).to.deep.equal(record);
    expect(read.size).to.be.above(50);
  });

  it('reads ICVs that are not checked, or cut shorter', () => {
    const integrity = (name: string) => {
      const [key] = keysIn(ikeRow({ integrity: name }));
      return key?.kind === 'ikev2' ? key.integrity : undefined;
    };
    expect(integrity('ANY 160-bits of Authentication [No Checking]')).to.deep.equal({ icvOctets: 20 });
    expect(integrity('HMAC_SHA2_256_96 [draft-ietf-ipsec-ciph-sha-256-00]')).to.deep.equal({ id: 12, icvOctets: 12 });
    expect(integrity('HMAC_MD5_128 [RFC4595]')).to.deep.equal({ icvOctets: 16 });
    expect(faultsIn(ikeRow({ integrity: 'HMAC_MD5_128 [RFC4595]' }))[0]).to.match(/cannot be checked here$/);
  });

  const named: readonly [cells: Partial<IkeRow>, says: RegExp][] = [
    [{ encryption: 'AES-CBC [RFC3602]' }, /wanted an encryption algorithm of Wireshark for IKEv2, had AES-CBC/],
    [{ integrity: 'HMAC-SHA-1-96 [RFC2404]' }, /wanted an integrity algorithm of Wireshark for IKEv2/],
    [{ SK_ei: digits(24) }, /wanted SK_ei of 128 bits, had 192$/],
    [{ SK_ei: digits(15) }, /wanted SK_ei of 16, 24, 32 octets/],
    [{ SK_er: digits(24) }, /wanted SK_er as long as SK_ei, 16 octets, had 24$/],
    [{ SK_ar: '' }, /wanted SK_ar of some octets/],
    [{ SK_ai: 'xy' }, /wanted SK_ai in hexadecimal digits/],
    [{ responderSPI: '00112233445566778' }, /no line of any of them/],
  ];
  for (const [cells, says] of named)
    it(`names ${JSON.stringify(cells).slice(0, 70)}`, () => expect(faultsIn(ikeRow(cells)).join()).to.match(says));

  it('is not that of IKEv1, which is named once', () => {
    const faults = faultsIn('0011223344556677,00112233445566778899aabbccddeeff\n8877665544332211,0011\n');
    expect(faults).to.deep.equal(['keys, line 1: a key of IKEv1, of which nothing is opened here']);
  });
});

type EspRecord = Extract<KeyRecord, { kind: 'esp' }>;
type IkeRecord = Extract<KeyRecord, { kind: 'ikev2' }>;

const everyCipher = Object.entries(encryptionKeys).flatMap(([id, { keys, salt = 0 }]) =>
  keys.map((size) => {
    const keyLength = keys.length > 1 ? 8 * size : undefined;
    const transform = encryptionTransform(Number(id), keyLength)!;
    return { id: Number(id), keyLength, octets: size + salt, isAead: transform.icvOctets > 0 };
  }),
);
const everyIntegrity = Object.keys(integrityKeys)
  .map(Number)
  .flatMap((id) => integrityWithoutIv(id) ?? []);

/** Each with an SPI of its own. */
function everyEsp(): readonly EspRecord[] {
  let spi = 0x1000;
  return everyCipher.flatMap(({ id, keyLength, octets, isAead }) =>
    (isAead ? [undefined] : [undefined, ...everyIntegrity]).map(
      (integrity): EspRecord => ({
        kind: 'esp',
        source: '192.0.2.1',
        destination: '192.0.2.2',
        spi: spi++,
        encryption: { id, ...(keyLength !== undefined && { keyLength }), key: digits(octets, id) },
        ...(integrity && { integrity: { id: integrity.id, key: digits(integrity.keyOctets, 9) } }),
        extendedSequenceNumbers: false,
        encapsulated: false,
        since: 0,
      }),
    ),
  );
}

function everyIke(): readonly IkeRecord[] {
  let spi = 0x1000;
  return everyCipher.flatMap(({ id, keyLength, octets, isAead }) =>
    (isAead ? [undefined] : everyIntegrity).map(
      (integrity): IkeRecord => ({
        kind: 'ikev2',
        initiatorSPI: (spi++).toString(16).padStart(16, '0'),
        responderSPI: 'ff'.repeat(8),
        SK_ei: digits(octets, 1),
        SK_er: digits(octets, 2),
        SK_ai: digits(integrity?.keyOctets ?? 0, 3),
        SK_ar: digits(integrity?.keyOctets ?? 0, 4),
        encryption: { id, ...(keyLength !== undefined && { keyLength }) },
        ...(integrity && { integrity: integrity.id }),
      }),
    ),
  );
}

interface Row {
  readonly family: string;
  readonly source: string;
  readonly destination: string;
  readonly spi: string;
  readonly encryption: string;
  readonly encryptionKey: string;
  readonly integrity: string;
  readonly integrityKey: string;
  readonly more: readonly string[];
}

function row(cells: Partial<Row> = {}): string {
  const whole = {
    family: 'IPv4',
    source: '192.0.2.1',
    destination: '192.0.2.2',
    spi: '0x00001001',
    encryption: 'AES-CBC [RFC3602]',
    encryptionKey: `0x${digits(16)}`,
    integrity: 'HMAC-SHA-1-96 [RFC2404]',
    integrityKey: `0x${digits(20)}`,
    ...cells,
  };
  const { more = [], ...eight } = whole;
  return [...Object.values(eight), ...more].map((cell) => `"${cell}"`).join(',');
}

interface IkeRow {
  readonly initiatorSPI: string;
  readonly responderSPI: string;
  readonly SK_ei: string;
  readonly SK_er: string;
  readonly encryption: string;
  readonly SK_ai: string;
  readonly SK_ar: string;
  readonly integrity: string;
}

function ikeRow(cells: Partial<IkeRow> = {}): string {
  const { encryption, integrity, ...rest } = {
    initiatorSPI: '0011223344556677',
    responderSPI: '8899aabbccddeeff',
    SK_ei: digits(16),
    SK_er: digits(16),
    encryption: 'AES-CBC-128 [RFC3602]',
    SK_ai: digits(20),
    SK_ar: digits(20),
    integrity: 'HMAC_SHA1_96 [RFC2404]',
    ...cells,
  };
  const { initiatorSPI, responderSPI, SK_ei, SK_er, SK_ai, SK_ar } = rest;
  return [initiatorSPI, responderSPI, SK_ei, SK_er, `"${encryption}"`, SK_ai, SK_ar, `"${integrity}"`].join(',');
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}
