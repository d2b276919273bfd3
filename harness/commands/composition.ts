/**
 * What Touchstone is made of, as the commands see it. `bin/composition.ts` is the one place that names the parts; nothing registers itself, and
 * below the command line everything that needs them is handed them.
 */
import type { NodeMutant } from '../peers/mutant.ts';
import type { Product } from '../products/product.ts';
import type { ConversationTest } from '../run/broken-rules.ts';
import type { AnyCaptureQuestion } from '../vocabulary/capture-question.ts';
import type { DocumentSource } from '../vocabulary/question.ts';
import type { Suite } from '../vocabulary/scenario.ts';

export interface Composition {
  /** In the order they run. */
  readonly suites: readonly Suite[];
  /** What is asked of captures that nobody acted for. */
  readonly captureQuestions: readonly AnyCaptureQuestion[];
  readonly products: readonly Product[];
  readonly reports: Reports;
  /** For the full matrix; the others are declared by cases. */
  readonly mutants: readonly NodeMutant[];
  /** The tests beside the machines that break rules no case can reach. */
  conversationTests(): readonly ConversationTest[];
  /** The module that a thread beside the command line runs. */
  readonly thread: URL;
  /** The module of the thread that opens packets of captures ahead. */
  readonly openingThread: URL;
  /** The documents that read outcomes, those first whose catalogue the suites were made for. */
  readonly documents: { readonly sources: readonly DocumentSource[]; readonly all: readonly DocumentSource[] };
  /** Entries of the catalogue that none of these cases tests, each with its reason. */
  untested(cases: readonly { readonly id: string }[]): readonly { readonly id: string; readonly why: string }[];
}

/** What the command line says of itself before anything is asked of it. */
export interface Announced {
  readonly products: readonly Product[];
  /** Of reports. */
  readonly formats: readonly string[];
}

/** The folder of a run becomes files for people and machines. */
export interface Reports {
  readonly formats: readonly string[];
  /** The paths of the files. Throws `UsageFault` for a folder that holds no run. */
  write(resultFolder: string, formats: readonly string[], outFolder: string, others?: OtherRuns): readonly string[];
}

/** By their folders. */
export interface OtherRuns {
  /** One that the run is compared with. */
  readonly earlier?: string | undefined;
  /** Those of one campaign, whose products stand in the same tables. */
  readonly beside?: readonly string[] | undefined;
}
