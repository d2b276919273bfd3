/**
 * A message of IKE comes under SPIs of no IKE SA that the node has (RFC 7296 sections 1.5 and 2.21.4): a request may be answered with INVALID_IKE_SPI, in clear and as it was
 * asked, a response and what is in clear itself may not; and whoever sends many is not answered each time.
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  type Control,
  type FoundMessage,
  type Judgement,
  post,
  pre,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { unknownSpiMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { equal } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { type At, between, nodes, olderIds, type Role, roles } from './nodes.ts';
import { complaint, type OtherSpi, underOther } from './strayed-messages.ts';

const only = childName(peering.child);

export const unknownIkeSpi = scenario({
  name: 'unknown-ike-spi',
  title: 'A message comes that belongs to no IKE SA',
  dimensions: {
    message: ['request', 'response', 'complaint'],
    spi: ['initiator', 'responder', 'both'],
    node: nodes,
    role: roles,
  },
  where: ({ message, spi }) => message === 'request' || spi === 'both',
  given: ({ node }) => between(node),
  async play(stage, { message, spi, role }) {
    await begins(stage, role);
    const stray = message === 'complaint' ? complaint : underOther(spi as OtherSpi, message === 'response');
    await stage.tn.repeatsRequest('stray', 'life', stray);
    await ends(stage);
  },
  questions: {
    'RFC7296-2.21.4': question('Is it answered as it may be, if at all?', {
      outcomes: ['told', 'told-otherwise', 'silent'],
      controls: (t) => [...aroundStray(t), seen('the message comes', strays(t, 'stray')[0])],
      judge: (t) => judged(t),
      plays: ({ message }) => (message === 'request' ? ['responder', 'receiver'] : 'receiver'),
      reads: ({ message }) =>
        message === 'request'
          ? [
              reads(RFC7296, '2.21.4', 'MUST', 'responder', { told: pass, 'told-otherwise': fail, silent: pass }),
              reads(RFC7296, '1.5', 'MAY', 'responder', {
                told: pass,
                'told-otherwise': observed('it says something else'),
                silent: observed('nothing is said'),
              }),
            ]
          : [
              reads(RFC7296, message === 'response' ? '2.21.4' : '1.5', 'MUST NOT', 'receiver', {
                told: fail,
                'told-otherwise': fail,
                silent: pass,
              }),
            ],
      lawful: (at) => (at.message === 'request' && isOwn(at) ? 'told' : 'silent'),
      turnedBy: (at) => {
        if (at.message !== 'request') return [[unknownSpiMutants.answersUnknownResponses, 'told']];
        if (!isOwn(at)) return [[unknownSpiMutants.findsByBothSpis, 'told']];
        return [
          [unknownSpiMutants.saysNothingToUnknownIkeSpis, 'silent'],
          [unknownSpiMutants.answersWithOwnSpis, 'told-otherwise'],
          [unknownSpiMutants.answersUnderMessageIdZero, 'told-otherwise'],
        ];
      },
      alsoKnownAs: (at) =>
        at.message === 'request' ? olderIds(at, { initiator: ['1.1.8.1'], responder: ['1.1.8.1'] }) : [],
    }),
  },
});

export const unknownIkeSpis = scenario({
  name: 'unknown-ike-spis',
  title: 'Many messages come that belong to no IKE SA',
  dimensions: { messages: ['many'], node: nodes, role: roles },
  given: ({ node }) => between(node),
  async play(stage, { role }) {
    await begins(stage, role);
    for (let message = 1; message <= MANY; message++)
      await stage.tn.repeatsRequest(`stray ${message}`, 'life', underOther('both', false));
    await ends(stage);
  },
  questions: {
    'RFC7296-2.21.4-RATE': question('Are fewer answered than come?', {
      outcomes: ['limited', 'each', 'silent'],
      controls: (t) => [
        ...aroundStray(t),
        seen('all of them come', strays(t, 'stray 1').length === MANY ? strays(t, 'stray 1')[0] : undefined),
      ],
      judge: (t) => {
        const answers = answersSince(t, 'stray 1');
        const [first] = answers;
        if (!first) return t.ike.informed('later life')?.as('silent');
        const says = `${answers.length} of ${MANY} are answered`;
        return t.ike.said(first, says).as(answers.length < MANY ? 'limited' : 'each');
      },
      plays: ['responder', 'receiver'],
      reads: [reads(RFC7296, '2.21.4', 'obs', 'implementation', { limited: pass, each: fail, silent: pass })],
      lawful: 'limited',
      turnedBy: [
        [unknownSpiMutants.answersEachTime, 'each'],
        [unknownSpiMutants.saysNothingToUnknownIkeSpis, 'silent'],
      ],
    }),
  },
});

async function begins({ tn, nut }: Stage, role: string): Promise<void> {
  await (role === 'initiator' ? nut : tn).initiates('establish', only);
  await tn.asksForLife('life', only, { unlessRefused: 'establish' });
  await tn.echo('before');
}

async function ends({ tn }: Stage): Promise<void> {
  await tn.asksForLife('later life', only);
  await tn.echo('after');
}

const aroundStray = (t: Account): readonly Control[] => [
  pre('the two agree and speak', t.established('establish', 'before')),
  post('the IKE SA lives', t.ike.informed('later life')),
  post('traffic goes on', t.answered('after')),
];

/** The node's own SPI is not the one that it has: that is what it finds an IKE SA by (section 2.6). */
const isOwn = ({ spi, role }: At): boolean => spi === 'both' || spi === (role as Role);

/** What the tester sent that is no message of its own. */
function strays(t: Account, after: string) {
  const isStray = ({ frame }: FoundMessage) => frame.entry.from === 'tn' && frame.entry.tampers.length > 0;
  return t.ike.messages(after).flatMap((each) => (isStray(each) ? [t.ike.said(each, 'it belongs to no IKE SA')] : []));
}

const saysInvalid = ({ ike: { message, payloads = [] } }: FoundMessage): boolean =>
  [...message.payloads, ...payloads].some(
    (each) => each.type === 'N' && each.notifyType === notifyTypes.INVALID_IKE_SPI,
  );

const answersSince = (t: Account, moment: string): readonly FoundMessage[] =>
  t.ike.messages(moment).filter((each) => each.frame.entry.from === 'nut' && saysInvalid(each));

function judged(t: Account): Judgement | undefined {
  const [answer] = answersSince(t, 'stray');
  if (!answer) return t.ike.informed('later life')?.as('silent');
  const stray = t.ike
    .messages('stray')
    .find(({ frame }) => frame.entry.from === 'tn' && frame.entry.tampers.length > 0);
  return stray && isCopied(answer, stray)
    ? t.ike.said(answer, 'INVALID_IKE_SPI with the SPIs and the Message ID of the request').as('told')
    : t.ike.said(answer, 'INVALID_IKE_SPI, and not as it was asked').as('told-otherwise');
}

function isCopied({ ike: answer }: FoundMessage, { ike: stray }: FoundMessage): boolean {
  const [copy, header] = [answer.message.header, stray.message.header];
  return (
    copy.flags.response &&
    copy.messageId === header.messageId &&
    copy.exchangeType === header.exchangeType &&
    equal(copy.initiatorSPI, header.initiatorSPI) &&
    equal(copy.responderSPI, header.responderSPI) &&
    answer.state !== 'opened'
  );
}

/** Several times as many as come of a node that has lost its state. */
const MANY = 32;
