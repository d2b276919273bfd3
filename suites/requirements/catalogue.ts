/**
 * The catalogue as data: every recommendation, problem, solution and described behaviour of the five source documents, and what RFC 6275 itself asks of
 * its roles beyond them, section by section, with stable ids.
 * A case names the entry it tests; an entry no case tests stands in `untested.ts` with its reason.
 */
import { arkko } from './arkko.ts';
import { aura } from './aura.ts';
import { bellovin } from './bellovin.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { dupont } from './dupont.ts';
import { mcdaniel } from './mcdaniel.ts';
import { rfc6275 } from './rfc6275.ts';
import { rfc7296 } from './rfc7296.ts';

export const catalogue: readonly CatalogueEntry[] = [
  ...dupont,
  ...aura,
  ...bellovin,
  ...arkko,
  ...mcdaniel,
  ...rfc6275,
  ...rfc7296,
];
