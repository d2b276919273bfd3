/**
 * A request that was answered comes again in fragments (RFC 7383 section 2.6.1): all of them, or one that is not the first before all of them. The
 * tester has not heard the answer.
 */

import { both, finding, seen } from '../../harness/vocabulary/judging.ts';
import { asksAgain } from '../../harness/vocabulary/lies.ts';
import { fragmentMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { impersonation, impersonationControls, playImpersonation } from '../identity/impersonation.ts';
import { RFC7383 } from '../requirements/documents.ts';
import { answersAfter, splitAt } from './fragments.ts';

export const fragmentsRepeated = scenario({
  name: 'fragments-repeated',
  title: 'An answered IKE_AUTH request comes again in fragments',
  dimensions: { again: ['all-fragments', 'second-alone'] },
  given: () => impersonation(splitAt(400)),
  misbehaves: ({ again }) => ({
    tn: again === 'second-alone' ? asksAgain('claim', 2, [1]) : asksAgain('claim', 1, []),
  }),
  play: (stage) => playImpersonation(stage, 'responder'),
  questions: {
    'RFC7383-2.6.1': question('Is a request that comes again in fragments answered again once, at its first?', {
      outcomes: ['once', 'oftener', 'never'],
      controls: (t) => [
        ...impersonationControls(t),
        seen('the request came again', t.ike.heard(REQUEST, { by: 'tn', after: 'claim' })),
      ],
      judge(t) {
        const answers = answersAfter(t, 'claim', 'after');
        const counted = finding(`${answers} answers to the request`);
        const outcome = answers === 1 ? 'never' : answers === 2 ? 'once' : 'oftener';
        return both(t.ike.heard(ANSWER, { by: 'nut', after: 'claim' }), counted)?.as(outcome);
      },
      plays: 'responder',
      reads: [reads(RFC7383, '2.6.1', 'MUST', 'responder', { once: pass, oftener: fail, never: fail })],
      lawful: 'once',
      turnedBy: ({ again }) => [
        [fragmentMutants.answersEveryFragment, 'oftener'],
        ...(again === 'all-fragments' ? ([[fragmentMutants.answersNoFragment, 'never']] as const) : []),
      ],
    }),
  },
});

const REQUEST = 'HDR, SKF {IDi, CERT+, [CERTREQ,] [IDr,] AUTH, SA, TSi, TSr}';
const ANSWER = 'HDR, SK {IDr, CERT+, AUTH, SA, TSi, TSr}';
