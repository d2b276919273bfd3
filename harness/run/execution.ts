/** One scenario run at a site: the nodes take their places, the scenario plays, and what happened comes back as a transcript. */
import { createHash } from 'node:crypto';
import { keysToldTo } from '../../reference/host/key-records.ts';
import type { Transcript } from '../capture/transcript.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { hostToHost } from '../lab/topologies.ts';
import { router } from '../peers/router.ts';
import { TestingNode } from '../peers/testing-node.ts';
import { castOf } from '../vocabulary/cast.ts';
import type { Player } from '../vocabulary/ensemble.ts';
import { stage } from '../vocabulary/stage.ts';
import { intentOf, type PlannedRun } from './plan.ts';
import type { OpenSite, Site } from './site.ts';

export interface Execution {
  readonly transcript: Transcript;
  /** What the tested parties were. */
  readonly products: OpenSite['products'];
  readonly log: string;
  readonly durationMs: number;
}

/**
 * Rejects with a `HarnessFault` when the lab, the guest or the harness fails, and with `aborted` when the signal came before the end: a
 * play that was cut off is never judged. The product never makes it reject.
 */
export async function execute(run: PlannedRun, site: Site, seed: string, signal?: AbortSignal): Promise<Execution> {
  const began = performance.now();
  const cast = castOf(run.scenario);
  const intent = intentOf(run);
  const { companions, lasts } = run;
  const open = await site.open({ cast, intent, companions, lasts }, seedOf(seed, run), signal);
  const watches: ((() => void) | undefined)[] = [];
  try {
    const { lab, nodes, plugs, products } = open;
    for (const [name, node] of Object.entries(nodes)) {
      await node.configure(intent.parties[name]!);
      watches.push(node.onEnded?.((says) => lab.recordEnd(name, says)));
    }
    // Where both ends of an SA may be products, nobody tells its keys.
    const tested = Object.keys(nodes).map((name) => intent.parties[name]!);
    if (tested.length > 1) for (const record of tested.flatMap(keysToldTo)) lab.recordKeys(record);
    for (const other of intent.others ?? [hostToHost.router]) router(lab, other);
    const seams = run.scenario.misbehaves?.(run.point) ?? {};
    const players = Object.fromEntries(
      Object.entries(cast).map(([name, part]): [string, Player] => {
        if (part === 'tested') return [name, { part, node: nodes[name]!, plug: plugs[name]! }];
        const options = seams[name] ? { seams: seams[name] } : {};
        return [name, { part, node: new TestingNode(lab, intent.parties[name]!, options) }];
      }),
    );
    const scenario = { scenario: run.scenario.name, variant: run.variant, dimensions: run.dimensions, cast };
    await run.scenario.play(stage({ lab, intent, players, scenario }), run.point);
    const transcript: Transcript = { ...scenario, intent, entries: [...lab.entries] };
    const durationMs = performance.now() - began;
    await open.settled();
    const log = await logOf(nodes);
    if (signal?.aborted) throw new HarnessFault('aborted', 'stopped on request');
    return { transcript, products, log, durationMs };
  } finally {
    for (const ends of watches) ends?.();
    open.close();
  }
}

/** The logs of all that are tested; where there are several, each under the name of its party. */
async function logOf(nodes: OpenSite['nodes']): Promise<string> {
  const logs = await Promise.all(Object.entries(nodes).map(async ([name, node]) => ({ name, log: await node.log() })));
  return logs.length === 1 ? logs[0]!.log : logs.map(({ name, log }) => `--- ${name}\n${log}\n`).join('');
}

/** Every run draws from a stream of its own, so that leaving one out changes no other. */
function seedOf(seed: string, run: PlannedRun): number {
  return createHash('sha256').update(`${seed}/${run.scenario.name}/${run.variant}`).digest().readUInt32BE(0);
}
