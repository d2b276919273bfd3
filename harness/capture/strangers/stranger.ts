/**
 * The capture of a stranger, from a file or from standard input: what is in it one after another, with memory that does not depend on its length. What is wrong
 * in it is an item among the others; only a path that leads to no file, and reading that fails, throw.
 */
import { octetStream } from '../../files/octet-stream.ts';
import { CaptureParser } from './capture-items.ts';
import { COMPRESSION_MAGIC, type Compression, compressionOf, opened } from './compression.ts';
import type { CaptureFault, CaptureItem } from './items.ts';

export interface Reading {
  /** Aborts it between two pieces. */
  readonly signal?: AbortSignal;
}

/** `path` may be `-`. Throws `FileFault`. */
export async function* captureItems(path: string, reading: Reading = {}): AsyncGenerator<CaptureItem> {
  for await (const items of capturePieces(path, reading)) for (const item of items) yield item;
}

/** The same as they come, some thousand at a time: quicker than to wait for each. Throws `FileFault`. */
export async function* capturePieces(path: string, reading: Reading = {}): AsyncGenerator<readonly CaptureItem[]> {
  const { pieces, size } = octetStream(path);
  yield* itemsOf(pieces, size, reading);
}

/** Of octets that come from anywhere; without a `size` nobody knows whether they end. */
export async function* itemsOf(
  pieces: AsyncIterable<Uint8Array>,
  size?: number,
  { signal }: Reading = {},
): AsyncGenerator<readonly CaptureItem[]> {
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    const begun = await beginning(iterator);
    const compression = compressionOf(Buffer.concat(begun));
    if (compression && !compression.opens) return yield [cannotOpen(compression, size)];
    const all = fromBeginning(begun, iterator);
    const parser = new CaptureParser(size === undefined ? 'open' : compression ? 'finite' : size);
    const source = compression?.opens ? opened(all, { ...compression, opens: compression.opens }) : withoutFault(all);
    try {
      while (!parser.done) {
        const next = await source.next();
        signal?.throwIfAborted();
        yield* next.done ? parser.end() : parser.take(next.value);
        if (!next.done) continue;
        if (next.value) yield [inCompressed(next.value, size)];
        return;
      }
    } finally {
      source.return(undefined).catch(() => {}); // a pipe may keep it waiting
    }
  } finally {
    iterator.return?.().catch(() => {});
  }
}

/** Enough to tell a compression by, or all there is. */
async function beginning(iterator: AsyncIterator<Uint8Array>): Promise<readonly Uint8Array[]> {
  const begun: Uint8Array[] = [];
  let octets = 0;
  while (octets < COMPRESSION_MAGIC) {
    const { value, done } = await iterator.next();
    if (done) break;
    begun.push(value);
    octets += value.length;
  }
  return begun;
}

async function* fromBeginning(
  begun: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* begun;
  for (;;) {
    const { value, done } = await iterator.next();
    if (done) return;
    yield value;
  }
}

/** With how much of the file is behind it. */
function inCompressed(fault: CaptureFault, size: number | undefined): CaptureFault {
  return size === undefined ? fault : { ...fault, lost: Math.max(0, size - fault.at) };
}

/** What is not compressed cannot be damaged by it. */
async function* withoutFault(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, CaptureFault | undefined> {
  yield* pieces;
  return undefined;
}

function cannotOpen({ name, command }: Compression, size: number | undefined): CaptureFault {
  return {
    kind: 'fault',
    where: 'compression',
    at: 0,
    wanted: `gzip, or what this Node opens; "${command} FILE" writes it to standard output, which is read as -`,
    had: `${name}, with Node ${process.version}`,
    ...(size !== undefined && { lost: size }),
  };
}
