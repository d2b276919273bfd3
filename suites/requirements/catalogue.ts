/**
 * The catalogue as data: every recommendation, problem, solution and described behaviour of the five source documents, what RFC 6275 itself asks of
 * its roles beyond them, and what later RFCs ask of IKEv2 and its transforms, section by section, with stable ids.
 * A case names the entry it tests; an entry no case tests stands in `untested.ts` with its reason.
 */
import { arkko } from './arkko.ts';
import { aura } from './aura.ts';
import { bellovin } from './bellovin.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { dupont } from './dupont.ts';
import { field } from './field.ts';
import { mcdaniel } from './mcdaniel.ts';
import { rfc4555 } from './rfc4555.ts';
import { rfc5216 } from './rfc5216.ts';
import { rfc5723 } from './rfc5723.ts';
import { rfc5998 } from './rfc5998.ts';
import { rfc6275 } from './rfc6275.ts';
import { rfc7296 } from './rfc7296.ts';
import { rfc7383 } from './rfc7383.ts';
import { rfc7619 } from './rfc7619.ts';
import { rfc7670 } from './rfc7670.ts';
import { rfc8784 } from './rfc8784.ts';
import { rfc9370 } from './rfc9370.ts';
import { transforms } from './transforms.ts';

export const catalogue: readonly CatalogueEntry[] = [
  ...dupont,
  ...aura,
  ...bellovin,
  ...arkko,
  ...mcdaniel,
  ...rfc6275,
  ...rfc7296,
  ...rfc4555,
  ...rfc5216,
  ...rfc5723,
  ...rfc5998,
  ...rfc7383,
  ...rfc7619,
  ...rfc7670,
  ...rfc8784,
  ...rfc9370,
  ...transforms,
  ...field,
];
