/** Broken twins of IKEv2 where something comes that belongs to no SA of theirs (RFC 7296 sections 1.5 and 2.21.4). */
import { equal, readU32, u32 } from '../../../reference/wire/octets.ts';
import type { NodeMutant } from '../mutant.ts';
import { mutant } from '../mutant.ts';

export const saysNothingToUnknownIkeSpis = mutant(
  'saysNothingToUnknownIkeSpis',
  'ikev2',
  'unknownIkeSpiAnswered',
  'who has lost its state learns nothing from this node, which a lawful node may keep to itself',
  () => () => false,
);

export const answersUnknownResponses = mutant(
  'answersUnknownResponses',
  'ikev2',
  'unknownIkeSpiAnswered',
  'whatever names no IKE SA is answered, a response too, and the other side may do the same',
  () => () => true,
);

export const answersWithOwnSpis = mutant(
  'answersWithOwnSpis',
  'ikev2',
  'unknownIkeSpiAnswer',
  'there is no IKE SA to take SPIs from, and they stay zero',
  () => (request) => ({ ...request, responderSPI: new Uint8Array(8) }),
);

export const answersUnderMessageIdZero = mutant(
  'answersUnderMessageIdZero',
  'ikev2',
  'unknownIkeSpiAnswer',
  'an answer in clear is built like one to IKE_SA_INIT',
  () => (request) => ({ ...request, messageId: 0 }),
);

export const findsByBothSpis = mutant(
  'findsByBothSpis',
  'ikev2',
  'ikeSaOfMessage',
  'an IKE SA is looked up by both of its SPIs, as a lawful node may have it',
  (lawful) => (ikeSa, message, path) =>
    lawful(ikeSa, message, path) &&
    (equal(ikeSa.responderSPI, new Uint8Array(8)) || equal(ikeSa.responderSPI, message.responderSPI)) &&
    equal(ikeSa.initiatorSPI, message.initiatorSPI),
);

export const answersEachTime = mutant(
  'answersEachTime',
  'ikev2',
  'unprotectedAnswered',
  'an answer costs little, and nobody counts them',
  () => () => true,
);

export const tellsOfUnknownSpisInClear = mutant(
  'tellsOfUnknownSpisInClear',
  'ikev2',
  'unknownSpiTold',
  'what is wrong with ESP is told where ESP is done, which knows no IKE SA',
  () => () => 'in clear',
);

export const saysNothingOfUnknownSpis = mutant(
  'saysNothingOfUnknownSpis',
  'ikev2',
  'unknownSpiTold',
  'a kernel counts the packet and forgets it',
  () => () => 'silence',
);

export const namesSpiTurned = mutant(
  'namesSpiTurned',
  'ikev2',
  'unknownSpiNamed',
  'the SPI is told in the order of octets that this machine has',
  () => (spi) => readU32(u32(spi).toReversed()),
);

/** Two at once: only who tells can tell something else. */
export const tellsOfMismatchesByPeersSpi: NodeMutant = {
  name: 'tellsOfMismatchesByPeersSpi',
  rule: 'ikev2.mismatchedChild',
  says: 'the management control of RFC 4301 is on, and the child is named as in a Delete that the peer would send',
  apply: (rules) => ({
    ...rules,
    ipsec: { ...rules.ipsec, notifiesInvalidSelectors: () => true },
    ikev2: { ...rules.ikev2, mismatchedChild: ({ outbound }) => outbound },
  }),
};

export const tellsOfMismatchesWithoutPacket: NodeMutant = {
  name: 'tellsOfMismatchesWithoutPacket',
  rule: 'ikev2.mismatchQuoted',
  says: 'the management control of RFC 4301 is on, and the packet is gone when it is to be told',
  apply: (rules) => ({
    ...rules,
    ipsec: { ...rules.ipsec, notifiesInvalidSelectors: () => true },
    ikev2: { ...rules.ikev2, mismatchQuoted: () => new Uint8Array() },
  }),
};
