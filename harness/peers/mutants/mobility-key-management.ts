/** Broken twins where Mobile IPv6 and key management meet: from where IKE runs, how it travels, and whether it follows a binding (RFC 6275 10.3.1, 11.3.2, 11.7.3). */
import { mutant } from '../mutant.ts';

export const runsIkeFromCareOfAddress = mutant(
  'runsIkeFromCareOfAddress',
  'mobility',
  'keyManagementFrom',
  'a daemon takes the address of the interface that its packets leave by',
  () =>
    ({ careOfAddress }) =>
      careOfAddress,
);

export const sendsIkeWithoutMobility = mutant(
  'sendsIkeWithoutMobility',
  'mobility',
  'keyManagementLeavesAsOthers',
  'the socket of IKE bypasses IPsec, and with it all that policies put into packets',
  () => () => false,
);

export const saysKAndStays = mutant(
  'saysKAndStays',
  'mobility',
  'keyManagementAfterBinding',
  'the K bit is answered by one program, and IKE is another',
  () => () => 'stays',
);

export const followsWithoutK = mutant(
  'followsWithoutK',
  'mobility',
  'keyManagementAfterBinding',
  'whoever has moved is followed, asked or not',
  () => () => 'follows',
);

export const forgetsTheKBit = mutant(
  'forgetsTheKBit',
  'mobility',
  'keyManagementMoves',
  'the acknowledgement has no K bit, as in the first versions of the draft',
  () => () => false,
);

export const offersNoK = mutant(
  'offersNoK',
  'mobility',
  'flagsOfRegistration',
  'an update has no K bit, as in the first versions of the draft',
  (lawful) => (claim) => ({ ...lawful(claim), keyManagementMobilityCapability: false }),
);

export const keepsItsEnd = mutant(
  'keepsItsEnd',
  'mobility',
  'keyManagementAfterAcknowledgement',
  'IKE is bound to the address that it began from',
  () => () => 'stays',
);

export const movesItsEndWithoutK = mutant(
  'movesItsEndWithoutK',
  'mobility',
  'keyManagementAfterAcknowledgement',
  'the K bit of the acknowledgement is not looked at',
  () => () => 'follows',
);

export const beginsAnewWithK = mutant(
  'beginsAnewWithK',
  'mobility',
  'keyManagementAfterAcknowledgement',
  'IKE is run again after every move',
  () => () => 'renewed',
);

export const renewsKeysWithAll = mutant(
  'renewsKeysWithAll',
  'ikev2',
  'ikeSaOfPeer',
  'an address has changed, so every IKE SA is begun anew',
  () => () => true,
);
