/** The mutants that cases declare, by the layer they break. */

export type { NodeMutant } from '../peers/mutant.ts';
export * as hostMutants from '../peers/mutants/host.ts';
export * as ikev2Mutants from '../peers/mutants/ikev2.ts';
export * as ipsecMutants from '../peers/mutants/ipsec.ts';
export * as addressMutants from '../peers/mutants/ipsec-addresses.ts';
export * as espMutants from '../peers/mutants/ipsec-esp.ts';
export * as policyMutants from '../peers/mutants/ipsec-policy.ts';
