/**
 * Who is there: campaigns and workers, each of which says so again and again under a key that ends soon after it has stopped. Both sides read it to say in words why nothing is
 * done, and a worker to leave the runs of a campaign alone that nobody waits for.
 */
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parsedJson } from '../files/document.ts';
import { version } from '../installation.ts';

const present = z.object({
  host: z.string().max(300),
  version: z.string().max(100),
  catalogue: z.string().max(100),
  products: z.array(z.string().max(200)).max(1000),
  /** By campaign: why this worker has nothing to give to it. */
  declines: z.record(z.string().max(100), z.string().max(2000)).default({}),
});

export type Present = z.infer<typeof present>;
export type Kind = 'worker' | 'campaign';

export class Presence {
  readonly #redis: Redis;
  readonly #key: (kind: Kind, id: string) => string;
  readonly #own: { readonly kind: Kind; readonly id: string };
  #told: Omit<Present, 'host' | 'version'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis, prefix: string, kind: Kind, id: string, told: Omit<Present, 'host' | 'version'>) {
    this.#redis = redis;
    this.#key = (of, name) => `${prefix}:present:${of}:${name}`;
    this.#own = { kind, id };
    this.#told = told;
  }

  /** Resolves when others can see it. `beat` is called each time it is said again. */
  async begin(beat: () => Promise<void> = async () => {}): Promise<void> {
    await this.#say();
    this.#timer = setInterval(() => {
      // Without Redis nobody is there; the engine tells of that.
      Promise.all([this.#say(), beat()]).catch(() => {});
    }, EVERY);
  }

  async declines(campaign: string, why: string): Promise<void> {
    this.#told = { ...this.#told, declines: { ...this.#told.declines, [campaign]: why.slice(0, 2000) } };
    await this.#say();
  }

  /** At the end nothing is left of it. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#redis.status === 'ready') await this.#redis.del(this.#key(this.#own.kind, this.#own.id));
  }

  async isThere(kind: Kind, id: string): Promise<boolean> {
    return (await this.#redis.exists(this.#key(kind, id))) === 1;
  }

  /** All that can be read of that kind. */
  async all(kind: Kind): Promise<readonly (Present & { readonly id: string })[]> {
    const start = this.#key(kind, '');
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', `${start}*`, 'COUNT', 100);
      for (const key of keys) found.add(key);
      cursor = next;
    } while (cursor !== '0' && found.size < MOST);
    const those = await Promise.all(
      [...found].map(async (key) => ({ id: key.slice(start.length), text: await this.#redis.get(key) })),
    );
    return those.flatMap(({ id, text }) => {
      const read = present.safeParse(jsonOf(text));
      return read.success ? [{ ...read.data, id }] : [];
    });
  }

  async #say(): Promise<void> {
    const says: Present = { host: hostname(), version, ...this.#told };
    await this.#redis.set(this.#key(this.#own.kind, this.#own.id), JSON.stringify(says), 'PX', EVERY * 6);
  }
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null || text.length > MOST_TEXT ? undefined : parsedJson(text);
  } catch {
    return undefined;
  }
}

/** Milliseconds. */
const EVERY = 5_000;
const MOST = 10_000;
const MOST_TEXT = 1_000_000;
