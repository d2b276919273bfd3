/**
 * The entropy of a lab: every octet comes from the lab's seed, through SHA-256 in counter mode, with a stream for each station and
 * purpose, so that one seed gives the same octets every time and one more nonce never shifts an IV.
 */
import { createHash } from 'node:crypto';
import type { EntropyPurpose, Env } from '../../reference/machine.ts';

export function seededEnv(seed: number, station: string): Env {
  const drawn = new Map<EntropyPurpose, number>();
  return {
    octets(purpose, length) {
      const octets = new Uint8Array(length);
      for (let filled = 0; filled < length; filled += BLOCK_LENGTH) {
        const counter = drawn.get(purpose) ?? 0;
        drawn.set(purpose, counter + 1);
        const block = createHash('sha256').update(`${seed}/${station}/${purpose}/${counter}`).digest();
        octets.set(block.subarray(0, Math.min(BLOCK_LENGTH, length - filled)), filled);
      }
      return octets;
    },
  };
}

/** Octets of one SHA-256 digest. */
const BLOCK_LENGTH = 32;
