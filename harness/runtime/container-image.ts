/**
 * The container that user-mode guests run in: a minimal Debian with the kernel and socat, made by mmdebstrap and imported,
 * so that no registry is asked. What runs inside the guest is in the guest's own image (`image.ts`), which is mounted.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Progress } from './image.ts';
import { dockerFolder } from './image-description.ts';
import { run } from './program.ts';

/** The name of the container image; built first, under a lock in the folder `cache`, if the daemon has none of it. */
export async function ensureContainerImage(
  cache: string,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const packages = await readFile(join(dockerFolder, 'base', 'container-packages'), 'utf8');
  const include = packages.trim().split('\n').join(',');
  const name = `touchstone-guest:${createHash('sha256').update(include).digest('hex').slice(0, 16)}`;
  await requireDaemon();
  if ((await run('docker', ['image', 'inspect', name])).status === 0) return name;
  progress('building the container for guests (once, about half a minute)');
  const folder = await mkdtemp(join(tmpdir(), 'touchstone-container-'));
  try {
    const archive = join(folder, 'root.tar');
    const build = [
      'mmdebstrap',
      '--quiet',
      '--variant=minbase',
      `--include=${include}`,
      ...smaller,
      'bookworm',
      archive,
    ];
    const locked = [join(cache, 'container.lock'), 'sh', '-c', underLock, name, archive, ...build];
    const { status, lines } = await run('flock', locked, signal);
    if (status !== 0) {
      throw new HarnessFault('image-failed', `the container ${name} could not be built`, {
        lastLines: lines.slice(-8),
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return name;
}

/** The command line of Docker answers, and a daemon answers it; else HarnessFault `missing-tool` or `docker-daemon` with what mends it. */
export async function requireDaemon(): Promise<void> {
  const answer = await run('docker', ['version', '--format', '{{.Server.Version}}']);
  if (answer.status === 0) return;
  const mend = 'systemctl start docker || (dockerd >/var/log/dockerd.log 2>&1 &)';
  throw new HarnessFault('docker-daemon', 'the Docker daemon does not answer', {
    mend,
    lastLines: answer.lines,
  });
}

const smaller = ['doc', 'man', 'info', 'locale'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);

const underLock = `
  tar=$1; shift
  trap 'rm -rf "\${tar%/*}"' EXIT
  trap 'exit 1' INT TERM
  docker image inspect "$0" >/dev/null 2>&1 && exit
  "$@" && docker import "$tar" "$0"`;
