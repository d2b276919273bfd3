/**
 * The engine of a queue: BullMQ on Redis, loaded where a queue is asked for and nowhere else. What Touchstone keeps beside the queues stands under the same prefix: who is there, and
 * parcels on their way, each with an end of its own, so that nothing is left of those that were killed.
 */
import type { Queue, QueueEvents, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { HarnessFault } from '../lab/harness-fault.ts';
import { UsageFault } from '../usage-fault.ts';

export interface Place {
  /** redis:// or rediss://. */
  readonly redis: string;
  /** What all names in there begin with. */
  readonly prefix: string;
}

export interface Engine {
  readonly redis: Redis;
  readonly prefix: string;
  queue(name: string): Queue;
  events(name: string): QueueEvents;
  worker(name: string, process: ConstructorParameters<typeof Worker>[1], options: Leased): Worker;
  close(): Promise<void>;
}

export interface Leased {
  /** Side by side. */
  readonly concurrency: number;
  /** Milliseconds after which a job of a worker that says no more is given to another. */
  readonly lease: number;
}

/** Rejects with `HarnessFault` where the packages are not installed, or nobody answers as Redis does. */
export async function engineAt({ redis: url, prefix }: Place, tell: (says: string) => void): Promise<Engine> {
  const shown = requireUrl(url);
  const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]).catch((cause) => {
    throw new HarnessFault('no-queue-engine', `a queue needs the packages bullmq and ioredis: ${said(cause)}`, {
      mend: 'npm install bullmq@6.7.0 ioredis@6.0.0',
    });
  });
  // Whoever waits for a job waits as long as it takes, over every break of the connection.
  const redis = new ioredis.Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  let trouble = '';
  const hear = (fault: Error): void => {
    if (said(fault) !== trouble) tell(`${shown}: ${said(fault)}`);
    trouble = said(fault);
  };
  let first: unknown;
  redis.on('error', (fault) => {
    first ??= fault;
  });
  try {
    await redis.connect();
  } catch (fault) {
    redis.disconnect();
    throw new HarnessFault('no-redis', `${shown}: wanted a Redis, had ${said(first ?? fault)}`);
  }
  redis.on('error', hear);
  redis.on('ready', () => {
    if (trouble !== '') tell(`${shown}: there again`);
    trouble = '';
  });
  const parts: { close(): Promise<void> }[] = [];
  const heard = <
    Part extends { on(event: 'error', listener: (fault: Error) => void): unknown; close(): Promise<void> },
  >(
    part: Part,
  ): Part => {
    part.on('error', hear);
    parts.push(part);
    return part;
  };
  const given = { connection: redis, prefix };
  return {
    redis,
    prefix,
    queue: (name) => heard(new bullmq.Queue(name, given)),
    events: (name) => heard(new bullmq.QueueEvents(name, given)),
    worker: (name, process, { concurrency, lease }) =>
      heard(
        new bullmq.Worker(name, process, {
          ...given,
          concurrency,
          lockDuration: lease,
          stalledInterval: lease,
          maxStalledCount: MOST_LOST,
        }),
      ),
    async close() {
      for (const part of parts.reverse()) await part.close();
      redis.disconnect();
    },
  };
}

/** Thrown by a processor that has put its job back: it is neither done nor failed. */
export async function putBack(
  milliseconds: number,
  job: { moveToDelayed(at: number, token?: string): Promise<void> },
  token?: string,
) {
  const { DelayedError } = await import('bullmq');
  await job.moveToDelayed(Date.now() + milliseconds, token);
  return new DelayedError();
}

/** Without its password. Throws `UsageFault`. */
function requireUrl(text: string): string {
  try {
    const { protocol, host, pathname } = new URL(text);
    if (/^rediss?:$/.test(protocol)) return `${protocol}//${host}${pathname}`;
  } catch {
    // said below
  }
  throw new UsageFault(`--redis wants redis://HOST:PORT, had "${text.replace(/\/\/[^@]*@/, '//…@')}"`);
}

const said = (fault: unknown): string =>
  fault instanceof AggregateError
    ? fault.errors.map(said).join('; ')
    : (fault instanceof Error ? fault.message || fault.name : String(fault)).split('\n')[0]!;

/** A run that has cost so many workers is an error of its own. */
const MOST_LOST = 2;
