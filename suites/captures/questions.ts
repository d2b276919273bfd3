/** What is asked of the captures of strangers: every question that needs nobody's cooperation, in the order of the report. */
import type { AnyCaptureQuestion } from '../../harness/vocabulary/capture-question.ts';
import { confidentialityAlone } from './agreements.ts';
import { addressAsIdentity, addressesOfCertificate, certifiedIdentity } from './claimed-identities.ts';
import { clearBesideProtected, nameService } from './clear-traffic.ts';
import { initializationVectors, padding } from './confidentiality.ts';
import { updateAuthorised } from './return-routability.ts';
import { firstNumber, stepsOfNumbers } from './sequence-numbers.ts';

export const captureQuestions: readonly AnyCaptureQuestion[] = [
  firstNumber,
  stepsOfNumbers,
  initializationVectors,
  padding,
  confidentialityAlone,
  certifiedIdentity,
  addressAsIdentity,
  addressesOfCertificate,
  clearBesideProtected,
  nameService,
  updateAuthorised,
];
