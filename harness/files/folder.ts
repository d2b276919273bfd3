/**
 * Folders made and walked so that no path can hold the harness up. Node's own `recursive` never returns for a path below /proc that cannot be made, so
 * parents are probed and made one by one; a walk follows no symbolic link, and has bounds.
 */
import {
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileFault, fileFault, isSystemError } from './file-fault.ts';

/** The folder is there afterwards, with its parents. Throws `FileFault`. */
export function makeFolder(path: string): void {
  if (isFolder(path, TO_WRITE)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (thrown) {
    if (isFolder(path, TO_WRITE)) return; // somebody else was quicker
    throw fileFault(path, TO_WRITE, thrown);
  }
}

/** The same, and a file can be put into it: said now, and not after hours of work. Throws `FileFault`. */
export function makeWritableFolder(path: string): void {
  makeFolder(path);
  const probe = join(path, `.touchstone-${process.pid}`);
  try {
    writeFileSync(probe, '', { flag: 'wx' });
    unlinkSync(probe);
  } catch (thrown) {
    throw fileFault(path, TO_WRITE, thrown);
  }
}

/** False where there is nothing yet. Throws `FileFault` for what is no folder, and for a path that cannot be followed. */
function isFolder(path: string, wanted: string): boolean {
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    if (isSystemError(thrown) && thrown.code === 'ENOTDIR') return false; // one of its parents is a file
    throw fileFault(path, wanted, thrown);
  }
  if (found && !found.isDirectory()) throw new FileFault(path, wanted, kindOf(found));
  return found !== undefined;
}

/** What a path leads to, where that is no folder, or no file. */
export function kindOf(found: Stats): string {
  if (found.isFile()) return 'a file';
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** Throws `FileFault` that says what was wanted. */
export function requireFolder(path: string, wanted: string): void {
  if (!isFolder(path, wanted)) throw new FileFault(path, wanted, 'nothing of that name');
}

export interface FilesAt {
  /** With the path before each, in the order of their names. */
  readonly files: readonly string[];
  /** Names of folders within the folder. */
  readonly passedOver: readonly string[];
}

/** What a path names, where it is no folder, and otherwise what lies in it, files or not. Throws `FileFault`, also for more than anybody would read. */
export function filesAt(path: string): FilesAt {
  try {
    if (!statSync(path).isDirectory()) return { files: [path], passedOver: [] };
    const names = readdirSync(path).sort();
    if (names.length > MOST_FILES) throw new FileFault(path, `at most ${MOST_FILES} files`, `${names.length}`);
    const isBelow = (name: string) => statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory() === true;
    const passedOver = names.filter(isBelow);
    return { files: names.filter((name) => !passedOver.includes(name)).map((name) => join(path, name)), passedOver };
  } catch (thrown) {
    throw fileFault(path, 'a file or a folder to read', thrown);
  }
}

export interface Walked {
  /** Below the folder, and the folder itself, in a stable order. */
  readonly folders: readonly string[];
  /** What could not be looked into. */
  readonly faults: readonly FileFault[];
}

/** The folders in which there is a file of that name. Throws `FileFault` where there is no folder to begin with, or too much below it. */
export async function foldersWith(name: string, top: string, signal?: AbortSignal): Promise<Walked> {
  requireFolder(top, TO_READ);
  const folders: string[] = [];
  const faults: FileFault[] = [];
  const queue = [{ folder: top, depth: 0 }];
  for (let looked = 0; looked < queue.length; looked++) {
    signal?.throwIfAborted();
    if (queue.length > MOST_FOLDERS) throw new FileFault(top, `at most ${MOST_FOLDERS} folders below`, 'more');
    const { folder, depth } = queue[looked]!;
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      if (entries.some((entry) => entry.name === name && !entry.isDirectory())) folders.push(folder);
      if (depth === DEEPEST) continue;
      for (const entry of entries)
        if (entry.isDirectory()) queue.push({ folder: join(folder, entry.name), depth: depth + 1 });
    } catch (thrown) {
      faults.push(fileFault(folder, TO_READ, thrown));
    }
  }
  return { folders: folders.sort(), faults };
}

/** The files of a folder, and of the folders in it, into one that is made where there is none; what is no file, or a link to one, is left. Throws `FileFault`. */
export function copyFolder(from: string, to: string): void {
  makeFolder(to);
  try {
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const [source, copy] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) copyFolder(source, copy);
      else if (entry.isFile()) copyFileSync(source, copy, constants.COPYFILE_FICLONE);
    }
  } catch (thrown) {
    throw fileFault(from, 'a folder to copy', thrown);
  }
}

const TO_WRITE = 'a folder to write to';
const TO_READ = 'a folder to read';

/** A run keeps its bundles four levels below its folder; several runs may lie in one. */
const DEEPEST = 8;
/** Far more than a run of every case against every product leaves; a whole file system is refused before it is read to its end. */
const MOST_FOLDERS = 200_000;
/** Of one folder that is read whole. */
const MOST_FILES = 1_000;
