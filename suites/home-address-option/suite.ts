/** Home addresses in headers, bindings, and the SAs that go with them: DUPONT 2.2 to 2.6. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { acknowledgements } from './acknowledgements.ts';
import { ahCoverage } from './ah-coverage.ts';
import { noBindingError } from './binding-errors.ts';
import { deletions } from './deletions.ts';
import { bindingEnds, bindingIsRenewed } from './end-of-binding.ts';
import { falseVerification } from './false-verification.ts';
import { homeAgentScenarios } from './home-agent-scenarios.ts';
import { homeRegistrations } from './home-registrations.ts';
import { keysAfterMoving } from './keys-after-moving.ts';
import { anothersName, keysForRegistration } from './keys-for-registration.ts';
import { lifetimes } from './lifetimes.ts';
import { messageHeaders } from './message-headers.ts';
import { mobileNodeScenarios } from './mobile-node-scenarios.ts';
import { careOfMoves } from './moves.ts';
import { nonces } from './nonces.ts';
import { optimisedForm } from './optimised-form.ts';
import { optionInClear } from './option-in-clear.ts';
import { optionUnderAh, optionUnderEsp } from './option-under-ipsec.ts';
import { registration } from './registration.ts';
import { bindingsBeside, deletedAndRepeated } from './repeated.ts';
import { routingHeader, routingHeaderToCorrespondent } from './routing-header.ts';
import { sequenceNumbers } from './sequence-numbers.ts';
import { routingHeaders, undeliverable } from './undeliverable.ts';
import { updateFields } from './update-fields.ts';
import { careOfAddressUnderEsp, identityIsNoAddress, updateUnderIpsec } from './updates-under-ipsec.ts';
import { answerToVerified, nextPacket, seenUpstairs } from './verified-option.ts';

export const homeAddressOption: Suite = {
  name: 'home-address-option',
  title: 'Home address option, binding updates, and IPsec that moves',
  scenarios: [
    ...homeAgentScenarios,
    noBindingError,
    optimisedForm,
    routingHeader,
    routingHeaderToCorrespondent,
    optionUnderEsp,
    optionUnderAh,
    registration,
    messageHeaders,
    updateFields,
    nonces,
    acknowledgements,
    sequenceNumbers,
    homeRegistrations,
    deletions,
    careOfMoves,
    lifetimes,
    bindingEnds,
    bindingIsRenewed,
    deletedAndRepeated,
    bindingsBeside,
    undeliverable,
    routingHeaders,
    updateUnderIpsec,
    careOfAddressUnderEsp,
    identityIsNoAddress,
    ahCoverage,
    seenUpstairs,
    answerToVerified,
    nextPacket,
    optionInClear,
    falseVerification,
    keysAfterMoving,
    keysForRegistration,
    anothersName,
    ...mobileNodeScenarios,
  ],
};
