/** Broken twins of what a node does with Mobility Headers and mobility options (RFC 6275 6.1, 6.2, 9.2). */
import { mutant } from '../mutant.ts';

export const ignoresMobilityChecksum = mutant(
  'ignoresMobilityChecksum',
  'mobility',
  'mobilityChecksumAcceptable',
  'the checksum of a Mobility Header is not looked at',
  () => () => true,
);

export const dropsUnknownTypes = mutant(
  'dropsUnknownTypes',
  'mobility',
  'mobilityTypeKnown',
  'an unknown MH type is dropped without a word',
  () => () => true,
);

export const readsWhateverFollows = mutant(
  'readsWhateverFollows',
  'mobility',
  'payloadProtocolAcceptable',
  'a Mobility Header that announces a payload is read as if it did not',
  () => () => true,
);

export const readsShortMessages = mutant(
  'readsShortMessages',
  'mobility',
  'headerLengthAcceptable',
  'a message too short for its type is dropped without a word',
  () => () => true,
);

export const refusesReserved = mutant(
  'refusesReserved',
  'mobility',
  'reservedAcceptable',
  'a message with reserved bits set is dropped',
  () => (areZero) => areZero,
);

export const refusesOptions = mutant(
  'refusesOptions',
  'mobility',
  'optionsAcceptable',
  'a message with an option that its type does not have is dropped',
  () => (areOfThisType) => areOfThisType,
);
