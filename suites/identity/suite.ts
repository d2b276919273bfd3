/** Who the other side is, and who may say so: DUPONT 3.1, AURA 5. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { addressAsIdentity } from './address-identity.ts';
import { addressesInCertificate, certificateWithoutAddresses } from './addresses-in-certificate.ts';
import { authenticationMethod } from './authentication-method.ts';
import { authorizedIdentities } from './authorized-identities.ts';
import { authorizedSelectors } from './authorized-selectors.ts';
import { certificateThatSigns } from './certificate-that-signs.ts';
import { certificationPath } from './certification-path.ts';
import { connectedByAddress } from './connected-by-address.ts';
import { entryOrder } from './entry-order.ts';
import { groupAuthentication } from './group-authentication.ts';
import { homeAddressOfName, homeAddressOfPeer } from './home-address-of-peer.ts';
import { identityInCertificate } from './identity-in-certificate.ts';
import { identityOfEap } from './identity-of-eap.ts';
import { identityOfSharedKey } from './identity-of-shared-key.ts';
import { keysFromCareOfAddress } from './keys-from-care-of-address.ts';
import { mobileNodeAsks } from './mobile-node-asks.ts';
import { nullAuthenticated, nullForAnotherMethod, nullInitialContact } from './null-authentication.ts';
import { rawPublicKeys, rawPublicKeyTypes } from './raw-public-keys.ts';

export const identity: Suite = {
  name: 'identity',
  title: 'Identities in phase one and IKE_AUTH',
  says: 'Who the other side is, who may say so, and what it may ask for then.',
  modeIsOpen: true,
  scenarios: [
    identityInCertificate,
    certificateThatSigns,
    certificationPath,
    identityOfSharedKey,
    identityOfEap,
    authenticationMethod,
    addressAsIdentity,
    addressesInCertificate,
    certificateWithoutAddresses,
    groupAuthentication,
    connectedByAddress,
    authorizedIdentities,
    authorizedSelectors,
    entryOrder,
    homeAddressOfPeer,
    homeAddressOfName,
    keysFromCareOfAddress,
    mobileNodeAsks,
    nullAuthenticated,
    nullForAnotherMethod,
    nullInitialContact,
    rawPublicKeyTypes,
    rawPublicKeys,
  ],
};
