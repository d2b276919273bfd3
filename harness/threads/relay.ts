/**
 * A thread that is handed octets and hands others back, one order after the other. What is handed over is gone here: neither side copies it. If the thread dies, what it was at
 * is not answered, and nothing more will be; whoever asks must be able to do without.
 */
import { Worker as NodeWorker, type Transferable } from 'node:worker_threads';

export class Relay<Order, Answer> {
  readonly #worker: NodeWorker;
  readonly #waiting: ((answer: Answer | undefined) => void)[] = [];
  #isReady = false;
  #isGone = false;

  /** Begins at once. `entry` is a module that calls `relays`. What its thread makes is dead when it answers: of young things it gets little room. */
  constructor(entry: URL) {
    this.#worker = new NodeWorker(entry, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    this.#worker.on('message', (answer: Answer | typeof READY) => {
      if (answer === READY) this.#isReady = true;
      else this.#waiting.shift()?.(answer);
    });
    this.#worker.on('error', () => this.#gone());
    this.#worker.on('exit', () => this.#gone());
    this.#worker.unref();
  }

  /** It has loaded, and is still there. */
  get isReady(): boolean {
    return this.#isReady && !this.#isGone;
  }

  /** Undefined where the thread is gone; answers come in the order of what was asked. */
  asks(order: Order, handedOver: readonly Transferable[]): Promise<Answer | undefined> {
    if (this.#isGone) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#worker.ref();
      this.#worker.postMessage(order, handedOver);
    });
  }

  async end(): Promise<void> {
    this.#gone();
    await this.#worker.terminate();
  }

  #gone(): void {
    this.#isGone = true;
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }
}

export const READY = 'ready';
/** MiB. */
const YOUNG = 8;
