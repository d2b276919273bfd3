/** What is asked of the captures of strangers: every question that needs nobody's cooperation, in the order of the report. */
import type { AnyCaptureQuestion } from '../../harness/vocabulary/capture-question.ts';
import { confidentialityAlone } from './agreements.ts';
import { answeredWhereAsked, bothWays } from './answers.ts';
import { addressAsIdentity, addressesOfCertificate, certifiedIdentity } from './claimed-identities.ts';
import { clearBesideProtected, firstSegment, nameService, privateAddress } from './clear-traffic.ts';
import { initializationVectors, padding } from './confidentiality.ts';
import { integrityOnTheWay } from './integrity.ts';
import { transformsAgreed } from './negotiated-transforms.ts';
import { careOfAddressInside, registrationProtected } from './registrations.ts';
import { updateAuthorised } from './return-routability.ts';
import { firstNumber, stepsOfNumbers } from './sequence-numbers.ts';

export const captureQuestions: readonly AnyCaptureQuestion[] = [
  firstNumber,
  stepsOfNumbers,
  initializationVectors,
  padding,
  integrityOnTheWay,
  confidentialityAlone,
  ...transformsAgreed,
  certifiedIdentity,
  addressAsIdentity,
  addressesOfCertificate,
  clearBesideProtected,
  nameService,
  firstSegment,
  privateAddress,
  updateAuthorised,
  registrationProtected,
  careOfAddressInside,
  answeredWhereAsked,
  bothWays,
];
