/**
 * A second reader of classic captures: what pcap-parser reads, ours reads the same. It knows neither nanoseconds nor pcapng, takes a file that is cut for one that ends, and
 * reads whatever version there is, so that it is a witness of whole files alone.
 */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  faultsOf,
  itemsIn,
  MICROSECONDS,
  NANOSECONDS,
  pcap,
  recordsOf,
} from '../capture/strangers/made-captures.test-support.ts';

const corpus = '../shared/captures';

describe('classic captures beside pcap-parser', () => {
  it('are read the same, of every byte order, however they come in pieces', async () => {
    const record = fc.record({
      seconds: fc.integer({ min: 0, max: 0xffff_ffff }),
      fraction: fc.integer({ min: 0, max: 999_999 }),
      octets: fc.uint8Array({ maxLength: 90 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(record, { maxLength: 12 }),
        fc.integer({ min: 1, max: 70 }),
        async (littleEndian, records, piece) => {
          const capture = pcap({ littleEndian, records });
          expect(await witnessed(Readable.from(inPieces(capture, piece)))).to.deep.equal(read(capture));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are read the same where others made them', async function () {
    if (!existsSync(corpus)) {
      console.log(`      skipped: no ${corpus}`);
      return this.skip();
    }
    const classic = readdirSync(corpus, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => join(corpus, name))
      .filter((path) => [MICROSECONDS, swapped(MICROSECONDS)].includes(magicOf(path)));
    expect(classic.length).to.be.greaterThan(5);
    for (const path of classic)
      expect(await witnessed(createReadStream(path)), path).to.deep.equal(read(readFileSync(path)));
  });

  it('are ours alone where they count nanoseconds, or end too early', async () => {
    const [record] = [{ seconds: 1, fraction: 2, octets: Uint8Array.of(3, 4) }];
    const refused = await witnessed(
      Readable.from([Buffer.from(pcap({ littleEndian: true, magic: NANOSECONDS, records: [record!] }))]),
    ).catch((thrown: Error) => thrown.message);
    expect(refused).to.equal('unknown magic number: 4d3cb2a1');
    const cut = pcap({ littleEndian: true, records: [record!] }).subarray(0, -1);
    expect(await witnessed(Readable.from([Buffer.from(cut)]))).to.deep.equal([]);
    expect(faultsOf(itemsIn(cut))).to.have.lengthOf(1);
  });
});

type Told = readonly [seconds: number, microseconds: number, originalLength: number, octets: string];

function read(capture: Uint8Array): Told[] {
  const items = itemsIn(capture);
  expect(faultsOf(items)).to.deep.equal([]);
  return recordsOf(items).map(({ nanoseconds, originalLength, octets }) => [
    Number(nanoseconds! / 1_000_000_000n),
    Number((nanoseconds! % 1_000_000_000n) / 1000n),
    originalLength,
    Buffer.from(octets).toString('hex'),
  ]);
}

interface Packet {
  readonly header: {
    readonly timestampSeconds: number;
    readonly timestampMicroseconds: number;
    readonly originalLength: number;
  };
  readonly data: Buffer;
}

interface Parser {
  on(event: 'packet', listener: (packet: Packet) => void): void;
  on(event: 'end', listener: () => void): void;
  on(event: 'error', listener: (fault: Error) => void): void;
}

async function witnessed(stream: Readable): Promise<Told[]> {
  const { parse } = createRequire(import.meta.url)('pcap-parser') as { parse(stream: Readable): Parser };
  const told: Told[] = [];
  await new Promise<void>((resolve, reject) => {
    const parser = parse(stream);
    parser.on('packet', ({ header: { timestampSeconds, timestampMicroseconds, originalLength }, data }) =>
      told.push([timestampSeconds, timestampMicroseconds, originalLength, data.toString('hex')]),
    );
    parser.on('end', resolve);
    parser.on('error', reject);
  });
  return told;
}

function* inPieces(capture: Uint8Array, octets: number): Generator<Buffer> {
  for (let at = 0; at < capture.length; at += octets) yield Buffer.from(capture.subarray(at, at + octets));
}

const magicOf = (path: string): number => {
  const octets = readFileSync(path);
  return octets.length < 4 ? 0 : octets.readUInt32BE(0);
};

const swapped = (number: number): number => {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(number);
  return octets.readUInt32LE(0);
};
