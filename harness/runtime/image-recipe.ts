/**
 * What an image is made of, and how mmdebstrap is told: the packages that its description lists beside those of every guest, and the guest's own files. The
 * cache's key is taken over all that decides the outcome; of another release that is every file of the archive, with its hash, so that what has moved there
 * makes another image.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageFile, Supply } from './debian-archive.ts';
import { dockerFolder } from './image-description.ts';
import { ownRelease } from './release.ts';

export interface Recipe {
  readonly packages: readonly string[];
  readonly supply: Supply | undefined;
  readonly key: string;
}

/** The packages that an image lists, and those of every guest; without a supply they come as mmdebstrap finds them. */
export async function recipeOf(listed: readonly string[], supply?: Supply): Promise<Recipe> {
  const packages = await withBase(listed);
  const placeless = supply && { ...supply, sources: '', lists: '', path: ({ file }: PackageFile) => file };
  const hash = createHash('sha256').update(argumentsFor('root', packages, '', '', placeless).join('\0'));
  for (const { path, octets } of await filesBelow(guestFiles)) hash.update(`\0${path}\0`).update(octets);
  for (const { sha256 } of supply?.files ?? []) hash.update(`\0${sha256}`);
  return { packages, supply, key: hash.digest('hex').slice(0, 16) };
}

export async function withBase(listed: readonly string[]): Promise<readonly string[]> {
  const base = (await readFile(join(dockerFolder, 'base', 'packages'), 'utf8')).split('\n').filter(Boolean);
  return [...base, ...listed].sort();
}

/** The command that makes this image into the file `image`. */
export function buildCommand(mode: string, { packages, supply }: Recipe, image: string): readonly string[] {
  const command = argumentsFor(mode, packages, guestFiles, image, supply);
  return supply === undefined ? command : ['flock', '--shared', supply.lock, ...command];
}

/** Everything that decides what the image is, but for the guest's files and those of a supply: the cache's key is taken over it. */
function argumentsFor(
  mode: string,
  packages: readonly string[],
  files: string,
  image: string,
  supply?: Supply,
): string[] {
  return [
    'mmdebstrap',
    '--quiet',
    '--variant=minbase',
    `--mode=${mode}`,
    `--include=${packages.join(',')}`,
    ...['doc', 'man', 'info', 'locale', 'i18n'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
    `--customize-hook=copy-in '${files}' /usr/lib`,
    '--customize-hook=chown -R root:root "$1/usr/lib/touchstone" && chmod 755 "$1/usr/lib/touchstone/init"',
    '--customize-hook=mkdir -p "$1/usr/lib/modules" "$1/etc/swanctl"',
    ...(supply === undefined ? [] : supplied(supply)),
    `--customize-hook=image='${image}'; ${packed}`,
    '--format=null',
    supply?.release ?? ownRelease,
    '/dev/null',
    ...(supply === undefined ? [] : [supply.sources]),
  ];
}

/** Lists and files are there before mmdebstrap would ask for them, and gone before the image is packed. Later kernels want the folder of a hostfs by its name. */
function supplied({ lists, files, path }: Supply): string[] {
  const there = files.map((each) => `'${path(each)}'`).join(' ');
  return [
    '--skip=update,download/empty',
    '--aptopt=APT::Get::Download "false"',
    `--setup-hook=sync-in '${lists}' /var/lib/apt/lists`,
    '--setup-hook=mkdir -p "$1/var/cache/apt/archives/partial"',
    `--setup-hook=copy-in ${there} /var/cache/apt/archives`,
    '--customize-hook=sed -i "s#ro,/usr#ro,hostfs=/usr#" "$1/usr/lib/touchstone/fstab"',
    '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/archives/*',
  ];
}

/**
 * Packs the root file system `$1` into `$image`: seen through a plain bind mount, where the mounts on top of it are not. Without
 * mounts it is fakechroot's work, which wrote its own place before the target of each absolute link.
 */
const packed = `
  PATH=$PATH:/usr/sbin:/sbin
  pack() { mke2fs -q -F -t ext4 -O ^has_journal -m 0 -d "$1" "$image" 600M; }
  view=$(mktemp -d)
  if mount --bind "$1" "$view" 2>/dev/null; then
    pack "$view"; status=$?; umount "$view"
  else
    find "$1" -type l -lname "$1/*" | while read -r link; do
      target=$(readlink "$link"); ln -snf "\${target#"$1"}" "$link"
    done
    pack "$1"; status=$?
  fi
  rmdir "$view"
  exit $status`;

async function filesBelow(folder: string): Promise<{ path: string; octets: Uint8Array }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.sort().map(async (path) => ({ path: path.slice(folder.length), octets: await readFile(path) })),
  );
}

const guestFiles = join(dockerFolder, 'base', 'touchstone');
