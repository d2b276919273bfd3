/** Broken twins of IKEv2 with postquantum preshared keys (RFC 8784). */
import { mutant } from '../mutant.ts';

export const leavesPpkOut = mutant(
  'leavesPpkOut',
  'ikev2',
  'keysWithPpk',
  'the key is negotiated, named and confirmed, and mixed into nothing',
  () => (_mixed, plain) => plain,
);

export const doesWithoutPpk = mutant(
  'doesWithoutPpk',
  'ikev2',
  'withoutPpk',
  'that a key is mandatory is read from the configuration, and asked nowhere',
  () => () => true,
);

export const insistsOnPpk = mutant(
  'insistsOnPpk',
  'ikev2',
  'withoutPpk',
  'whoever has a key configured is taken to want it',
  () => () => false,
);

export const takesNoPpkAuthAlways = mutant(
  'takesNoPpkAuthAlways',
  'ikev2',
  'noPpkAuthTaken',
  'NO_PPK_AUTH is taken wherever it is there, which is a way down to no key at all',
  () => (_mandatory, isSaid) => isSaid,
);

export const knowsNoNoPpkAuth = mutant(
  'knowsNoNoPpkAuth',
  'ikev2',
  'noPpkAuthTaken',
  'a key that is named has to be there, optional or not',
  () => () => false,
);

export const saysNoNoPpkAuth = mutant(
  'saysNoNoPpkAuth',
  'ikev2',
  'noPpkAuthSaid',
  'AUTH is computed once, as ever',
  () => () => false,
);
