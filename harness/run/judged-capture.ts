/** A capture of a stranger, judged; and the log of a case, as if its frames and keys were a stranger's. */
import type { StrangerPacket } from '../capture/strangers/packets.ts';
import { capturePieces } from '../capture/strangers/stranger.ts';
import type { Transcript } from '../capture/transcript.ts';
import { CaptureJudge, type JudgedCapture, type Judging } from './capture-judge.ts';
import { Collector } from './collector.ts';
import { type Batch, OpeningAhead } from './opening-ahead.ts';

export interface Reading {
  readonly signal?: AbortSignal;
  /** Told how many items were read, and how far that is, in octets of what a compressed capture holds. */
  readonly progress?: (items: number, octets: number) => void;
  /** The module of a thread that opens ahead what can be (`opening-ahead.ts`); without it this one does everything. */
  readonly openingThread?: URL | undefined;
}

/** `path` may be `-`. Throws `FileFault` for what is no file. What is wrong inside it is a remark, and what could be read is judged. */
export async function judgedCapture(
  path: string,
  judging: Judging,
  { signal, progress, openingThread }: Reading = {},
): Promise<JudgedCapture> {
  const judge = new CaptureJudge(judging);
  const opening = new OpeningAhead(openingThread, (packet) => judge.opensFirst(packet));
  const collector = new Collector(COLLECTED);
  const walked = async ({ packets, ahead }: Batch): Promise<void> => {
    const opened = await ahead;
    for (const [i, packet] of packets.entries()) judge.walks(packet, opened[i]);
    collector.worked(packets.length);
  };
  const pending: Batch[] = [];
  let packets: StrangerPacket[] = [];
  let read = 0;
  try {
    for await (const items of capturePieces(path, signal ? { signal } : {})) {
      for (const item of items) {
        const packet = judge.reads(item);
        if (packet) packets.push(packet);
      }
      read += items.length;
      progress?.(read, items.at(-1)?.at ?? 0);
      if (packets.length < BATCH) continue;
      pending.push(opening.takes(packets));
      packets = [];
      if (pending.length > AHEAD) await walked(pending.shift()!);
    }
    for (const batch of [...pending, opening.takes(packets)]) await walked(batch);
  } finally {
    await opening.end();
  }
  return judge.end();
}

/** Nothing of the log but its frames and the keys that were told. */
export function judgedLog({ entries }: Pick<Transcript, 'entries'>, judging: Omit<Judging, 'keys'>): JudgedCapture {
  const keys = entries.flatMap((entry) => (entry.kind === 'keys' ? [{ key: entry.record, file: 'log' }] : []));
  const judge = new CaptureJudge({ ...judging, keys: { keys, secrets: [] } });
  for (const entry of entries) {
    if (entry.kind !== 'frame') continue;
    const { number, octets, link, time } = entry;
    judge.take({
      kind: 'record',
      number,
      at: 0,
      interface: { section: 1, id: 0, name: link, linkType: ETHERNET, snapLength: 0 },
      nanoseconds: EPOCH + BigInt(Math.round(time * 1e6)),
      octets,
      originalLength: octets.length,
      comments: [],
      dropped: undefined,
    });
  }
  return judge.end();
}

/** Packets that are handed over at a time. */
const BATCH = 256;
/** Packets, behind which some milliseconds more are not felt. */
const COLLECTED = 65_536;
/** Batches between the one that is read and the one that is walked. */
const AHEAD = 2;
const ETHERNET = 1;
/** Nanoseconds: zero would be taken for a capture without times. */
const EPOCH = 1_000_000_000n;
