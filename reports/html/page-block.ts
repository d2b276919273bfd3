/**
 * Runs in blocks, column by column: intents and logs of neighbours differ little, and beside each other they compress to a tenth of what they are alone. A
 * block stands in a script element of its own, which the page opens when one of its runs is first shown; it is no larger than that takes without a wait.
 */
import type { DamagedRecording, PageRun, Recording } from './page-data.ts';

export interface PageBlock {
  /** Null of a run whose bundle is damaged. */
  readonly intents: readonly (Recording['intent'] | null)[];
  readonly logs: readonly string[];
  readonly recordings: readonly (DamagedRecording | Omit<Recording, 'intent' | 'log'>)[];
}

/** One block after the other: only its own runs are held while it is made. */
export function* blocksOf(runs: Iterable<PageRun>): Iterable<PageBlock> {
  let gathered: PageRun[] = [];
  for (const run of runs) {
    gathered.push(run);
    if (gathered.length < RUNS) continue;
    yield blockOf(gathered);
    gathered = [];
  }
  if (gathered.length > 0) yield blockOf(gathered);
}

/** Where the run at this place among all of them stands. */
export function placeInBlocks(run: number): { readonly block: number; readonly place: number } {
  return { block: Math.floor(run / RUNS), place: run % RUNS };
}

export function runInBlock({ intents, logs, recordings }: PageBlock, place: number): PageRun {
  const recording = recordings[place]!;
  return 'damage' in recording ? recording : { ...recording, intent: intents[place]!, log: logs[place]! };
}

function blockOf(runs: readonly PageRun[]): PageBlock {
  return {
    intents: runs.map((run) => ('damage' in run ? null : run.intent)),
    logs: runs.map((run) => ('damage' in run ? '' : run.log)),
    recordings: runs.map((run) => {
      if ('damage' in run) return run;
      const { intent: _intent, log: _log, ...recording } = run;
      return recording;
    }),
  };
}

const RUNS = 32;
