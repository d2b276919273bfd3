/**
 * Whether a run can be played with somebody who is only configured, as a device is: the scenario is played in memory first, with a reference that has no agent. What it
 * is asked beyond that makes the run `unsupported`, before a device is configured in vain.
 */
import { ReferenceNode } from '../lab/reference-node.ts';
import { Unsupported } from '../lab/unsupported.ts';
import { noAgent, withoutAgent } from '../products/device/device.ts';
import type { MemoryProduct } from '../products/product.ts';
import { execute } from './execution.ts';
import type { PlannedRun } from './plan.ts';
import { memorySite } from './site.ts';

/** Why it cannot be played so; undefined if it can. Rejects with a `HarnessFault`. */
export async function rehearsed(run: PlannedRun, seed: string, signal?: AbortSignal): Promise<string | undefined> {
  if (Object.keys(run.companions).length > 0) return noAgent('ask it for its keys, which no tester knows here');
  try {
    await execute(run, memorySite(referenceWithoutAgent), seed, signal);
    return undefined;
  } catch (fault) {
    if (fault instanceof Unsupported) return fault.message;
    throw fault;
  }
}

/** The reference, of which nothing can be asked but to be configured, once. */
export const referenceWithoutAgent: MemoryProduct = {
  name: 'without-agent',
  runs: 'in-memory',
  version: 'reference',
  unsupported: () => undefined,
  rendered: (configuration) => JSON.stringify(configuration),
  create: (lab) => {
    const node = new ReferenceNode(lab, { version: 'reference' });
    const { configure } = node;
    return Object.assign(
      node,
      withoutAgent((configuration) => configure.call(node, configuration)),
    );
  },
};
