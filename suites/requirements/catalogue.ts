/**
 * The catalogue as data: every recommendation, problem, solution and described behaviour of the five source documents, with stable ids.
 * A case names the entry it tests; an entry no case tests stands in `untested.ts` with its reason.
 */
import { arkko } from './arkko.ts';
import { aura } from './aura.ts';
import { bellovin } from './bellovin.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { dupont } from './dupont.ts';
import { mcdaniel } from './mcdaniel.ts';

export const catalogue: readonly CatalogueEntry[] = [...dupont, ...aura, ...bellovin, ...arkko, ...mcdaniel];
