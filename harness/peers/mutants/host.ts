/** Broken twins of the host around IPsec and IKE. */
import { mutant } from '../mutant.ts';

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
