/** What IPsec is taken to be: MCDANIEL, AURA 3. Without it no other suite means anything. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { confidentiality } from './confidentiality.ts';
import { confidentialityAlone } from './confidentiality-alone.ts';
import { counterCarry } from './counter-carry.ts';
import { counterEnd } from './counter-end.ts';
import { coveredFields } from './covered-fields.ts';
import { coveredOptions } from './covered-options.ts';
import { dscp } from './dscp.ts';
import { forwardSecrecy } from './forward-secrecy.ts';
import { icmpTypes } from './icmp-types.ts';
import { innerLies } from './inner-lies.ts';
import { integrity } from './integrity.ts';
import { integrityAlone } from './integrity-alone.ts';
import { twoLayers } from './layers.ts';
import { endOfInbound, endOfOutbound } from './lifetime.ts';
import { endedFirst, replacedAgain } from './lifetimes-apart.ts';
import { manualKeys } from './manual-keys.ts';
import { manyChildren } from './many-children.ts';
import { negotiatedTransforms } from './negotiated-transforms.ts';
import { innerAlone, nestedSas } from './nested.ts';
import { offeredProtocols } from './offered-protocols.ts';
import { oneWaySas } from './one-way-sas.ts';
import { orderedPolicy } from './ordered-policy.ts';
import { otherTransports } from './other-transports.ts';
import { overlappingExchanges } from './overlapping-exchanges.ts';
import { ownParameters } from './own-parameters.ts';
import { policyOutcomes } from './policy-outcomes.ts';
import { protectedPort } from './protected-port.ts';
import { rekeyedChild } from './rekeyed-child.ts';
import { replayByHand } from './replay-by-hand.ts';
import { replayOff } from './replay-off.ts';
import { replayWindow } from './replay-window.ts';
import { reservedSpi } from './reserved-spi.ts';
import { reusedSa } from './reused-sa.ts';
import { rightProtection } from './right-protection.ts';
import { sequenceNumbers } from './sequence-numbers.ts';
import { signatures } from './signatures.ts';
import { spi } from './spi.ts';
import { theRest } from './the-rest.ts';
import { thirdHost } from './third-host.ts';
import { tunnelConcealment } from './tunnel-concealment.ts';
import { typedSelectors } from './typed-selectors.ts';
import { unaskedWindow } from './unasked-window.ts';
import { deletedPair, unidirectional } from './unidirectional.ts';

export const baseline: Suite = {
  name: 'baseline',
  title: 'The behaviour every other suite builds on',
  says: 'What IPsec is taken to be: policies, SAs, integrity, replay and confidentiality. Without it no other suite means anything.',
  scenarios: [
    policyOutcomes,
    typedSelectors,
    icmpTypes,
    otherTransports,
    dscp,
    spi,
    reservedSpi,
    integrity,
    coveredFields,
    coveredOptions,
    unidirectional,
    deletedPair,
    offeredProtocols,
    confidentialityAlone,
    integrityAlone,
    nestedSas,
    innerAlone,
    twoLayers,
    thirdHost,
    innerLies,
    sequenceNumbers,
    counterEnd,
    counterCarry,
    replayWindow,
    replayOff,
    replayByHand,
    unaskedWindow,
    manyChildren,
    rekeyedChild,
    forwardSecrecy,
    orderedPolicy,
    protectedPort,
    theRest,
    rightProtection,
    overlappingExchanges,
    ownParameters,
    oneWaySas,
    reusedSa,
    tunnelConcealment,
    confidentiality,
    manualKeys,
    endOfInbound,
    endOfOutbound,
    replacedAgain,
    endedFirst,
    ...negotiatedTransforms,
    signatures,
  ],
};
