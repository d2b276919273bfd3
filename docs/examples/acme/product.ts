/**
 * The gateway of Acme, who make nothing real: the reference behind the interface for products, with one rule that is not the RFC's. Its tunnels stop
 * when the other side moves, and that is what Touchstone finds. `docs/add-a-product.md` tells what each member is for.
 */
import { type NodeRules, nodeRules, type Product, ReferenceNode } from 'touchstone/product';

const version = '1.4.2';

/** RFC 4301 5.2 step 3a: no outer source is checked in tunnel mode. */
const rules: NodeRules = {
  ...nodeRules,
  ipsec: { ...nodeRules.ipsec, outerSourceAcceptable: (sa, outerSource) => outerSource === sa.source },
};

export const product: Product = {
  name: 'acme',
  runs: 'in-memory',
  version,
  expected: 'lawful',
  unsupported: () => undefined,
  rendered: (configuration) => JSON.stringify(configuration, undefined, 2),
  create: (lab) => new ReferenceNode(lab, { product: 'acme', version, rules }),
};
