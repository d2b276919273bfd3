/** Broken twins of the SAD (RFC 4301 4.4.2): how long an SA is used, and for what. */
import { mutant } from '../mutant.ts';

export const hasNoClock = mutant(
  'hasNoClock',
  'ipsec',
  'lifetimeReached',
  'octets are counted where packets pass, and no timer runs beside them',
  () =>
    ({ sa: { lifetime }, octets }) =>
      octets >= (lifetime?.octets ?? Infinity),
);

export const countsNoOctets = mutant(
  'countsNoOctets',
  'ipsec',
  'lifetimeReached',
  'a timer ends an SA, and nobody looks at how much it has carried',
  () =>
    ({ sa: { lifetime }, installed }, now) =>
      now - installed >= 1000 * (lifetime?.seconds ?? Infinity),
);
