import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedOctets } from '../../reference/wire/dissection.ts';
import { concat, unhex } from '../../reference/wire/octets.ts';
import { readCapture } from './capture.ts';
import type { CaptureFile } from './capture-file.ts';
import { writePcapng } from './pcapng.ts';

const corpus = '../shared/captures';

describe('capture files', () => {
  const file: CaptureFile = {
    links: [
      { name: 'home', linkType: 1 },
      { name: 'visited', linkType: 1 },
    ],
    frames: [
      frame(0, 1_700_000_000_000_000_001n, 'aabbcc', ['decided here: äöü ✓']),
      frame(1, 1_700_000_000_000_000_999n, '', []),
      frame(1, 1_700_000_001_123_456_789n, '00'.repeat(61), ['one', 'two']),
    ],
  };

  it('pcapng comes back as it was written, in nanoseconds, with links and comments', () => {
    expect(readCapture(writePcapng(file, { application: 'test', comment: 'why' }))).to.deep.equal(file);
    expect(readCapture(writePcapng(file, { application: 'test', offsetSeconds: 1_699_999_999n }))).to.deep.equal(file);
  });

  it('pcap is read in both byte orders, in microseconds and nanoseconds', () => {
    for (const [magic, fraction, nanoseconds] of [
      ['a1b2c3d4', '00000005', 3_000_005_000n],
      ['a1b23c4d', '00000005', 3_000_000_005n],
    ] as const) {
      const words = [magic, '00040002', '00000000', '00000000', '00040000', '00000001'];
      const record = ['00000003', fraction, '00000002', '00000040'];
      const little = concat(...[...words, ...record].map((word) => unhex(word).reverse()), unhex('beef'));
      const bigWords = [words[0]!, '00020004', ...words.slice(2)];
      const big = concat(...[...bigWords, ...record].map((word) => unhex(word)), unhex('beef'));
      for (const octets of [little, big]) {
        const read = readCapture(octets);
        expect(read.links).to.deep.equal([{ name: '', linkType: 1 }]);
        expect(read.frames).to.deep.equal([
          { link: 0, nanoseconds, octets: unhex('beef'), originalLength: 64, comments: [] },
        ]);
      }
    }
  });

  it('a file cut anywhere but between blocks is refused with the offset', () => {
    const whole = writePcapng(file, { application: 'test' });
    const ends = blockEnds(whole);
    for (let length = 1; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      if (ends.has(length)) expect(() => readCapture(cut)).not.to.throw();
      else expect(() => readCapture(cut), `cut at ${length}`).to.throw(MalformedOctets);
    }
    expect(() => readCapture(whole.subarray(0, whole.length - 3))).to.throw(
      /block at octet \d+: wanted \d+ octets, had/,
    );
  });

  it('flipped and random octets end in frames or in MalformedOctets', () => {
    const whole = writePcapng(file, { application: 'test' });
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(flips, fc.uint8Array({ maxLength: 200 }), fc.boolean(), (changes, random, headed) => {
        const octets = whole.slice();
        for (const [at, value] of changes) octets[at] = value;
        endsWell(octets);
        endsWell(headed ? concat(whole.subarray(0, 28), random) : random);
      }),
      { numRuns: 500 },
    );
  });

  it('a flood of frames comes back, and a frame of nothing but comments', () => {
    const flood = { links: file.links, frames: Array(200_000).fill(file.frames[0]) };
    expect(readCapture(writePcapng(flood, { application: 'test' })).frames).to.have.lengthOf(200_000);
    const remarked = { links: file.links, frames: [{ ...file.frames[0]!, comments: Array<string>(100_000).fill('') }] };
    expect(readCapture(writePcapng(remarked, { application: 'test' }))).to.deep.equal(remarked);
  });

  it('reads captures of others', function () {
    if (!existsSync(corpus)) {
      console.log(`      (skipped: no ${corpus})`);
      this.skip();
    }
    const files = readdirSync(corpus).filter((name) => name.endsWith('.pcap'));
    expect(files).not.to.have.lengthOf(0);
    for (const name of files) {
      const read = readCapture(new Uint8Array(readFileSync(join(corpus, name))));
      expect(read.frames.length, name).to.be.greaterThan(0);
      for (const { octets, originalLength } of read.frames) expect(octets.length, name).to.be.at.most(originalLength);
    }
  });
});

function frame(link: number, nanoseconds: bigint, digits: string, comments: string[]) {
  const octets = unhex(digits);
  return { link, nanoseconds, octets, originalLength: octets.length, comments };
}

function blockEnds(octets: Uint8Array): Set<number> {
  const view = new DataView(octets.buffer);
  const ends = new Set<number>();
  for (let at = 0; at < octets.length; ) {
    at += view.getUint32(at + 4, true);
    ends.add(at);
  }
  return ends;
}

function endsWell(octets: Uint8Array): void {
  try {
    readCapture(octets);
  } catch (error) {
    expect(error).to.be.instanceOf(MalformedOctets);
  }
}
