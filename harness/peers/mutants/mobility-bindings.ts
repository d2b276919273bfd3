/** Broken twins of what a correspondent does with nonces, sequence numbers and bindings (RFC 6275 5.2.7, 9.5). */
import { bindingStatusCodes as statuses } from '../../../reference/wire/mobility/registry.ts';
import { mutant } from '../mutant.ts';

// --- nonces -----------------------------------------------------------------------------------------------------------

export const keepsNoncesForEver = mutant(
  'keepsNoncesForEver',
  'mobility',
  'nonceAcceptable',
  'a nonce is known as long as the node runs',
  () => () => true,
);

export const knowsTheLastNonceOnly = mutant(
  'knowsTheLastNonceOnly',
  'mobility',
  'nonceAcceptable',
  'a new nonce makes all before it unknown',
  () => (age) => age < 30,
);

export const namesOneNonceAtATime = mutant(
  'namesOneNonceAtATime',
  'mobility',
  'nonceStatus',
  'whoever looks for the home nonce first never says that both are unknown',
  (lawful) =>
    ({ home, careOf }) =>
      home ? lawful({ home, careOf }) : statuses['Expired home nonce index'],
);

export const namesBothNonces = mutant(
  'namesBothNonces',
  'mobility',
  'nonceStatus',
  'one status for every unknown nonce',
  () =>
    ({ home, careOf }) =>
      home && careOf ? undefined : statuses['Expired nonces'],
);

export const asksForCareOfNonceAlways = mutant(
  'asksForCareOfNonceAlways',
  'mobility',
  'careOfNonceNeeded',
  'the care-of nonce of a deletion has to be known, too',
  () => () => true,
);

// --- acknowledgements -------------------------------------------------------------------------------------------------

export const acknowledgesAlways = mutant(
  'acknowledgesAlways',
  'mobility',
  'updateAcknowledged',
  'every update is acknowledged',
  () => () => true,
);

export const acknowledgesOnDemand = mutant(
  'acknowledgesOnDemand',
  'mobility',
  'updateAcknowledged',
  'an acknowledgement is sent where A is set, and only there',
  () => (asked) => asked,
);

export const authenticatesNever = mutant(
  'authenticatesNever',
  'mobility',
  'acknowledgementAuthenticated',
  'an acknowledgement bears no authenticator',
  () => () => false,
);

export const echoesTheNumber = mutant(
  'echoesTheNumber',
  'mobility',
  'acknowledgedSequenceNumber',
  'every acknowledgement has the sequence number of its update',
  () => (_status, given) => given,
);

// --- sequence numbers -------------------------------------------------------------------------------------------------

export const takesEverySequenceNumber = mutant(
  'takesEverySequenceNumber',
  'mobility',
  'sequenceNumberAcceptable',
  'sequence numbers are not looked at',
  () => () => true,
);

export const takesTheSameNumberAgain = mutant(
  'takesTheSameNumberAgain',
  'mobility',
  'sequenceNumberAcceptable',
  'an update with the number of the last one is taken',
  (lawful) => (sequenceNumber, last) => sequenceNumber === last || lawful(sequenceNumber, last),
);

export const countsWithoutModulo = mutant(
  'countsWithoutModulo',
  'mobility',
  'sequenceNumberAcceptable',
  'sequence numbers are compared as plain numbers',
  () => (sequenceNumber, last) => last === undefined || sequenceNumber > last,
);

export const windowOneTooWide = mutant(
  'windowOneTooWide',
  'mobility',
  'sequenceNumberAcceptable',
  'a number that is ahead by 32768 counts as greater',
  () => (sequenceNumber, last) => {
    const ahead = (sequenceNumber - (last ?? sequenceNumber - 1)) & 0xffff;
    return ahead > 0 && ahead <= 0x8000;
  },
);

export const countsBackwards = mutant(
  'countsBackwards',
  'mobility',
  'sequenceNumberAcceptable',
  'the difference is taken the wrong way round',
  (lawful) => (sequenceNumber, last) => last === undefined || lawful(last, sequenceNumber),
);

