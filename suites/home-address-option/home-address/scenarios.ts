/** A home address in the headers of packets, and the IPsec that vouches for it or moves with it (DUPONT 2.2 to 2.4). */
import type { Suite } from '../../../harness/vocabulary/scenario.ts';
import { ahCoverage } from './ah-coverage.ts';
import { noBindingError } from './binding-errors.ts';
import { falseVerification } from './false-verification.ts';
import { keysAfterMoving } from './keys-after-moving.ts';
import { optimisedForm } from './optimised-form.ts';
import { optionInClear } from './option-in-clear.ts';
import { optionUnderAh, optionUnderEsp } from './option-under-ipsec.ts';
import { routingHeader, routingHeaderToCorrespondent } from './routing-header.ts';
import { answerToVerified, nextPacket, seenUpstairs } from './verified-option.ts';

export const homeAddressScenarios: Suite['scenarios'] = [
  noBindingError,
  optimisedForm,
  routingHeader,
  routingHeaderToCorrespondent,
  optionUnderEsp,
  optionUnderAh,
  ahCoverage,
  seenUpstairs,
  answerToVerified,
  nextPacket,
  optionInClear,
  falseVerification,
  keysAfterMoving,
];
