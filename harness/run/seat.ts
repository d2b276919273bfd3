/**
 * A seat for one tested party: a product in memory, as the reference is one, or a product in a warm guest. It outlives the labs that its node is plugged into, one after
 * the other; which labs those are, and who else is in them, is the site's business.
 */
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import type { MemoryProduct } from '../products/product.ts';
import { reference } from '../products/reference.ts';
import type { System } from '../runtime/system.ts';

export interface Seat {
  readonly product: string;
  readonly version: string;
  readonly runtime: string;
  readonly kernel: string;
  /** Of a guest, as it was found; what lives in memory has none. */
  readonly system: System | undefined;
  /** A guest needs the real clock. */
  readonly clock: 'virtual' | 'real';
  /** Seconds that a configuration may take which is not the guest's, beyond what a lab allows for; absent: none. */
  readonly takes?: number;
  /** Plugs the node into a link of the lab under the name of its party. It is not configured yet. */
  enter(lab: Lab, party: string, link: string): SeatedNode;
  /** Puts a working node back after a fault: a fresh guest where the old one is lost. Rejects with a `HarnessFault` if there can be none. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

export interface SeatedNode {
  readonly node: NodeUnderTest;
  /** Plugs the node into another link of the lab, of which it is told nothing. */
  plug(link: string): void;
  /**
   * Rejects with a `HarnessFault` when what carries the node no longer answers: what such a node left unsaid is no verdict on it.
   */
  settled(): Promise<void>;
  /** Unplugs the node; it stays warm. */
  leave(): void;
}

/** In each lab a node of its own. `defect` is planted in it by name. */
export function memorySeat(product: MemoryProduct = reference, defect?: string): Seat {
  return {
    product: product.name,
    version: product.version,
    runtime: 'memory',
    kernel: 'none',
    system: undefined,
    clock: 'virtual',
    enter: (lab) => {
      const node = product.create(lab, defect);
      return { node, plug: (link) => plugged(node, link), settled: async () => {}, leave: () => {} };
    },
    recover: async () => {},
    close: async () => {},
  };
}

function plugged(node: NodeUnderTest, link: string): void {
  if (!node.plug) throw new HarnessFault('cannot-move', `${node.product} lives in memory and has no plug`);
  node.plug(link);
}
