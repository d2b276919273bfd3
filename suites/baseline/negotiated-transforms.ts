/**
 * One transform after the other, negotiated and used: by IKE for itself (RFC 8247 section 2) and for ESP (RFC 8221 sections 5 and 6). Each is the only one
 * of its type that either side has, and traffic shows that both make the same of it.
 */
import { negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Finding } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, type Reads, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espProposal, ikeProposal, type ProposalConfiguration } from '../../harness/vocabulary/transforms.ts';
import { aloneControls, conversesAlone, type Role, roles } from '../identity/impersonation.ts';
import { RFC7296, RFC8221, RFC8247 } from '../requirements/documents.ts';

type Level = Reads<string>['level'];
/** What the proposal has in the place of the lab's, and what the document says of that. */
type Choice = readonly [level: Level, Partial<ProposalConfiguration>];

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

/** RFC 8247 2.1 and 2.3. */
const forIke = {
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

/** RFC 8221 5 and 6. */
const cbc = (id: number): Partial<ProposalConfiguration> => ({ ...aes(12, 128), integrity: [id] });
const forEsp = {
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

export const negotiatedTransforms = [
  negotiating('ike', 'encryption', RFC8247, '2.1', forIke.encryption),
  negotiating('ike', 'prf', RFC8247, '2.2', forIke.prf),
  negotiating('ike', 'integrity', RFC8247, '2.3', forIke.integrity),
  negotiating('ike', 'key-exchange', RFC8247, '2.4', forIke['key-exchange']),
  negotiating('esp', 'encryption', RFC8221, '5', forEsp.encryption),
  negotiating('esp', 'integrity', RFC8221, '6', forEsp.integrity),
];

function negotiating(
  protocol: 'ike' | 'esp',
  type: string,
  document: typeof RFC8247,
  section: string,
  choices: Readonly<Record<string, Choice>>,
) {
  return scenario({
    name: `negotiated-${protocol}-${type}`,
    title: `Both sides have one ${type} transform for ${protocol === 'ike' ? 'IKE' : 'ESP'}`,
    dimensions: { transform: Object.keys(choices), role: roles },
    given: ({ transform }) => speakingOnly(protocol, choices[transform]![1]),
    play: (stage, { role }) => conversesAlone(stage, role as Role, 'asked', { face: peering.connection }),
    questions: {
      [`${document.id}-${section}`]: question('Is the transform negotiated, and do both make the same of it?', {
        outcomes: ['agreed', 'refused', 'unusable'],
        controls: aloneControls,
        judge: (t) =>
          t.established('asked', 'asked echo')?.as('agreed') ??
          t.ike.childAgreed('asked')?.as('unusable') ??
          refused(t)?.as('refused'),
        plays: ({ role }) => role as Role,
        reads: ({ transform }) => [
          readingOf(document, section, choices[transform]![0]),
          reads(RFC7296, protocol === 'ike' ? '2.14' : '2.17', 'MUST', 'implementation', {
            agreed: pass,
            refused: observed('no keys are made'),
            unusable: fail,
          }),
        ],
        lawful: 'agreed',
        alsoKnownAs: ({ role }) => [`IKEv2.EN.${role === 'initiator' ? 'I' : 'R'}.1.1.6.${protocol === 'ike' ? 1 : 2}`],
        turnedBy: ({ role }): readonly Turn<'agreed' | 'refused' | 'unusable'>[] =>
          role === 'responder'
            ? [[childMutants.choosesOneOfEachTransform, 'refused']]
            : [[childMutants.acceptsOneOfEachTransform, protocol === 'esp' ? 'unusable' : 'refused']],
      }),
    },
  });
}

/** Of both sides; the rest is as ever. */
function speakingOnly(protocol: 'ike' | 'esp', change: Partial<ProposalConfiguration>) {
  const proposals = [{ ...(protocol === 'ike' ? ikeProposal : espProposal), ...change }];
  if (protocol === 'esp') return negotiated({ child: { proposals } });
  return negotiated({ proposals: { nut: proposals, tn: proposals } });
}

/** In so many words, or because nothing came of it: an initiator that takes no answer says nothing. */
function refused(t: Account): Finding | undefined {
  return t.ike.refused('asked', 'nut') ?? t.answered('life');
}

/** The document asks for an implementation, or lets it be; `SHOULD NOT` of what some still have. */
function readingOf(document: typeof RFC8247, section: string, level: Level) {
  const without = level === 'MUST' || level === 'SHOULD' ? fail : observed('it is not implemented, as it need not be');
  const has = level === 'SHOULD NOT' ? observed('it is implemented still') : pass;
  return reads(document, section, level === 'SHOULD NOT' ? 'obs' : level, 'implementation', {
    agreed: has,
    refused: without,
    unusable: level === 'MAY' ? observed('it is agreed on, and carries nothing') : fail,
  });
}
