/** Whether two findings are of the same product: a version of it, on a kernel, in a runtime. */
import type { ProductRun } from './result.ts';

export const identifying = ['version', 'runtime', 'kernel'] as const;

type Identified = Pick<ProductRun, (typeof identifying)[number]>;

/** In what the two differ; nothing where it is the same product. */
export const differing = (one: Identified, other: Identified): readonly (typeof identifying)[number][] =>
  identifying.filter((field) => one[field] !== other[field]);
