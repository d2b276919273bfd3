/** Broken twins of IKEv2 in its configuration payloads (RFC 7296 sections 2.19 and 3.15). */
import { mutant } from '../mutant.ts';

export const asksForNoRequest = mutant(
  'asksForNoRequest',
  'ikev2',
  'childWithoutRequest',
  'that a request is missing is found when an address is wanted, and told as if there were none',
  () => () => true,
);

export const takesAnyAttribute = mutant(
  'takesAnyAttribute',
  'ikev2',
  'configurationAttributeTaken',
  'an attribute is told by its type, and its length is not looked at',
  () => () => 'taken',
);

export const stopsAtUnknownAttribute = mutant(
  'stopsAtUnknownAttribute',
  'ikev2',
  'configurationAttributeTaken',
  'the first attribute that is not known ends the list',
  (lawful) => (known, lengthFits) => (known ? lawful(known, lengthFits) : 'ignored-with-the-rest'),
);

export const readsReservedBit = mutant(
  'readsReservedBit',
  'ikev2',
  'configurationAttributeType',
  'the type is read as sixteen bits',
  () => (type, reservedBit) => type + 0x8000 * reservedBit,
);

export const sendsNoConfiguration = mutant(
  'sendsNoConfiguration',
  'ikev2',
  'configurationReplied',
  'built without configuration payloads: none is sent',
  () => () => false,
);

export const givesAllAddresses = mutant(
  'givesAllAddresses',
  'ikev2',
  'addressesGiven',
  'the answer is written from the pool and not from the request',
  () => (_asked, free) => free,
);

export const givesWhatIsNamed = mutant(
  'givesWhatIsNamed',
  'ikev2',
  'suggestedAddress',
  'the address that a client says it had is taken for its own',
  () => () => true,
);

export const givesTwice = mutant(
  'givesTwice',
  'ikev2',
  'addressFree',
  'every IKE SA starts at the beginning of the pool',
  () => () => true,
);

export const goesOnWithoutAddress = mutant(
  'goesOnWithoutAddress',
  'ikev2',
  'childWithoutAddress',
  'the pool is empty, and what is negotiated next says so in words of its own',
  () => () => true,
);

export const speaksForThePool = mutant(
  'speaksForThePool',
  'ikev2',
  'selectorsOfAddresses',
  'the policy names the pool, and nobody narrows it to who has which of it',
  () => (permitted) => permitted,
);

export const needsNoAddress = mutant(
  'needsNoAddress',
  'ikev2',
  'answerWithoutAddress',
  'the client goes on with the address it has',
  () => () => true,
);
