/** Broken twins of IKEv2 where a peer says that something has ended, or seems to (RFC 7296 sections 2.4, 2.21 and 3.10.1). */
import { mutant } from '../mutant.ts';

export const takesStatusForError = mutant(
  'takesStatusForError',
  'ikev2',
  'fatalNotification',
  'a notification that nobody knows is taken for the worst',
  () => () => true,
);

export const believesErrorsInClear = mutant(
  'believesErrorsInClear',
  'ikev2',
  'unprotectedMessageIgnored',
  'who has lost its keys can say so in clear alone, and is believed',
  () => () => false,
);

export const keepsWhatIsForgotten = mutant(
  'keepsWhatIsForgotten',
  'ikev2',
  'initialContactEnds',
  'INITIAL_CONTACT is a status notification like others, and ends nothing',
  () => () => false,
);

export const hearsInitialContactInRequests = mutant(
  'hearsInitialContactInRequests',
  'ikev2',
  'initialContactEnds',
  'a peer that has lost everything begins anew, so that only an initiator would say it',
  (lawful) => (isSame, said) => said !== 'in the response' && lawful(isSame, said),
);

export const keepsOneIkeSa = mutant(
  'keepsOneIkeSa',
  'ikev2',
  'initialContactEnds',
  'one IKE SA is enough for a peer, whatever it says: the newest',
  () => (isSame) => isSame,
);

export const forgetsEverybody = mutant(
  'forgetsEverybody',
  'ikev2',
  'initialContactEnds',
  'the address it comes from is the peer, and behind that there is one',
  () => (_isSame, said) => said !== 'nowhere',
);
