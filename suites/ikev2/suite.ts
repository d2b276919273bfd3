/**
 * What is asked of IKEv2 itself: its exchanges, alone and overlapping (RFC 7296), messages in fragments (RFC 7383), and several exchanges of keys
 * (RFC 9242, RFC 9370).
 */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import {
  additionalKeyExchanges,
  intermediateAuthentication,
  intermediateExchanges,
} from './additional-key-exchanges.ts';
import { besideIkeRekeying } from './beside-ike-rekeying.ts';
import { beyondWindow } from './beyond-window.ts';
import { collisions } from './collisions.ts';
import { configurationAnswered } from './configuration-answered.ts';
import { addressOfNeighbour, addressPoolExhausted, homePrefix } from './configuration-granted.ts';
import { configurationRequested } from './configuration-requested.ts';
import { cookiesDemanded } from './cookies-demanded.ts';
import { cookiesReturned } from './cookies-returned.ts';
import { dynamicAddress } from './dynamic-address.ts';
import { eapAlone, eapAloneAsked, eapAloneSigned } from './eap-alone.ts';
import { eapAnswered } from './eap-answered.ts';
import { eapAuthenticated } from './eap-authenticated.ts';
import { eapTlsAnswered } from './eap-tls-answered.ts';
import { eapTlsAuthenticated } from './eap-tls-authenticated.ts';
import { firstRequestHeaders } from './first-request-headers.ts';
import { followUpMeetsChild, followUpTurn } from './follow-up-collisions.ts';
import { followUpKeys, followUpUnknown } from './follow-up-keys.ts';
import { fragmentsReceived } from './fragments-received.ts';
import { fragmentsRepeated } from './fragments-repeated.ts';
import { fragmentsSent, fragmentsUnasked } from './fragments-sent.ts';
import { ignoredFields } from './ignored-fields.ts';
import { peerIsDead, peerIsSilent } from './liveness.ts';
import { messageForms } from './message-forms.ts';
import { mobikeRefusals } from './mobike-refusals.ts';
import { mobikeRoutability } from './mobike-routability.ts';
import { mobikeUpdate } from './mobike-update.ts';
import { newChild } from './new-child.ts';
import { offers } from './offers.ts';
import { otherSelectors } from './other-selectors.ts';
import { payloadOrder } from './payload-order.ts';
import { peersWindow } from './peers-window.ts';
import { postquantumKeys } from './ppk.ts';
import { refusedChild } from './refused-child.ts';
import { refusedRequests } from './refused-requests.ts';
import { rekeyed } from './rekeyed.ts';
import { repeatedInWindow } from './repeated-in-window.ts';
import { repeatedByInitiator, repeatedToResponder } from './repetition.ts';
import { restartedPeer } from './restarted-peer.ts';
import { rejectedTickets, resumedSession, unknownResumption } from './session-resumption.ts';
import { simultaneousChildRekeying } from './simultaneous-child-rekeying.ts';
import { simultaneousIkeRekeying } from './simultaneous-ike-rekeying.ts';
import { translatedTransport, tunnelInstead } from './translated-transport.ts';
import { unaskedMessages } from './unasked-messages.ts';
import { unknownIkeSpi, unknownIkeSpis } from './unknown-ike-spi.ts';
import { unknownNotifications } from './unknown-notifications.ts';
import { unknownPayloads } from './unknown-payloads.ts';
import { unknownSpi } from './unknown-spi.ts';

export const ikev2: Suite = {
  name: 'ikev2',
  title: 'IKEv2, its messages and exchanges',
  says: 'Messages and exchanges, alone and overlapping; fragments, EAP, configuration payloads, MOBIKE, and several exchanges of keys.',
  modeIsOpen: true,
  scenarios: [
    simultaneousChildRekeying,
    simultaneousIkeRekeying,
    besideIkeRekeying,
    collisions,
    fragmentsSent,
    fragmentsUnasked,
    fragmentsReceived,
    fragmentsRepeated,
    additionalKeyExchanges,
    intermediateAuthentication,
    intermediateExchanges,
    followUpKeys,
    followUpUnknown,
    followUpMeetsChild,
    followUpTurn,
    configurationRequested,
    configurationAnswered,
    addressOfNeighbour,
    addressPoolExhausted,
    homePrefix,
    eapAuthenticated,
    eapAnswered,
    eapAlone,
    eapAloneSigned,
    eapAloneAsked,
    eapTlsAuthenticated,
    eapTlsAnswered,
    ignoredFields,
    unknownPayloads,
    unknownNotifications,
    payloadOrder,
    firstRequestHeaders,
    messageForms,
    cookiesReturned,
    cookiesDemanded,
    rekeyed,
    offers,
    refusedChild,
    refusedRequests,
    repeatedByInitiator,
    repeatedToResponder,
    mobikeUpdate,
    mobikeRefusals,
    mobikeRoutability,
    dynamicAddress,
    translatedTransport,
    tunnelInstead,
    postquantumKeys,
    restartedPeer,
    peerIsSilent,
    peerIsDead,
    unknownIkeSpi,
    unknownIkeSpis,
    unknownSpi,
    otherSelectors,
    newChild,
    resumedSession,
    rejectedTickets,
    unknownResumption,
    unaskedMessages,
    peersWindow,
    beyondWindow,
    repeatedInWindow,
  ],
};
