/**
 * Two products meet (MCDANIEL, figure 1): they agree on keys by IKEv2, each knowing the other by a shared key or by a certificate, and traffic of the
 * networks behind them goes through a tunnel both ways.
 */
import type { Family } from '../../harness/vocabulary/intent.ts';
import { both } from '../../harness/vocabulary/judging.ts';
import { type Authentication, meeting, twoProducts } from '../../harness/vocabulary/meeting.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC7296 } from '../requirements/documents.ts';
import { after, before, crossed, lost, speakInClear, speaking } from './crossing.ts';

export const bySharedKey = meetingBy('shared-key', 'Two products agree by a shared key');
export const byCertificate = meetingBy('certificate', 'Two products agree by certificates');

function meetingBy(authentication: Authentication, title: string) {
  return scenario({
    name: `meeting-by-${authentication}`,
    title,
    cast: twoProducts,
    dimensions: { by: [authentication], role: ['initiator', 'responder'], family: ['ipv4', 'ipv6'] },
    given: ({ family }) => meeting(authentication, family),
    async play(stage, { role, family }) {
      const { nut, peer } = stage;
      await speakInClear(stage, family as Family, before);
      await (role === 'initiator' ? nut : peer).initiates('establish');
      await nut.echo('there');
      await peer.echo('back');
      await speakInClear(stage, family as Family, after);
    },
    questions: {
      'MCDANIEL-FLOW': question('Do the two agree on a tunnel, and does traffic go through it both ways?', {
        outcomes: ['both-ways', 'one-way', 'in-clear', 'none'],
        controls: (t) => [speaking(t, before), speaking(t, after)],
        judge: (t) => {
          const [there, back] = [crossed(t, 'there'), crossed(t, 'back')];
          const inClear = t.sentUnder('there', 'clear') ?? t.sentUnder('back', 'clear');
          return (
            both(there, back)?.as('both-ways') ??
            inClear?.as('in-clear') ??
            both(there, lost(t, 'back'))?.as('one-way') ??
            both(back, lost(t, 'there'))?.as('one-way') ??
            both(lost(t, 'there'), lost(t, 'back'))?.as('none')
          );
        },
        plays: ({ role }) => [role as 'initiator' | 'responder', 'sender', 'receiver'],
        reads: [
          reads(MCDANIEL, 'figure 1', 'obs', 'implementation', {
            'both-ways': observed('the two agree and speak through a tunnel'),
            'one-way': observed('the two agree, and speak one way'),
            'in-clear': observed('the two agree on nothing and speak in clear'),
            none: observed('the two agree on nothing'),
          }),
          reads(RFC7296, '4', 'MUST', 'implementation', {
            'both-ways': pass,
            'one-way': fail,
            'in-clear': fail,
            none: fail,
          }),
        ],
        lawful: 'both-ways',
        turnedBy: [[padMutants.knowsNoNames, 'none']],
      }),
    },
  });
}
