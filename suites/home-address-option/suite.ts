/** Home addresses in headers, bindings, and the SAs that go with them: DUPONT 2.2 to 2.6. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { ahCoverage } from './ah-coverage.ts';
import { falseVerification } from './false-verification.ts';
import { homeAcknowledgements } from './home-acknowledgements.ts';
import { homeRegistration } from './home-registration.ts';
import { keysAfterMoving } from './keys-after-moving.ts';
import { leavingHome } from './leaving-home.ts';
import { optionInClear } from './option-in-clear.ts';
import { optionUnderAh, optionUnderEsp } from './option-under-ipsec.ts';
import { correspondentAcknowledgements, registrationBegun } from './registering-with-correspondent.ts';
import { renewals, repetitions, validLifetimes } from './registration-times.ts';
import { returningHome } from './returning-home.ts';
import { testsOfCorrespondent } from './tests-of-correspondent.ts';
import { threeWays } from './three-ways.ts';
import { answerToVerified, nextPacket, seenUpstairs } from './verified-option.ts';
import { arrivalsAway, errorsWhileBound, refreshRequests } from './while-bound.ts';

export const homeAddressOption: Suite = {
  name: 'home-address-option',
  title: 'Home address option, binding updates, and IPsec that moves',
  scenarios: [
    optionUnderEsp,
    optionUnderAh,
    ahCoverage,
    seenUpstairs,
    answerToVerified,
    nextPacket,
    optionInClear,
    falseVerification,
    keysAfterMoving,
    homeRegistration,
    leavingHome,
    homeAcknowledgements,
    repetitions,
    renewals,
    validLifetimes,
    returningHome,
    registrationBegun,
    testsOfCorrespondent,
    correspondentAcknowledgements,
    errorsWhileBound,
    refreshRequests,
    arrivalsAway,
    threeWays,
  ],
};
