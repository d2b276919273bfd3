/**
 * Captures of every kind, read by tshark beside us: how many records, when, how long, and where in each the IP packet ends. What editcap, mergecap and text2pcap
 * make of captures of others is among them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { concat, fromText, unhex } from '../../reference/wire/octets.ts';
import { ipPacketOf } from '../capture/strangers/ip-packet.ts';
import type { StrangerRecord } from '../capture/strangers/items.ts';
import { blocks, MICROSECONDS, NANOSECONDS, pcap } from '../capture/strangers/made-captures.test-support.ts';
import { captureItems } from '../capture/strangers/stranger.ts';
import { hasTshark } from './tshark.test-support.ts';

const corpus = '../shared/captures';

const esp = unhex('00001000 00000001 aabbccddeeff');
const packets = [
  ipPacket.encode({ version: 4, source: '192.0.2.1', destination: '192.0.2.2', protocol: 50, payload: esp }),
  ipPacket.encode({
    version: 6,
    source: '2001:db8::1',
    destination: '2001:db8::2',
    extensions: [],
    protocol: 50,
    payload: esp,
  }),
];

const macs = '020000000002 020000000001';
/** What stands before an IPv4 packet of 34 octets and an IPv6 packet of 54. */
const linkLayers: readonly (readonly [what: string, linkType: number, ...headers: string[]])[] = [
  ['Ethernet', 1, `${macs} 0800`, `${macs} 86dd`],
  ['802.1Q', 1, `${macs} 8100 2064 0800`, `${macs} 8100 2064 86dd`],
  ['802.1ad around 802.1Q', 1, `${macs} 88a8 0001 8100 0002 0800`, `${macs} 88a8 0001 8100 0002 86dd`],
  ['QinQ', 1, `${macs} 9100 0001 8100 0002 0800`, `${macs} 9100 0001 8100 0002 86dd`],
  ['PPPoE', 1, `${macs} 8864 1100 0007 0024 0021`, `${macs} 8864 1100 0007 0038 0057`],
  ['PPP', 9, '0021', '0057'],
  ['PPP with a compressed protocol', 9, 'ff03 21', 'ff03 57'],
  ['PPP_HDLC', 50, 'ff03 0021', 'ff03 0057'],
  ['PPP_ETHER', 51, '1100 0007 0024 0021', '1100 0007 0038 0057'],
  ['RAW', 101, '', ''],
  ['RAW, numbered 12', 12, '', ''],
  ['RAW, numbered 14', 14, '', ''],
  ['IPV4', 228, ''],
  ['NULL, little-endian', 0, '02000000', '1e000000'],
  ['NULL, big-endian', 0, '00000002', '00000018'],
  ['LOOP', 108, '00000002', '0000001c'],
  ['Linux cooked', 113, '0000 0001 0006 0200000000010000 0800', '0000 0001 0006 0200000000010000 86dd'],
  [
    'Linux cooked v2',
    276,
    '0800 0000 00000003 0001 04 06 0200000000010000',
    '86dd 0000 00000003 0001 04 06 0200000000010000',
  ],
];

