/**
 * The runtime `uml`: a guest is Debian's user-mode Linux kernel as an ordinary process, without root, KVM or Docker. Its
 * serial line (standard input and output) is the agent's console, its kernel's console is standard error. Memory, image
 * and wires are kernel parameters; `runtime.ts` says what a guest is.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { ConsoleChannel } from './console.ts';
import { lineCutter, textOf } from './console-line.ts';
import type { Guest, GuestSpec, GuestWire, Runtime } from './runtime.ts';

export const uml: Runtime = { name: 'uml', boot };

/** The parameters of a guest's kernel, one word each. The guest's init reads MODULES and WIRES as variables. */
export function kernelParameters(spec: GuestSpec, image: string, folder: string): string[] {
  const modules = [...new Set([...spec.image.modules, ...(spec.modules ?? [])])];
  return [
    `mem=${spec.memory ?? 256}M`,
    `uml_dir=${folder}`,
    'umid=guest',
    `ubd0r=${image}`,
    'root=/dev/ubda',
    'rootfstype=ext4',
    'ro',
    'init=/usr/lib/touchstone/init',
    'con=null',
    'con0=null,fd:2',
    'ssl=null',
    'ssl0=fd:0,fd:1',
    `MODULES=${modules.join(',')}`,
    `WIRES=${spec.wires.map((wire) => `${wire.name}/${wire.mac}`).join(',')}`,
    ...spec.wires.map(vectorDevice),
  ];
}

/** A guest's kernel console: what is kept of it, and what in it means that the kernel is no more. */
export function consoleTail(limit = 300): { take(piece: Uint8Array): void; lines(): string[] } {
  const lines: string[] = [];
  const take = lineCutter((line) => {
    lines.push(line);
    if (lines.length > limit) lines.shift();
  });
  return { take, lines: () => [...lines] };
}

function vectorDevice(wire: GuestWire, number: number): string {
  const session = `0x${wire.session.toString(16)}`;
  return [
    `vec${number}:transport=l2tpv3,v6=0,udp=1,src=0.0.0.0,dst=${wire.peerAddress}`,
    `srcport=${wire.guestPort},dstport=${wire.peerPort},tx_session=${session},rx_session=${session}`,
    'depth=64,gro=0',
  ].join(',');
}

async function boot(spec: GuestSpec): Promise<Guest> {
  await requireKernel();
  const folder = await mkdtemp(join(await memoryFolder(), 'touchstone-guest-'));
  const kernel = spawn('/usr/bin/linux.uml', kernelParameters(spec, spec.image.path, folder), {
    env: { TMPDIR: folder, PATH: '/usr/bin:/bin:/usr/lib/uml' },
    detached: true, // a process group of its own, to be killed whole
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return await new UmlGuest(spec, kernel, folder).ready();
}

class UmlGuest implements Guest {
  readonly name: string;
  readonly image: Guest['image'];
  readonly wires: readonly GuestWire[];
  readonly console: ConsoleChannel;
  readonly died: Promise<HarnessFault>;
  kernel = '';
  alive = true;
  #stopping = false;
  readonly #tail = consoleTail();
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<void>;
  readonly #folder: string;
  readonly #killAtExit = (): void => this.#kill();

  constructor(spec: GuestSpec, kernel: ChildProcessWithoutNullStreams, folder: string) {
    this.name = spec.name;
    this.image = spec.image;
    this.wires = spec.wires;
    this.#process = kernel;
    this.#folder = folder;
    this.console = new ConsoleChannel((line) => kernel.stdin.write(line, 'latin1'));
    kernel.stdout.on('data', (piece: Uint8Array) => this.console.receive(piece));
    kernel.stderr.on('data', (piece: Uint8Array) => this.#tail.take(piece));
    kernel.stdin.on('error', () => {}); // the exit that follows says what happened
    process.once('exit', this.#killAtExit);
    let ended = (_: HarnessFault): void => {};
    this.died = new Promise((resolve) => (ended = resolve));
    this.#exited = new Promise((resolve) => {
      const over = (how: string): void => {
        this.alive = false;
        const fault = this.#fault('guest-died', `the guest ${this.name} ${how}`);
        this.console.end(fault);
        if (!this.#stopping) ended(fault);
        resolve();
      };
      kernel.once('error', (cause) => over(`could not be started: ${cause.message}`));
      kernel.once('close', (status, signal) => over(`ended (${signal ?? `status ${status}`})`));
    });
  }

  /** Resolves when the agent has spoken; whatever else happens first is a fault, and leaves nothing behind. */
  async ready(deadline = 30_000): Promise<Guest> {
    let timer: NodeJS.Timeout | undefined;
    try {
      this.kernel = await Promise.race([
        new Promise<string>((resolve) => this.console.on('ready', ([release]) => resolve(textOf(release!)))),
        this.died.then((fault) => Promise.reject(fault)),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => {
            reject(this.#fault('guest-hangs', `the guest ${this.name} was not ready within ${deadline} ms`));
          }, deadline);
        }),
      ]);
      return this;
    } catch (fault) {
      await this.stop();
      throw fault;
    } finally {
      clearTimeout(timer);
      // A running kernel needs nothing of it, and so nothing is left even if the harness is killed.
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  lastConsoleLines(): string[] {
    return this.#tail.lines();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.alive) {
      this.console.request('poweroff', [], 2_000).catch(() => this.#kill());
      await this.#exited;
    }
    this.#kill(); // processes of the guest that outlived their kernel
    process.removeListener('exit', this.#killAtExit);
  }

  #kill(): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // the group is gone: what was wanted
    }
  }

  #fault(code: string, message: string): HarnessFault {
    return new HarnessFault(code, message, { lastLines: this.lastConsoleLines().slice(-20) });
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
