/**
 * Two products part (RFC 7296 1.4.1): the peer deletes the IKE SA, and with it all its children are gone on both sides. Who deletes and who is told
 * changes with the order of the two.
 */
import { type Account, both, type Finding, pre } from '../../harness/vocabulary/judging.ts';
import { meeting, twoProducts } from '../../harness/vocabulary/meeting.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC7296 } from '../requirements/documents.ts';
import { agree, unprotectedIn } from './agreeing.ts';
import { after, before, crossed, speak, speaking } from './crossing.ts';
import { hasNothing } from './holdings.ts';

export const parting = scenario({
  name: 'parting',
  title: 'One of two products deletes what both agreed on',
  cast: twoProducts,
  dimensions: { by: ['delete'], role: ['initiator', 'responder'], family: ['ipv4', 'ipv6'] },
  given: ({ family }) => meeting({ family }),
  async play(stage, { role, family }) {
    const { nut, peer } = stage;
    await speak(stage, before, unprotectedIn({}, family));
    await agree(stage, role);
    await speak(stage);
    await nut.reports('nut before');
    await peer.closes('close');
    await nut.reports('nut after', { until: hasNothing });
    await peer.reports('peer after', { until: hasNothing });
    await speak(stage, after, unprotectedIn({}, family));
  },
  questions: {
    'MCDANIEL-FLOW': question('Is everything gone when the other one deletes the IKE SA?', {
      outcomes: ['gone', 'kept'],
      controls: (t) => [
        speaking(t, before),
        pre('the tunnel works both ways', both(crossed(t, 'there'), crossed(t, 'back'))),
        pre(
          'its SAs stand',
          t.reported('nut before', 'sad', 'a pair of SAs', ({ sad }) => sad.length >= 2),
        ),
        pre('the other one has nothing left', nothingLeft(t, 'peer after')),
        speaking(t, after),
      ],
      judge: (t) =>
        nothingLeft(t, 'nut after')?.as('gone') ??
        t.reported('nut after', 'sad', 'SAs that were deleted', ({ sad }) => sad.length > 0)?.as('kept'),
      plays: 'receiver',
      reads: [
        reads(MCDANIEL, 'figure 1', 'obs', 'implementation', {
          gone: observed('the SAs end for both'),
          kept: observed('one side keeps its SAs'),
        }),
        reads(RFC7296, '1.4.1', 'MUST', 'receiver', { gone: pass, kept: fail }),
      ],
      lawful: 'gone',
      turnedBy: [[childMutants.forgetsDeletions, 'kept']],
    }),
  },
});

function nothingLeft(t: Account, report: string): Finding | undefined {
  return t.reported(report, 'sad', 'no SA of any kind', hasNothing);
}
