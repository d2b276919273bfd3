/**
 * Where Touchstone is installed: the folder of its package.json, in a checkout as in what npm unpacked, its version, and the files that ship with
 * it. Nothing else looks for them from where its own code happens to lie.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file or folder of the package. */
export const shipped = (...path: readonly string[]): string => join(packageFolder, ...path);

/** In a checkout: what runs are the sources themselves, and not what was made of them for npm. */
export const fromSources: boolean = import.meta.url.endsWith('.ts');

const packageFolder = above(dirname(fileURLToPath(import.meta.url)));

export const version: string = JSON.parse(readFileSync(shipped('package.json'), 'utf8')).version;

/** The nearest folder with a package.json. */
function above(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new RangeError('there is no package.json above the code of Touchstone');
  return above(parent);
}
