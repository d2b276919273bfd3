/**
 * The kernel that guests boot. Of this machine's own release it is the one that is installed; of another it is that release's, unpacked beside the images and
 * never installed: `linux.uml` with its modules, and the C library that it wants, whose own loader it is told to take.
 */
import { createHash } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { type PackageFile, packageOf, type Supply } from './debian-archive.ts';
import { markAsked, pruneCache } from './image-cache.ts';
import { run } from './program.ts';

/** What has to be in a supply, beside the packages of an image, for its guests to boot. */
export const kernelPackages: readonly string[] = ['user-mode-linux', 'libc6'];

/** The folder of the supply's kernel, unpacked first if `cache` has none of the same files. Rejects with HarnessFault `disk-full`, `kernel-failed` or `aborted`. */
export async function ensureKernel(supply: Supply, cache: string, signal?: AbortSignal): Promise<string> {
  const files = kernelPackages.map((name) => supply.files.find((each) => packageOf(each) === name)!);
  const hash = createHash('sha256').update([unpacking, ...files.map(({ sha256 }) => sha256)].join());
  const name = `kernel@${supply.release}`;
  const folder = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await unpack(supply, files, folder, signal);
    await pruneCache(cache, name, folder);
  }
  await markAsked(folder);
  return folder;
}

/** The program, and where and with which library it runs: its loader is found from the folder it is started in (`unpacking`). */
export function kernelProgram(folder: string | undefined): {
  readonly program: string;
  readonly cwd?: string;
  readonly environment: Readonly<Record<string, string>>;
} {
  if (folder === undefined) return { program: '/usr/bin/linux.uml', environment: {} };
  const library = join(folder, 'usr/lib/x86_64-linux-gnu');
  return {
    program: join(folder, 'usr/bin/linux.uml'),
    cwd: join(folder, 'usr'),
    environment: { LD_LIBRARY_PATH: library },
  };
}

async function unpack(
  supply: Supply,
  files: readonly PackageFile[],
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const locked = [`${folder}.lock`, 'flock', '--shared', supply.lock, 'sh', '-c', unpacking, folder];
  const { status, lines } = await run('flock', [...locked, ...files.map((each) => supply.path(each))], signal);
  await rm(`${folder}.lock`, { force: true });
  if (status === 0) return;
  const lastLines = lines.slice(-8);
  if (lines.some((line) => line.includes('No space left on device')))
    throw new HarnessFault(
      'disk-full',
      `there is no room for the kernel of ${supply.release} in ${folder}: free about 200 MB there`,
      { lastLines },
    );
  const says = `dpkg-deb could not unpack the kernel of ${supply.release} into ${folder}: its own words are below`;
  throw new HarnessFault('kernel-failed', says, { lastLines });
}

/**
 * The loader that the kernel names becomes relative. To run it by hand, `ld.so linux.uml`, does not do: the kernel takes all between its own end and its heap
 * for memory, and the heap is the loader's then.
 */
const unpacking = `
  trap 'rm -rf "$0.part"' EXIT
  trap 'exit 1' INT TERM
  test -e "$0" && exit
  rm -rf "$0.part"
  for file do dpkg-deb -x "$file" "$0.part" || exit; done
  LC_ALL=C sed -i 's,/\\(lib64/ld-linux-x86-64\\.so\\.2\\)\\x00,\\1\\x00\\x00,' "$0.part/usr/bin/linux.uml" || exit
  mv "$0.part" "$0"`;
