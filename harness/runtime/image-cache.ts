/**
 * What leaves the cache of images, and of kernels beside them: those of a name whose recipe has changed, once nobody asks for them any more. Two checkouts may share a
 * cache, and a campaign may be between two guests, so an image stays for an hour after it was last asked for, and for as
 * long as a guest's kernel runs on it, which holds a lock on it that `/proc/locks` shows, in a container too.
 */
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../files/file-fault.ts';

/** Removes what is called `name` and are neither `current`, nor asked for of late, nor held. Resolves to the paths that are gone. */
export async function pruneCache(
  cache: string,
  name: string,
  current: string,
  locks: () => Promise<string> = () => readFile('/proc/locks', 'utf8'),
): Promise<string[]> {
  const ofName = new RegExp(`^${name}-[0-9a-f]{16}(\\.img)?$`);
  const others = (await readdir(cache)).filter((file) => ofName.test(file)).map((file) => join(cache, file));
  const held = lockedInodes(await locks());
  const gone: string[] = [];
  for (const path of others) {
    const found = await stat(path).catch(() => undefined); // another one prunes at the same time
    if (path === current || !found || held.has(found.ino) || Date.now() - found.mtimeMs < KEPT) continue;
    await rm(path, { recursive: true, force: true });
    await rm(`${path}.lock`, { force: true });
    gone.push(path);
  }
  return gone;
}

/** A modification time is when it was last asked for, which is what keeps it. In another's cache it is theirs to keep. */
export async function markAsked(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((fault: unknown) => {
    if (!isSystemError(fault) || !['EPERM', 'EACCES', 'EROFS'].includes(fault.code)) throw fault;
  });
}

/** The fifth field of each line ends in an inode: `1: POSIX  ADVISORY  READ 18926 fe:00:16039976 0 EOF`. */
function lockedInodes(locks: string): ReadonlySet<number> {
  return new Set(locks.split('\n').map((line) => Number(/ [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line)?.[1])));
}

/** Milliseconds. */
const KEPT = 3_600_000;
