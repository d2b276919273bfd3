/** Whether a request finds its IKE SA wherever it comes from, and its answer goes there (DUPONT R, RFC 7296 2.11). Headers are in clear, so that no key is asked for. */
import { captureQuestion, inconclusive, seenAt } from '../../harness/vocabulary/capture-question.ts';
import { fail, observed, pass, reads } from '../../harness/vocabulary/question.ts';
import { DUPONT, RFC7296 } from '../requirements/documents.ts';

export const answeredWhereAsked = captureQuestion({
  id: 'DUPONT-R',
  title: 'Does an answer go to where its request came from?',
  about: 'ikeSa',
  asks: () => true,
  outcomes: ['in place', 'found', 'elsewhere'],
  judge: ({ answers: { answered, elsewhere, found, first } }) => {
    if (elsewhere)
      return seenAt(
        'elsewhere',
        `asked from ${elsewhere.from}, answered to ${elsewhere.to}`,
        elsewhere,
        elsewhere.request,
      );
    if (found) return seenAt('found', `asked from a new address, answered to ${found.to}`, found, found.request);
    if (!first) return inconclusive('I-PRE', 'no request is there with its answer');
    return seenAt('in place', `${answered} answers go to where their requests came from`, first, first.request);
  },
  plays: ['responder', 'initiator'],
  reads: [
    reads(DUPONT, '3.4 R', 'SHOULD', 'responder', {
      'in place': observed('nobody asks from a new address'),
      found: pass,
      elsewhere: fail,
    }),
    reads(RFC7296, '2.11', 'MUST', 'implementation', { 'in place': pass, found: pass, elsewhere: fail }),
  ],
});
