/**
 * Nothing of IKE is lost for good (RFC 7296 2.1): who asks repeats the request, octet for octet, until it is answered and no longer; who answers keeps the
 * answer, and gives it again to whoever asks the same again. The lab holds the request, or loses the answer.
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Exchange, Finding, FoundMessage } from '../../harness/vocabulary/judging.ts';
import { both, post, pre, seen } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { messageMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { equal } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { type ExchangeAsked, exchangesAsked, isFirst } from './altered-exchange.ts';
import { rekeysChild } from './create-child-sa.ts';
import { between, nodes, olderIds } from './nodes.ts';

const requests: Readonly<Record<ExchangeAsked, string>> = {
  'ike-sa-init': 'HDR, SAi1, KEi, Ni',
  'ike-auth': 'HDR, SK {IDi, [CERT+,] [CERTREQ+,] [IDr,] AUTH, SAi2, TSi, TSr}',
  'create-child-sa': rekeysChild.asks,
  informational: 'HDR, SK {D}',
};

const answers: Readonly<Record<ExchangeAsked, string>> = {
  'ike-sa-init': 'HDR, SAr1, KEr, Nr, [CERTREQ+]',
  'ike-auth': 'HDR, SK {IDr, [CERT+,] AUTH, SAr2, TSi, TSr}',
  'create-child-sa': rekeysChild.answers,
  informational: 'HDR, SK {D}',
};

const child = childName(peering.child);
const ASKING = 'its request';

/** The exchange, begun by one side; IKE_SA_INIT and IKE_AUTH begin a conversation, the others come in one. */
async function begins(stage: Stage, side: 'nut' | 'tn', exchange: ExchangeAsked): Promise<void> {
  const begun = { awaited: false } as const;
  if (isFirst(exchange)) await stage[side].initiates('asked', child, begun);
  else if (exchange === 'create-child-sa') await stage[side].rekeysChild('asked', child, begun);
  else await stage[side].closesChild('asked', child, begun);
}

/** What comes of it, once it is answered; a child that was closed is made again. */
async function ends({ tn, nut, lab }: Stage, side: 'nut' | 'tn', exchange: ExchangeAsked): Promise<void> {
  if (isFirst(exchange)) {
    await lab.shows((t) => t.ike.settled('asked') !== undefined);
    await tn.echo('first echo', { untilAnswered: true });
  }
  if (exchange === 'informational') await (side === 'nut' ? nut : tn).initiates('another', child);
  await tn.asksForLife('life');
  await tn.echo('after');
}

function asked(t: Account, by: 'nut' | 'tn', exchange: ExchangeAsked): Exchange | undefined {
  return t.ike.exchange(requests[exchange], { by, after: ASKING });
}

async function establishedBefore(stage: Stage, side: 'nut' | 'tn', exchange: ExchangeAsked): Promise<void> {
  if (isFirst(exchange)) return;
  await stage[side].initiates('before', child);
  await stage.tn.asksForLife('life before');
  await stage.tn.echo('before echo');
}

const controls = (t: Account, exchange: string) => [
  ...(isFirst(exchange) ? [] : [pre('the child carries traffic', t.established('before', 'before echo'))]),
  post('the IKE SA lives', t.ike.informed('life')),
  post('traffic goes on', t.answered('after')),
];

export const repeatedByInitiator = scenario({
  name: 'repeated-by-initiator',
  title: 'A request of the node is not answered for a while',
  dimensions: { repetition: ['unanswered'], exchange: exchangesAsked, node: nodes },
  given: ({ node }) => between(node),
  // After the answer, longer than the node has waited between two of its requests.
  lasts: () => SECONDS,
  async play(stage, { exchange: of }) {
    const exchange = of as ExchangeAsked;
    await establishedBefore(stage, 'nut', exchange);
    await stage.lab.holds(ASKING, requests[exchange], { from: 'nut', response: false });
    await begins(stage, 'nut', exchange);
    await stage.lab.shows((t) => (asked(t, 'nut', exchange)?.requests.length ?? 0) >= SENDINGS);
    await stage.lab.releases(ASKING);
    await stage.lab.shows((t) => (asked(t, 'nut', exchange)?.responses.length ?? 0) > 0);
    await stage.tn.letsPass('a while', SECONDS);
    await ends(stage, 'nut', exchange);
  },
  questions: {
    'RFC7296-2.1-INITIATOR': question('Is a request that is not answered repeated as it was?', {
      outcomes: ['repeated', 'changed', 'never'],
      controls: (t, { exchange }) => controls(t, exchange!),
      judge: (t, { exchange }) => {
        const { requests: sent = [] } = asked(t, 'nut', exchange as ExchangeAsked) ?? {};
        const [first, ...again] = beforeAnswer(t, 'nut', exchange as ExchangeAsked);
        if (!first) return undefined;
        if (again.length === 0) return t.ike.said(sent[0]!, 'it is sent once').as('never');
        const other = again.find(({ ike }) => !equal(ike.octets, first.ike.octets));
        return other
          ? t.ike.said(other, 'it is another message').as('changed')
          : t.ike.said(again[0]!, `the same again, ${again.length} times`).as('repeated');
      },
      plays: ['initiator', 'sender'],
      reads: [reads(RFC7296, '2.1', 'MUST', 'initiator', { repeated: pass, changed: fail, never: fail })],
      lawful: 'repeated',
      turnedBy: ({ exchange }) => [
        [messageMutants.neverRepeats, 'never'],
        ...(exchange === 'ike-sa-init' ? [] : [[messageMutants.sealsRepetitionsAnew, 'changed'] as const]),
      ],
      alsoKnownAs: ({ node, exchange }) =>
        olderIds({ node: node!, role: 'initiator' }, { initiator: [repeats[exchange as ExchangeAsked]] }),
    }),
    'RFC7296-2.1-ANSWERED': question('Is a request that was answered not sent any more?', {
      outcomes: ['stopped', 'goes-on'],
      controls: (t, { exchange }) => [
        ...controls(t, exchange!),
        seen('it was repeated before', repeatedBefore(t, exchange as ExchangeAsked)),
      ],
      judge: (t, { exchange }) => {
        const { requests: sent = [], responses = [] } = asked(t, 'nut', exchange as ExchangeAsked) ?? {};
        const answered = responses[0]?.frame.entry.place ?? Number.POSITIVE_INFINITY;
        const late = sent.find(({ frame }) => frame.entry.place > answered);
        return late
          ? t.ike.said(late, 'it is sent again after its answer').as('goes-on')
          : both(t.ike.informed('life'), t.answered('after'))?.as('stopped');
      },
      plays: ['initiator', 'sender'],
      reads: [reads(RFC7296, '2.1', 'MUST', 'initiator', { stopped: pass, 'goes-on': fail })],
      lawful: 'stopped',
      turnedBy: [[messageMutants.asksOnceMore, 'goes-on']],
      alsoKnownAs: ({ node, exchange }) =>
        olderIds({ node: node!, role: 'initiator' }, { initiator: [stops[exchange as ExchangeAsked]] }),
    }),
  },
});

