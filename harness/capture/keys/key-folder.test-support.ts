/** A folder of key files for one test, read as a person's would be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FoundKeys, readKeys } from './read-keys.ts';
import type { StrangersKey } from './strangers-key.ts';

/** Faults without the folder: `name, line 3: wanted …`. */
export interface ReadFolder extends Omit<FoundKeys, 'faults'> {
  readonly faults: readonly string[];
}

export function readFolder(files: Readonly<Record<string, string | Uint8Array>>): ReadFolder {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-keys-'));
  try {
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
    const found = readKeys(folder);
    const bare = (path: string) => path.slice(folder.length + 1);
    const faults = found.faults.map(({ file, line, says }) =>
      line === undefined ? `${bare(file)}: ${says}` : `${bare(file)}, line ${line}: ${says}`,
    );
    return { ...found, keys: found.keys.map((each) => ({ ...each, file: bare(each.file) })), faults };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of one file, by its text. */
export const keysIn = (text: string | Uint8Array): readonly StrangersKey[] =>
  readFolder({ keys: text }).keys.map(({ key }) => key);

export const faultsIn = (text: string | Uint8Array): readonly string[] => readFolder({ keys: text }).faults;
