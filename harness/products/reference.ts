/** The reference as a product: it lives in memory, supports every configuration, and answers as each case declares lawful. */

import { version } from '../installation.ts';
import { type NodeRules, ReferenceNode } from '../lab/reference-node.ts';
import type { MemoryProduct } from './product.ts';

/** With the rules a mutant may have changed; honest without. */
export function referenceWith(rules?: NodeRules): MemoryProduct {
  return {
    name: 'reference',
    runs: 'in-memory',
    version,
    expected: 'lawful',
    unsupported: () => undefined,
    rendered: (configuration) => JSON.stringify(configuration, undefined, 2),
    create: (lab) => new ReferenceNode(lab, { version, ...(rules && { rules }) }),
  };
}

export const reference: MemoryProduct = referenceWith();
