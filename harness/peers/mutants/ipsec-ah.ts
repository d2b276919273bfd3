/** Broken twins of AH (RFC 4302): what its ICV covers, and how long it is. */
import { mutant } from '../mutant.ts';

/** The value that most packets have is taken for the only one. */
export const takesDefaultsAway = mutant(
  'takesDefaultsAway',
  'ipsec',
  'ahCoverage',
  'mutable fields are brought to zero by taking away what they usually are, so that any other value stays in',
  (lawful) => (packet) => {
    const covered = lawful(packet).slice();
    if (packet[0]! >> 4 === 4) {
      covered[1] = packet[1]!;
      covered[6] = packet[6]!;
      covered[8] = packet[8]! ^ USUAL_HOPS;
    } else {
      covered.set(packet.subarray(0, 4));
      covered[7] = packet[7]! ^ USUAL_HOPS;
    }
    return covered;
  },
);

/** Of options that may change, those that are as they were sent are no trouble; one that a router wrote into is. */
export const zeroesEmptyOptions = mutant(
  'zeroesEmptyOptions',
  'ipsec',
  'ahCoverage',
  'the data of options that may change is covered as it is, which is zero until somebody writes into it',
  (lawful) => (packet) => {
    const covered = lawful(packet).slice();
    // Of the only option, which stands first, the data.
    const [first, end] = packet[0]! >> 4 === 4 ? [24, 4 * (packet[0]! & 0x0f)] : [44, 48];
    for (let at = first; at < end; at++) covered[at] = packet[at]!;
    return covered;
  },
);

const USUAL_HOPS = 64;
