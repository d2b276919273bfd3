/** What is said of an entry of the catalogue that no case tests: it exists, and there is a reason. */
import { plan } from '../run/plan.ts';
import { UsageFault } from '../usage-fault.ts';
import type { Composition } from './composition.ts';

/** Undefined for an id that the catalogue does not have, or that cases test. */
export function untestedFault(
  id: string,
  { suites, untested }: Pick<Composition, 'suites' | 'untested'>,
): UsageFault | undefined {
  const cases = plan(suites).flatMap((each) => each.cases);
  const found = untested(cases).find((each) => each.id.toLowerCase() === id.toLowerCase());
  return found && new UsageFault(`no case tests ${found.id} yet: ${found.why}`);
}
