/**
 * Where each field of a packet of ESP (RFC 4303 2) or AH (RFC 4302 2) is reached from its first octet, or back from its end, so that something can be altered
 * there, and under which algorithms that is asked. AH keeps its length.
 */
import type { EspByHand } from '../../harness/vocabulary/stage.ts';
import { flippedAt, shortenedBy } from '../../harness/vocabulary/tampers.ts';
import { ahSuites, espSuites, type ProtectingSuite } from '../../harness/vocabulary/transforms.ts';

/** A suite and the octets of its fields. */
export interface Altered {
  readonly suite: ProtectingSuite;
  readonly iv: number;
  readonly icv: number;
  readonly integrityKey: number;
  /** Asked about everything its protocol has; the others about what they alone do. */
  readonly inFull?: boolean;
}

export const alteredSuites: Readonly<Record<string, Altered>> = {
  'aes-cbc-sha256': { suite: espSuites['aes-cbc-sha256'], iv: 16, icv: 16, integrityKey: 32, inFull: true },
  'aes-gcm': { suite: espSuites['aes-gcm'], iv: 8, icv: 16, integrityKey: 0, inFull: true },
  'aes-gmac': { suite: espSuites['aes-gmac'], iv: 8, icv: 16, integrityKey: 0 },
  'ah-sha256': { suite: ahSuites['ah-sha256'], iv: 0, icv: 16, integrityKey: 32, inFull: true },
  'ah-sha1': { suite: ahSuites['ah-sha1'], iv: 0, icv: 12, integrityKey: 20 },
  'ah-sha384': { suite: ahSuites['ah-sha384'], iv: 0, icv: 24, integrityKey: 48 },
  'ah-sha512': { suite: ahSuites['ah-sha512'], iv: 0, icv: 32, integrityKey: 64 },
  'ah-xcbc': { suite: ahSuites['ah-xcbc'], iv: 0, icv: 12, integrityKey: 16 },
  'ah-cmac': { suite: ahSuites['ah-cmac'], iv: 0, icv: 12, integrityKey: 16 },
  'ah-gmac': { suite: ahSuites['ah-gmac'], iv: 8, icv: 16, integrityKey: 20 },
};

/** Each as the protocol has it; padding is never empty here. */
export const alterations: Readonly<Record<string, Partial<Record<'ESP' | 'AH', (of: Altered) => EspByHand>>>> = {
  spi: { ESP: () => ({ announcedAs: 'twin' }), AH: () => ({ announcedAs: 'twin' }) },
  'sequence-number': { ESP: () => at(7), AH: () => at(11) },
  iv: { ESP: () => at(8), AH: () => at(12) },
  ciphertext: { ESP: ({ iv }) => at(8 + iv + 24) },
  padding: { ESP: ({ icv }) => at(-icv - 3) },
  'pad-length': { ESP: ({ icv }) => at(-icv - 2) },
  'next-header': { ESP: ({ icv }) => at(-icv - 1), AH: () => at(0) },
  icv: { ESP: () => at(-1), AH: ({ iv, icv }) => at(12 + iv + icv - 1) },
  'wrong-key': {
    ESP: ({ integrityKey }) =>
      integrityKey === 0 ? { encryptionKey: '5a'.repeat(20) } : { integrityKey: '5a'.repeat(integrityKey) },
    AH: ({ integrityKey }) => ({ integrityKey: '5a'.repeat(integrityKey) }),
  },
  'truncated-icv': { ESP: () => ({ afterSealing: shortenedBy(4) }) },
  'truncated-packet': { ESP: () => ({ afterSealing: shortenedBy(32) }) },
  payload: { AH: () => at(-1) },
};

/** Whether there is such a field, and it is asked about. */
export function isAsked(what: string, suite: string, mode: string): boolean {
  const { iv, inFull, suite: of } = alteredSuites[suite]!;
  if (alterations[what]![of.protocol] === undefined || (what === 'iv' && iv === 0)) return false;
  return inFull || (mode === 'transport' && ['iv', 'icv'].includes(what));
}

const at = (offset: number): EspByHand => ({ afterSealing: flippedAt(offset) });
