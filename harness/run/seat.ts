/**
 * A seat for one tested party: the reference in memory, or a product in a warm guest. It outlives the labs that its node is plugged into, one after
 * the other; which labs those are, and who else is in them, is the site's business.
 */
import type { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { ReferenceNode } from '../lab/reference-node.ts';
import type { NodeRules } from '../peers/mutant.ts';
import { version } from './version.ts';

export interface Seat {
  readonly product: string;
  readonly version: string;
  readonly runtime: string;
  readonly kernel: string;
  /** A product needs the real clock. */
  readonly clock: 'virtual' | 'real';
  /** Plugs the node into a link of the lab under the name of its party. It is not configured yet. */
  enter(lab: Lab, party: string, link: string): SeatedNode;
  /** Puts a working node back after a fault: a fresh guest where the old one is lost. Rejects with a `HarnessFault` if there can be none. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

export interface SeatedNode {
  readonly node: NodeUnderTest;
  /**
   * Rejects with a `HarnessFault` when what carries the node no longer answers: what such a node left unsaid is no verdict on it.
   */
  settled(): Promise<void>;
  /** Unplugs the node; it stays warm. */
  leave(): void;
}

/** The reference, with the rules a mutant may have changed. */
export function memorySeat(rules?: NodeRules): Seat {
  return {
    product: 'reference',
    version,
    runtime: 'memory',
    kernel: 'none',
    clock: 'virtual',
    enter: (lab) => ({
      node: new ReferenceNode(lab, { version, ...(rules && { rules }) }),
      settled: async () => {},
      leave: () => {},
    }),
    recover: async () => {},
    close: async () => {},
  };
}
