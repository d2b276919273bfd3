/** The shards of one campaign as one run: whether they are of one, what is missing, and their results in the order in which one machine would have had them. Pure. */

import { UsageFault } from '../usage-fault.ts';
import { caseName } from './case-name.ts';
import type { Journaled, JournalHeader } from './journal.ts';
import type { CaseResult, ProductRun, RunResult } from './result.ts';
import { differing } from './same-product.ts';
import { summaryOf } from './summary.ts';

export interface ShardRun {
  readonly folder: string;
  readonly journaled: Journaled;
  readonly result: RunResult;
}

export interface Merged {
  /** Of the whole campaign, as if it had never been cut. */
  readonly header: JournalHeader;
  readonly result: RunResult;
  /** What its journal has, in order. */
  readonly ended: readonly EndedRun[];
  /** Indexes of shards that were not given. */
  readonly missing: readonly number[];
  /** Folders of those that came to no end. */
  readonly unfinished: readonly string[];
}

export interface EndedRun {
  readonly name: string;
  readonly product: string;
  readonly place: number;
  readonly results: readonly CaseResult[];
  /** Where it was run. */
  readonly folder: string;
}

/** Throws `UsageFault` where they are not shards of one campaign, each once, on the same products. */
export function merged(shards: readonly ShardRun[]): Merged {
  const [first] = shards as [ShardRun];
  const { of, cases, plan } = cutOf(first);
  for (const each of shards) requireSame(first, each);
  const indexes = shards.map((each) => cutOf(each).index);
  for (const [place, index] of indexes.entries())
    if (indexes.indexOf(index) !== place)
      throw new UsageFault(
        `${shards[place]!.folder}: shard ${index} of ${of}, and so is ${shards[indexes.indexOf(index)]!.folder}`,
      );
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !indexes.includes(index));
  const unfinished = shards.filter(({ result }) => result.summary.interrupted).map(({ folder }) => folder);
  const products = foundIn(shards);
  const order = new Map(products.map(({ name }, place) => [name, place]));
  const ended = shards
    .flatMap(endedIn)
    .sort((one, other) => order.get(one.product)! - order.get(other.product)! || one.place - other.place);
  const results = ended.flatMap((each) => each.results);
  const startedAt = shards.map(({ journaled }) => journaled.header.startedAt).sort()[0]!;
  const finishedAt = shards
    .map(({ result }) => result.finishedAt)
    .sort()
    .at(-1)!;
  const leftOut = [
    ...new Map(shards.flatMap(({ result }) => result.leftOut ?? []).map((each) => [each.name, each])).values(),
  ];
  return {
    header: { ...first.journaled.header, startedAt, cases, plan, shard: null },
    result: {
      schema: 'touchstone-result/1',
      touchstone: first.result.touchstone,
      seed: first.result.seed,
      startedAt,
      finishedAt,
      products,
      ...(leftOut.length > 0 && { leftOut }),
      summary: summaryOf(results, missing.length + unfinished.length > 0),
      cases: results,
    },
    ended,
    missing,
    unfinished,
  };
}

function cutOf({ folder, journaled: { header } }: ShardRun): NonNullable<JournalHeader['shard']> {
  if (header.shard === null) throw new UsageFault(`${folder}: no shard: its run was made without --shard`);
  return header.shard;
}

/** Whatever differs is named. */
function requireSame(first: ShardRun, other: ShardRun): void {
  const told = ({ journaled: { header }, ...shard }: ShardRun): Readonly<Record<string, unknown>> => {
    const { startedAt: _startedAt, cases: _cases, plan: _plan, shard: _shard, ...same } = header;
    const { of, plan, durations } = cutOf({ journaled: { header } as Journaled, ...shard });
    return { ...same, 'the number of shards': of, 'the cases': plan, '--balanced-by': durations };
  };
  const [one, two] = [told(first), told(other)];
  const differs = Object.keys({ ...one, ...two }).filter(
    (key) => JSON.stringify(one[key]) !== JSON.stringify(two[key]),
  );
  if (differs.length === 0) return;
  const says = differs.map((key) => `${key}: ${JSON.stringify(one[key])} there, ${JSON.stringify(two[key])} here`);
  throw new UsageFault(`${other.folder}: of another campaign than ${first.folder} (${says.join('; ')})`);
}

/** Each as it was found, which has to be the same on every machine. A probe that did not hold anywhere did not hold. */
function foundIn(shards: readonly ShardRun[]): readonly ProductRun[] {
  const found = new Map<string, ProductRun>();
  for (const { folder, result } of shards)
    for (const product of result.products) {
      const earlier = found.get(product.name);
      if (earlier === undefined) {
        found.set(product.name, product);
        continue;
      }
      const differs = differing(earlier, product);
      if (differs.length > 0) {
        const says = differs.map((field) => `${field}: ${earlier[field]} elsewhere, ${product[field]} here`).join('; ');
        throw new UsageFault(`${folder}: another ${product.name} than in the other shards (${says})`);
      }
      const honesty = earlier.honesty.map(
        (probe) => product.honesty.find(({ name, held }) => name === probe.name && !held) ?? probe,
      );
      found.set(product.name, { ...earlier, honesty: honesty.length > 0 ? honesty : product.honesty });
    }
  const asked = shards[0]!.journaled.header.products;
  return [...found.values()].sort((one, other) => asked.indexOf(one.name) - asked.indexOf(other.name));
}

/** Its journal knows where each run stands in the whole, its result what was last expected of it. */
function endedIn({ folder, journaled: { results, places }, result }: ShardRun): EndedRun[] {
  const told = new Map(result.cases.map((each) => [`${each.product} ${caseName(each)}`, each]));
  return [...results].flatMap(([name, measured]): EndedRun[] => {
    const place = places.get(name);
    const [one] = measured;
    if (place === undefined || one === undefined)
      throw new UsageFault(`${folder}: its journal does not say where ${name} stands in the whole campaign`);
    const cases = measured.map((each) => told.get(`${each.product} ${caseName(each)}`));
    // What a result leaves out was not what its run was asked.
    return cases.every((each) => each !== undefined)
      ? [{ name, product: one.product, place, results: cases, folder }]
      : [];
  });
}
