/** Broken twins of IKEv2 where keys are exchanged between IKE_SA_INIT and IKE_AUTH, or after CREATE_CHILD_SA (RFC 9242, RFC 9370). */
import { mutant, type NodeMutant } from '../mutant.ts';

export const knowsNoIntermediate = mutant(
  'knowsNoIntermediate',
  'ikev2',
  'intermediateAgreed',
  'built without IKE_INTERMEDIATE, and so without further keys',
  () => () => false,
);

export const keepsFirstKeys = mutant(
  'keepsFirstKeys',
  'ikev2',
  'keysAfterExchange',
  'the further secret is computed and goes nowhere',
  () => (before) => before,
);

export const authenticatesAtAnyTime = mutant(
  'authenticatesAtAnyTime',
  'ikev2',
  'keyExchangesComplete',
  'IKE_AUTH is answered under the keys that there are',
  () => () => true,
);

const takesEveryMethod = mutant(
  'takesEveryMethod',
  'ikev2',
  'intermediateMethod',
  'nobody counts the exchanges',
  () => (due, came) => due ?? came,
);

/** Two rules at once: the exchanges are not counted when they come, and not when they are over. */
export const exchangesKeysForever: NodeMutant = {
  name: 'exchangesKeysForever',
  rule: takesEveryMethod.rule,
  says: 'keys are exchanged as long as the initiator likes',
  apply: (rules) => authenticatesAtAnyTime.apply(takesEveryMethod.apply(rules)),
};

export const knowsNoGroup = mutant(
  'knowsNoGroup',
  'ikev2',
  'keyExchangeGroup',
  'which method it is is known from the proposal, and not read again',
  () => () => true,
);

export const coversTheLastAlone = mutant(
  'coversTheLastAlone',
  'ikev2',
  'intermediateBefore',
  'what AUTH covers is computed anew with each exchange, and not added to',
  () => () => new Uint8Array(),
);

export const leavesOutIntermediate = mutant(
  'leavesOutIntermediate',
  'ikev2',
  'intermediateInAuthentication',
  'AUTH covers IKE_SA_INIT alone, as it did before there was anything in between',
  () => () => new Uint8Array(),
);

export const provesWhatItRead = mutant(
  'provesWhatItRead',
  'ikev2',
  'intermediateContent',
  'the message is written anew from its parsed payloads, and what was not parsed is not covered',
  () => (_asReceived, asRead) => asRead(),
);

export const rekeysWithFirstKeysAlone = mutant(
  'rekeysWithFirstKeysAlone',
  'ikev2',
  'rekeyingProposals',
  'further keys were built for the first IKE SA, and forgotten where it is rekeyed',
  () => (configured) => configured.map(({ additionalKeyExchanges: _all, ...first }) => first),
);

export const forgetsFollowUps = mutant(
  'forgetsFollowUps',
  'ikev2',
  'followUpInKeys',
  'the new keys are made of the secret of CREATE_CHILD_SA alone',
  () => () => [],
);

export const losesTheLink = mutant(
  'losesTheLink',
  'ikev2',
  'linkReturned',
  'what ties the exchanges together is taken for a flag, and comes back empty',
  () => () => new Uint8Array(),
);

export const takesEveryFollowUp = mutant(
  'takesEveryFollowUp',
  'ikev2',
  'linkKnown',
  'there is one rekeying at a time, so that it must be this one',
  () => () => true,
);

export const replacesBetween = mutant(
  'replacesBetween',
  'ikev2',
  'followUpRefusedDuring',
  'what was agreed to in CREATE_CHILD_SA is done when the keys are there, whatever was begun meanwhile',
  () => () => false,
);

export const asksBetween = mutant(
  'asksBetween',
  'ikev2',
  'followUpTurn',
  'each exchange of keys queues up behind what was to be asked before it',
  () => () => 'last',
);
