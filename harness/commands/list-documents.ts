/** `touchstone list documents`: what outcomes are read by, the sources first, each with how many cases it reads. */
import { plan } from '../run/plan.ts';
import type { DocumentSource } from '../vocabulary/question.ts';
import { columnOf } from './column.ts';
import type { Composition } from './composition.ts';
import type { Surroundings } from './surroundings.ts';

export function listDocuments(
  { json }: { readonly json?: boolean | undefined },
  { suites, documents: { sources, all } }: Composition,
  { out, paint }: Pick<Surroundings, 'out' | 'paint'>,
): 0 {
  const cases = plan(suites).flatMap((run) => run.cases);
  const listed = all.map((each) => ({
    ...each,
    source: sources.includes(each),
    cases: cases.filter(({ reads }) => reads.some(({ document }) => document === each.id)).length,
  }));
  if (json) out(JSON.stringify(listed, undefined, 1));
  else {
    const width = columnOf(all.map(({ id }) => id));
    for (const each of listed) {
      const says = `${titleOf(each)}; reads ${each.cases} cases`;
      out(`${paint.bold(each.id.padEnd(width))} ${each.source ? `${says} (a source of the catalogue)` : says}`);
    }
  }
  return 0;
}

export const titleOf = ({ title, year }: DocumentSource): string => `${title}, ${year}`;
