/** What a correspondent makes of the authenticator in a binding update (ARKKO 2.3, RFC 6275 9.5.1), which whoever saw the tokens can check. */
import {
  type BindingConversation,
  captureQuestion,
  inconclusive,
  seenAt,
} from '../../harness/vocabulary/capture-question.ts';
import { fail, pass, reads } from '../../harness/vocabulary/question.ts';
import { ARKKO, RFC6275 } from '../requirements/documents.ts';

const of = { bound: pass, refused: pass, 'bound all the same': fail };

export const updateAuthorised = captureQuestion({
  id: 'ARKKO-2.3b',
  asked: 'authenticator',
  title: 'Is a binding update accepted only with the authenticator that both tests lead to?',
  about: 'binding',
  asks: ({ updates }) => updates.length > 0,
  outcomes: ['bound', 'refused', 'bound all the same'],
  judge: ({ firsts, updates }) => {
    const unauthorised = first(firsts, 'accepted');
    if (unauthorised)
      return seenAt(
        'bound all the same',
        `an update whose authenticator is ${unauthorised.authenticator} is accepted`,
        unauthorised,
        unauthorised.answer!,
      );
    const bound = firsts.get('right accepted');
    const refused = first(firsts, 'refused');
    if (bound && refused)
      return seenAt(
        'refused',
        `refused with status ${refused.answer!.status}, and accepted with the right one`,
        refused,
        bound,
      );
    if (bound)
      return seenAt('bound', 'the update bears what the tokens lead to, and is accepted', bound, bound.answer!);
    if (refused) return inconclusive('I-PRE', 'an update is refused, and nothing shows that a right one is accepted');
    const other = firsts.get('right refused');
    if (other)
      return inconclusive(
        'I-CAUSE',
        `refused with status ${other.answer!.status}, though it bears what the tokens lead to`,
      );
    if (updates.some(({ authenticator }) => authenticator === 'untested'))
      return inconclusive('I-PRE', 'the tokens of an update are not in the capture');
    return inconclusive('I-TIME', 'no update is answered');
  },
  plays: 'receiver',
  reads: [reads(ARKKO, '2.3', 'obs', 'receiver', of), reads(RFC6275, '9.5.1', 'MUST', 'receiver', of)],
});

/** Of the updates without what they need. */
function first(firsts: BindingConversation['firsts'], answered: 'accepted' | 'refused') {
  const kind = ['wrong', 'misplaced', 'absent'].find((each) => firsts.has(`${each} ${answered}`));
  return kind === undefined ? undefined : firsts.get(`${kind} ${answered}`);
}
