/** The result as one JSON document, the form that scripts rely on (`touchstone-result/1`). */
import type { RunResult } from '../../harness/run/result.ts';

export function jsonReport(result: RunResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
