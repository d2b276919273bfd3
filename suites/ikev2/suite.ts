/**
 * What is asked of IKEv2 itself: its exchanges, alone and overlapping (RFC 7296), messages in fragments (RFC 7383), and several exchanges of keys
 * (RFC 9242, RFC 9370).
 */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { additionalKeyExchanges, intermediateAuthentication } from './additional-key-exchanges.ts';
import { collisions } from './collisions.ts';
import { configurationAnswered } from './configuration-answered.ts';
import { addressOfNeighbour, addressPoolExhausted, homePrefix } from './configuration-granted.ts';
import { configurationRequested } from './configuration-requested.ts';
import { dynamicAddress } from './dynamic-address.ts';
import { eapAnswered } from './eap-answered.ts';
import { eapAuthenticated } from './eap-authenticated.ts';
import { fragmentsReceived } from './fragments-received.ts';
import { fragmentsRepeated } from './fragments-repeated.ts';
import { fragmentsSent, fragmentsUnasked } from './fragments-sent.ts';
import { ignoredFields } from './ignored-fields.ts';
import { mobikeRefusals } from './mobike-refusals.ts';
import { mobikeUpdate } from './mobike-update.ts';
import { simultaneousChildRekeying } from './simultaneous-child-rekeying.ts';
import { simultaneousIkeRekeying } from './simultaneous-ike-rekeying.ts';

export const ikev2: Suite = {
  name: 'ikev2',
  title: 'IKEv2, its messages and exchanges',
  modeIsOpen: true,
  scenarios: [
    simultaneousChildRekeying,
    simultaneousIkeRekeying,
    collisions,
    fragmentsSent,
    fragmentsUnasked,
    fragmentsReceived,
    fragmentsRepeated,
    additionalKeyExchanges,
    intermediateAuthentication,
    configurationRequested,
    configurationAnswered,
    addressOfNeighbour,
    addressPoolExhausted,
    homePrefix,
    eapAuthenticated,
    eapAnswered,
    ignoredFields,
    mobikeUpdate,
    mobikeRefusals,
    dynamicAddress,
  ],
};
