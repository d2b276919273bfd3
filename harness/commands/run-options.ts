/** What a person asks of `touchstone run`, read and found to be there. */
import type { Product } from '../products/product.ts';
import type { Selection } from '../run/plan.ts';
import type { FromOutside } from './gathered.ts';

/** Guests, or threads, side by side. */
export const MOST_JOBS = 16;

export interface RunOptions extends Selection {
  readonly products: readonly Product[];
  /** What the command line brought with it. */
  readonly outside: FromOutside;
  readonly runtime?: string | undefined;
  readonly out: string;
  /** What an earlier run left in `out` may go. */
  readonly replace: boolean;
  /** Takes up again what was begun in `out`. */
  readonly resume?: string | undefined;
  readonly seed: string;
  readonly jobs: number;
  /** Seconds that a case may let pass where they really do. */
  readonly patience: number;
  readonly by: readonly string[];
  readonly baseline?: string | undefined;
  readonly waivers?: string | undefined;
  readonly defect?: string | undefined;
  readonly formats: readonly string[];
  readonly json?: boolean | undefined;
}
