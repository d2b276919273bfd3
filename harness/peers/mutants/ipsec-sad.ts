/** Broken twins of the SAD (RFC 4301 4.4.2): how long an SA is used, and what it has to itself. */
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

export const usesEachOnce = mutant(
  'usesEachOnce',
  'ipsec',
  'outboundSa',
  'an SA is asked for with each packet, and the one of the packet before is forgotten',
  () => (fitting) => fitting.find(({ packets }) => packets === 0),
);

export const countsForAll = mutant(
  'countsForAll',
  'ipsec',
  'nextSequenceNumber',
  'the counter is the node’s, and every SA takes its numbers from it',
  () => {
    let last = 0n;
    return () => ++last;
  },
);

export const takesLowSpisForReserved = mutant(
  'takesLowSpisForReserved',
  'ipsec',
  'spiUsable',
  'what is lower than any SPI that this node itself would choose cannot be one',
  () => (spi) => spi > 0xffff,
);
