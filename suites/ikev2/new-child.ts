/**
 * A child is closed or rekeyed by the other side before the node has heard that there is one (RFC 7296 section 2.25.1; 2.8): its own request was answered, and the lab holds the
 * answer. To the node that is a child that does not exist, or that does not yet (section 2.25).
 */
import {
  type Account,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  post,
  pre,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedGateways, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild, rekeysChild } from './create-child-sa.ts';
import { keyingOf } from './crossing.ts';
import { nodes, olderIds, roles } from './nodes.ts';

const forUdp = { selector: { protocol: protocols.UDP } };
const ipv6 = { inner: 'ipv6', outer: 'ipv6' } as const;
const pairs = [transportPair('pair', 'ipv6'), transportPair('further', 'ipv6', forUdp)];
const tunnels = [tunnelPair('pair', ipv6), tunnelPair('further', ipv6, forUdp)];

const mades = ['further', 'rekeyed'] as const;
const meets = ['closes', 'rekeys'] as const;
type Meets = (typeof meets)[number];

const outcomes = [
  'without-delete',
  'with-delete',
  'not-found',
  'temporary-failure',
  'another-error',
  'granted',
  'not-at-once',
] as const;
type Outcome = (typeof outcomes)[number];

const right: Readonly<Record<Meets, readonly [Outcome, ...Outcome[]]>> = {
  closes: ['without-delete'],
  rekeys: ['temporary-failure', 'not-found'],
};
const requests: Readonly<Record<Meets, string>> = { closes: 'HDR, SK {D}', rekeys: rekeysChild.asks };
const ANSWERING = 'the answer';
const begun = { awaited: false } as const;

export const newChild = scenario({
  name: 'new-child',
  title: 'A child is closed or rekeyed before the node knows it',
  dimensions: { made: mades, meets, node: nodes, role: roles },
  given: ({ node, role }) =>
    node === 'gateway' ? keyedGateways(keyingOf(role), ipv6, tunnels) : keyedHosts(keyingOf(role), 'ipv6', pairs),
  async play(stage, { made, meets, role }) {
    const { tn, nut, lab } = stage;
    const child = childName(made === 'further' ? 'further' : 'pair');
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await lab.holds(ANSWERING, made === 'further' ? makesChild.answers : rekeysChild.answers, {
      from: 'tn',
      response: true,
    });
    if (made === 'further') await nut.initiates('makes', child, begun);
    else await nut.rekeysChild('makes', child, begun);
    await lab.catches(ANSWERING);
    if (meets === 'closes') await tn.closesChild('meets', child, begun);
    else await tn.rekeysChild('meets', child, begun);
    await lab.shows((t) => answerOf(t, meets) !== undefined || repetitions(t, made).length > PATIENCE);
    await lab.releases(ANSWERING);
    await tn.asksForLife('life', childName('pair'));
  },
  questions: {
    'RFC7296-2.25.1-NEW': question('Is it answered as of a child that does not exist, or not yet?', {
      outcomes,
      controls: (t, { made }) => [
        pre('the first child carries traffic', t.answered('before')),
        seen('the node has asked, and has not heard the answer', heldAnswer(t, made)),
        post('the IKE SA lives', t.ike.informed('life')),
      ],
      judge: (t, { made, meets }) => judged(t, made, meets as Meets),
      plays: ['initiator', 'responder'],
      reads: ({ meets }) => {
        const of = Object.fromEntries(
          outcomes.map((outcome) => [outcome, right[meets as Meets].includes(outcome) ? pass : fail]),
        );
        return [
          reads(
            RFC7296,
            meets === 'closes' ? '2.25.1' : '2.25',
            'SHOULD',
            'implementation',
            of as Record<Outcome, typeof pass>,
          ),
        ];
      },
      lawful: ({ meets }) => right[meets as Meets][0],
      turnedBy: ({ meets }) => turns[meets as Meets],
      alsoKnownAs: (at) => olderIds(at, { initiator: [at.meets === 'closes' ? '1.2.6.8' : '1.2.6.9'] }),
    }),
  },
});

const turns: Readonly<Record<Meets, readonly (readonly [NodeMutant, Outcome])[]>> = {
  closes: [
    [childMutants.deletesWhicheverChild, 'with-delete'],
    [childMutants.deafWhileAsking, 'not-at-once'],
  ],
  rekeys: [
    [childMutants.rekeysWhicheverChild, 'granted'],
    [childMutants.saysNewChildIsNone, 'not-found'],
  ],
};

const askedBy = (t: Account, made: string) =>
  t.ike.exchange(made === 'further' ? makesChild.asks : rekeysChild.asks, { by: 'nut', after: ANSWERING });

function heldAnswer(t: Account, made: string) {
  const answer = askedBy(t, made)?.responses[0];
  return answer && t.ike.said(answer, 'a child was agreed, and the answer is held');
}

const answerOf = (t: Account, meets: string): FoundMessage | undefined =>
  t.ike.exchange(requests[meets as Meets], { by: 'tn', after: 'meets' })?.responses[0];

/** The node lives, and would have answered by now. */
function repetitions(t: Account, made: string): readonly FoundMessage[] {
  const since = t.mark('meets')?.place ?? Number.POSITIVE_INFINITY;
  return askedBy(t, made)?.requests.filter(({ frame }) => frame.entry.place > since) ?? [];
}

/** Sendings of the node's own request. */
const PATIENCE = 1;

function judged(t: Account, made: string, meets: Meets): Judgement | undefined {
  const answer = answerOf(t, meets);
  const repeated = repetitions(t, made)[PATIENCE];
  if (repeated && (!answer || answer.frame.entry.place > repeated.frame.entry.place))
    return t.ike.said(repeated, 'it repeats its own request, and has not answered').as('not-at-once');
  if (!answer) return undefined;
  const [error] = notificationsIn(answer.ike).filter((name) => name !== 'USE_TRANSPORT_MODE');
  const has = (type: string) => answer.ike.payloads?.some((payload) => payload.type === type) ?? false;
  const says = (outcome: Outcome, what: string) => t.ike.said(answer, what).as(outcome);
  if (has('SA')) return says('granted', 'it agrees on another child');
  if (has('D')) return says('with-delete', 'it deletes a child of its own');
  if (error === 'CHILD_SA_NOT_FOUND') return says('not-found', error);
  if (error === 'TEMPORARY_FAILURE') return says('temporary-failure', error);
  return error === undefined
    ? says('without-delete', 'it answers without a Delete payload')
    : says('another-error', error);
}
