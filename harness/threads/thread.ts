/**
 * A thread that helps, as the thread that leads sees it. It shares no memory: it loads its own modules, is told its order once, and answers each errand. If it
 * dies (out of memory, an exception that nobody caught) what it was at is lost, and the next errand gets a thread anew.
 */
import { Worker as NodeWorker } from 'node:worker_threads';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Errand, Report, Worker } from './errand.ts';

/** What a case makes is dead when it ends: with room for it, a tenth less time goes into collecting it. */
const maxYoungGenerationSizeMb = 128;

export class Thread<Answer> implements Worker<Answer> {
  readonly #entry: URL;
  readonly #order: unknown;
  #worker: NodeWorker | undefined;
  #ready: Promise<void>;
  #ended = false;
  #pending: { resolve(answer: Answer): void; reject(fault: unknown): void } | undefined;

  /** Begins at once. `entry` is a module that calls `helps`; the order is cloned. */
  constructor(entry: URL, order: unknown) {
    this.#entry = entry;
    this.#order = order;
    this.#ready = this.#begun();
  }

  get ended(): boolean {
    return this.#ended;
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  async works(place: number): Promise<Answer> {
    if (!this.#worker && !this.#ended) this.#ready = this.#begun();
    await this.#ready;
    const worker = this.#worker;
    if (!worker) throw new HarnessFault('thread-lost', 'the thread that should do it is gone');
    const errand: Errand = { place };
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      worker.postMessage(errand);
    });
  }

  /** Whatever it is at; there will be no other. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker?.terminate();
  }

  #begun(): Promise<void> {
    const worker = new NodeWorker(this.#entry, {
      workerData: this.#order,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    this.#worker = worker;
    let says = 'it ended';
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('message', (report: Report) => {
        if (report.kind === 'ready') resolve();
        else this.#answered(report);
      });
      worker.on('error', (error) => {
        says = error instanceof Error ? (error.stack ?? error.message) : String(error);
      });
      worker.on('exit', () => {
        if (this.#worker === worker) this.#worker = undefined;
        const fault = new HarnessFault('thread-lost', `the thread that was at it is gone: ${says}`);
        reject(fault);
        this.#pending?.reject(fault);
        this.#pending = undefined;
      });
    });
    // Whoever waits for it hears of it; where nobody does, nothing is lost.
    ready.catch(() => {});
    return ready;
  }

  #answered(report: Exclude<Report, { kind: 'ready' }>): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (report.kind === 'done') pending?.resolve(report.answer as Answer);
    else pending?.reject(new HarnessFault('thread-failed', report.says));
  }
}
