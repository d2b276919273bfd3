/** Broken twins of IKEv2 where a peer proves nothing (RFC 7619). */
import { mutant } from '../mutant.ts';

export const takesTheOtherKey = mutant(
  'takesTheOtherKey',
  'ikev2',
  'keyOfNullAuthentication',
  'the keys of the two directions are mixed up',
  () => (_own, other) => other,
);

export const believesNamesUnproven = mutant(
  'believesNamesUnproven',
  'ikev2',
  'identityOfNullAuthentication',
  'the identity is taken from its payload, as ever',
  () => (claimed) => claimed,
);

export const takesAllForOne = mutant(
  'takesAllForOne',
  'ikev2',
  'tellsPeersApart',
  'ID_NULL is compared like other identities, so that all who have it are one',
  () => () => true,
);
