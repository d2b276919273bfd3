/**
 * One transform after the other, negotiated and used: by IKE for itself (RFC 8247 section 2) and for ESP (RFC 8221 sections 5 and 6). Each is the only one
 * of its type that either side has, and traffic shows that both make the same of it.
 */
import { negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Finding } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espProposal, ikeProposal, type ProposalConfiguration } from '../../harness/vocabulary/transforms.ts';
import { aloneControls, conversesAlone, type Role, roles } from '../identity/impersonation.ts';
import { RFC7296, RFC8221, RFC8247 } from '../requirements/documents.ts';
import { type Choice, forEsp, forIke, type Level } from '../transform-choices.ts';

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
