/** The matrix as one JSON document, for scripts (`touchstone-matrix/1`). */
import { matrixOf } from '../../harness/run/matrix.ts';
import type { ReportModel } from '../model.ts';

export function matrixJson({ result }: ReportModel): string {
  const { products, companions, cells, blames } = matrixOf(result);
  const told = cells.map((cell) => {
    const blame = blames.find((each) => each.cell === cell);
    const { scenario, product, companion, state, why, result: played } = cell;
    return {
      scenario,
      product,
      companion,
      state,
      why: why === '' ? null : why,
      outcome: played.outcome,
      bundle: played.bundle,
      ...(blame && { deviates: blame.deviates, documents: blame.documents, because: blame.because }),
    };
  });
  return `${JSON.stringify({ schema: 'touchstone-matrix/1', products, companions, cells: told }, null, 2)}\n`;
}
