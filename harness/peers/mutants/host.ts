/** Broken twins of the host around IPsec and IKE. */
import { mutant, type NodeMutant } from '../mutant.ts';
import { takesAnyHomeAddress } from './mobility-headers.ts';

export const takesFromGroups = mutant(
  'takesFromGroups',
  'host',
  'sourceAcceptable',
  'a packet is taken that has a group for its source',
  () => () => true,
);

/** Of two rules, one of which would hold for the other. */
export const knowsNoGroups: NodeMutant = {
  ...takesFromGroups,
  name: 'knowsNoGroups',
  says: 'a group is an address like any other, as a source and as a home address',
  apply: (rules) => takesAnyHomeAddress.apply(takesFromGroups.apply(rules)),
};

export const overridesAsProxy = mutant(
  'overridesAsProxy',
  'host',
  'overridesOthers',
  'an answer as a proxy is made like every other, with the Override flag',
  () => () => true,
);

export const answersForEveryone = mutant(
  'answersForEveryone',
  'host',
  'solicitationIsMine',
  'a router that has proxying turned on answers for whatever address is asked for',
  () => () => true,
);

export const skipsUnknownOptions = mutant(
  'skipsUnknownOptions',
  'host',
  'unrecognizedOption',
  'an option that the node does not know is skipped, whatever its highest bits ask for',
  () => () => 'skip',
);

export const passesOverRoutingHeaders = mutant(
  'passesOverRoutingHeaders',
  'host',
  'routingTypePassedOver',
  'a routing header of an unknown type is skipped, though a segment is left',
  () => () => true,
);

export const readsNothingBehindIpsec = mutant(
  'readsNothingBehindIpsec',
  'host',
  'readsBehindIpsec',
  'what AH and ESP let out goes to its upper layer, whatever headers stand before that',
  () => () => false,
);

export const readsBehindUnverified = mutant(
  'readsBehindUnverified',
  'host',
  'behindAuthenticationWaits',
  'headers behind AH are acted on before AH is verified',
  () => () => false,
);
