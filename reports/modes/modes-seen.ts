/** Which modes the cases of a run have shown, on which product, in which part: what stands in a cell is counted, and nothing is said of what did not run. */

import { caseName } from '../../harness/run/case-name.ts';
import type { CaseResult, RunResult } from '../../harness/run/result.ts';
import { type CaseMark, countedByGravity, gravest } from '../model.ts';
import { type ModeGroup, type ModesOf, modeGroups } from './mode.ts';

export interface SeenGroup {
  readonly title: string;
  readonly rows: readonly SeenMode[];
}

export interface SeenMode {
  readonly name: string;
  /** By product, then by part; the part is empty where IKE has none in it. */
  readonly seen: ReadonlyMap<string, ReadonlyMap<string, readonly CaseResult[]>>;
}

/** Groups and rows of which no case ran are left out. */
export function modesSeen(results: readonly RunResult[]): readonly SeenGroup[] {
  const cases = measured(results);
  return modeGroups.map((group) => seenGroup(group, cases)).filter(({ rows }) => rows.length > 0);
}

/** Each case once, where results are copies or parts of one run. */
function measured(results: readonly RunResult[]): readonly CaseResult[] {
  const once = new Map<string, CaseResult>();
  for (const { seed, startedAt, products, cases } of results)
    for (const each of cases) {
      const version = products.find(({ name }) => name === each.product)?.version;
      const measurement = JSON.stringify([seed, startedAt, each.product, version, each.suite, caseName(each)]);
      if (!once.has(measurement)) once.set(measurement, each);
    }
  return [...once.values()];
}

/** `pass`, `observed: refused`, or how many came out how. An observation beside a pass is one of what passed. */
export function cellText(cases: readonly CaseResult[]): string {
  const marks = cases.map(markOf);
  const [only] = cases;
  if (only && cases.length === 1)
    return marks[0] === 'pass' || marks[0] === only.outcome ? marks[0] : `${marks[0]}: ${only.outcome}`;
  const counts = countedByGravity(marks);
  return counts.length === 1 ? counts[0]![1] : counts.map(([count, mark]) => `${count} ${mark}`).join(', ');
}

function markOf(each: CaseResult): CaseMark {
  const mark = gravest(each);
  return mark === 'observed' && each.readings.some(({ reading }) => reading === 'pass') ? 'pass' : mark;
}

function seenGroup({ title, modes }: ModeGroup, cases: readonly CaseResult[]): SeenGroup {
  const rows = modes.flatMap((mode) => {
    const rowsOfMode = new Map<string, Map<string, Map<string, CaseResult[]>>>();
    for (const each of cases.filter((one) => isOf(mode, one))) {
      const name = [mode.name, ...(mode.by ?? []).map((dimension) => each.dimensions[dimension]!)].join(' ').trim();
      const products = entryOf(rowsOfMode, name, () => new Map<string, Map<string, CaseResult[]>>());
      const parts = entryOf(products, each.product, () => new Map<string, CaseResult[]>());
      entryOf(parts, partOf(mode, each), (): CaseResult[] => []).push(each);
    }
    return [...rowsOfMode].map(([name, seen]) => ({ name, seen }));
  });
  return { title, rows };
}

export function isOf(
  { ids, by = [], where = {} }: ModesOf,
  { id, dimensions }: Pick<CaseResult, 'id' | 'dimensions'>,
): boolean {
  return (
    ids.some((each) => (each.endsWith('*') ? id.startsWith(each.slice(0, -1)) : id === each)) &&
    by.every((dimension) => (dimensions[dimension] ?? '') !== '') &&
    Object.entries(where).every(([dimension, value]) => dimensions[dimension] === value)
  );
}

function partOf(mode: ModesOf, { dimensions }: CaseResult): string {
  const { role: asked = mode.role ?? '', keying = '' } = dimensions;
  if (keying === '' || keying === 'manual') return keying || asked;
  return keying === 'ikev2-nut-initiates' ? 'initiator' : 'responder';
}

function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
