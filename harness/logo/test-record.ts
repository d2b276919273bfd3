/**
 * One test of a run as an applicant hands it in: topology, configuration, command log, captures by link and keys, each as the text or the octets of a file. What the files have to be is in the
 * appendix "Required Data" of each Interoperability Test Scenario of the IPv6 Ready Logo (docs/many-machines.md has the titles and versions).
 */
import type { Bundle } from '../capture/bundle.ts';
import { keyTables } from '../capture/key-tables.ts';
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import type { NodeConfiguration } from '../lab/node.ts';
import { hardwareAddressOf } from '../lab/node.ts';
import { classicCapture } from './classic-capture.ts';
import { fileNameOf } from './identifiers.ts';

/** By what stands after the last dot of its name, or after `ON.` for a capture. */
export interface TestRecord {
  readonly topology: string;
  readonly conf: string;
  readonly result: string;
  readonly key: string;
  /** By link. */
  readonly dumps: Readonly<Record<string, Uint8Array>>;
}

export function recordOf({ run, transcript }: Pick<Bundle, 'run' | 'transcript'>): TestRecord {
  const frames = transcript.entries.filter((entry) => entry.kind === 'frame');
  const epoch = Date.parse(run.startedAt);
  const links = [...new Set(frames.map(({ link }) => link))].sort();
  const dumps = links.map((link) => [
    fileNameOf(link),
    classicCapture(
      frames.filter((frame) => frame.link === link),
      epoch,
    ),
  ]);
  return {
    topology: topologyOf(transcript, frames),
    conf: confOf(transcript),
    result: commandLogOf(transcript),
    key: keysOf(transcript),
    dumps: Object.fromEntries(dumps),
  };
}

/** An address list: every interface with its addresses; of a product the hardware addresses that it sent from, of a reference node its own. */
function topologyOf({ cast, intent }: Transcript, frames: readonly FrameEntry[]): string {
  const nodes: readonly NodeConfiguration[] = [...Object.values(intent.parties), ...(intent.others ?? [])];
  return nodes
    .flatMap((node) => [
      `${node.name} (${cast[node.name] ?? 'router'}):`,
      ...node.interfaces.flatMap(({ name, link, addresses }) => [
        ` ${name} [${link}]:`,
        ...addresses.map((address) => `  Address=${address}`),
        ...macsOf(node.name, name, link).map((mac) => `  MAC=${mac}`),
      ]),
      ...(node.innerAddresses ?? []).map((address) => ` behind it: ${address}`),
      '',
    ])
    .join('\n');

  function macsOf(node: string, name: string, link: string): readonly string[] {
    if (cast[node] !== 'tested') return [hardwareAddressOf(node, name)];
    const sent = frames.filter((frame) => frame.from === node && frame.link === link);
    return [...new Set(sent.map(({ octets }) => hardwareText(octets.subarray(6, 12))))];
  }
}

const hardwareText = (octets: Uint8Array): string =>
  [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join(':');

/** Of IKE and IPsec, as each node was told; a product in its own words by `touchstone show`. */
function confOf({ intent }: Transcript): string {
  return json(
    Object.fromEntries(Object.entries(intent.parties).map(([party, { name: _name, ...told }]) => [party, told])),
  );
}

function commandLogOf({ entries }: Transcript): string {
  const lines = entries.flatMap((entry) => {
    const at = `${(entry.time / 1000).toFixed(6)}`;
    if (entry.kind === 'mark') return [`${at} ${entry.by}: ${entry.name}: ${plain(entry.act)}`];
    if (entry.kind === 'note') return [`${at} ${entry.node}> ${entry.says}`];
    if (entry.kind === 'ended') return [`${at} ${entry.node}> ${entry.says}`];
    return [];
  });
  return `${lines.join('\n')}\n`;
}

/** The SPD as configured; SADs as the lab knows them, and the same for Wireshark. */
function keysOf({ intent, entries }: Transcript): string {
  const records = entries.filter((entry) => entry.kind === 'keys').map((entry) => entry.record);
  const tables = keyTables(records);
  const spds = Object.entries(intent.parties).map(([party, { spd }]) => `${party}'s SPD: ${plain(spd)}`);
  return [
    ...spds,
    ...records.map((record, i) => `SA${i + 1}: ${plain(record)}`),
    '',
    '# esp_sa',
    tables.esp_sa,
    '# ikev2_decryption_table',
    tables.ikev2_decryption_table,
  ].join('\n');
}

const plain = (value: unknown): string => JSON.stringify(value, replacer);
const json = (value: unknown): string => `${JSON.stringify(value, replacer, 1)}\n`;
const replacer = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
