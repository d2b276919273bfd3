/**
 * What a result is held against. A product's shipped baseline says which outcome each case has, the reference has the one that is lawful; a waiver
 * excuses one with a reason, a link, a version range and an expiry; without any of these, a result is expected when nothing reads `fail` and
 * nothing went wrong.
 */
import { z } from 'zod';
import { documentIn } from '../files/document.ts';
import { caseName } from './case-name.ts';
import type { PlannedRun } from './plan.ts';
import type { CaseResult, RunResult } from './result.ts';

export interface Expectation {
  expects(result: Omit<CaseResult, 'expected'>): boolean;
}

const baselineDocument = z.strictObject({
  schema: z.literal('touchstone-baseline/1'),
  product: z.string(),
  version: z.string(),
  /** By `ID/variant`. An inconclusive one carries its cause, and so do several of which a race inside the product draws one. */
  outcomes: z.record(
    z.string(),
    z.union([
      z.string(),
      z.strictObject({ outcome: z.string(), because: z.string().min(1) }),
      z.strictObject({ anyOf: z.array(z.string()).min(2), because: z.string().min(1) }),
    ]),
  ),
});

export type Baseline = z.infer<typeof baselineDocument>;

interface Outcomes {
  readonly outcomes: Baseline['outcomes'];
}

const waiverDocument = z.strictObject({
  schema: z.literal('touchstone-waivers/1'),
  waivers: z.array(
    z.strictObject({
      case: z.string(),
      product: z.string(),
      outcome: z.string(),
      reason: z.string().min(1),
      link: z.url(),
      versions: z.strictObject({ from: z.string().optional(), below: z.string().optional() }),
      expires: z.iso.date(),
    }),
  ),
});

export type Waivers = z.infer<typeof waiverDocument>;

/** Both throw `FileFault`, or `UsageFault` with the path in the file and what was expected there. */
export const readBaseline = (file: string): Baseline => documentIn(file, baselineDocument);
export const readWaivers = (file: string): Waivers => documentIn(file, waiverDocument);

/** No `fail` by the documents in `by` (all, when there are none), no error. */
export function noFailure(by: readonly string[] = []): Expectation {
  return {
    expects: ({ outcome, readings }) =>
      outcome !== 'error' &&
      !readings.some(({ document, reading }) => reading === 'fail' && (by.length === 0 || by.includes(document))),
  };
}

/**
 * What each case declares lawful: of the reference, and of whoever means to be as good. What
 * it comes to with a companion of another make is the work of both, and falls back to `otherwise`, as does a case that is not planned.
 */
export function asLawful(runs: readonly PlannedRun[], otherwise: Expectation): Expectation {
  const lawful = new Map(runs.flatMap(({ cases }) => cases.map((each) => [caseName(each), each.lawful])));
  return {
    expects: (result) => {
      const declared = lawful.get(caseName(result));
      if (declared === undefined) return otherwise.expects(result);
      const others = Object.values(result.companions ?? {}).filter((each) => each !== result.product);
      return others.length > 0 ? otherwise.expects(result) : result.outcome === declared;
    },
  };
}

/** The baseline's outcome; a case it does not know falls back to `otherwise`. */
export function asBaseline({ outcomes }: Outcomes, otherwise: Expectation): Expectation {
  return {
    expects: (result) => {
      const known = outcomes[caseName(result)];
      if (known === undefined) return otherwise.expects(result);
      if (typeof known === 'string') return result.outcome === known;
      return 'anyOf' in known ? known.anyOf.includes(result.outcome) : result.outcome === known.outcome;
    },
  };
}

/** The outcome that it had in an earlier run, whatever the documents say of it; a case that is new falls back to `otherwise`. */
export function asBefore({ cases }: Pick<RunResult, 'cases'>, product: string, otherwise: Expectation): Expectation {
  const own = cases.filter((each) => each.product === product).map((each) => [caseName(each), each.outcome]);
  return asBaseline({ outcomes: Object.fromEntries(own) }, otherwise);
}

/** An expired waiver, and a waived outcome that no longer happens, are both unexpected. */
export function waived(
  { waivers }: Waivers,
  product: { name: string; version: string },
  today: string,
  otherwise: Expectation,
): Expectation {
  return {
    expects: (result) => {
      const waiver = waivers.find((each) => each.case === caseName(result) && each.product === product.name);
      if (!waiver || !covers(waiver.versions, product.version)) return otherwise.expects(result);
      return waiver.expires >= today && waiver.outcome === result.outcome;
    },
  };
}

/** Versions compare by their first dotted number: products name themselves before it (`iproute2-6.1.0`). */
function covers({ from, below }: { from?: string | undefined; below?: string | undefined }, version: string): boolean {
  return (
    (from === undefined || compareVersions(version, from) >= 0) &&
    (below === undefined || compareVersions(version, below) < 0)
  );
}

function compareVersions(one: string, other: string): number {
  const numbers = (text: string) => ((/\d+(\.\d+)+/.exec(text)?.[0] ?? text).match(/\d+/g) ?? []).map(Number);
  const [mine, theirs] = [numbers(one), numbers(other)];
  for (let i = 0; i < Math.max(mine.length, theirs.length); i++) {
    const difference = (mine[i] ?? 0) - (theirs[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
