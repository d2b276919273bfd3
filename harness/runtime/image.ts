/**
 * Guest images: a Debian root file system of the packages that `docker/<name>/image.json` lists, with the guest's own
 * files (`docker/base/touchstone`: init and the agent), as one ext4 file that any number of guests share read-only. Built
 * once into a cache, by root, unshare or fakechroot, whichever works; `mke2fs` runs inside mmdebstrap's hook, where the
 * files are root's in each of the three. Booting is left to the runtimes.
 */
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileFault } from '../files/file-fault.ts';
import { makeWritableFolder } from '../files/folder.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { DebianArchive, packageOf, type Supply, versionOf } from './debian-archive.ts';
import { ensureKernel, kernelPackages } from './guest-kernel.ts';
import { markAsked, pruneCache } from './image-cache.ts';
import { describedIn, type NamedImage } from './image-description.ts';
import { buildCommand, type Recipe, recipeOf, withBase } from './image-recipe.ts';
import { run } from './program.ts';

export interface Image {
  readonly name: string;
  /** The ext4 file. */
  readonly path: string;
  /** Those that it was asked to hold, and those of every guest. */
  readonly packages: readonly string[];
  /** Kernel modules that the products of this image need, as `GuestSpec` takes them. */
  readonly modules: readonly string[];
  /** The folder of the kernel that its guests boot; this machine's own without. */
  readonly kernel?: string | undefined;
}

/** Tells a person what takes time. */
export type Progress = (says: string) => void;

/**
 * The image of that folder or description, built first if `cache` has none of the same recipe; safe against other builders at the same
 * time. Throws HarnessFault `no-such-image`, `no-such-release`, `missing-tool`, `image-failed`, what `apt-fault.ts` says of another release, or `aborted` when the
 * signal came first.
 */
export async function ensureImage(
  image: string | NamedImage,
  cache: string,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<Image> {
  const { name, packages, modules, release } = typeof image === 'string' ? describedIn(image) : image;
  if (release !== undefined) makeCache(cache);
  const archive = release && (await DebianArchive.opened(release, cache, { progress, signal }));
  const supply = archive?.supply(await archive.fetched(await suppliedTo(packages)));
  const recipe = await recipeOf(packages, supply && withoutKernel(supply));
  const path = join(cache, `${name}-${recipe.key}.img`);
  const kernel = supply && (await ensureKernel(supply, cache, signal));
  if (!(await exists(path))) {
    await requireTools();
    progress(`building the image ${name} (once, about half a minute)`);
    makeCache(cache);
    await build(recipe, path, signal);
    progress(`the image ${name} is built`);
    await pruneCache(cache, name, path);
  }
  await markAsked(path);
  return { name, path, packages: recipe.packages, modules, kernel };
}

/**
 * What an image would hold now, of another release with its versions, and whether it is built already; nothing but lists is asked of the mirror. Rejects as
 * `ensureImage` does.
 */
export async function surveyed(
  { name, packages, release }: NamedImage,
  cache: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<{ readonly packages: readonly string[]; readonly built: boolean }> {
  if (release === undefined) {
    const { key } = await recipeOf(packages);
    return { packages, built: await exists(join(cache, `${name}-${key}.img`)) };
  }
  makeCache(cache);
  const archive = await DebianArchive.opened(release, cache, { progress, signal });
  const wanted = await suppliedTo(packages);
  const supply = archive.supply(await archive.resolved(wanted));
  const { key } = await recipeOf(packages, withoutKernel(supply));
  return {
    packages: supply.files.filter((each) => wanted.includes(packageOf(each))).map(versionOf),
    built: await exists(join(cache, `${name}-${key}.img`)),
  };
}

/** One set for an image and the kernel under it, so that both are of one moment. */
async function suppliedTo(packages: readonly string[]): Promise<readonly string[]> {
  return [...(await withBase(packages)), ...kernelPackages];
}

function withoutKernel(supply: Supply): Supply {
  return { ...supply, files: supply.files.filter((each) => packageOf(each) !== 'user-mode-linux') };
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
      const argv = buildCommand(mode, recipe, unfinished);
      const locked = [`${path}.lock`, 'sh', '-c', underLock, path, unfinished, ...argv];
      const { status, lines } = await run('flock', locked, signal);
      if (status === 0) return;
      complaints.push(`${mode}:`, ...lines.slice(-8));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (complaints.some((line) => line.includes('No space left on device')))
    throw new HarnessFault('disk-full', `there is no room to build ${path}: free about 2 GB there and in ${tmpdir()}`, {
      lastLines: complaints,
    });
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

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
