/** One scenario run at a site: the nodes take their places, the scenario plays, and what happened comes back as a transcript. */
import { createHash } from 'node:crypto';
import type { Transcript } from '../capture/transcript.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { hostToHost } from '../lab/topologies.ts';
import { router } from '../peers/router.ts';
import { TestingNode } from '../peers/testing-node.ts';
import { stage } from '../vocabulary/stage.ts';
import { intentOf, type PlannedRun } from './plan.ts';
import type { Site } from './site.ts';

export interface Execution {
  readonly transcript: Transcript;
  readonly log: string;
  readonly durationMs: number;
}

/**
 * Rejects with a `HarnessFault` when the lab, the guest or the harness fails, and with `aborted` when the signal came before the end: a
 * play that was cut off is never judged. The product never makes it reject.
 */
export async function execute(run: PlannedRun, site: Site, seed: string, signal?: AbortSignal): Promise<Execution> {
  const began = performance.now();
  const open = await site.open(seedOf(seed, run), signal);
  try {
    const { lab, node } = open;
    const intent = intentOf(run);
    await node.configure(intent.nut);
    for (const other of intent.others ?? [hostToHost.router]) router(lab, other);
    const seams = run.scenario.misbehaves?.(run.point);
    const testingNode = new TestingNode(lab, intent.tn, seams ? { seams } : {});
    const scenario = { scenario: run.scenario.name, variant: run.variant, dimensions: run.point };
    await run.scenario.play(stage({ lab, intent, testingNode, nodeUnderTest: node, scenario }), run.point);
    const transcript: Transcript = { ...scenario, intent, entries: [...lab.entries] };
    const durationMs = performance.now() - began;
    await open.settled();
    const log = await node.log();
    if (signal?.aborted) throw new HarnessFault('aborted', 'stopped on request');
    return { transcript, log, durationMs };
  } finally {
    open.close();
  }
}

/** Every run draws from a stream of its own, so that leaving one out changes no other. */
function seedOf(seed: string, run: PlannedRun): number {
  return createHash('sha256').update(`${seed}/${run.scenario.name}/${run.variant}`).digest().readUInt32BE(0);
}
