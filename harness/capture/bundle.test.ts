import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { unhex } from '../../reference/wire/octets.ts';
import { type Bundle, DamagedBundle, readBundle, writeBundle } from './bundle.ts';
import { readCapture } from './capture.ts';
import { caseJsonSchema } from './case-document.ts';
import type { Entry } from './transcript.ts';

describe('a bundle', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-bundle-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what was written, frames in their places among the rest', () => {
    const written = bundle();
    writeBundle(folder, written);
    expect(readBundle(folder)).to.deep.equal(written);
  });

  it('comments the frames that decided something, that held a control, or that were tampered with', () => {
    writeBundle(folder, bundle());
    const { frames } = readCapture(new Uint8Array(readFileSync(join(folder, 'case.pcapng'))));
    expect(frames.map((frame) => frame.comments)).to.deep.equal([
      ['DUPONT-C2a/manual control before: answered'],
      ['tampered: flippedBit(3)', 'DUPONT-C2a/manual decided here: the answer (wire, octets 0 to 1)'],
    ]);
  });

  it('says in its README what it is about, what decided, and how it is opened', () => {
    writeBundle(folder, bundle());
    const text = readFileSync(join(folder, 'README'), 'utf8');
    expect(text).to.match(/^outer-source manual\n\nlinux 6\.1 \(uml, 6\.1\.0\), 2026-01-01T00:00:00\.123Z, seed 7, /);
    expect(text).to.contain('  DUPONT-C2a/manual: frame 2, the answer; counted\n');
    expect(text).to.contain('  WIRESHARK_CONFIG_DIR=. tshark -r case.pcapng -V\n');
  });

  it('takes octets from the capture alone', () => {
    writeBundle(folder, bundle());
    const file = join(folder, 'case.pcapng');
    const octets = readFileSync(file);
    octets[octets.indexOf(unhex('0badcafe'))] = 0x0c;
    writeFileSync(file, octets);
    const frame = readBundle(folder).transcript.entries.at(-1);
    expect(frame).to.deep.include({ kind: 'frame', octets: unhex('0cadcafe') });
  });

  it('that is damaged is refused by file, place and what was expected', () => {
    const damage = (what: (file: (name: string) => string) => void) => {
      writeBundle(folder, bundle());
      what((name) => join(folder, name));
      try {
        readBundle(folder);
      } catch (error) {
        expect(error).to.be.instanceOf(DamagedBundle);
        return (error as DamagedBundle).message.replace(`${folder}/`, '');
      }
      return 'read without complaint';
    };
    const cutFrames = (file: (name: string) => string) =>
      writeFileSync(file('case.pcapng'), readFileSync(file('case.pcapng')).subarray(0, -6));
    const edit = (from: string, to: string) => (file: (name: string) => string) =>
      writeFileSync(file('case.json'), readFileSync(file('case.json'), 'utf8').replace(from, to));
    expect(damage(cutFrames)).to.match(/^case.pcapng, octet \d+: block: wanted \d+ octets, had \d+ until the end/);
    expect(damage((file) => unlinkSync(file('case.pcapng')))).to.equal(
      'case.pcapng, the file: wanted a file to read, had nothing of that name (ENOENT)',
    );
    expect(damage(edit('"place": 2', '"place": "2"'))).to.equal(
      'case.json, entries[2].place: Invalid input: expected number, received string',
    );
    expect(damage(edit('"number": 2', '"number": 3'))).to.equal('case.json, entries[5].number: wanted 2, had 3');
    expect(damage(edit('"from": "tn"', '"from": "x"'))).to.equal(
      'case.json, entries[1].from: wanted one of nut, tn, home (link), had "x"',
    );
    expect(damage(edit('"by": "tn"', '"by": "x"'))).to.match(/^case.json, entries\[0\].by: wanted one of nut, tn, lab/);
    expect(damage(edit('"node": "nut"', '"node": "x"'))).to.match(
      /^case.json, entries\[3\].node: wanted one of nut, tn,/,
    );
    expect(damage(edit('"place": 2', '"place": 1'))).to.equal('case.json, entries[2].place: wanted one after 1, had 1');
    expect(damage(edit('"time": 1.25,', '"time": 1,'))).to.equal(
      'case.json, entries[2].time: wanted none before 1.123457, had 1',
    );
    expect(damage(edit('"time": 2.5,', '"time": 7,'))).to.equal(
      'case.pcapng, frame 2, time: wanted none before 7, had 5.123457',
    );
    expect(damage(edit('"kind": "note"', '"kind": "rumour"'))).to.match(/^case.json, entries\[3\].kind: /);
    expect(damage(edit('touchstone-case/2', 'touchstone-case/9'))).to.match(/^case.json, schema: .*touchstone-case\/2/);
    expect(damage(edit('{', '['))).to.match(/^case.json, JSON: wanted JSON/);
    expect(damage((file) => writeFileSync(file('case.json'), '{}'))).to.match(/^case.json, schema: /);
  });

  it('of the first schema, with two parties by name, reads as one of today', () => {
    const written = bundle();
    writeBundle(folder, written);
    const file = join(folder, 'case.json');
    const { cast: _cast, parties: _parties, intent, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    const { parties, ...ends } = intent;
    const first = { ...rest, schema: 'touchstone-case/1', intent: { ...ends, ...parties } };
    writeFileSync(file, JSON.stringify(first));
    const { run, ...read } = readBundle(folder);
    const { run: writtenRun, ...others } = written;
    expect(read).to.deep.equal(others);
    expect(run).to.deep.equal({ ...writtenRun, parties: { nut: writtenRun.product } });
    writeFileSync(file, JSON.stringify({ ...first, intent: null }));
    expect(() => readBundle(folder)).to.throw(DamagedBundle, /case.json, intent: /);
  });

  it('follows the schema that is published beside this file', () => {
    const published: unknown = JSON.parse(readFileSync(new URL('case.schema.json', import.meta.url), 'utf8'));
    expect(caseJsonSchema()).to.deep.equal(published);
  });
});

