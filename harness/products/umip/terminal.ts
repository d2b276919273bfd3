/**
 * mip6d's virtual terminal: a line is asked, and what it prints ends with a zero octet. It takes what comes in one piece for one line, so a question
 * waits for the answer to the one before. One client at a time has it.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { ConsoleChannel, ConsoleStream } from '../../runtime/console.ts';

interface Waiting {
  readonly question: string;
  settle(text: string): void;
  fail(reason: Error): void;
}

export class Terminal {
  readonly #waiting: Waiting[] = [];
  #stream: ConsoleStream | undefined;
  #printed = '';
  #ended: HarnessFault | undefined;

  /** Waits at most `patience` milliseconds until mip6d listens. */
  static async connected(console: ConsoleChannel, patience: number): Promise<Terminal> {
    const terminal = new Terminal();
    terminal.#stream = await console.openStream(place, patience, {
      received: (octets) => terminal.#received(octets),
      closed: () => terminal.#end(new HarnessFault('mip6d-closed', 'mip6d closed its virtual terminal')),
    });
    await terminal.ask('fancy no'); // no escape sequences
    await terminal.ask('prompt no');
    return terminal;
  }

  /** What it printed. Rejects with HarnessFault `mip6d-silent` when nothing came, or `mip6d-closed`. */
  ask(question: string): Promise<string> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((settle, fail) => {
      const silent = new HarnessFault('mip6d-silent', `mip6d did not answer \`${question}\` within ${PATIENCE} ms`);
      const timer = setTimeout(() => this.#end(silent), PATIENCE);
      this.#waiting.push({
        question,
        settle: (text) => {
          clearTimeout(timer);
          settle(text);
        },
        fail: (reason) => {
          clearTimeout(timer);
          fail(reason);
        },
      });
      if (this.#waiting.length === 1) this.#send();
    });
  }

  async close(): Promise<void> {
    this.#end(new HarnessFault('mip6d-closed', 'the virtual terminal of mip6d was let go'));
    await this.#stream?.close();
  }

  #send(): void {
    const [next] = this.#waiting;
    if (next) this.#stream!.write(new TextEncoder().encode(`${next.question}\n`)).catch((fault) => this.#end(fault));
  }

  #received(octets: Uint8Array): void {
    this.#printed += new TextDecoder('latin1').decode(octets);
    const end = this.#printed.indexOf('\0');
    if (end < 0) return;
    const text = this.#printed.slice(0, end).replaceAll(prompt, '');
    this.#printed = this.#printed.slice(end + 1);
    this.#waiting.shift()?.settle(text);
    this.#send();
  }

  #end(fault: HarnessFault): void {
    this.#ended ??= fault;
    for (const { fail } of this.#waiting.splice(0)) fail(this.#ended);
  }
}

/** Where mip6d is told to listen, on the loopback: its own choice, 7777, is that of a sink. */
export const terminalPort = 777;

const place = `127.0.0.1:${terminalPort}`;

const prompt = 'mip6d> ';

/** Milliseconds for an answer that takes one. */
const PATIENCE = 5_000;
