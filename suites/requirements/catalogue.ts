/**
 * The catalogue as data: every recommendation, problem, solution and described behaviour of the five source documents, with stable ids.
 * A case names the entry it tests; an entry no case tests stands in `untested.ts` with its reason.
 */
import { arkko } from './arkko.ts';
import { aura } from './aura.ts';
import { bellovin } from './bellovin.ts';
import { dupont } from './dupont.ts';
import { mcdaniel } from './mcdaniel.ts';

export interface CatalogueEntry {
  readonly id: string;
  readonly document: 'DUPONT' | 'AURA' | 'BELLOVIN' | 'ARKKO' | 'MCDANIEL';
  readonly title: string;
  /** Where in the source document. */
  readonly section: string;
  /** As the source says it; `obs` where it describes a behaviour. */
  readonly level: string;
  readonly role: string;
  readonly claim?: string;
}

export const catalogue: readonly CatalogueEntry[] = [...dupont, ...aura, ...bellovin, ...arkko, ...mcdaniel];