export const repeatedToResponder = scenario({
  name: 'repeated-to-responder',
  title: 'An answer of the node is lost, and it is asked again',
  dimensions: { repetition: ['answer-lost'], exchange: exchangesAsked, node: nodes },
  given: ({ node }) => between(node),
  async play(stage, { exchange: of }) {
    const exchange = of as ExchangeAsked;
    await establishedBefore(stage, 'tn', exchange);
    await stage.lab.holds(ASKING, answers[exchange], { from: 'nut', response: true });
    await begins(stage, 'tn', exchange);
    await stage.lab.catches(ASKING);
    await stage.lab.loses(ASKING);
    await stage.lab.shows((t) => (asked(t, 'tn', exchange)?.responses.length ?? 0) > 1);
    await stage.tn.pingInClear('elsewhere', { from: places.home.ipv4, to: nutAddresses.ipv4 });
  },
  questions: {
    'RFC7296-2.1-RESPONDER': question('Is a request that comes again answered as it was?', {
      outcomes: ['again', 'changed', 'once'],
      controls: (t, { exchange }) => [
        ...(isFirst(exchange!) ? [] : [pre('the child carries traffic', t.established('before', 'before echo'))]),
        seen('the tester asks again', askedAgain(t, exchange as ExchangeAsked)),
        post('the node is there', t.answered('elsewhere')),
      ],
      judge: (t, { exchange }) => {
        const [first, ...again] = asked(t, 'tn', exchange as ExchangeAsked)?.responses ?? [];
        if (!first) return undefined;
        const other = again.find(({ ike }) => !equal(ike.octets, first.ike.octets));
        if (other) return t.ike.said(other, 'it is another answer').as('changed');
        return again[0]
          ? t.ike.said(again[0], 'the same answer again').as('again')
          : both(t.ike.said(first, 'one answer'), t.answered('elsewhere'))?.as('once');
      },
      plays: ['responder', 'sender'],
      reads: [reads(RFC7296, '2.1', 'MUST', 'responder', { again: pass, changed: fail, once: fail })],
      lawful: 'again',
      turnedBy: [[messageMutants.answersOnce, 'once']],
      alsoKnownAs: ({ node, exchange }) =>
        olderIds({ node: node!, role: 'responder' }, { responder: [answeredAgain[exchange as ExchangeAsked]] }),
    }),
  },
});

function askedAgain(t: Account, exchange: ExchangeAsked): Finding | undefined {
  const [first, again] = asked(t, 'tn', exchange)?.requests ?? [];
  // Who was asked for a cookie has something else to ask.
  return again && equal(again.ike.octets, first!.ike.octets) ? t.ike.said(again, 'the same request again') : undefined;
}

function beforeAnswer(t: Account, by: 'nut', exchange: ExchangeAsked): readonly FoundMessage[] {
  const { requests: sent = [], responses = [] } = asked(t, by, exchange) ?? {};
  const answered = responses[0]?.frame.entry.place ?? Number.POSITIVE_INFINITY;
  return sent.filter(({ frame }) => frame.entry.place < answered);
}

function repeatedBefore(t: Account, exchange: ExchangeAsked): Finding | undefined {
  const again = beforeAnswer(t, 'nut', exchange)[1];
  return again && t.ike.said(again, 'again');
}

/** The first and two more. */
const SENDINGS = 3;
const SECONDS = 3;

const repeats = {
  'ike-sa-init': '1.1.2.1',
  'ike-auth': '1.1.2.3',
  'create-child-sa': '1.2.2.1',
  informational: '1.3.2.1',
};
const stops = {
  'ike-sa-init': '1.1.2.2',
  'ike-auth': '1.1.2.4',
  'create-child-sa': '1.2.2.2',
  informational: '1.3.2.2',
};
const answeredAgain = {
  'ike-sa-init': '1.1.2.1',
  'ike-auth': '1.1.2.2',
  'create-child-sa': '1.2.2.1',
  informational: '1.3.2.1',
};
