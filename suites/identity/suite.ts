/** Who the other side is, and who may say so: DUPONT 3.1, AURA 5. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { addressIdentityElsewhere } from './address-identity.ts';
import { identityInCertificate } from './identity-in-certificate.ts';

export const identity: Suite = {
  name: 'identity',
  title: 'Identities in phase one and IKE_AUTH',
  scenarios: [identityInCertificate, addressIdentityElsewhere],
};
