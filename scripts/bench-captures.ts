/**
 * `npm run bench -- captures`: captures of ESP in small packets, a hundred times as long the second time, read to their packets by a process of its own each. How many
 * records a second of computing, beside tshark where there is one, and that the longer one takes no more memory.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePcapng } from '../harness/capture/pcapng.ts';
import { ethernetFrame, etherTypes } from '../reference/wire/ethernet.ts';
import { ipPacket } from '../reference/wire/ip/packet.ts';
import { protocols } from '../reference/wire/ip/protocols.ts';

/** The exit code: 1 when a budget was missed. */
export function benchCaptures(): 0 | 1 {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-bench-captures-'));
  try {
    let missed = 0;
    for (const kind of ['pcap', 'pcapng'] as const) {
      const [few, many] = [FEW, MANY].map((records) => read(made(kind, records, folder), records));
      const rate = MANY / many!.seconds;
      const more = many!.megabytes - few!.megabytes;
      const met = rate >= LEAST_RATE && more <= MOST_MORE;
      if (!met) missed++;
      const measured = `${Math.round(rate)} records/s, ${many!.megabytes} MiB (${few!.megabytes} of ${FEW} records)`;
      console.log(
        `${met ? 'met   ' : 'MISSED'}  ${`${MANY} records of ${kind}`.padEnd(28)} ${measured}  budget ${LEAST_RATE}/s, ${MOST_MORE} MiB more`,
      );
    }
    besideTshark(made('pcapng', BESIDE, folder));
    return missed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Written a piece at a time: a longer one is the same packets under later sequence numbers. */
function made(kind: 'pcap' | 'pcapng', records: number, folder: string): string {
  const path = join(folder, `${records}.${kind}`);
  const file = openSync(path, 'w');
  const [header, record, sequenceAt] = kind === 'pcap' ? classic() : modern();
  writeSync(file, header);
  const piece = new Uint8Array(PIECE * record.length);
  for (let i = 0; i < PIECE; i++) piece.set(record, i * record.length);
  const view = new DataView(piece.buffer);
  for (let sequence = 0; sequence < records; sequence += PIECE) {
    for (let i = 0; i < PIECE; i++) view.setUint32(i * record.length + sequenceAt, sequence + i);
    writeSync(file, piece);
  }
  closeSync(file);
  return path;
}

const frame = ethernetFrame.encode({
  destination: '02:00:00:00:00:02',
  source: '02:00:00:00:00:01',
  etherType: etherTypes.IPv4,
  payload: ipPacket.encode({
    version: 4,
    source: '192.0.2.1',
    destination: '192.0.2.2',
    protocol: protocols.ESP,
    payload: Uint8Array.from({ length: 60 }, (_, i) => (i === 2 ? 0x10 : i)),
  }),
});
/** Of the sequence number in the frame. */
const SEQUENCE_AT = 14 + 20 + 4;

type Shape = readonly [header: Uint8Array, record: Uint8Array, sequenceAt: number];

function classic(): Shape {
  const words = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);
  const record = new Uint8Array(16 + frame.length);
  record.set(words(1_700_000_000, 0, frame.length, frame.length));
  record.set(frame, 16);
  return [words(0xa1b2c3d4, 0x00040002, 0, 0, 262_144, 1), record, 16 + SEQUENCE_AT];
}

function modern(): Shape {
  const links = [{ name: 'eth0', linkType: 1 }];
  const one = {
    link: 0,
    nanoseconds: 1_700_000_000_000_000_000n,
    octets: frame,
    originalLength: frame.length,
    comments: [],
  };
  const empty = writePcapng({ links, frames: [] }, { application: 'bench' });
  const record = writePcapng({ links, frames: [one] }, { application: 'bench' }).slice(empty.length);
  return [empty, record, 28 + SEQUENCE_AT];
}

/** Seconds of computing, and the most memory it had. */
function read(path: string, records: number): { readonly seconds: number; readonly megabytes: number } {
  const program = fileURLToPath(new URL('read-capture.ts', import.meta.url));
  const said = execFileSync(process.execPath, ['--import', 'tsx', program, path], { encoding: 'utf8' });
  const read: { packets: number; seconds: number; megabytes: number } = JSON.parse(said);
  if (read.packets !== records) throw new Error(`${path}: ${read.packets} packets of ${records}`);
  return read;
}

function besideTshark(path: string): void {
  const times = '%U %S';
  const run = spawnSync(
    '/usr/bin/time',
    ['-f', times, 'tshark', '-n', '-r', path, '-T', 'fields', '-e', 'esp.sequence'],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  if (run.error || run.status !== 0) {
    console.log('        (no tshark, or no time, to measure beside)');
    return;
  }
  const [user, system] = run.stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  const { seconds } = read(path, BESIDE);
  const tshark = Math.round(BESIDE / (user! + system!));
  console.log(
    `        ${BESIDE} records: ${Math.round(BESIDE / seconds)} records/s, tshark ${tshark} (sequence numbers, nothing opened)`,
  );
}

const FEW = 20_000;
const MANY = 2_000_000;
const BESIDE = 200_000;
const PIECE = 20_000;
/** Records a second of computing, their packets found and compared. */
const LEAST_RATE = 500_000;
/** MiB: what a garbage collector lets lie about. */
const MOST_MORE = 64;
