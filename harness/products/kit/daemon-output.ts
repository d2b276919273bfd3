/** What a daemon prints while it runs, line by line: kept as its log, and waited for, where no file has to be looked at again and again. */
import type { ConsoleChannel } from '../../runtime/console.ts';
import { textOf } from '../../runtime/console-line.ts';

export class DaemonOutput {
  readonly #console: ConsoleChannel;
  #lines: string[] = [];
  #length = 0;
  #left = 0;
  #isOver = false;
  #listener = (_line: string | undefined): void => {};

  constructor(console: ConsoleChannel, name: string) {
    this.#console = console;
    console.on('output', ([printing, line]) => {
      if (textOf(printing!) === name) this.#take(textOf(line!));
    });
    console.onExit((ended) => {
      if (ended !== name) return;
      this.#isOver = true;
      this.#listener(undefined);
    });
  }

  /** A daemon is about to be started: what was printed is of the one before. */
  begins(): void {
    this.#lines = [];
    this.#length = 0;
    this.#left = 0;
    this.#isOver = false;
  }

  /** Resolves when a line of it has these words, when it has ended, or after so many milliseconds. Rejects when its guest is gone. */
  async says(words: string, patience: number): Promise<void> {
    if (this.#isOver || this.#lines.some((line) => line.includes(words))) return;
    await new Promise<void>((resolve, reject) => {
      const ends = (fault?: unknown): void => {
        clearTimeout(timer);
        clearInterval(watch);
        this.#listener = () => {};
        if (fault === undefined) resolve();
        else reject(fault);
      };
      const timer = setTimeout(ends, patience);
      const watch = setInterval(() => this.#console.running().catch(ends), SIGN_OF_LIFE);
      this.#listener = (line) => {
        if (line === undefined || line.includes(words)) ends();
      };
    });
  }

  /** All that it had printed when this was asked. */
  async text(): Promise<string> {
    // An answer tells that the agent had a turn, in which it may have come to its console first; the one behind it has had all.
    await this.#console.running();
    await this.#console.running();
    const left = this.#left === 0 ? [] : [`${this.#left} lines more, beyond ${MOST} characters`];
    return [...this.#lines, ...left, ''].join('\n');
  }

  #take(line: string): void {
    if (this.#length > MOST) {
      this.#left++;
      return;
    }
    this.#lines.push(line);
    this.#length += line.length + 1;
    this.#listener(line);
  }
}

/** Milliseconds between two looks whether the guest is still there. */
const SIGN_OF_LIFE = 1_000;
/** Characters of a log that are kept: ten times what a long case has. */
const MOST = 4 << 20;
