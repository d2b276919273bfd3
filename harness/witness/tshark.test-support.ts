/**
 * What tshark 4.0 says of the frames of bundles, given nothing but their captures, key tables and preferences. Starting it costs half a second,
 * so bundles whose key tables do not contradict each other are read in one go; one with fragments, of IP or of IKE, is read alone, because
 * tshark would reassemble them across bundles.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeFrame } from '../../reference/wire/frame.ts';
import { isFragment } from '../../reference/wire/ip/packet.ts';
import type { CapturedFrame } from '../capture/capture-file.ts';
import { readPcapng, writePcapng } from '../capture/pcapng.ts';

export interface TsharkFrame {
  /** From the outermost inwards, as tshark abbreviates them: `eth ethertype ip esp ip icmp data`. */
  readonly protocols: readonly string[];
  /** Everything it finds wrong, in its own words but for what a wrong value should have been. */
  readonly complaints: readonly string[];
  /** ESP ICVs that it computed and found right. */
  readonly goodIcvs: number;
  /** Payload types of IKE, those inside SK among them when it could open that. */
  readonly ikePayloads: readonly number[];
  readonly openedSk: boolean;
}

export const hasTshark = (): boolean => spawnSync('tshark', ['-v']).error === undefined;

/** By folder, the frames in the order of the capture. Throws what tshark complains of on stderr: a table it does not take, above all. */
export function seenByTshark(folders: readonly string[]): ReadonlyMap<string, readonly TsharkFrame[]> {
  const seen = new Map<string, readonly TsharkFrame[]>();
  for (const { bundles, tables } of compatible(folders.map(readTabled))) {
    const frames = dissected(
      bundles.flatMap((bundle) => bundle.frames),
      tables,
    );
    let at = 0;
    for (const { folder, frames: own } of bundles) {
      seen.set(folder, frames.slice(at, at + own.length));
      at += own.length;
    }
  }
  return seen;
}

interface TabledBundle {
  readonly folder: string;
  readonly frames: readonly CapturedFrame[];
  readonly fragmented: boolean;
  readonly tables: Tables;
}

interface Tables {
  /** Lines of the ESP table by their SPI: where two SAs share it, the destinations tell them apart. */
  readonly esp_sa: ReadonlyMap<string, string>;
  /** By both SPIs. */
  readonly ikev2_decryption_table: ReadonlyMap<string, string>;
  /** SPIs that are seen and have no line, spelt as in one. */
  readonly closed: ReadonlySet<string>;
  readonly preferences: string;
}

function readTabled(folder: string): TabledBundle {
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
  const { frames } = readPcapng(new Uint8Array(readFileSync(join(folder, 'case.pcapng'))));
  const layers = frames.flatMap(({ octets }) => decodeFrame(octets).layers);
  const esp_sa = byName(lines('esp_sa'), (cells) => cells[3]!.replaceAll('"', ''));
  const seen = layers.flatMap(({ layer, value }) =>
    layer === 'esp' ? [`0x${value.spi.toString(16).padStart(8, '0')}`] : [],
  );
  return {
    folder,
    frames,
    fragmented: layers.some(
      ({ layer, value }) =>
        (layer === 'ip' && isFragment(value)) || (layer === 'ike' && value.payloads.some(({ type }) => type === 'SKF')),
    ),
    tables: {
      esp_sa,
      closed: new Set(seen.filter((spi) => !esp_sa.has(spi))),
      ikev2_decryption_table: byName(lines('ikev2_decryption_table'), (cells) => cells.slice(0, 2).join()),
      preferences: readFileSync(join(folder, 'preferences'), 'utf8'),
    },
  };
}

/** Lines of one name stay together. */
function byName(lines: readonly string[], nameOf: (cells: readonly string[]) => string): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  for (const line of lines) {
    const name = nameOf(line.split(','));
    named.set(name, [...(named.get(name)?.split('\n') ?? []), line].join('\n'));
  }
  return named;
}

interface Group {
  bundles: TabledBundle[];
  tables: Tables;
}

/** First fit. */
function compatible(bundles: readonly TabledBundle[]): readonly Group[] {
  const groups: Group[] = [];
  const open: Group[] = [];
  for (const bundle of bundles) {
    const group = bundle.fragmented ? undefined : open.find(({ tables }) => agree(tables, bundle.tables));
    if (group) {
      group.bundles.push(bundle);
      group.tables = merged(group.tables, bundle.tables);
      continue;
    }
    const anew = { bundles: [bundle], tables: bundle.tables };
    groups.push(anew);
    if (!bundle.fragmented) open.push(anew);
  }
  return groups;
}

function agree(one: Tables, other: Tables): boolean {
  const sameKeys = (lines: ReadonlyMap<string, string>, more: ReadonlyMap<string, string>) =>
    [...more].every(([name, line]) => (lines.get(name) ?? line) === line);
  const staysClosed = (mine: Tables, theirs: Tables) => [...mine.closed].every((spi) => !theirs.esp_sa.has(spi));
  return (
    sameKeys(one.esp_sa, other.esp_sa) &&
    sameKeys(one.ikev2_decryption_table, other.ikev2_decryption_table) &&
    staysClosed(one, other) &&
    staysClosed(other, one)
  );
}

