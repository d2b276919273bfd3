/**
 * Encryption without integrity (BELLOVIN 3.1 "not recommended"; RFC 8221 4 MUST NOT): a peer offers the node's own cipher without it, alone or before an offer that has it.
 */
import { type Account, both, type Judgement } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espSuites, proposalOf } from '../../harness/vocabulary/transforms.ts';
import { transformTypes } from '../../reference/wire/ike/transform-types.ts';
import { converses, impersonation, impersonationControls, noSaAfterClaim } from '../identity/impersonation.ts';
import { BELLOVIN, RFC7296, RFC8221 } from '../requirements/documents.ts';

const [checked, unchecked] = [proposalOf(espSuites['aes-cbc-sha256']), proposalOf(espSuites['aes-cbc-alone'])];
const offers = { alone: [unchecked], 'before-integrity': [unchecked, checked] } as const;

export const confidentialityAlone = scenario({
  name: 'confidentiality-alone',
  title: 'A peer offers encryption without integrity',
  dimensions: { offered: Object.keys(offers) as (keyof typeof offers)[] },
  given: ({ offered }) => {
    const told = impersonation({ child: { proposals: [checked] }, claim: {} });
    const { tn } = told.parties;
    const [child] = tn!.ike[0]!.children;
    const ike = tn!.ike.map((each) =>
      each.name === 'claim' ? { ...each, children: [{ ...child!, proposals: offers[offered] }] } : each,
    );
    return { ...told, parties: { ...told.parties, tn: { ...tn!, ike } } };
  },
  async play(stage) {
    await converses(stage, 'responder', 'before');
    await converses(stage, 'responder', 'claim', { face: 'claim' });
    await converses(stage, 'responder', 'after');
  },
  questions: {
    'BELLOVIN-3.1d': question('Is a child made whose packets nobody can tell from forged ones?', {
      outcomes: ['refused', 'with-integrity', 'without'],
      controls: impersonationControls,
      judge,
      plays: 'responder',
      reads: ({ offered }) => {
        const of = {
          refused: offered === 'alone' ? pass : fail,
          'with-integrity': pass,
          without: fail,
        };
        return [
          reads(BELLOVIN, '3.1', 'SHOULD NOT', 'responder', { ...of, refused: pass }),
          reads(RFC8221, '4', 'MUST NOT', 'implementation', { ...of, refused: pass }),
          reads(RFC7296, '2.7', 'MUST', 'responder', of),
        ];
      },
      lawful: ({ offered }) => (offered === 'alone' ? 'refused' : 'with-integrity'),
      turnedBy: [[childMutants.takesWhatIsOffered, 'without']],
    }),
  },
});

/** By the transforms of the answer. */
function judge(t: Account): Judgement | undefined {
  const answer = t.ike.settled('claim');
  const proposal = answer?.ike.payloads?.find((payload) => payload.type === 'SA')?.proposals[0];
  if (!proposal) return both(t.ike.refused('claim', 'nut', 'NO_PROPOSAL_CHOSEN'), noSaAfterClaim(t))?.as('refused');
  const isChecked = proposal.transforms.some(
    ({ type, id }) => type === transformTypes['Integrity Algorithm'] && id !== NONE,
  );
  return t.ike.childAgreed('claim')?.as(isChecked ? 'with-integrity' : 'without');
}

/** Of integrity. */
const NONE = 0;
