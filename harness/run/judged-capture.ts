/** A capture of a stranger, judged; and the log of a case, as if its frames and keys were a stranger's. */
import { capturePieces } from '../capture/strangers/stranger.ts';
import type { Transcript } from '../capture/transcript.ts';
import { CaptureJudge, type JudgedCapture, type Judging } from './capture-judge.ts';

export interface Reading {
  readonly signal?: AbortSignal;
  /** Told how many items were read, and how far that is, in octets of what a compressed capture holds. */
  readonly progress?: (items: number, octets: number) => void;
}

/** `path` may be `-`. Throws `FileFault` for what is no file. What is wrong inside it is a remark, and what could be read is judged. */
export async function judgedCapture(
  path: string,
  judging: Judging,
  { signal, progress }: Reading = {},
): Promise<JudgedCapture> {
  const judge = new CaptureJudge(judging);
  let read = 0;
  for await (const items of capturePieces(path, signal ? { signal } : {})) {
    for (const item of items) judge.take(item);
    read += items.length;
    progress?.(read, items.at(-1)?.at ?? 0);
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

const ETHERNET = 1;
/** Nanoseconds: zero would be taken for a capture without times. */
const EPOCH = 1_000_000_000n;
