/**
 * The runtime `uml`: a guest is Debian's user-mode Linux kernel as an ordinary process, without root, KVM or Docker. Its
 * serial line (standard input and output) is the agent's console, its kernel's console is standard error. Memory, image
 * and wires are kernel parameters; `guest.ts` has the life of a guest.
 */

import { rmSync } from 'node:fs';
import { access, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { atExit } from './at-exit.ts';
import { readyGuest } from './guest.ts';
import { kernelProgram } from './guest-kernel.ts';
import { guestProcess } from './guest-process.ts';
import { kernelParameters } from './kernel-parameters.ts';
import { leastUsedProcessor } from './processors.ts';
import type { Guest, GuestSpec, Runtime } from './runtime.ts';

export const uml: Runtime = { name: 'uml', kernel: 'own', available: requireKernel, boot };

async function boot(spec: GuestSpec): Promise<Guest> {
  const { path, kernel } = spec.image;
  if (kernel === undefined) await requireKernel();
  const folder = await mkdtemp(join(await memoryFolder(), 'touchstone-guest-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const atEnd = atExit(remove);
  try {
    const { program, cwd, environment } = kernelProgram(kernel);
    const argv = kernelParameters(spec, path, folder, kernel);
    const own = { TMPDIR: folder, PATH: '/usr/bin:/bin:/usr/lib/uml' };
    const processor = leastUsedProcessor();
    const body = guestProcess(processor.bound({ program, argv, cwd, environment: { ...own, ...environment } }));
    void body.ended.then(() => processor.release());
    return await readyGuest(spec, body);
  } finally {
    remove(); // a running kernel needs nothing of it, and so nothing is left even if the harness is killed
    atEnd.calledOff();
  }
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
