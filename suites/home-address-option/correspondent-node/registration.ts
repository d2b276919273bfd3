/**
 * Return routability and what comes of it, undisturbed (RFC 6275 5.2, 9.4, 9.5): both tests are answered where they were asked from, an update that both
 * tokens authorise is accepted, and packets go by way of the care-of address from then on.
 */
import { both, type Finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { fromAway, tests, update } from './acts.ts';

export const registration = scenario({
  name: 'registration',
  title: 'A mobile node registers with a correspondent',
  dimensions: { at: ['away'] },
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }) {
    await tn.echo('at home');
    await tests(tn);
    await tn.sends('update', update());
    await tn.packet('optimised', fromAway(1), { awaited: true });
    await tn.echo('after');
  },
  questions: {
    'ARKKO-2.3b': question('Does return routability lead to a binding?', {
      outcomes: ['bound', 'tested only', 'untested'],
      controls: (t) => [
        pre('the home address is reachable', t.answered('at home')),
        post('and still', t.answered('after')),
      ],
      judge: (t) => {
        const tested = both(t.mobility.answered('home test'), t.mobility.answered('care-of test'));
        const routed = t.answer('optimised');
        const bound: Finding | undefined = both(
          tested,
          t.mobility.acknowledged('update', 0),
          routed && t.answered('optimised'),
        );
        return (
          bound?.as('bound') ?? tested?.as('tested only') ?? t.mobility.silent('home test', 'after')?.as('untested')
        );
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '9.5.1', 'MUST', 'receiver', { bound: pass, 'tested only': fail, untested: fail }),
        reads(ARKKO, '2.3', 'obs', 'receiver', { bound: pass, 'tested only': fail, untested: fail }),
      ],
      lawful: 'bound',
      turnedBy: [[mobilityMutants.keyOfHomeTokenAlone, 'tested only']],
      alsoKnownAs: ['CN-1-1', 'CN-1-2', 'CN-1-3'],
    }),
  },
});
