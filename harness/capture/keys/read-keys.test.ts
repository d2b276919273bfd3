/** A folder of keys: every file by what it holds, whatever is wrong with it said, and nothing lost beside it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { FileFault } from '../../files/file-fault.ts';
import { readFolder } from './key-folder.test-support.ts';
import { faultText, readKeys } from './read-keys.ts';

const row = (spi: number) =>
  `"IPv4","*","192.0.2.2","${spi}","AES-CBC [RFC3602]","0123456789abcdef","HMAC-MD5-96 [RFC2403]","0123456789abcdef"`;
const ike = (spi: number) =>
  `${spi.toString(16).padStart(16, '0')},8899aabbccddeeff,${'01'.repeat(16)},${'02'.repeat(16)},"AES-CBC-128 [RFC3602]",${'03'.repeat(20)},${'04'.repeat(20)},"HMAC_SHA1_96 [RFC2404]"`;
const statement = (spi: number) => `add 192.0.2.1 192.0.2.2 esp ${spi} -E aes-cbc "0123456789abcdef";`;
const secret = (spi: number) => `${spi}@192.0.2.2 aes128-cbc-hmac96:0x${'0a'.repeat(16)}`;
const state = (spi: number) =>
  [
    'src 192.0.2.1 dst 192.0.2.2',
    `\tproto esp spi 0x${spi.toString(16).padStart(8, '0')} reqid 1 mode tunnel`,
    '\treplay-window 32 ',
    `\taead rfc4106(gcm(aes)) 0x${'0b'.repeat(20)} 128`,
  ].join('\n');

const formats = { row, ike, statement, secret, state } as const;
const three = (one: (spi: number) => string): string => [1, 2, 3].map((spi) => `${one(spi)}\n`).join('');

describe('keys of strangers', () => {
  it('are read from every file of a folder, whatever it is called', () => {
    const { keys, faults } = readFolder(
      Object.fromEntries(Object.entries(formats).map(([name, one]) => [`${name}.txt`, three(one)])),
    );
    expect(faults).to.deep.equal([]);
    const counts = Object.keys(formats).map((name) => keys.filter(({ file }) => file === `${name}.txt`).length);
    expect(counts).to.deep.equal([3, 3, 3, 3, 3]);
  });

  it('are read from one file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'touchstone-keys-'));
    try {
      writeFileSync(join(folder, 'esp_sa'), row(1));
      expect(readKeys(join(folder, 'esp_sa')).keys).to.have.lengthOf(1);
      expect(() => readKeys(join(folder, 'none'))).to.throw(FileFault, /none: wanted a file or a folder to read, had/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('name each file once that has none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'touchstone-keys-'));
    try {
      const write = (name: string, contents: string | Uint8Array) => writeFileSync(join(folder, name), contents);
      write('a.pcap', Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0));
      write('b-empty', '');
      write('c-prose', 'Dear Sir,\nplease find the keys elsewhere: "IPv4", perhaps.\n'.repeat(9));
      write('d-huge', '');
      truncateSync(join(folder, 'd-huge'), 2 ** 25);
      mkdirSync(join(folder, 'e-folder'));
      symlinkSync('nowhere', join(folder, 'f-link'));
      write('g', row(1));
      const { keys, faults } = readKeys(folder);
      expect(keys).to.have.lengthOf(1);
      expect(faults.map((fault) => faultText(fault).slice(folder.length + 1))).to.satisfy((said: string[]) =>
        [
          /^e-folder: wanted a file, had a folder, which is not looked into$/,
          /^a.pcap: wanted a file with keys \(.*\), had octets that are no text$/,
          /^b-empty: wanted a file with keys .* had an empty file$/,
          /^c-prose: wanted a file with keys .* had no line of any of them$/,
          /^d-huge: wanted a file of at most 16777216 octets, had 33554432$/,
          /^f-link: wanted a file to read, had nothing of that name/,
        ].every((pattern, i) => pattern.test(said[i]!)),
      );
      expect(faults).to.have.lengthOf(6);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('say of a file that is wrong throughout how wrong it is, in a hundred lines', () => {
    const { faults } = readFolder({ k: Array.from({ length: 5_000 }, () => '"IPv4",x').join('\n') });
    expect(faults).to.have.lengthOf(101);
    expect(faults.at(-1)).to.equal('k: 4900 more lines are wrong');
  });

  it('are read by the hundred thousand', () => {
    const { keys, faults } = readFolder({ k: Array.from({ length: 100_000 }, (_, i) => row(i + 1)).join('\n') });
    expect([keys.length, faults.length]).to.deep.equal([100_000, 0]);
  });

  for (const [name, one] of Object.entries(formats)) {
    it(`lose one of three with a line of it that is cut away or overwritten, and say which: ${name}`, () => {
      const whole = three(one).split('\n');
      const each = whole.length / 3;
      for (let at = 0; at < whole.length - 1; at++) {
        const { keys, faults } = readFolder({ k: whole.with(at, '"?!').join('\n') });
        const where = `line ${at + 1}: ${faults.join('; ')}`;
        if (name !== 'state') expect(faults.join(), where).to.contain(`k, line ${at + 1}: wanted `);
        else if (at % 4 !== 2) expect(faults.join(), where).to.match(/^k, line \d+: wanted /);
        expect(keys.length, where).to.be.at.least(1).and.at.most(3);
      }
      expect(each).to.be.above(0);
    });
  }

  it('never throw, whatever octets are damaged, and lose no key without a word', () => {
    const damage = fc.record({
      format: fc.constantFrom(...Object.values(formats)),
      at: fc.nat(),
      octet: fc.nat(255),
      cut: fc.option(fc.nat()),
    });
    fc.assert(
      fc.property(damage, ({ format, at, octet, cut }) => {
        const octets = Buffer.from(three(format), 'latin1');
        octets[at % octets.length] = octet;
        const kept = cut === null ? octets : octets.subarray(0, cut % octets.length);
        const { keys, faults } = readFolder({ k: kept });
        if (cut === null) expect(keys.length + faults.length).to.be.at.least(1);
        for (const fault of faults) expect(fault).to.match(/^k(, line \d+)?: [\x20-\x7e]+$/);
      }),
      { numRuns: 1_500 },
    );
  });

  it('take time in proportion to a line that never ends', () => {
    for (const text of ['"IPv4",'.repeat(200_000), `"IPv4","${'\\"'.repeat(400_000)}`, `add ${'"'.repeat(500_000)}`]) {
      const began = performance.now();
      expect(readFolder({ k: text }).faults).to.have.lengthOf.at.least(1);
      expect(performance.now() - began).to.be.below(5_000);
    }
  });
});