describe('tshark beside us, on captures of strangers', function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-strangers-'));
  const written = (name: string, octets: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, octets);
    return path;
  };

  before(function () {
    if (hasTshark()) return;
    console.log('      (skipped: no tshark)');
    this.skip();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('made in every order, resolution and kind of block', async () => {
    const files = [true, false].flatMap((littleEndian) => [
      ...[MICROSECONDS, NANOSECONDS].map((magic) => classic(littleEndian, magic)),
      ...[undefined, 0, 3, 6, 7, 9, 0x80 | 10, 0x80 | 20].map((resolution) => modern(littleEndian, resolution)),
    ]);
    files.push(concat(modern(true, 6), modern(false, 9), modern(true, 3)));
    for (const [i, octets] of files.entries()) await agrees(written(`made-${i}`, octets));
    report(`${files.length} files`);
  });

  it('of others, and what editcap and mergecap make of them', async function () {
    if (!existsSync(corpus)) {
      console.log(`      (skipped: no ${corpus})`);
      this.skip();
    }
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.pcap'))
      .map((name) => join(corpus, name));
    const secrets = written('keys', fromText('CLIENT_RANDOM 00 00\n'));
    const edits = [
      ['-F', 'pcap'],
      ['-F', 'nsecpcap'],
      ['-F', 'pcapng'],
      ['-F', 'nsecpcap', '-t', '0.000000123'],
      ['-F', 'pcapng', '-s', '60'],
      ['-F', 'pcap', '-s', '21'],
      ['-F', 'pcapng', '-C', '14:4'],
      ['-F', 'pcapng', '-a', '1:of the first', '--inject-secrets', `tls,${secrets}`],
    ];
    const made = files.flatMap((file, i) =>
      [i, i + 3, i + 5].map((edit) => madeBy('editcap', [...edits[edit % edits.length]!, file], `${i}-${edit}`)),
    );
    for (const interfaces of ['none', 'all']) {
      made.push(madeBy('mergecap', ['-a', '-I', interfaces, ...files], `merged-${interfaces}`));
      made.push(madeBy('mergecap', ['-I', interfaces, ...files], `merged-in-time-${interfaces}`));
    }
    let records = 0;
    for (const file of [...files, ...made]) records += await agrees(file);
    report(`${files.length + made.length} files, ${records} records`);
  });

  it('that text2pcap makes of hexadecimal text, for every link type', async () => {
    const text = written(
      'text',
      fromText(`0000  ${[...packets[0]!].map((octet) => octet.toString(16).padStart(2, '0')).join(' ')}\n`),
    );
    for (const linkType of ['101', '228', '12', '147'])
      for (const kind of ['pcap', 'pcapng', 'nsecpcap'])
        await agrees(madeBy('text2pcap', ['-q', '-F', kind, '-l', linkType, text], `text-${linkType}-${kind}`));
  });

  for (const [what, linkType, ...headers] of linkLayers)
    it(`finds the same packets under ${what}`, async () => {
      const frames = headers.flatMap((header, i) => {
        const frame = concat(unhex(header), packets[i]!);
        return [frame, concat(frame, unhex('00'.repeat(20))), frame.subarray(0, frame.length - 3)].map((octets) => ({
          octets,
          originalLength: Math.max(octets.length, frame.length),
        }));
      });
      const path = written(
        'layers',
        pcap({ littleEndian: true, linkType, records: frames.map((frame) => ({ seconds: 1, fraction: 0, ...frame })) }),
      );
      const seen = tshark(path, ['ip.len', 'ipv6.plen', 'ip.src', 'ipv6.src']);
      const records = await recordsIn(path);
      expect(seen).to.have.lengthOf(records.length);
      for (const [i, record] of records.entries()) {
        const found = ipPacketOf(record);
        if (found.kind !== 'packet') throw new Error(`${found.kind} in record ${record.number}`);
        const [length, payloadLength, source4, source6] = seen[i]!;
        expect(found.octets.length + found.missing).to.equal(length ? Number(length) : 40 + Number(payloadLength));
        expect(found.version).to.equal(source4 ? 4 : 6);
        expect(source4 || source6).to.equal(found.version === 4 ? '192.0.2.1' : '2001:db8::1');
      }
    });

  /** Gives the number of records. */
  async function agrees(path: string): Promise<number> {
    const seen = tshark(path, ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len']);
    const records = await recordsIn(path);
    expect(
      records.map(({ number, nanoseconds = 0n, octets, originalLength }) => [
        number,
        nanoseconds,
        originalLength,
        octets.length,
      ]),
      path,
    ).to.deep.equal(
      seen.map(([number, time, length, captured]) => [
        Number(number),
        nanosecondsOf(time!),
        Number(length),
        Number(captured),
      ]),
    );
    return records.length;
  }

  function madeBy(program: string, options: readonly string[], name: string): string {
    const path = join(folder, `${program}-${name}`);
    const output = program === 'mergecap' ? ['-w', path, ...options] : [...options, path];
    const run = spawnSync(program, output, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${program}: ${run.stderr}`);
    return path;
  }
});

function classic(littleEndian: boolean, magic: number): Uint8Array {
  const records = [0, 1, 2, 61, 1500].map((length, i) => ({
    seconds: 1_700_000_000 + i,
    fraction: 123_456 + i,
    octets: new Uint8Array(length).fill(i),
    originalLength: 2 * length,
  }));
  return pcap({ littleEndian, magic, records });
}

function modern(littleEndian: boolean, resolution: number | undefined): Uint8Array {
  const made = blocks(littleEndian);
  const options = resolution === undefined ? [] : [made.resolution(resolution)];
  const octets = (length: number): Uint8Array => new Uint8Array(length).fill(length);
  return concat(
    made.section(made.option(1, fromText('of a section')), made.end),
    made.interface({}, made.name('eth0'), ...options, made.end),
    made.interface({ linkType: 101 }, ...options, made.offset(1000n), made.end),
    made.enhanced(0, 1_700_000_000n, octets(60)),
    made.enhanced(1, 1_700_000_001n, octets(61), 90, made.option(1, fromText('remark')), made.end),
    made.obsolete(0, 3, 1_700_000_002n, octets(3)),
    made.block(0x0000beef, new Uint8Array(12)),
    made.block(10, made.u32(0x544c534b), made.u32(2), fromText('#\n')),
    made.simple(octets(62)),
    made.enhanced(0, 1_700_000_003n, new Uint8Array()),
    made.block(5, made.u32(0), made.u32(0), made.u32(0), made.option(5, made.u64(3n)), made.end),
  );
}

async function recordsIn(path: string): Promise<readonly StrangerRecord[]> {
  const records: StrangerRecord[] = [];
  for await (const item of captureItems(path)) {
    if (item.kind === 'fault') throw new Error(`${path}: ${JSON.stringify(item)}`);
    if (item.kind === 'record') records.push(item);
  }
  return records;
}

function tshark(path: string, fields: readonly string[]): string[][] {
  const options = ['-n', '-r', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const run = spawnSync('tshark', options, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(`tshark: ${run.stderr}`);
  return run.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

/** Of seconds in decimal. */
function nanosecondsOf(time: string): bigint {
  const [seconds, fraction = ''] = time.split('.');
  return BigInt(seconds || '0') * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function report(line: string): void {
  console.log(`      ${line}`);
}
