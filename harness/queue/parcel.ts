/**
 * What comes back from a worker: what the product was found to be, the results of a run's cases, and the files of its bundle; packed, bounded, and on the way under a key of its own that
 * ends by itself. It is opened as what anybody may have written.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { readBundle } from '../capture/bundle.ts';
import { caseVerdict } from '../capture/case-document.ts';
import { parsedJson } from '../files/document.ts';
import { readOctets, writeAnew } from '../files/file.ts';
import { makeFolder } from '../files/folder.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { CaseResult, ProductRun } from '../run/result.ts';
import { productRun } from '../run/result-document.ts';

export interface Parcel {
  readonly found: ProductRun;
  readonly results: readonly CaseResult[];
  /** Names and octets; nothing where a run has left no bundle. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Throws `HarnessFault` for more than is carried. */
export function packed({ found, results, files }: Parcel): Buffer {
  const texts = Object.fromEntries(
    Object.entries(files).map(([name, octets]) => [name, Buffer.from(octets).toString('base64')]),
  );
  const text = JSON.stringify({ schema: SCHEMA, found, results, files: texts });
  if (text.length > MOST_OPENED) throw tooMuch('opened', text.length, MOST_OPENED);
  const octets = gzipSync(text);
  if (octets.length > MOST_PACKED) throw tooMuch('packed', octets.length, MOST_PACKED);
  return octets;
}

/** Throws `HarnessFault` for whatever is no parcel. */
export function opened(octets: Uint8Array): Parcel {
  let value: unknown;
  try {
    value = parsedJson(gunzipSync(octets, { maxOutputLength: MOST_OPENED }).toString('utf8'));
  } catch (cause) {
    throw new HarnessFault(DAMAGED, `what a worker has sent cannot be opened: ${(cause as Error).message}`, { cause });
  }
  const read = parcel.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new HarnessFault(
      DAMAGED,
      `what a worker has sent: ${issue!.path.join('.') || 'the whole'}: ${issue!.message}`,
    );
  }
  const { found, results, files } = read.data;
  return {
    // The schemas are what these types become as JSON.
    found: found as ProductRun,
    results: results as unknown as readonly CaseResult[],
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'base64')])),
  };
}

/** The files of a bundle, as they lie there. Throws `FileFault`. */
export function filesOf(folder: string): Parcel['files'] {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readOctets(join(folder, name), MOST_OPENED)]),
  );
}

/** Puts a bundle into its folder, in place of what is there, and keeps it only if it is one. Throws `DamagedBundle` and `FileFault`. */
export function unpack(files: Parcel['files'], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  makeFolder(join(folder, '..'));
  mkdirSync(folder);
  try {
    for (const [name, octets] of Object.entries(files)) writeAnew(join(folder, name), octets);
    readBundle(folder);
  } catch (fault) {
    rmSync(folder, { recursive: true, force: true });
    throw fault;
  }
}

/** Under a key that nobody else writes to: a worker that was taken for dead overwrites nothing. */
export async function send(redis: Redis, key: string, octets: Buffer): Promise<void> {
  await redis.set(key, octets, 'PX', WAITS);
}

/** Its octets; there is nothing at the key afterwards. Rejects with `HarnessFault`. */
export async function fetched(redis: Redis, key: string): Promise<Uint8Array> {
  const length = await redis.strlen(key);
  if (length > MOST_PACKED) throw tooMuch('packed', length, MOST_PACKED);
  const octets = await redis.getBuffer(key);
  await redis.del(key);
  if (octets === null)
    throw new HarnessFault(DAMAGED, 'a worker says that it has sent its results, and they are not there');
  return octets;
}

const SCHEMA = 'touchstone-parcel/1';

const parcel = z.strictObject({
  schema: z.literal(SCHEMA),
  found: productRun,
  results: z.array(caseVerdict).max(10_000),
  files: z
    .record(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/), z.base64())
    .refine((all) => Object.keys(all).length <= 32, 'at most 32 files'),
});

const tooMuch = (what: string, had: number, most: number): HarnessFault =>
  new HarnessFault(
    'parcel-too-big',
    `the results and the bundle of a run come to ${had} octets ${what}; at most ${most} are carried`,
  );

const DAMAGED = 'parcel-damaged';
const MOST_PACKED = 64 * 2 ** 20;
const MOST_OPENED = 256 * 2 ** 20;
/** Milliseconds: longer than who waits for it is away. */
const WAITS = 3_600_000;
