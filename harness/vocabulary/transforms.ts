/** Transforms as scenarios name them, with the IANA numbers of RFC 7296 3.3.2 and lab keys that are made, not secret. */
import {
  encryptionAlgorithms,
  integrityAlgorithms,
  keyExchangeMethods,
  pseudorandomFunctions,
} from '../../reference/wire/ike/transform-types.ts';
import type { Hex, ManualAh, ManualEsp, ProposalConfiguration } from '../lab/node.ts';

export type { ProposalConfiguration } from '../lab/node.ts';

/** What protects a pair of SAs. */
export type ProtectingSuite = EspSuite | AhSuite;

export interface AhSuite {
  readonly protocol: 'AH';
  readonly integrity: number;
  keyed(index: number): Pick<ManualAh, 'protocol' | 'integrity'>;
}

export interface EspSuite {
  readonly protocol: 'ESP';
  readonly encryption: { readonly id: number; readonly keyLength?: number };
  readonly integrity?: number;
  /** The suite with keys for a manual SA, different ones for each `index`. */
  keyed(index: number): Pick<ManualEsp, 'encryption' | 'integrity'>;
}

export const espSuites = {
  'aes-cbc-sha256': suite(
    { id: encryptionAlgorithms.ENCR_AES_CBC, keyLength: 128 },
    16,
    integrityAlgorithms.AUTH_HMAC_SHA2_256_128,
    32,
  ),
  'aes-cbc-sha512': suite(
    { id: encryptionAlgorithms.ENCR_AES_CBC, keyLength: 128 },
    16,
    integrityAlgorithms.AUTH_HMAC_SHA2_512_256,
    64,
  ),
  'aes-gcm': suite({ id: encryptionAlgorithms.ENCR_AES_GCM_16, keyLength: 128 }, 20),
  'aes-gmac': suite({ id: encryptionAlgorithms.ENCR_NULL_AUTH_AES_GMAC, keyLength: 128 }, 20),
  /** Confidentiality alone, which RFC 8221 section 4 forbids. */
  'aes-cbc-alone': suite({ id: encryptionAlgorithms.ENCR_AES_CBC, keyLength: 128 }, 16),
  'null-sha256': suite({ id: encryptionAlgorithms.ENCR_NULL }, 0, integrityAlgorithms.AUTH_HMAC_SHA2_256_128, 32),
} as const satisfies Record<string, EspSuite>;

export const ahSuites = {
  'ah-sha1': ahSuite(integrityAlgorithms.AUTH_HMAC_SHA1_96, 20),
  'ah-sha256': ahSuite(integrityAlgorithms.AUTH_HMAC_SHA2_256_128, 32),
  'ah-sha384': ahSuite(integrityAlgorithms.AUTH_HMAC_SHA2_384_192, 48),
  'ah-sha512': ahSuite(integrityAlgorithms.AUTH_HMAC_SHA2_512_256, 64),
  'ah-xcbc': ahSuite(integrityAlgorithms.AUTH_AES_XCBC_96, 16),
  'ah-cmac': ahSuite(integrityAlgorithms.AUTH_AES_CMAC_96, 16),
  'ah-gmac': ahSuite(integrityAlgorithms.AUTH_AES_128_GMAC, 20),
} as const satisfies Record<string, AhSuite>;

/** For scenarios that had ESP only before: those cases go by the names they had. */
export const laterProtections = ['', 'ah'] as const;

export const protectionOf = (later: (typeof laterProtections)[number]): ProtectingSuite | undefined =>
  later === 'ah' ? ahSuites['ah-sha256'] : undefined;

/** One IKE proposal that every product of today accepts and the reference computes fast. */
export const ikeProposal: ProposalConfiguration = {
  encryption: [{ id: encryptionAlgorithms.ENCR_AES_CBC, keyLength: 128 }],
  integrity: [integrityAlgorithms.AUTH_HMAC_SHA2_256_128],
  pseudorandomFunctions: [pseudorandomFunctions.PRF_HMAC_SHA2_256],
  keyExchangeMethods: [keyExchangeMethods.Curve25519],
};

export const espProposal: ProposalConfiguration = proposalOf(espSuites['aes-gcm']);

/** For a child whose protection is not what is asked about: AES-CBC with a hash is what the plainest kernel interface has (PF_KEY of Linux: neither an AEAD nor SHA2-256). */
export const otherwise: EspSuite = espSuites['aes-cbc-sha512'];
export const espProposals: readonly ProposalConfiguration[] = [espProposal, proposalOf(otherwise)];

/** The suite alone, as a child proposes it. */
export function proposalOf(suite: ProtectingSuite, extended = false): ProposalConfiguration {
  const { integrity } = suite;
  return {
    encryption: suite.protocol === 'ESP' ? [suite.encryption] : [],
    integrity: integrity === undefined ? [] : [integrity],
    extendedSequenceNumbers: [extended],
  };
}

function suite(
  encryption: EspSuite['encryption'],
  keyOctets: number,
  integrity?: number,
  integrityOctets = 0,
): EspSuite {
  return {
    protocol: 'ESP',
    encryption,
    ...(integrity !== undefined && { integrity }),
    keyed: (index) => ({
      encryption: { ...encryption, key: keyOf(keyOctets, 16 * index) },
      ...(integrity !== undefined && { integrity: { id: integrity, key: keyOf(integrityOctets, 16 * index + 8) } }),
    }),
  };
}

function ahSuite(integrity: number, octets: number): AhSuite {
  return {
    protocol: 'AH',
    integrity,
    keyed: (index) => ({ protocol: 'AH', integrity: { id: integrity, key: keyOf(octets, 16 * index + 8) } }),
  };
}

/** Counting octets: easy to recognise in a dump, different for each SA. */
function keyOf(length: number, first: number): Hex {
  return Array.from({ length }, (_, i) => ((first + i) & 0xff).toString(16).padStart(2, '0')).join('');
}
