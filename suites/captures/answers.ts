/** What becomes of IKE SAs as their messages go by. Whether a request finds its IKE SA wherever it comes from, and its answer goes there (DUPONT R, RFC 7296 2.11). Headers are in clear, so that no key is asked for. */
import { captureQuestion, inconclusive, seenAt } from '../../harness/vocabulary/capture-question.ts';
import { fail, observed, pass, reads } from '../../harness/vocabulary/question.ts';
import { DUPONT, MCDANIEL, RFC7296 } from '../requirements/documents.ts';

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

export const bothWays = captureQuestion({
  id: 'MCDANIEL-FLOW',
  asked: 'both-ways',
  title: 'Do the two agree on a child, and does traffic go both ways under it?',
  about: 'ikeSa',
  asks: ({ child }) => child !== undefined,
  outcomes: ['both-ways'],
  judge: ({ child, carried: { initiator, responder } }) => {
    if (initiator && responder)
      return seenAt('both-ways', 'what each side sends under the child verifies', child!, initiator, responder);
    const missing = initiator ? 'the responder' : responder ? 'the initiator' : 'either side';
    return inconclusive('I-PRE', `no packet of ${missing} under the child is there and verifies`);
  },
  plays: ['responder', 'initiator'],
  reads: [
    reads(MCDANIEL, 'figure 1', 'obs', 'implementation', { 'both-ways': observed('the two agree and speak under it') }),
    // Whether each said what it was told to say, and at once, no capture knows: section 4 is not settled by it.
    reads(RFC7296, '4', 'obs', 'implementation', { 'both-ways': observed('both make the same keys, and speak') }),
  ],
});
