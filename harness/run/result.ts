/**
 * The shapes between a run and everything that reads it: `result.json` and the bundle's `case.json`. Scripts may rely on the fields
 * of `touchstone-result/1`; more may stand beside them. `result-document.ts` publishes the JSON Schema.
 */
import type { Evidence } from '../judge/evidence.ts';
import type { System } from '../runtime/system.ts';
import type { Addressee } from '../vocabulary/question.ts';

export interface RunResult {
  readonly schema: 'touchstone-result/1';
  readonly touchstone: string;
  readonly seed: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly products: readonly ProductRun[];
  /** Products that were asked for and could not be run. */
  readonly leftOut?: readonly { readonly name: string; readonly why: string }[];
  readonly summary: Summary;
  readonly cases: readonly CaseResult[];
}

export interface ProductRun {
  readonly name: string;
  readonly version: string;
  readonly runtime: string;
  readonly kernel: string;
  /** Of a guest: the release and the packages found in it. */
  readonly system?: System | undefined;
  /** Probes of the harness's own honesty, before the campaign. */
  readonly honesty: readonly { readonly name: string; readonly held: boolean; readonly says: string }[];
  /** Of a capture: what was in it beside what was judged, and what of it was lost, one sentence each. */
  readonly remarks?: readonly string[];
}

/** How many cases, and how many readings of each kind over all documents. */
export interface Summary {
  readonly cases: number;
  readonly readings: Readonly<Record<ReadingKind | 'error', number>>;
  readonly unexpected: number;
  readonly interrupted: boolean;
}

export type ReadingKind = 'pass' | 'fail' | 'warn' | 'inconclusive' | 'unsupported' | 'observed';

export interface CaseResult {
  readonly id: string;
  readonly variant: string;
  readonly suite: string;
  readonly title: string;
  readonly product: string;
  readonly requirements: readonly string[];
  readonly dimensions: Readonly<Record<string, string>>;
  /** Who took the parts of the other tested parties, by party; absent where there were none. */
  readonly companions?: Readonly<Record<string, string>>;
  /** One of the declared outcomes, or `inconclusive`, `unsupported`, `error`. */
  readonly outcome: string;
  readonly readings: readonly DocumentReading[];
  readonly controls: readonly {
    readonly name: string;
    readonly held: boolean;
    readonly evidence: readonly Evidence[];
  }[];
  readonly evidence: readonly Evidence[];
  readonly durationMs: number;
  /** Folder of the bundle, relative to result.json; several cases of one scenario run share it. */
  readonly bundle: string | null;
  readonly error: string | null;
  /** Whether the baseline, waivers or `--by` expected it. */
  readonly expected: boolean;
}

/** What is said of a case, without what proves it. */
export type CaseInBrief = Omit<CaseResult, 'controls' | 'evidence'>;

export interface DocumentReading {
  readonly document: string;
  readonly section: string;
  readonly level: Level;
  /** Whom the section's sentence addresses; only one that addresses the node under test can ask anything of it. */
  readonly addressee: Addressee;
  readonly reading: ReadingKind;
  /** Inconclusive code, reason of an unsupported, value of an observed, or why it failed. */
  readonly why: string;
}

export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'obs';

export type { Addressee };
