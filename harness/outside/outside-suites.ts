/** Suites from outside: their module, and what the export must be before it is planned. What holds for every case of every suite is in `run/plan-faults.ts`. */
import { z } from 'zod';
import type { Suite } from '../vocabulary/scenario.ts';
import { exportOf } from './module.ts';
import { aFunction, requireShape } from './shape.ts';

/** Rejects with `FileFault` or `UsageFault`. */
export async function outsideSuites(file: string): Promise<readonly Suite[]> {
  return requireShape(
    file,
    'suites',
    await exportOf(file, 'suites'),
    z.array(aSuite).min(1, 'wanted one suite at least'),
  );
}

const aSlug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'wanted a name in a-z, 0-9 and -');

/** A value, or a function of the point that gives it; what that gives is seen when it is planned. */
const atPoint = (schema: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    if (typeof value === 'function') return;
    for (const issue of schema.safeParse(value, { reportInput: true }).error?.issues ?? [])
      context.issues.push(issue as never);
  });

const aMutant = z.looseObject({ name: z.string(), rule: z.string(), says: z.string(), apply: aFunction });

const aReading = z.looseObject({
  document: z.string().min(1),
  section: z.string().min(1, 'wanted a section'),
  level: z.enum(['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY', 'obs']),
  of: z.record(z.string(), z.looseObject({ kind: z.enum(['pass', 'unmet', 'observed']) })),
});

const aQuestion = z.looseObject({
  title: z.string().min(1),
  outcomes: z.array(z.string().min(1)),
  controls: aFunction,
  judge: aFunction,
  reads: atPoint(z.array(aReading)),
  lawful: atPoint(z.string()),
  turnedBy: atPoint(z.array(z.tuple([aMutant, z.string()]))),
  asks: aFunction.optional(),
  alsoKnownAs: atPoint(z.array(z.string())).optional(),
});

const aScenario = z.looseObject({
  name: aSlug,
  title: z.string().min(1),
  cast: z.record(z.string(), z.enum(['tested', 'tester', 'stranger'])).optional(),
  dimensions: z.record(z.string(), z.array(z.string()).min(1, 'wanted one value at least')),
  where: aFunction.optional(),
  given: aFunction,
  misbehaves: aFunction.optional(),
  play: aFunction,
  questions: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'wanted an id'), aQuestion),
});

const aSuite = z.looseObject({
  name: aSlug,
  title: z.string().min(1),
  says: z.string().optional(),
  scenarios: z.array(aScenario).min(1, 'wanted one scenario at least'),
});
