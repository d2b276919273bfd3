/** A daemon as a process of its guest, and the tools beside it: what it wrote, and how it ended. One that dies ends no run: that is an answer, too. */
import { type ConsoleChannel, ConsoleRefusal } from '../../runtime/console.ts';

/** What a program printed; `done` where it ended as it should. */
export interface Told {
  readonly done: boolean;
  readonly says: string;
}

/** How a program ended, as a shell has it: 128 and the signal, or what it left with. */
export const endingOf = (name: string, status: number): string =>
  `${name} ended: ${status > 128 ? `signal ${status - 128}` : `status ${status}`}`;

export class DaemonProcess {
  readonly #console: ConsoleChannel;
  readonly #name: string;
  /** How it ended, in the words of a shell: 128 and the signal. */
  #status: number | undefined;

  constructor(console: ConsoleChannel, name: string) {
    this.#console = console;
    this.#name = name;
    console.onExit((ended, status) => {
      if (ended === name) this.#status = status;
    });
  }

  /** Resolves to its process id. */
  async starts(argv: readonly string[]): Promise<number> {
    this.#status = undefined;
    return await this.#console.start(this.#name, argv);
  }

  /** Undefined while it runs: `pluto ended: signal 6`. */
  get ending(): string | undefined {
    return this.#status === undefined ? undefined : endingOf(this.#name, this.#status);
  }

  /** What one of its tools makes of this; nothing where there is nobody to tell it. Gives up after so many milliseconds. */
  async asks(argv: readonly string[], patience: number): Promise<Told> {
    const { ending } = this;
    if (ending !== undefined) return { done: false, says: ending };
    const { status, output } = await this.#console.exec(argv, patience);
    return { done: status === 0, says: output.trim() };
  }
}

/** A log, or why it cannot be read: there may be more of it than the agent hands on. */
export async function written(console: ConsoleChannel, path: string): Promise<string> {
  return await console.read(path).catch((refused: unknown) => {
    if (refused instanceof ConsoleRefusal) return `${refused.message}\n`;
    throw refused;
  });
}
