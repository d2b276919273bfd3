/**
 * The runtime `uml`: a guest is Debian's user-mode Linux kernel as an ordinary process, without root, KVM or Docker. Its
 * serial line (standard input and output) is the agent's console, its kernel's console is standard error. Memory, image
 * and wires are kernel parameters; `guest.ts` has the life of a guest.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { access, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { HarnessFault } from '../lab/harness-fault.ts';
import { type GuestBody, readyGuest } from './guest.ts';
import { kernelProgram } from './guest-kernel.ts';
import { kernelParameters } from './kernel-parameters.ts';
import type { Guest, GuestSpec, Runtime } from './runtime.ts';

export const uml: Runtime = { name: 'uml', available: requireKernel, boot };

async function boot(spec: GuestSpec): Promise<Guest> {
  const { path, kernel } = spec.image;
  if (kernel === undefined) await requireKernel();
  const folder = await mkdtemp(join(await memoryFolder(), 'touchstone-guest-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await readyGuest(spec, kernelProcess(kernel, kernelParameters(spec, path, folder, kernel), folder));
  } finally {
    remove(); // a running kernel needs nothing of it, and so nothing is left even if the harness is killed
    process.off('exit', remove);
  }
}

function kernelProcess(ofImage: string | undefined, parameters: readonly string[], folder: string): GuestBody {
  const { program, cwd, environment } = kernelProgram(ofImage);
  const kernel = spawn(program, parameters, {
    env: { TMPDIR: folder, PATH: '/usr/bin:/bin:/usr/lib/uml', ...environment },
    ...(cwd !== undefined && { cwd }),
    detached: true, // a process group of its own, to be killed whole
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  kernel.stdin.on('error', () => {}); // the end that follows says what happened
  const kill = (): void => {
    try {
      if (kernel.pid !== undefined) process.kill(-kernel.pid, 'SIGKILL');
    } catch {
      // the group is gone: what was wanted
    }
  };
  return {
    write: (piece) => kernel.stdin.write(piece, 'latin1'),
    kill,
    ended: new Promise((resolve) => {
      kernel.once('error', (cause) => resolve(`could not be started: ${cause.message}`));
      kernel.once('exit', async (status, signal) => {
        const closed = new Promise((done) => kernel.once('close', done));
        kill(); // the processes inside outlive their kernel, and hold its pipes
        await Promise.race([closed, later(LAST_WORDS, undefined, { ref: false })]);
        resolve(signal ?? `status ${status}`);
      });
    }),
    listen: ({ agent, kernel: words }) => {
      kernel.stdout.on('data', agent);
      kernel.stderr.on('data', words);
    },
  };
}

async function requireKernel(): Promise<void> {
  try {
    await access('/usr/bin/linux.uml');
  } catch {
    const mend = 'apt-get install -y user-mode-linux';
    throw new HarnessFault('missing-tool', `a guest needs user-mode-linux: ${mend}`, { mend });
  }
}

/** A guest's memory is a mapped file, so it belongs on a tmpfs that may hold code. */
async function memoryFolder(): Promise<string> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const fits = (folder: string): boolean =>
    mounts.some(
      ([, at, type, options]) => at === folder && type === 'tmpfs' && !options!.split(',').includes('noexec'),
    );
  return ['/dev/shm', tmpdir()].find(fits) ?? tmpdir();
}

/** Milliseconds in which what the dead kernel has printed is read from its pipes; they close with the last process of the group. */
const LAST_WORDS = 500;
