import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { expect } from 'chai';
import { concat, unhex } from '../../../reference/wire/octets.ts';
import { FileFault } from '../../files/file-fault.ts';
import { readCapture } from '../capture.ts';
import type { CaptureItem } from './items.ts';
import { blocks, faultsOf, itemsIn, pcap, recordsOf } from './made-captures.test-support.ts';
import { captureItems, capturePieces, itemsOf } from './stranger.ts';

const corpus = '../shared/captures';

describe('the capture of a stranger, in a file', () => {
  let folder: string;
  const written = (name: string, octets: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, octets);
    return path;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-strangers-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Longer than several pieces, and hard to compress. */
  const many = pcap({
    littleEndian: true,
    records: Array.from({ length: 3000 }, (_, i) => ({ seconds: i, fraction: i, octets: noise(300, i) })),
  });

  it('is what it is in memory', async () => {
    const path = written('many.pcap', many);
    expect(await all(captureItems(path))).to.deep.equal(itemsIn(many));
    const pieces = await all(capturePieces(path));
    expect(pieces.flat()).to.deep.equal(itemsIn(many));
    expect(pieces.length).to.be.greaterThan(2);
  });

  it('is refused where there is none', async () => {
    for (const [path, says] of [
      [folder, /wanted a file to read, had a folder/],
      [join(folder, 'missing'), /wanted a file to read, had nothing of that name \(ENOENT\)/],
      ['/dev/zero', /wanted a file to read, had a device/],
    ] as const) {
      const refusal = await all(captureItems(path)).catch((thrown: unknown) => thrown);
      expect(refusal).to.be.instanceOf(FileFault);
      expect(String(refusal)).to.match(says);
    }
  });

  it('is let go when nobody wants more of it, or somebody aborts', async () => {
    const path = written('left.pcap', many);
    const before = openFiles();
    for (let i = 0; i < 20; i++) for await (const _ of captureItems(path)) break;
    const stop = new AbortController();
    const aborted = (async () => {
      for await (const _ of capturePieces(path, { signal: stop.signal })) stop.abort();
    })();
    expect(await aborted.catch((thrown: Error) => thrown.name)).to.equal('AbortError');
    await once(() => openFiles() <= before);
  });

  it('comes through standard input, in whatever pieces', async () => {
    const path = written('piped.pcap', many);
    for (const command of [`cat ${path}`, `gzip -c ${path}`, `head -c 1000 ${path}; sleep 0.05; tail -c +1001 ${path}`])
      expect(await countThrough(command), command).to.deep.equal({ records: 3000, faults: 0 });
    expect(await countThrough(`head -c 500 ${path}`)).to.deep.equal({ records: 1, faults: 1 });
    expect(await countThrough('yes')).to.deep.equal({ records: 0, faults: 1 });
    expect(await countThrough(`cat ${path}; yes`), 'what never ends').to.deep.equal({ records: 3000, faults: 1 });
    expect(await countThrough('true')).to.deep.equal({ records: 0, faults: 1 });
  });

  it('says how much is lost of what ends, and of a pipe that nobody knows', async () => {
    const text = new Uint8Array(300_000).fill(0x79);
    const lost = async (items: AsyncIterable<readonly CaptureItem[]>) =>
      faultsOf((await all(items)).flat()).map((fault) => fault.lost);
    expect(await lost(capturePieces(written('text', text)))).to.deep.equal([300_000]);
    expect(await lost(capturePieces(written('text.gz', zlib.gzipSync(text))))).to.deep.equal([300_000]);
    expect(await lost(itemsOf(each(text)))).to.deep.equal([undefined]);
  });

  describe('that was compressed', () => {
    it('by gzip, in one member or several, is opened', async () => {
      for (const octets of [
        zlib.gzipSync(many),
        concat(zlib.gzipSync(many.subarray(0, 100_000)), zlib.gzipSync(many.subarray(100_000))),
      ])
        expect(await all(captureItems(written('many.pcap.gz', octets)))).to.deep.equal(itemsIn(many));
    });

    it('and cut, gives everything before, and says at which octet it ended', async () => {
      const whole = zlib.gzipSync(many);
      const cut = whole.subarray(0, Math.floor(whole.length / 2));
      const items = await all(captureItems(written('cut.gz', cut)));
      expect(recordsOf(items).length).to.be.within(1200, 1600);
      expect(
        faultsOf(items)
          .map(({ where, wanted, had }) => `${where}: wanted ${wanted}, had ${had}`)
          .at(-1),
      ).to.equal('gzip: wanted whole gzip, had unexpected end of file');
      expect(faultsOf(items).at(-1)).to.include({ at: cut.length, lost: 0 });
    });

    it('and damaged anywhere, ends in records and faults', async () => {
      const small = zlib.gzipSync(many.subarray(0, 3000));
      for (let at = 0; at < small.length; at += 7) {
        const items = await all(itemsOf(each(small.with(at, small[at]! ^ 0xff)), small.length));
        expect(
          items.flat().every(({ kind }) => kind === 'record' || kind === 'fault'),
          `octet ${at}`,
        ).to.equal(true);
      }
      const whole = zlib.gzipSync(many);
      const damaged = await all(captureItems(written('damaged.gz', whole.with(whole.length - 6, whole.at(-6)! ^ 1))));
      expect(recordsOf(damaged).length).to.be.greaterThan(2900);
      expect(faultsOf(damaged).at(-1)!.had).to.equal('incorrect data check');
    });

    it('to a thousandth of its length, is read block by block', async () => {
      const made = blocks(true);
      const block = made.block(0xbeef, new Uint8Array(2 ** 20));
      const file = concat(made.section(), ...Array(64).fill(block));
      const items = await all(captureItems(written('bomb.gz', zlib.gzipSync(file))));
      expect(items).to.have.lengthOf(64);
    });

    it('by zstd, is opened by a Node that can, and of the others whoever asks is told what to do', async () => {
      const magic = unhex('28b52ffd');
      if ('zstdCompressSync' in zlib) {
        const compress = zlib.zstdCompressSync as (octets: Uint8Array) => Uint8Array;
        expect(await all(captureItems(written('many.zst', compress(many))))).to.deep.equal(itemsIn(many));
      } else {
        const [fault, ...more] = await all(captureItems(written('many.zst', concat(magic, new Uint8Array(96)))));
        expect(more).to.deep.equal([]);
        expect(fault).to.deep.equal({
          kind: 'fault',
          where: 'compression',
          at: 0,
          wanted: 'gzip, or what this Node opens; "zstd -dc FILE" writes it to standard output, which is read as -',
          had: `zstd, with Node ${process.version}`,
          lost: 100,
        });
      }
    });

    for (const [name, magic] of [
      ['LZ4', '04224d18'],
      ['xz', 'fd377a585a00'],
      ['bzip2', '425a6839'],
      ['zip', '504b0304'],
    ] as const)
      it(`by ${name}, is refused by that name`, async () => {
        const [fault] = await all(captureItems(written(name, unhex(magic))));
        expect(fault).to.include({ kind: 'fault', where: 'compression', had: `${name}, with Node ${process.version}` });
      });
  });

  it('of this laboratory, or of others, is read to its end', async function () {
    if (!existsSync(corpus)) {
      console.log(`      (skipped: no ${corpus})`);
      this.skip();
    }
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(pcap|pcapng)$/.test(name),
    );
    expect(files).not.to.have.lengthOf(0);
    let records = 0;
    for (const name of files) {
      const path = join(corpus, name);
      const items = await all(captureItems(path));
      const { frames, links } = readCapture(new Uint8Array(readFileSync(path)));
      expect(faultsOf(items), name).to.deep.equal([]);
      expect(
        recordsOf(items).map(({ nanoseconds, octets, originalLength }) => ({ nanoseconds, octets, originalLength })),
        name,
      ).to.deep.equal(
        frames.map(({ nanoseconds, octets, originalLength }) => ({ nanoseconds, octets, originalLength })),
      );
      expect(new Set(recordsOf(items).map((read) => read.interface.linkType))).to.deep.equal(
        new Set(links.map(({ linkType }) => linkType)),
      );
      records += frames.length;
    }
    console.log(`      ${files.length} files, ${records} records`);
  });
});

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const held: T[] = [];
  for await (const value of values) held.push(value);
  return held;
}

async function* each(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += 1000) yield octets.subarray(at, at + 1000);
}

/** What a process of its own reads from the output of a command. */
async function countThrough(command: string): Promise<{ readonly records: number; readonly faults: number }> {
  const program = `
    const { captureItems } = await import(${JSON.stringify(new URL('./stranger.ts', import.meta.url).href)});
    const count = { record: 0, fault: 0 };
    for await (const { kind } of captureItems('-')) count[kind]++;
    console.log(JSON.stringify({ records: count.record, faults: count.fault }));`;
  const pipe = `( ${command} ) | exec "$0" --import tsx --input-type=module -e "$1"`;
  const reader = spawn('sh', ['-c', pipe, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  });
  let said = '';
  for await (const piece of reader.stdout) said += piece;
  return JSON.parse(said);
}

async function once(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** The same each time, and nothing that repeats. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed * 2_654_435_761 + 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return state >>> 24;
  });
}
