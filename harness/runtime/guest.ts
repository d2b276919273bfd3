/**
 * A running guest, whatever runs it: the console channel over its octets, the tail of its kernel's console, and the one
 * way from booting to readiness, death or an orderly stop. The runtimes give it a body: what carries octets and ends.
 */

import { HarnessFault } from '../lab/harness-fault.ts';
import { atExit } from './at-exit.ts';
import { ConsoleChannel } from './console.ts';
import { lineCutter, textOf } from './console-line.ts';
import type { Image } from './image.ts';
import { aborted } from './program.ts';
import type { Guest, GuestSpec, GuestWire } from './runtime.ts';

/** What a runtime supplies. `receive` functions are set before anything arrives. */
export interface GuestBody {
  /** Carries octets to the agent. */
  write(piece: string): void;
  /** Ends everything of the guest at once; must work while the harness itself is exiting. */
  kill(): void;
  /** Resolves, when nothing of the guest runs any more, to how it ended, such as `status 0`. */
  readonly ended: Promise<string>;
  /** Where what the agent says, and what the guest's kernel says, is wanted. */
  listen(ears: { agent(piece: Uint8Array): void; kernel(piece: Uint8Array): void }): void;
}

/** Resolves when the agent has spoken; whatever else happens first is a HarnessFault, and leaves nothing behind. */
export async function readyGuest(spec: GuestSpec, body: GuestBody, deadline = 30_000): Promise<Guest> {
  const guest = new RunningGuest(spec, body);
  let timer: NodeJS.Timeout | undefined;
  let stopped = (): void => {};
  try {
    await Promise.race([
      guest.spoke,
      guest.died.then((fault) => Promise.reject(fault)),
      new Promise<never>((_, reject) => {
        const fault = () =>
          guest.fault('guest-hangs', `the guest ${spec.name} was not ready within ${deadline} ms: ${BUSY}`);
        timer = setTimeout(() => reject(fault()), deadline);
        stopped = () => reject(aborted());
        if (spec.signal?.aborted) stopped();
        spec.signal?.addEventListener('abort', stopped);
      }),
    ]);
    return guest;
  } catch (fault) {
    body.kill(); // an agent that has not spoken cannot be asked to power off
    await guest.stop();
    throw fault;
  } finally {
    clearTimeout(timer);
    spec.signal?.removeEventListener('abort', stopped);
  }
}

const BUSY = 'on a busy machine fewer at a time may be (--jobs 1), and --resume takes the run up again';

/** A kernel's console: the last lines of it. */
function consoleTail(limit = 300): { take(piece: Uint8Array): void; lines(): string[] } {
  const lines: string[] = [];
  const take = lineCutter((line) => {
    lines.push(line);
    if (lines.length > limit) lines.shift();
  });
  return { take, lines: () => [...lines] };
}

class RunningGuest implements Guest {
  readonly name: string;
  readonly image: Image;
  readonly wires: readonly GuestWire[];
  readonly console: ConsoleChannel;
  readonly died: Promise<HarnessFault>;
  readonly spoke: Promise<void>;
  kernel = '';
  alive = true;
  #stopping = false;
  readonly #tail = consoleTail();
  readonly #body: GuestBody;
  readonly #kill = (): void => this.#body.kill();
  readonly #atEnd: ReturnType<typeof atExit>;

  constructor(spec: GuestSpec, body: GuestBody) {
    this.name = spec.name;
    this.image = spec.image;
    this.wires = spec.wires;
    this.#body = body;
    this.console = new ConsoleChannel(
      (piece) => body.write(piece),
      () => this.#lastWords(),
    );
    this.spoke = new Promise((resolve) => {
      this.console.on('ready', ([release]) => {
        if (this.kernel !== '') this.#kill(); // it rebooted: not the guest that it was
        this.kernel = textOf(release!);
        resolve();
      });
    });
    this.died = new Promise((resolve) => {
      void body.ended.then((how) => {
        this.alive = false;
        const fault = this.fault('guest-died', `the guest ${this.name} ended (${how})`);
        this.console.end(fault);
        if (!this.#stopping) resolve(fault);
      });
    });
    body.listen({ agent: (piece) => this.console.receive(piece), kernel: this.#tail.take });
    this.#atEnd = atExit(this.#kill);
  }

  lastConsoleLines(): string[] {
    return this.#tail.lines();
  }

  abandon(fault: HarnessFault): void {
    this.console.end(fault);
    this.#kill();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.alive) {
      this.console.request('poweroff', [], 2_000).catch(this.#kill);
      await this.#body.ended;
    }
    this.#kill(); // whatever of the guest outlived its kernel
    this.#atEnd.calledOff();
  }

  fault(code: string, message: string): HarnessFault {
    return new HarnessFault(code, message, { lastLines: this.#lastWords() });
  }

  #lastWords(): string[] {
    return this.#tail.lines().slice(-20);
  }
}
