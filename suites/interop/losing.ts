/**
 * The wire between two products loses messages of IKE, so many of a hundred, while they agree, and while they replace the child (RFC 7296 2.1): whoever asks says it again, and both come to the same.
 */
import { both } from '../../harness/vocabulary/judging.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { again, continuing, meetsDone } from './continuing.ts';
import { back, there } from './crossing.ts';
import { report } from './holdings.ts';
import { childrenReplaced, hasOnlyOther, sentUnderNew } from './replaced.ts';

const percents = [1, 10, 30] as const;
type By = `loss-${(typeof percents)[number]}`;
const percentOf = (by: By): number => Number(by.replace('loss-', ''));

export const losing = continuing({
  name: 'losing',
  title: 'The wire between two products loses messages of IKE',
  by: percents.map((percent): By => `loss-${percent}`),
  roles: ['initiator'],
  amid: ({ lab }, by) =>
    lab.becomes(`the wire loses ${percentOf(by)} of 100`, { kind: 'lossy', percent: percentOf(by) }),
  async happens(stage) {
    await stage.nut.rekeysChild('replaces the child');
    await report(stage, 'replaced', hasOnlyOther('sad'));
  },
  settled: () => hasOnlyOther('sad'),
  question: 'Do the two come to the same, whatever is lost?',
  done: (t) => both(childrenReplaced(t), sentUnderNew(t, there(again), 'nut'), sentUnderNew(t, back(again), 'peer')),
  reads: () => [meetsDone(RFC7296, '2.1')],
  turnedBy: () => [[childMutants.keepsReplacedChild, 'at-odds']],
});
