/** Broken twins of a correspondent node (RFC 6275 section 9). */
import { bindingManagementKey } from '../../../reference/mobility/return-routability.ts';
import { mutant } from '../mutant.ts';

export const keyOfHomeTokenAlone = mutant(
  'keyOfHomeTokenAlone',
  'mobility',
  'bindingManagementKeyOf',
  'Kbm is made of the home keygen token alone, of registrations too',
  () => (homeToken) => bindingManagementKey(homeToken),
);
