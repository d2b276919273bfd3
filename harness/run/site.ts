/**
 * Where the node under test stands while cases run: the reference in memory on a virtual clock, or a product in a warm guest on the real
 * one. A site gives each scenario run a lab of its own with the node plugged in, and takes the lab back afterwards.
 */
import { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import type { NodeRules } from '../peers/mutant.ts';
import { version } from './version.ts';

export interface Site {
  readonly product: string;
  readonly version: string;
  readonly runtime: string;
  readonly kernel: string;
  /** The node as the planner sees it, before any lab. */
  readonly node: Pick<NodeUnderTest, 'unsupported' | 'rendered'>;
  /** A lab with the node plugged into `home`, not yet configured. Rejects with a `HarnessFault`. */
  open(seed: number, signal: AbortSignal | undefined): Promise<OpenSite>;
  /** Puts a working node back after a fault: a fresh guest where the old one is lost. Rejects with a `HarnessFault` if there can be none. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenSite {
  readonly lab: Lab;
  readonly node: NodeUnderTest;
  /**
   * Rejects with a `HarnessFault` when what carries the node no longer answers: what such a node left unsaid is no verdict on it.
   */
  settled(): Promise<void>;
  /** Unplugs the node and closes the lab; the node stays warm. */
  close(): void;
}

/** The reference, with the rules a mutant may have changed. */
export function memorySite(rules?: NodeRules): Site {
  const node = {
    unsupported: () => undefined,
    rendered: (configuration: unknown) => JSON.stringify(configuration, undefined, 2),
  };
  return {
    product: 'reference',
    version,
    runtime: 'memory',
    kernel: 'none',
    node,
    open: async (seed, signal) => {
      const lab = new Lab({ clock: 'virtual', seed, ...(signal && { signal }) });
      const reference = new ReferenceNode(lab, { version, ...(rules && { rules }) });
      return { lab, node: reference, settled: async () => {}, close: () => lab.close() };
    },
    recover: async () => {},
    close: async () => {},
  };
}
