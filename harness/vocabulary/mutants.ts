/** The mutants that cases declare, by the layer they break. */

export type { NodeMutant } from '../peers/mutant.ts';
export * as certificateMutants from '../peers/mutants/certificates.ts';
export * as hostMutants from '../peers/mutants/host.ts';
export * as additionalKeyMutants from '../peers/mutants/ikev2-additional-keys.ts';
export * as childMutants from '../peers/mutants/ikev2-children.ts';
export * as configurationMutants from '../peers/mutants/ikev2-configuration.ts';
export * as eapMutants from '../peers/mutants/ikev2-eap.ts';
export * as fragmentMutants from '../peers/mutants/ikev2-fragments.ts';
export * as homeAddressMutants from '../peers/mutants/ikev2-home-addresses.ts';
export * as identityMutants from '../peers/mutants/ikev2-identity.ts';
export * as messageMutants from '../peers/mutants/ikev2-messages.ts';
export * as mobikeMutants from '../peers/mutants/ikev2-mobike.ts';
export * as padMutants from '../peers/mutants/ikev2-pad.ts';
export * as ipsecMutants from '../peers/mutants/ipsec.ts';
export * as addressMutants from '../peers/mutants/ipsec-addresses.ts';
export * as ahMutants from '../peers/mutants/ipsec-ah.ts';
export * as espMutants from '../peers/mutants/ipsec-esp.ts';
export * as headerMutants from '../peers/mutants/ipsec-headers.ts';
export * as keyManagementMutants from '../peers/mutants/ipsec-key-management.ts';
export * as policyMutants from '../peers/mutants/ipsec-policy.ts';
export * as mobilityMutants from '../peers/mutants/mobility.ts';
export * as correspondentRegistrationMutants from '../peers/mutants/mobility-correspondent-registration.ts';
export * as discoveryMutants from '../peers/mutants/mobility-discovery.ts';
export * as homeAgentsListMutants from '../peers/mutants/mobility-home-agents-list.ts';
export * as mobileNodeMutants from '../peers/mutants/mobility-mobile-node.ts';
export * as movementMutants from '../peers/mutants/mobility-movement.ts';
