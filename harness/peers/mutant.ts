/**
 * A broken twin of the node under test: one rule replaced, in a way that real implementations err. Only the node under test is ever mutated, and
 * only through the rules it is given.
 */
import type { CertificateRules } from '../../reference/certificates/rules.ts';
import type { NodeRules } from '../../reference/host/host.ts';
import type { HostRules } from '../../reference/host/rules.ts';
import type { Ikev2Rules } from '../../reference/ikev2/rules.ts';
import type { IpsecRules } from '../../reference/ipsec/rules.ts';
import type { MobilityRules } from '../../reference/mobility/rules.ts';

export type { NodeRules };

export interface NodeMutant {
  readonly name: string;
  /** `ipsec.acceptsReplayed`: the layer and the rule it breaks. */
  readonly rule: string;
  /** How real implementations come to err like this. */
  readonly says: string;
  apply(rules: NodeRules): NodeRules;
}

interface Layers {
  readonly ipsec: IpsecRules;
  readonly ikev2: Ikev2Rules;
  readonly certificates: CertificateRules;
  readonly mobility: MobilityRules;
  readonly host: HostRules;
}

/** Declares a mutant by the layer, the rule and what stands in its place; the lawful rule is at hand for a partial break. */
export function mutant<L extends keyof Layers, R extends keyof Layers[L] & string>(
  name: string,
  layer: L,
  rule: R,
  says: string,
  replacement: (lawful: Layers[L][R], rules: Layers[L]) => Layers[L][R],
): NodeMutant {
  return {
    name,
    rule: `${layer}.${rule}`,
    says,
    apply: (rules) => {
      const layerRules = (rules as unknown as Layers)[layer];
      return { ...rules, [layer]: { ...layerRules, [rule]: replacement(layerRules[rule], layerRules) } };
    },
  };
}
