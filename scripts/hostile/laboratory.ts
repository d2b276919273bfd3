/** What products and files make the lab do: frames on a link, captures, key tables, the console's lines, a daemon's messages. */

import { keyTables } from '../../harness/capture/key-tables.ts';
import { readPcapng, writePcapng } from '../../harness/capture/pcapng.ts';
import { Lab } from '../../harness/lab/lab.ts';
import { packetCutter } from '../../harness/products/strongswan/vici-message.ts';
import { lineCutter } from '../../harness/runtime/console-line.ts';
import { type HostileRow, inProportion, within } from './row.ts';

export const laboratoryRows: readonly HostileRow[] = [
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
  inProportion('comments on one frame of a capture', [10_000, 100_000], 'comments', (size) => {
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
