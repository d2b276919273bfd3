/**
 * Files read and written so that no path can hold the harness up, and none is left half-written: only regular files are read, up to a bound, and never
 * waited for; a file is written beside its place and put there when it is whole.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { FileFault, fileFault, isSystemError } from './file-fault.ts';
import { kindOf } from './folder.ts';

/** The octets of a regular file. Throws `FileFault`. */
export function readOctets(path: string, most: number = MOST_OCTETS): Uint8Array {
  let open: number | undefined;
  try {
    refuseAllBut(path, statSync(path), most); // before it is opened, because opening a device may do something
    open = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const found = fstatSync(open);
    refuseAllBut(path, found, most);
    return octetsOf(open, found.size);
  } catch (thrown) {
    throw fileFault(path, A_FILE, thrown);
  } finally {
    if (open !== undefined) closeSync(open);
  }
}

/** As UTF-8. Throws `FileFault`. */
export function readText(path: string, most: number = MOST_TEXT): string {
  return Buffer.from(readOctets(path, most)).toString('utf8');
}

function refuseAllBut(path: string, found: Stats, most: number): void {
  if (!found.isFile()) throw new FileFault(path, A_FILE, kindOf(found));
  if (found.size > most) throw new FileFault(path, `a file of at most ${most} octets`, `${found.size}`);
}

/** At most as many as the file was said to have: one that grows meanwhile, or one of /proc, has no end. */
function octetsOf(open: number, size: number): Uint8Array {
  const octets = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const had = readSync(open, octets, length, size - length, null);
    if (had === 0) return octets.slice(0, length);
    length += had;
  }
  return octets;
}

/** Whole or not at all: whatever stands at the path is replaced by a regular file, never written into. Throws `FileFault`. */
export function writeWhole(path: string, contents: string | Uint8Array): void {
  const part = `${path}.part`;
  try {
    removeIfThere(part);
    writeFileSync(part, contents, { flag: 'wx' });
    renameSync(part, path);
  } catch (thrown) {
    const fault = fileFault(path, 'a file to write', thrown);
    try {
      removeIfThere(part);
    } catch {
      // what was thrown first says what is wrong here
    }
    throw fault;
  }
}

/** For a folder that counts only once another file of it is whole: like `writeWhole`, but what is cut off stays. Throws `FileFault`. */
export function writeAnew(path: string, contents: string | Uint8Array): void {
  try {
    removeIfThere(path);
    writeFileSync(path, contents, { flag: 'wx' });
  } catch (thrown) {
    throw fileFault(path, 'a file to write', thrown);
  }
}

/** Throws `FileFault`; nothing of that name is no fault. */
export function remove(path: string): void {
  try {
    removeIfThere(path);
  } catch (thrown) {
    throw fileFault(path, 'a file to remove', thrown);
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (thrown) {
    if (!isSystemError(thrown) || thrown.code !== 'ENOENT') throw thrown;
  }
}

const A_FILE = 'a file to read';

/** A capture of 700,000 frames of Ethernet's length. */
const MOST_OCTETS = 2 ** 30;
/** What a string of Node may hold. */
const MOST_TEXT = 2 ** 29 - 25;
