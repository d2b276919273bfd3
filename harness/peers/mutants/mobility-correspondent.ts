/** Broken twins of a correspondent node: tests and the authorisation of updates (RFC 6275 5.2, 9.4, 9.5.1). */
import { bindingManagementKey } from '../../../reference/mobility/return-routability.ts';
import { mutant } from '../mutant.ts';

export const takesTestsOfHomeAddresses = mutant(
  'takesTestsOfHomeAddresses',
  'mobility',
  'testInitAcceptable',
  'a test with a home address option is answered',
  () => () => true,
);

export const keyOfHomeTokenAlone = mutant(
  'keyOfHomeTokenAlone',
  'mobility',
  'bindingManagementKeyOf',
  'Kbm is made of the home keygen token alone, of registrations too',
  () => (homeToken) => bindingManagementKey(homeToken),
);

/** Not to be told from outside by a node that is honest; a home token serves as care-of token then. */
export const oneTokenForBoth = mutant(
  'oneTokenForBoth',
  'mobility',
  'tokenOctet',
  'home and care-of keygen tokens are made alike',
  () => () => 0,
);

export const looksAtFlagsOfHomeAgents = mutant(
  'looksAtFlagsOfHomeAgents',
  'mobility',
  'flagsAcceptable',
  'an update with L or K is dropped where no home agent is asked for',
  () =>
    ({ linkLocalAddressCompatibility = false, keyManagementMobilityCapability = false }) =>
      !linkLocalAddressCompatibility && !keyManagementMobilityCapability,
);

export const asksForNoNonceIndices = mutant(
  'asksForNoNonceIndices',
  'mobility',
  'nonceIndicesAsRequired',
  'an update without nonce indices is answered as one with nonces that are too old',
  () => () => true,
);

export const asksForNoAuthorization = mutant(
  'asksForNoAuthorization',
  'mobility',
  'authorizationDataAcceptable',
  'an update without an authenticator has nothing that would be verified',
  (lawful) => (data) => data === undefined || lawful(data),
);

export const believesEveryAuthenticator = mutant(
  'believesEveryAuthenticator',
  'mobility',
  'authenticatorAcceptable',
  'the authenticator is not verified',
  () => () => true,
);

export const comparesWhatThereIs = mutant(
  'comparesWhatThereIs',
  'mobility',
  'authorizationDataAcceptable',
  'an authenticator is compared as far as it goes, wherever it stands',
  () => (data) => data !== undefined,
);

export const answersNobody = mutant(
  'answersNobody',
  'mobility',
  'answerMayBeSent',
  'an update from the unspecified address is taken',
  () => () => true,
);

export const bindsAnyHomeAddress = mutant(
  'bindsAnyHomeAddress',
  'mobility',
  'homeAddressRoutable',
  'the home address of an update may be any',
  () => () => true,
);

export const bindsToAnyAddress = mutant(
  'bindsToAnyAddress',
  'mobility',
  'careOfAddressRoutable',
  'the care-of address of an update may be any',
  () => () => true,
);

export const ignoresAlternateCareOfAddress = mutant(
  'ignoresAlternateCareOfAddress',
  'mobility',
  'careOfAddressNamed',
  'the care-of address is the source of the packet, whatever the option says',
  () => (source) => source,
);

export const refusesItsOwnSourceAsAlternate = mutant(
  'refusesItsOwnSourceAsAlternate',
  'mobility',
  'careOfAddressNamed',
  'an alternate care-of address that is the source is taken for a mistake',
  (lawful) => (source, alternate) => (alternate === source ? '::' : lawful(source, alternate)),
);
