/** Broken twins of IKEv2 where it makes, multiplies and replaces children. */
import { type ChosenProposal, chosenOf } from '../../../reference/ikev2/proposal-selection.ts';
import { protocolIds } from '../../../reference/wire/ike/registry.ts';
import { mutant } from '../mutant.ts';

export const bearsOneChild = mutant(
  'bearsOneChild',
  'ikev2',
  'additionalChild',
  'a minimal implementation: the child of IKE_AUTH is the only one (RFC 7296 4 allows that)',
  () => (existing) => existing < 1,
);

export const findsNoRekeyedChild = mutant(
  'findsNoRekeyedChild',
  'ikev2',
  'rekeyedChild',
  'the SPI in REKEY_SA is looked up among those of the wrong direction',
  () => () => false,
);

export const forgetsDeletions = mutant(
  'forgetsDeletions',
  'ikev2',
  'deletedIkeSa',
  'a Delete of the IKE SA is answered, and everything is kept',
  () => () => false,
);

export const forgetsDeletedChildren = mutant(
  'forgetsDeletedChildren',
  'ikev2',
  'deletedChild',
  'the SPI in a Delete is looked up among those of the wrong direction',
  () =>
    ({ inbound }, named) =>
      inbound.spi === named.spi,
);

export const knowsEspOnly = mutant(
  'knowsEspOnly',
  'ikev2',
  'chosenProposal',
  'AH was left out of the build, since nobody uses it',
  (lawful) =>
    (...asked) =>
      asked[2] === protocolIds.AH ? undefined : lawful(...asked),
);

export const knowsAhOnly = mutant(
  'knowsAhOnly',
  'ikev2',
  'chosenProposal',
  'ESP was left out of the build, since it may not be sold everywhere',
  (lawful) =>
    (...asked) =>
      asked[2] === protocolIds.ESP ? undefined : lawful(...asked),
);

export const choosesOneOfEachTransform = mutant(
  'choosesOneOfEachTransform',
  'ikev2',
  'chosenProposal',
  'built for a sensor: one transform of each type to choose from',
  (lawful) =>
    (...asked) =>
      sensorsOwn(lawful(...asked)),
);

export const acceptsOneOfEachTransform = mutant(
  'acceptsOneOfEachTransform',
  'ikev2',
  'acceptedProposal',
  'built for a sensor: it may offer more, and has one transform of each type',
  (lawful) =>
    (...answer) =>
      sensorsOwn(lawful(...answer)),
);

export const takesWhatIsOffered = mutant(
  'takesWhatIsOffered',
  'ikev2',
  'chosenProposal',
  'the first proposal of a child is taken as it is, whatever policy wants',
  (lawful) =>
    (...asked) =>
      asked[2] === protocolIds.IKE ? lawful(...asked) : asked[0][0] && chosenOf(asked[0][0]),
);

/** AES-CBC of 128 bits with HMAC-SHA-256 and Curve25519 for IKE, AES-GCM of 128 bits for ESP. */
function sensorsOwn(chosen: ChosenProposal | undefined): ChosenProposal | undefined {
  if (chosen?.encryption?.keyLength !== 128) return undefined;
  const { protocolId, encryption, integrity, prf, group } = chosen;
  const isOwn =
    protocolId === protocolIds.IKE
      ? encryption.id === 12 && integrity === 12 && prf === 5 && group === 31
      : encryption.id === 20;
  return isOwn ? chosen : undefined;
}
