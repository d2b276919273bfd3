/**
 * What a person brings: a folder with a built mip6d, and beside it shared libraries that the guest may lack. Nothing of it is run on this machine, and
 * nothing of it is kept.
 */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ElfKind, elfFault } from '../../files/elf.ts';
import { readOctets } from '../../files/file.ts';
import { FileFault, fileFault } from '../../files/file-fault.ts';
import { HarnessFault } from '../../lab/harness-fault.ts';

export interface BroughtFile {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** The option of the command line, and what its folder is. */
export const umipFolder = { option: 'umip', folder: 'a folder that holds a built mip6d' } as const;

export const noneGiven = `no mip6d given (--${umipFolder.option} DIR, ${umipFolder.folder})`;

/** Throws HarnessFault `no-mip6d`, with what was looked for and what was there instead. */
export function broughtFiles(folder: string): readonly BroughtFile[] {
  try {
    const libraries = namesIn(folder).filter((name) => /\.so(\.[0-9.]+)?$/.test(name));
    const files = ['mip6d', ...libraries].map((name) => ({ name, octets: readOctets(join(folder, name), MOST) }));
    requireExecutable(join(folder, 'mip6d'));
    for (const { name, octets } of files)
      requireElf(join(folder, name), octets, name === 'mip6d' ? 'program' : 'library');
    return files;
  } catch (cause) {
    if (!(cause instanceof FileFault)) throw cause;
    throw new HarnessFault('no-mip6d', `--${umipFolder.option} ${folder}: ${cause.message}`, { cause });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    throw fileFault(folder, umipFolder.folder, thrown);
  }
}

function requireExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch (thrown) {
    throw fileFault(path, 'a program that can be executed', thrown);
  }
}

function requireElf(path: string, octets: Uint8Array, kind: ElfKind): void {
  const had = elfFault(octets, kind);
  if (had !== undefined) throw new FileFault(path, `a ${kind} for the processor of this machine`, had);
}

/** Octets of one file: what the console of a guest carries in half a minute. */
const MOST = 16 << 20;
