/**
 * What iked writes, in which it says what ikectl(8) has no word for: that it has read its settings, or what became of an attempt. Where the file ends is asked
 * before its octets are, since most of the time nothing is new in it.
 */
import type { ConsoleChannel } from '../../runtime/console.ts';
import { written } from '../kit/daemon-process.ts';

export class Log {
  readonly #console: ConsoleChannel;
  /** Of the process that writes, whose standard error this is. */
  #writer = 0;
  /** As it was read last. */
  #text = '';

  constructor(console: ConsoleChannel) {
    this.#console = console;
  }

  writtenBy(process: number): void {
    this.#writer = process;
  }

  async empties(): Promise<void> {
    await this.#console.write(logPath, '');
    this.#text = '';
  }

  async text(): Promise<string> {
    if ((await this.#end()) !== Buffer.byteLength(this.#text)) this.#text = await written(this.#console, logPath);
    return this.#text;
  }

  /** What `seen` makes of it, as soon as that is something; undefined when the writer ends before, or so many milliseconds have passed. */
  async shows<T>(
    seen: (log: string) => T | undefined,
    within: number,
    hasEnded: () => boolean,
  ): Promise<T | undefined> {
    const deadline = performance.now() + within;
    let before: string | undefined;
    let pause = SHORTEST;
    for (;;) {
      const log = await this.text();
      const found = log === before ? undefined : seen(log);
      if (found || hasEnded() || performance.now() > deadline) return found;
      pause = log === before ? Math.min(pause * LONGER, LONGEST) : SHORTEST;
      before = log;
      await new Promise((again) => setTimeout(again, pause));
    }
  }

  /** In octets; undefined where there is no writer. After the file was emptied it is the one before until something is written, which is no end of an empty one. */
  async #end(): Promise<number | undefined> {
    const position = await written(this.#console, `/proc/${this.#writer}/fdinfo/2`);
    const octets = /^pos:\s*(\d+)/m.exec(position)?.[1];
    return octets === undefined ? undefined : Number(octets);
  }
}

export const logPath = '/run/iked.log';

/** Milliseconds between two looks: short while something is written, longer while nothing is. */
const SHORTEST = 10;
const LONGER = 1.25;
const LONGEST = 50;
