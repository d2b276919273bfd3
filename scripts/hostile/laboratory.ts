/** What products and files make the lab do: frames on a link, captures, key tables, the console's lines, a daemon's messages. */

import { keyTables } from '../../harness/capture/key-tables.ts';
import { readPcapng, writePcapng } from '../../harness/capture/pcapng.ts';
import type { Transcript } from '../../harness/capture/transcript.ts';
import { Account } from '../../harness/judge/account.ts';
import { Lab } from '../../harness/lab/lab.ts';
import { packetCutter } from '../../harness/products/strongswan/vici-message.ts';
import { execute } from '../../harness/run/execution.ts';
import { plan } from '../../harness/run/plan.ts';
import { memorySite } from '../../harness/run/site.ts';
import { judge } from '../../harness/run/verdict.ts';
import { lineCutter } from '../../harness/runtime/console-line.ts';
import { suites } from '../../suites/suites.ts';
import { type HostileRow, inProportion, within } from './row.ts';

export const laboratoryRows: readonly HostileRow[] = [
  judged('a flood after a mark, judged', [10_000, 50_000, 100_000]),
  inProportion('frames sent at once on a link', [10_000, 50_000, 100_000], 'frames', (size) => async () => {
    const lab = new Lab({ clock: 'virtual', seed: 1 });
    let heard = 0;
    const sender = lab.attach('home', 'sender', () => {});
    lab.attach('home', 'listener', () => heard++);
    for (let frame = 0; frame < size; frame++) sender.transmit(octets);
    await lab.until(() => heard === size, { within: 1000 });
    lab.close();
  }),
  inProportion('frames of a capture, written and read', [10_000, 50_000, 200_000], 'frames', (size) => () => {
    const frames = Array.from({ length: size }, () => ({ ...frame, comments: [] }));
    readPcapng(writePcapng({ links, frames }, { application: 'bench' }));
  }),
  inProportion('comments on one frame of a capture', [20_000, 100_000], 'comments', (size) => {
    const file = writePcapng(
      { links, frames: [{ ...frame, comments: Array<string>(size).fill('') }] },
      { application: 'bench' },
    );
    return () => readPcapng(file);
  }),
  inProportion('keys of one SPI, for Wireshark', [10_000, 100_000], 'keys', (size) => {
    const keys = Array.from({ length: size }, (_, i) => ({
      kind: 'esp' as const,
      source: '192.0.2.1',
      destination: '192.0.2.2',
      spi: 0x1000,
      encryption: { id: 12, keyLength: 128, key: i.toString(16).padStart(32, '0') },
      extendedSequenceNumbers: false,
      encapsulated: false,
      since: 0,
    }));
    return () => keyTables(keys);
  }),
  inProportion('a line of the console that comes in pieces', [1000, 10_000], 'pieces of 1 KiB', (size) => {
    const piece = new Uint8Array(1024).fill(0x78);
    return () => {
      const take = lineCutter(() => {}, Number.POSITIVE_INFINITY);
      for (let sent = 0; sent < size; sent++) take(piece);
    };
  }),
  within('a message of charon that comes in pieces', '512 KiB, 64 octets each', 100, () => {
    const piece = new Uint8Array(64);
    return () => {
      const cut = packetCutter(() => {});
      cut(Uint8Array.of(0, 8, 0, 0));
      for (let sent = 0; sent < 512 << 10; sent += piece.length) cut(piece);
    };
  }),
];

const octets = new Uint8Array(60);
const links = [{ name: 'home', linkType: 1 }];
const frame = { link: 0, nanoseconds: 1n, octets, originalLength: octets.length };

/** Frames that the tester sent between a stimulus and its answer: the verdict stays what it is, and each of them is opened once. */
function judged(what: string, sizes: readonly [number, ...number[]]): HostileRow {
  const [run] = plan(suites, { glob: 'MCDANIEL-SPI/unknown-transport-ikev2' });
  return inProportion(
    what,
    sizes,
    'frames',
    async (size) => {
      const { transcript } = await execute(run!, memorySite(), 'flood');
      const flooded = withFlood(transcript, 'stimulus', size);
      const [asked] = run!.cases;
      const { outcome } = judge(asked!, new Account(transcript));
      return () => {
        const told = judge(asked!, new Account(flooded)).outcome;
        if (told !== outcome) throw new Error(`the flood makes ${told} of ${outcome}`);
      };
    },
    1.5,
  );
}

function withFlood(transcript: Transcript, mark: string, size: number): Transcript {
  const { entries } = transcript;
  const at = entries.findIndex((entry) => entry.kind === 'mark' && entry.name === mark);
  const stimulus = entries.slice(at).find((entry) => entry.kind === 'frame')!;
  const flood = Array<Transcript['entries'][number]>(size).fill(stimulus);
  let number = 0;
  const all = [...entries.slice(0, at + 1), ...flood, ...entries.slice(at + 1)].map((entry, place) =>
    entry.kind === 'frame' ? { ...entry, place, number: ++number } : { ...entry, place },
  );
  return { ...transcript, entries: all };
}