function merged(one: Tables, other: Tables): Tables {
  return {
    ...one,
    closed: new Set([...one.closed, ...other.closed]),
    esp_sa: new Map([...one.esp_sa, ...other.esp_sa]),
    ikev2_decryption_table: new Map([...one.ikev2_decryption_table, ...other.ikev2_decryption_table]),
  };
}

/**
 * What tshark reads in packets that no bundle holds, which begin with an IPv6 header: what it finds wrong, and the values of `fields` in its
 * own names and spelling, all that a packet has.
 */
export function packetsByTshark(
  packets: readonly Uint8Array[],
  fields: readonly string[],
): readonly { readonly complaints: readonly string[]; readonly values: ReadonlyMap<string, readonly string[]> }[] {
  const frames = packets.map((octets, i) => ({ nanoseconds: BigInt(i), octets, originalLength: octets.length }));
  const lines = inFolder((folder) => {
    writeCapture(folder, frames, IPV6);
    return tshark(folder, [...FIELDS, ...fields]);
  });
  return lines.map((line) => {
    const cells = line.split('\t').slice(FIELDS.length);
    const values = new Map(fields.map((field, i) => [field, cells[i]!.split('|').filter(Boolean)]));
    return { complaints: frameOf(line).complaints, values };
  });
}

function dissected(frames: readonly CapturedFrame[], tables: Tables): TsharkFrame[] {
  const lines = inFolder((folder) => {
    const write = (name: string, contents: string) => writeFileSync(join(folder, name), contents);
    writeCapture(folder, frames, ETHERNET);
    write('esp_sa', [...tables.esp_sa.values(), ''].join('\n'));
    write('ikev2_decryption_table', [...tables.ikev2_decryption_table.values(), ''].join('\n'));
    write('preferences', tables.preferences);
    return tshark(folder, FIELDS);
  });
  if (lines.length !== frames.length) throw new Error(`tshark shows ${lines.length} of ${frames.length} frames`);
  return lines.map(frameOf);
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-tshark-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeCapture(
  folder: string,
  frames: readonly Pick<CapturedFrame, 'nanoseconds' | 'octets' | 'originalLength'>[],
  linkType: number,
): void {
  const file = {
    links: [{ name: 'lab', linkType }],
    frames: frames.map((each) => ({ ...each, link: 0, comments: [] })),
  };
  writeFileSync(join(folder, 'case.pcapng'), writePcapng(file, { application: 'witness' }));
}

/** One line a frame. */
function tshark(folder: string, fields: readonly string[]): string[] {
  const options = [
    ...['ip', 'udp', 'tcp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]),
    ...['-T', 'fields', '-E', 'aggregator=|'],
    ...fields.flatMap((field) => ['-e', field]),
  ];
  const run = spawnSync('tshark', ['-n', '-r', join(folder, 'case.pcapng'), ...options], {
    env: { PATH: '/usr/bin:/bin', WIRESHARK_CONFIG_DIR: folder },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const errors = run.stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('Running as user') && !line.includes(EMPTY_IDENTITY));
  if (run.status !== 0 || errors.length > 0) throw new Error(`tshark: ${errors.join('\n')}`);
  return run.stdout.split('\n').filter(Boolean);
}

/** What it says of a payload of IKE whose data is empty, as the identity of nobody is (RFC 7619); at the frame it is a complaint. */
const EMPTY_IDENTITY = 'Dissector bug, protocol ISAKMP';

function frameOf(line: string): TsharkFrame {
  const [protocols, messages, groups, goodIcvs, badIcvs, ikePayloads, openedSk] = line
    .split('\t')
    .map((cell, i) => (i === 0 ? cell.split(':') : cell.split('|').filter(Boolean))) as string[][];
  const experts = messages!.filter((_, i) => !NO_COMPLAINTS.has(Number(groups![i])));
  return {
    protocols: protocols!,
    complaints: [
      ...experts.map((message) => message.replace(/ \[.*/, '').replace(/^(Payload \(bogus),.*/, '$1)')),
      ...badIcvs!.filter((bad) => bad === '1').map(() => 'ESP ICV is incorrect'),
    ],
    goodIcvs: goodIcvs!.filter((good) => good === '1').length,
    ikePayloads: ikePayloads!.map(Number),
    openedSk: openedSk!.length > 0,
  };
}

const [ETHERNET, IPV6] = [1, 229];

const FIELDS = [
  'frame.protocols',
  '_ws.expert.message',
  '_ws.expert.group',
  'esp.icv_good',
  'esp.icv_bad',
  'isakmp.typepayload',
  'isakmp.enc.decrypted',
];

/** Expert groups of epan/proto.h that remark on a conversation or quote our comments: sequence, response code, request code, comment. */
const NO_COMPLAINTS: ReadonlySet<number> = new Set([0x02000000, 0x03000000, 0x04000000, 0x0b000000]);
