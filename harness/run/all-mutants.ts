/** Every mutant there is, for the full matrix. */
import type { NodeMutant } from '../peers/mutant.ts';
import * as themes from '../vocabulary/mutants.ts';

export const allMutants: readonly NodeMutant[] = Object.values(themes).flatMap((theme) => Object.values(theme));
