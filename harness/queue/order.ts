/**
 * What a worker is told: which run of which campaign, as plain data from which it makes the same plan as who ordered it. Whoever reaches the Redis may have written it, so it is read as
 * strictly as a journal, and it names no path.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { version } from '../installation.ts';
import { planDigest } from '../run/journal.ts';
import { plan } from '../run/plan.ts';
import { UsageFault } from '../usage-fault.ts';
import type { Suite } from '../vocabulary/scenario.ts';

const word = z.string().max(200);
const words = z.array(word).max(10_000);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const order = z.strictObject({
  schema: z.literal('touchstone-order/1'),
  campaign: z.string().regex(/^[0-9a-f-]{36}$/),
  product: word,
  seed: word,
  defect: word.nullable(),
  selection: z.strictObject({
    suite: words.optional(),
    requirement: words.optional(),
    glob: words.optional(),
    companions: words,
    meeting: z.boolean(),
  }),
  /** Of the whole campaign: a worker that would make another one has nothing to give to this. */
  plan: digest,
  /** What the product was found to be by the worker that was asked first. */
  found: z.strictObject({ version: z.string().max(1000), runtime: word, kernel: z.string().max(1000) }).nullable(),
  /** Of the run in that plan; null for the product itself: who is it? */
  place: z.number().int().nonnegative().nullable(),
});

export type Order = z.infer<typeof order>;

/** Throws `UsageFault` that names the field. */
export function orderFrom(value: unknown): Order {
  const read = order.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageFault(`an order that is none: ${issue!.path.join('.') || 'the whole'}: ${issue!.message}`);
}

/** What two installations have to have in common to work on one campaign: the version, and every case that there is. */
export function catalogueOf(suites: readonly Suite[]): string {
  return createHash('sha256')
    .update(`${version} ${planDigest(plan(suites)).plan}`)
    .digest('hex');
}

/** Of the queue that has the runs of a product, for those with this catalogue. */
export const queueName = (catalogue: string, product: string): string =>
  `${catalogue.slice(0, 16)}-${encodeURIComponent(product)}`;

/** Of one run; asked again it is the same. */
export const jobId = ({ campaign, product, place }: Order): string =>
  `${campaign}-${encodeURIComponent(product)}-${place ?? 'found'}`;

/** In words, of an installation that has another catalogue than this one. */
export const differs = (other: string): string =>
  other === version
    ? `it is Touchstone ${other} as well, and has other suites`
    : `it is Touchstone ${other}, and this is ${version}`;
