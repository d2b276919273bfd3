/**
 * `result.json` of a run, as others may rely on it: the schema is published (`result.schema.json`) and versioned; more fields may stand
 * beside these. The types that the harness itself speaks are in `result.ts`; a result of those types is a document of this schema.
 */
import { z } from 'zod';
import { caseVerdict, system } from '../capture/case-document.ts';
import { documentIn, parsedJson } from '../files/document.ts';
import { readText } from '../files/file.ts';
import type { RunResult } from './result.ts';
import { summaryOf } from './summary.ts';

const count = z.number().int().nonnegative();

/** A product as it was found, and what the harness proved of its own honesty with it. */
export const productRun = z.looseObject({
  name: z.string(),
  version: z.string(),
  runtime: z.string(),
  kernel: z.string(),
  system: system.optional(),
  honesty: z.array(z.looseObject({ name: z.string(), held: z.boolean(), says: z.string() })),
  /** Of a capture: what was in it beside what was judged, and what of it was lost. */
  remarks: z.array(z.string()).optional(),
});

export const resultDocument = z.looseObject({
  schema: z.literal('touchstone-result/1'),
  touchstone: z.string(),
  seed: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  products: z
    .array(productRun)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each product once'),
  /** Products that were asked for and could not be run. */
  leftOut: z.array(z.looseObject({ name: z.string(), why: z.string() })).optional(),
  summary: z.looseObject({
    cases: count,
    readings: z.looseObject({
      pass: count,
      fail: count,
      warn: count,
      inconclusive: count,
      unsupported: count,
      observed: count,
      error: count,
    }),
    unexpected: count,
    /** Cases are missing: somebody stopped the run, or a product could not be run to the end. */
    interrupted: z.boolean(),
  }),
  cases: z.array(caseVerdict),
});

/** What a run writes, checked against what is published. Throws what zod throws: a harness that writes another result is defective. */
export function resultText(result: RunResult): string {
  resultDocument.parse(result);
  return `${JSON.stringify(result, undefined, 1)}\n`;
}

/** The result in this file, counted anew. Throws `FileFault`, or `UsageFault` for another document. */
export function readResult(file: string): RunResult {
  const result = documentIn(file, resultDocument) as unknown as RunResult; // the schema is what a `RunResult` becomes as JSON
  return { ...result, summary: summaryOf(result.cases, result.summary.interrupted) };
}

/** Whether the file says that it is one; a file that is no JSON is none. Throws `FileFault`. */
export function isResult(file: string): boolean {
  try {
    return (parsedJson(readText(file)) as { readonly schema?: unknown } | null)?.schema === 'touchstone-result/1';
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return false;
    throw thrown;
  }
}

/** The JSON Schema of `result.json`, as published. */
export function resultJsonSchema(): object {
  return z.toJSONSchema(resultDocument, { io: 'input' });
}
