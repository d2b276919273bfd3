/** `touchstone matrix`: every ordered pair of products by every scenario in which two of them meet; a run like any other, and who is to blame for what fails. */
import { join, resolve } from 'node:path';
import { matrixOf } from '../run/matrix.ts';
import { readResult } from '../run/result-document.ts';
import type { Composition } from './composition.ts';
import { run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

/** Of the options of a run, whose companions are its products. */
export async function matrix(
  options: RunOptions,
  composition: Composition,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const companions = options.products.map(({ name }) => name);
  const code = await run({ ...options, companions, meeting: true }, composition, surroundings);
  if (!surroundings.signal.aborted) sayWho(resolve(options.out), surroundings);
  return code;
}

function sayWho(out: string, { err, paint }: Surroundings): void {
  for (const { cell, deviates, documents, because } of matrixOf(readResult(join(out, 'result.json'))).blames) {
    const who =
      deviates.length > 0
        ? `${deviates.join(' and ')} ${deviates.length > 1 ? 'deviate' : 'deviates'}`
        : 'neither deviates by itself';
    const by = documents.length > 0 ? ` from ${documents.join(', ')}` : '';
    err(
      `${paint.red('fails')} ${cell.scenario}, ${cell.product} with ${cell.companion}: ${who}${deviates.length > 0 ? by : ''} (${because})`,
    );
  }
}
