/**
 * Transforms one by one, by the names that cases have for them: those of IKE (RFC 8247 section 2) and of ESP (RFC 8221 sections 5 and 6), each as what a proposal has in the place of the
 * lab's, with what its document says of implementing it.
 */
import type { Reads } from '../harness/vocabulary/question.ts';
import type { ProposalConfiguration } from '../harness/vocabulary/transforms.ts';

export type Level = Reads<string>['level'];
/** What the proposal has in the place of the lab's, and what the document says of that. */
export type Choice = readonly [level: Level, Partial<ProposalConfiguration>];

const aes = (id: number, keyLength: number): Partial<ProposalConfiguration> => ({ encryption: [{ id, keyLength }] });
const aead = (id: number, keyLength?: number): Partial<ProposalConfiguration> => ({
  encryption: [keyLength === undefined ? { id } : { id, keyLength }],
  integrity: [],
});
const integrity = (id: number): Partial<ProposalConfiguration> => ({ integrity: [id] });
const prf = (id: number): Partial<ProposalConfiguration> => ({ pseudorandomFunctions: [id] });
const group = (id: number): Partial<ProposalConfiguration> => ({ keyExchangeMethods: [id] });

const aeads = {
  'aes128-ccm-8': ['SHOULD', aead(14, 128)],
  'aes256-ccm-12': ['MAY', aead(15, 256)],
  'aes128-ccm-16': ['MAY', aead(16, 128)],
  'aes128-gcm-8': ['MAY', aead(18, 128)],
  'aes256-gcm-12': ['MAY', aead(19, 256)],
  'chacha20-poly1305': ['SHOULD', aead(28)],
} as const satisfies Record<string, Choice>;

/** RFC 8247 2.1 to 2.4. */
export const forIke = {
  encryption: {
    '3des': ['MAY', { encryption: [{ id: 3 }] }],
    'aes192-cbc': ['MAY', aes(12, 192)],
    'aes256-cbc': ['MUST', aes(12, 256)],
    'aes128-ctr': ['MAY', aes(13, 128)],
    'aes128-gcm-16': ['SHOULD', aead(20, 128)],
    'aes256-gcm-16': ['SHOULD', aead(20, 256)],
    ...aeads,
  },
  prf: {
    'hmac-sha1': ['MUST', prf(2)],
    'aes128-xcbc': ['SHOULD', prf(4)],
    'hmac-sha384': ['MAY', prf(6)],
    'hmac-sha512': ['SHOULD', prf(7)],
    'aes128-cmac': ['MAY', prf(8)],
  },
  integrity: {
    'hmac-sha1-96': ['MUST', integrity(2)],
    'aes-xcbc-96': ['SHOULD', integrity(5)],
    'aes-cmac-96': ['MAY', integrity(8)],
    'hmac-sha384-192': ['MAY', integrity(13)],
    'hmac-sha512-256': ['SHOULD', integrity(14)],
  },
  'key-exchange': {
    modp1536: ['SHOULD NOT', group(5)],
    modp2048: ['MUST', group(14)],
    modp3072: ['MAY', group(15)],
    modp4096: ['MAY', group(16)],
    modp6144: ['MAY', group(17)],
    modp8192: ['MAY', group(18)],
    ecp256: ['SHOULD', group(19)],
    ecp384: ['MAY', group(20)],
    ecp521: ['MAY', group(21)],
    curve448: ['MAY', group(32)],
  },
} as const satisfies Record<string, Readonly<Record<string, Choice>>>;

const cbc = (id: number): Partial<ProposalConfiguration> => ({ ...aes(12, 128), integrity: [id] });
/** RFC 8221 5 and 6. */
export const forEsp = {
  encryption: {
    null: ['MUST', { encryption: [{ id: 11 }], integrity: [12] }],
    '3des': ['SHOULD NOT', { encryption: [{ id: 3 }], integrity: [12] }],
    'aes256-cbc': ['MUST', { ...aes(12, 256), integrity: [12] }],
    'aes128-ctr': ['MAY', { ...aes(13, 128), integrity: [12] }],
    'aes256-gcm-16': ['MUST', aead(20, 256)],
    'aes128-gmac': ['MAY', aead(21, 128)],
    ...aeads,
  },
  integrity: {
    'hmac-sha1-96': ['MUST', cbc(2)],
    'aes-xcbc-96': ['MAY', cbc(5)],
    'aes-cmac-96': ['MAY', cbc(8)],
    'hmac-sha384-192': ['MAY', cbc(13)],
    'hmac-sha512-256': ['SHOULD', cbc(14)],
  },
} as const satisfies Record<string, Readonly<Record<string, Choice>>>;
