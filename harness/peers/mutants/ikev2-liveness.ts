/** Broken twins of IKEv2 where it is to find out whether a peer lives (RFC 7296 section 2.4). */
import { mutant } from '../mutant.ts';

export const neverAsksForLife = mutant(
  'neverAsksForLife',
  'ikev2',
  'askedForLife',
  'whoever wants to know whether a peer lives sends something through the tunnel',
  () => () => undefined,
);

export const hearsNoPackets = mutant(
  'hearsNoPackets',
  'ikev2',
  'signOfLife',
  'what the kernel takes under a child does not reach the daemon',
  () => (sign) => sign === 'message',
);

export const takesClearForLife = mutant(
  'takesClearForLife',
  'ikev2',
  'signOfLife',
  'the time is noted where a datagram comes in, before anybody has looked at it',
  (lawful) => (sign) => lawful(sign) || sign === 'message in clear',
);

export const takesForgeryForLife = mutant(
  'takesForgeryForLife',
  'ikev2',
  'signOfLife',
  'the time is noted where the IKE SA is found, before the ICV is computed',
  (lawful) => (sign) => lawful(sign) || sign === 'message of somebody else',
);

export const takesRepetitionForLife = mutant(
  'takesRepetitionForLife',
  'ikev2',
  'signOfLife',
  'the time is noted when the ICV is right, whichever request that was',
  (lawful) => (sign) => lawful(sign) || sign === 'message that came before',
);

export const givesUpAtOnce = mutant(
  'givesUpAtOnce',
  'ikev2',
  'peerHasFailed',
  'a timer that ran out once is enough',
  () => () => true,
);

export const neverGivesUp = mutant(
  'neverGivesUp',
  'ikev2',
  'peerHasFailed',
  'one day the peer will be back, and until then it is asked',
  () => () => false,
);
