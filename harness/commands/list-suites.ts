/** `touchstone list suites`: what each asks about, and how many cases it has. */
import { plan } from '../run/plan.ts';
import { columnOf } from './column.ts';
import type { Composition } from './composition.ts';
import type { Surroundings } from './surroundings.ts';

export function listSuites(
  { json }: { readonly json?: boolean | undefined },
  { suites }: Pick<Composition, 'suites'>,
  { out, paint }: Pick<Surroundings, 'out' | 'paint'>,
): 0 {
  const listed = suites.map((suite) => ({
    name: suite.name,
    title: suite.title,
    ...(suite.says !== undefined && { says: suite.says }),
    cases: plan([suite]).flatMap((run) => run.cases).length,
  }));
  if (json) out(JSON.stringify(listed, undefined, 1));
  else {
    const width = columnOf(suites.map(({ name }) => name));
    for (const { name, title, says, cases } of listed)
      out(`${paint.bold(name.padEnd(width))} ${[`${title}.`, says, `${cases} cases.`].filter(Boolean).join(' ')}`);
  }
  return 0;
}