export const beginsAtSmallNumbers = mutant(
  'beginsAtSmallNumbers',
  'mobility',
  'sequenceNumberAcceptable',
  'the first number is compared with zero, although there was none',
  (lawful) =>
    (sequenceNumber, last = 0) =>
      lawful(sequenceNumber, last) || sequenceNumber === last,
);

export const zeroIsNoNumber = mutant(
  'zeroIsNoNumber',
  'mobility',
  'sequenceNumberAcceptable',
  'a sequence number of zero is taken for none',
  (lawful) => (sequenceNumber, last) => sequenceNumber !== 0 && lawful(sequenceNumber, last),
);

// --- home registrations -----------------------------------------------------------------------------------------------

export const playsHomeAgent = mutant(
  'playsHomeAgent',
  'mobility',
  'homeRegistrationSupported',
  'an update with H makes a binding like any other',
  () => () => true,
);

export const changesTypeOfRegistration = mutant(
  'changesTypeOfRegistration',
  'mobility',
  'registrationTypeAcceptable',
  'a binding may become a home registration',
  () => () => true,
);

// --- bindings ---------------------------------------------------------------------------------------------------------

export const keyOfBothTokensAlways = mutant(
  'keyOfBothTokensAlways',
  'mobility',
  'bindingManagementKeyOf',
  'Kbm of a deletion is made of the home keygen token twice',
  (lawful) => (homeToken, careOfToken) => lawful(homeToken, careOfToken ?? homeToken),
);

export const deletesByLifetimeAlone = mutant(
  'deletesByLifetimeAlone',
  'mobility',
  'deletes',
  'the home address as care-of address is a registration like any other',
  () =>
    ({ lifetime }) =>
      lifetime === 0,
);

export const answersUpdatesAtHome = mutant(
  'answersUpdatesAtHome',
  'mobility',
  'acknowledgementDestination',
  'an acknowledgement goes to the home address',
  () => (_source, homeAddress) => ({ destination: homeAddress }),
);

export const routesEveryAcknowledgement = mutant(
  'routesEveryAcknowledgement',
  'mobility',
  'acknowledgementDestination',
  'an acknowledgement bears a routing header, from home too',
  () => (source, homeAddress) => ({ destination: homeAddress, by: source }),
);

export const takesNoSecondUpdate = mutant(
  'takesNoSecondUpdate',
  'mobility',
  'sequenceNumberAcceptable',
  'a binding is changed by nothing, until its time is over',
  () => (sequenceNumber, last) => last === undefined || sequenceNumber >= 100,
);

export const grantsItsOwnLifetime = mutant(
  'grantsItsOwnLifetime',
  'mobility',
  'bindingLifetime',
  'every binding has the same lifetime, whatever was asked for',
  () => () => 105,
);

export const bindsForAsLongAsAsked = mutant(
  'bindsForAsLongAsAsked',
  'mobility',
  'bindingLifetime',
  'a binding may last as long as a mobile node likes',
  () => (asked) => asked,
);

export const grantsMoreThanItSays = mutant(
  'grantsMoreThanItSays',
  'mobility',
  'bindingLifetime',
  'the lifetime that was asked for is read as minutes',
  () => (asked) => 15 * asked,
);

export const neverAsksForRenewal = mutant(
  'neverAsksForRenewal',
  'mobility',
  'refreshRequested',
  'no binding is ever asked to be renewed',
  () => () => false,
);

export const forgetsNoncesOfDeleted = mutant(
  'forgetsNoncesOfDeleted',
  'mobility',
  'noncesUsable',
  'the nonces of a deleted binding serve again',
  () => () => true,
);

export const keepsOneBinding = mutant(
  'keepsOneBinding',
  'mobility',
  'bindingMayBeMade',
  'there is room for one binding',
  () => (others) => others === 0,
);

export const keepsWhatDoesNotArrive = mutant(
  'keepsWhatDoesNotArrive',
  'mobility',
  'unreachabilityPersists',
  'errors about packets that went by way of a binding are nobody’s concern',
  () => () => false,
);

export const believesOneError = mutant(
  'believesOneError',
  'mobility',
  'unreachabilityPersists',
  'the first error ends a binding',
  () => () => true,
);
