/**
 * Captures that were compressed, told by their first octets. What the Node that runs this can open is opened; of anything else is said which program opens it.
 * Damage ends it: what came out before stands.
 */
import { Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { CaptureFault } from './items.ts';

export interface Compression {
  readonly name: string;
  /** Absent where this Node has none. */
  readonly opens?: () => Opening;
  /** What writes the capture to standard output, given the file. */
  readonly command: string;
}

type Opening = Transform & { readonly bytesWritten: number };

/** By at least `COMPRESSION_MAGIC` octets of its beginning, or all there are. */
export function compressionOf(beginning: Uint8Array): Compression | undefined {
  return compressions.find(({ magic }) => magic.every((octet, i) => beginning[i] === octet));
}

/** Each piece that comes out, then the damage that ended it, whose offset is in the compressed file. Never throws for what is in the pieces. */
export async function* opened(
  pieces: AsyncIterable<Uint8Array>,
  { name, opens }: Compression & { readonly opens: () => Opening },
): AsyncGenerator<Uint8Array, CaptureFault | undefined> {
  const opening = opens();
  const source = Readable.from(pieces, { objectMode: false });
  let wake = () => {};
  let failed: Error | undefined;
  opening.on('readable', () => wake()).on('close', () => wake());
  opening.on('error', () => {}); // what came out before is given first
  source.on('error', (fault) => {
    failed = fault;
    opening.destroy();
  });
  source.pipe(opening);
  try {
    for (;;) {
      const piece: Uint8Array | null = opening.read();
      if (piece) yield piece;
      else if (opening.readableEnded || opening.destroyed) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    if (failed) throw failed;
    const { errored, bytesWritten: at } = opening;
    return errored ? { kind: 'fault', where: name, at, wanted: `whole ${name}`, had: errored.message } : undefined;
  } finally {
    source.destroy();
    opening.destroy();
  }
}

/** Since Node 22.15; the types are those of 20. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Opening };

const compressions: readonly (Compression & { readonly magic: readonly number[] })[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], opens: () => zlib.createGunzip(), command: 'gzip -dc' },
  {
    name: 'zstd',
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    ...(createZstdDecompress && { opens: createZstdDecompress }),
    command: 'zstd -dc',
  },
  { name: 'LZ4', magic: [0x04, 0x22, 0x4d, 0x18], command: 'lz4 -dc' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58], command: 'xz -dc' },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], command: 'bzip2 -dc' },
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], command: 'unzip -p' },
];

export const COMPRESSION_MAGIC = 4;
