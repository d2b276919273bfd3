/** The payloads of a message stand in another order than in the figures (RFC 7296 2.5): nobody may reject it for that. */
import { tells } from '../../harness/vocabulary/lies.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { alters, became, exchangesAsked, meanwhileOf, wasTold } from './altered-exchange.ts';
import { aroundControls, between, CLAIM, nodes, olderIds, playAround, roles } from './nodes.ts';

export const payloadOrder = scenario({
  name: 'payload-order',
  title: 'The payloads of a message stand in reverse',
  dimensions: { order: ['reverse-order'], exchange: exchangesAsked, node: nodes, role: roles },
  where: ({ exchange }) => exchange !== 'informational',
  given: ({ node }) => between(node),
  misbehaves: ({ exchange, role }) => ({
    tn: tells('reverse order', alters(exchange, role, CLAIM), (message) => ({
      ...message,
      payloads: message.payloads.toReversed(),
    })),
  }),
  play: (stage, { exchange, role }) => playAround(stage, role, { meanwhile: meanwhileOf(stage, exchange, role) }),
  questions: {
    'RFC7296-2.5-ORDER': question('Is a message taken whose payloads stand in another order?', {
      outcomes: ['taken', 'rejected'],
      controls: (t) => [...aroundControls(t), wasTold(t, 'reverse order')],
      judge: (t, at) => became(t, at, { taken: 'taken', otherwise: 'rejected' }),
      plays: ['receiver'],
      reads: [reads(RFC7296, '2.5', 'MUST NOT', 'receiver', { taken: pass, rejected: fail })],
      lawful: 'taken',
      turnedBy: [[messageMutants.wantsPayloadsInOrder, 'rejected']],
      alsoKnownAs: (at) => olderIds(at, { responder: ['1.1.4.5'] }),
    }),
  },
});
