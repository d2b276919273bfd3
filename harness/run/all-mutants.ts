/** Every mutant there is, for the full matrix. */
import type { NodeMutant } from '../peers/mutant.ts';
import { hostMutants, ikev2Mutants, ipsecMutants } from '../vocabulary/mutants.ts';

export const allMutants: readonly NodeMutant[] = [hostMutants, ikev2Mutants, ipsecMutants].flatMap((layer) =>
  Object.values(layer),
);