function bundle(): Bundle {
  const manual = {
    name: 'out',
    direction: 'out',
    spi: 0x1001,
    source: '192.0.2.1',
    destination: '192.0.2.2',
    mode: 'transport',
    encryption: { id: 12, keyLength: 128, key: '00'.repeat(16) },
    replayWindow: 64,
    extendedSequenceNumbers: true,
    sequenceNumber: 18446744073709551615n,
  } as const;
  const node = {
    name: 'nut',
    interfaces: [],
    innerAddresses: [],
    routes: [],
    forwarding: false,
    sinks: [],
    spd: [],
    manual: [manual],
    ike: [],
  };
  const state = {
    ikeSas: [],
    sad: [
      {
        spi: 1,
        source: '::1',
        destination: '::2',
        mode: 'tunnel',
        direction: 'in',
        packets: 1,
        octets: 84,
        replayWindow: 64,
        replayFailures: 0,
        integrityFailures: 0,
      },
    ],
    spd: [],
    counters: { 'discarded:replayWindow': 1 },
    delivered: [],
  };
  const keys = {
    kind: 'esp',
    source: '192.0.2.1',
    destination: '192.0.2.2',
    spi: 0x1001,
    encryption: { id: 12, keyLength: 128, key: '00'.repeat(16) },
    extendedSequenceNumbers: false,
    encapsulated: false,
    since: 0,
  } as const;
  const entries = [
    { kind: 'mark', place: 0, time: 0, name: 'before', by: 'tn', act: { kind: 'moment' } },
    frame(1, 1, 'deadbeef'),
    { kind: 'keys', place: 2, time: 1.25, record: keys },
    { kind: 'note', place: 3, time: 1.250001, node: 'nut', says: '</script>\u2028' },
    { kind: 'state', place: 4, time: 2.5, name: 'after', node: 'nut', state },
    { ...frame(5, 2, '0badcafe'), link: 'visited', tampers: [{ name: 'flippedBit(3)', complaint: 'Bad checksum' }] },
  ] as Entry[];
  return {
    run: {
      touchstone: '0.1.0',
      seed: '7',
      startedAt: '2026-01-01T00:00:00.123Z',
      product: { name: 'linux', version: '6.1', runtime: 'uml', kernel: '6.1.0' },
    },
    transcript: {
      scenario: 'outer-source',
      variant: 'manual',
      dimensions: { keying: 'manual' },
      cast: { nut: 'tested', tn: 'tester' },
      intent: { parties: { nut: node, tn: node }, ends: {} },
      entries,
    },
    cases: [verdict],
    log: 'a line\n',
  };
}

function frame(place: number, number: number, digits: string): Entry {
  const octets = unhex(digits);
  return { kind: 'frame', place, time: place + 0.123457, number, link: 'home', from: 'tn', octets, tampers: [] };
}

const verdict = {
  id: 'DUPONT-C2a',
  variant: 'manual',
  suite: 'outer-address',
  title: 'Does it?',
  product: 'linux',
  requirements: ['DUPONT-C2a'],
  dimensions: { keying: 'manual' },
  outcome: 'delivered',
  readings: [{ document: 'RFC4301', section: '5.2', level: 'MUST', addressee: 'receiver', reading: 'pass', why: '' }],
  controls: [{ name: 'before', held: true, evidence: [{ kind: 'frame', frame: 1, says: 'answered' }] }],
  evidence: [
    { kind: 'frame', frame: 2, octets: { buffer: 'wire', start: 0, end: 2 }, says: 'the answer' },
    { kind: 'state', place: 4, path: 'counters', says: 'counted' },
  ],
  durationMs: 12,
  bundle: 'bundles/1',
  error: null,
  expected: true,
} as const;
