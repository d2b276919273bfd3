/** The mutants that cases declare, by the layer they break. */
export * as hostMutants from '../peers/mutants/host.ts';
export * as ikev2Mutants from '../peers/mutants/ikev2.ts';
export * as ipsecMutants from '../peers/mutants/ipsec.ts';
