/** Broken twins of IKEv2 where it makes, multiplies and replaces children. */
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
