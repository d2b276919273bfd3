/**
 * Guest images: a Debian root file system of the packages that `docker/<name>/image.json` lists, with the guest's own
 * files (`docker/base/touchstone`: init and the agent), as one ext4 file that any number of guests share read-only. Built
 * once into a cache, by root, unshare or fakechroot, whichever works; `mke2fs` runs inside mmdebstrap's hook, where the
 * files are root's in each of the three. Booting is left to the runtimes.
 */
import { createHash } from 'node:crypto';
import { access, chmod, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { documentIn } from '../files/document.ts';
import { FileFault, isSystemError } from '../files/file-fault.ts';
import { makeWritableFolder } from '../files/folder.ts';
import { shipped } from '../installation.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { UsageFault } from '../usage-fault.ts';
import { pruneImages } from './image-cache.ts';
import { run } from './program.ts';

const ImageJson = z.strictObject({ packages: z.array(z.string()), modules: z.array(z.string()) });

export interface Image {
  readonly name: string;
  /** The ext4 file. */
  readonly path: string;
  /** Kernel modules that the products of this image need, as `GuestSpec` takes them. */
  readonly modules: readonly string[];
}

/** What `image.json` says: Debian packages beside those that every guest has, and kernel modules. */
export interface DescribedImage {
  readonly packages: readonly string[];
  readonly modules: readonly string[];
}

/** Tells a person what takes time. */
export type Progress = (says: string) => void;

/**
 * The image of that folder (of ours the name below `docker/`, of another's a path) or description, built first if `cache` has none of the same recipe; safe against other builders at the same
 * time. Throws HarnessFault `no-such-image`, `missing-tool`, `image-failed`, or `aborted` when the signal came first.
 */
export async function ensureImage(
  image: string | (DescribedImage & { readonly name: string }),
  cache: string,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<Image> {
  const name = typeof image === 'string' ? basename(image) : image.name;
  const recipe = await recipeOf(typeof image === 'string' ? listedIn(image) : image);
  const path = join(cache, `${name}-${recipe.key}.img`);
  if (!(await exists(path))) {
    await requireTools();
    progress(`building the image ${name} (once, about half a minute)`);
    makeCache(cache);
    await build(recipe, path, signal);
    progress(`the image ${name} is built`);
    await pruneImages(cache, name, path);
  }
  await markAsked(path);
  return { name, path, modules: recipe.modules };
}

function makeCache(cache: string): void {
  try {
    makeWritableFolder(cache);
  } catch (cause) {
    if (!(cause instanceof FileFault)) throw cause;
    const mend = 'export TOUCHSTONE_CACHE=/a/folder/that/can/be/written';
    throw new HarnessFault('cache-folder', `the cache of images, ${cause.message}`, { cause, mend });
  }
}

/** A cached image's modification time is when it was last asked for, which is what keeps it. In another's cache it is theirs to keep. */
export async function markAsked(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((fault: unknown) => {
    if (!isSystemError(fault) || !['EPERM', 'EACCES', 'EROFS'].includes(fault.code)) throw fault;
  });
}

/** Where an image's folder is: its list of packages and whatever else its product ships. */
export const imageFolder = (name: string): string => resolve(dockerFolder, name);

interface Recipe {
  readonly packages: readonly string[];
  readonly modules: readonly string[];
  readonly key: string;
}

function listedIn(name: string): DescribedImage {
  try {
    return documentIn(join(imageFolder(name), 'image.json'), ImageJson);
  } catch (cause) {
    if (!(cause instanceof FileFault || cause instanceof UsageFault)) throw cause;
    throw new HarnessFault('no-such-image', `no image is called ${name}: ${cause.message}`, { cause });
  }
}

async function recipeOf(listed: DescribedImage): Promise<Recipe> {
  const base = (await readFile(join(dockerFolder, 'base', 'packages'), 'utf8')).split('\n').filter(Boolean);
  const packages = [...base, ...listed.packages].sort();
  const hash = createHash('sha256').update(buildArguments('root', packages, '', '').join('\0'));
  for (const { path, octets } of await filesBelow(guestFiles)) hash.update(`\0${path}\0`).update(octets);
  return { packages, modules: listed.modules, key: hash.digest('hex').slice(0, 16) };
}

/** The kernel's lock on a file keeps builders apart, and is free again when its holder dies. */
async function build(recipe: Recipe, path: string, signal?: AbortSignal): Promise<void> {
  const complaints: string[] = [];
  for (const mode of process.getuid?.() === 0 ? ['root'] : ['unshare', 'fakechroot']) {
    const folder = await mkdtemp(join(tmpdir(), 'touchstone-image-'));
    try {
      const unfinished = join(folder, 'root.img');
      await writeFile(unfinished, '');
      await chmod(folder, 0o711); // in unshare mode another user id writes the file
      await chmod(unfinished, 0o666);
      const argv = buildArguments(mode, recipe.packages, guestFiles, unfinished);
      const locked = [`${path}.lock`, 'sh', '-c', underLock, path, unfinished, ...argv];
      const { status, lines } = await run('flock', locked, signal);
      if (status === 0) return;
      complaints.push(`${mode}:`, ...lines.slice(-8));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const mend = 'apt-get install -y uidmap fakechroot fakeroot';
  const means = process.getuid?.() === 0 ? {} : { mend };
  throw new HarnessFault('image-failed', `mmdebstrap could not build ${path}`, { lastLines: complaints, ...means });
}

/** The shell clears up after itself, for the harness may be gone before it. */
const underLock = `
  from=$1; shift
  trap 'rm -rf "\${from%/*}" "$0.part"' EXIT
  trap 'exit 1' INT TERM
  test -e "$0" && exit
  "$@" && cp --sparse=always "$from" "$0.part" && mv "$0.part" "$0"`;

/** Everything that decides what the image is, but for the guest's files: the cache's key is taken over it. */
function buildArguments(mode: string, packages: readonly string[], files: string, image: string): string[] {
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
    `--customize-hook=image='${image}'; ${packed}`,
    '--format=null',
    'bookworm',
    '/dev/null',
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

async function requireTools(): Promise<void> {
  const missing: string[] = [];
  for (const [file, packageName] of tools) if (!(await exists(file))) missing.push(packageName);
  if (missing.length === 0) return;
  const mend = `apt-get install -y ${missing.join(' ')}`;
  throw new HarnessFault('missing-tool', `building an image needs ${missing.join(', ')}: ${mend}`, { mend });
}

const tools = [
  ['/usr/bin/mmdebstrap', 'mmdebstrap'],
  ['/usr/sbin/mke2fs', 'e2fsprogs'],
] as const;

async function filesBelow(folder: string): Promise<{ path: string; octets: Uint8Array }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.sort().map(async (path) => ({ path: path.slice(folder.length), octets: await readFile(path) })),
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Where the images and the compose file are described. */
export const dockerFolder = shipped('docker');
const guestFiles = join(dockerFolder, 'base', 'touchstone');
