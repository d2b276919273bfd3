/** What is asked of the captures of strangers: every question that needs nobody's cooperation, in the order of the report. */
import type { AnyCaptureQuestion } from '../../harness/vocabulary/capture-question.ts';
import { initializationVectors, padding } from './confidentiality.ts';
import { firstNumber, stepsOfNumbers } from './sequence-numbers.ts';

export const captureQuestions: readonly AnyCaptureQuestion[] = [
  firstNumber,
  stepsOfNumbers,
  initializationVectors,
  padding,
];
