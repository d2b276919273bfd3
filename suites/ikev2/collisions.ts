/**
 * A request that collides with one of the node's own, which it has sent and which nobody has heard yet (RFC 7296 2.25.1, 2.25.2): it is answered at once, as usual
 * or by TEMPORARY_FAILURE, as the pair of the two says. The lab holds the node's own request until then.
 */
import {
  type Account,
  type Finding,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedGateways, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild, rekeysChild, rekeysIkeSa } from './create-child-sa.ts';
import { asking, keyingOf, type Side, settle } from './crossing.ts';
import { olderIds } from './nodes.ts';

const requests = {
  'rekeys-child': rekeysChild.asks,
  'closes-child': 'HDR, SK {D}',
  'rekeys-ike': rekeysIkeSa.asks,
  'closes-ike': 'HDR, SK {D}',
  'makes-child': makesChild.asks,
} as const;
type Act = keyof typeof requests;
const acts = Object.keys(requests) as readonly Act[];

const outcomes = ['as-usual', 'without-delete', 'temporary-failure', 'another-error', 'not-at-once'] as const;
type Outcome = (typeof outcomes)[number];

/** What the node's own request makes of the other side's. Both rekeying the same is `simultaneous-…-rekeying.ts`. */
const answers: Readonly<Record<Act, Partial<Record<Act, Outcome>>>> = {
  'rekeys-child': { 'closes-child': 'as-usual', 'rekeys-ike': 'temporary-failure', 'closes-ike': 'as-usual' },
  'closes-child': {
    'rekeys-child': 'temporary-failure',
    'closes-child': 'without-delete',
    'rekeys-ike': 'temporary-failure',
    'closes-ike': 'as-usual',
  },
  'rekeys-ike': { 'rekeys-child': 'temporary-failure', 'closes-child': 'as-usual', 'closes-ike': 'as-usual' },
  'closes-ike': { 'rekeys-ike': 'temporary-failure', 'closes-ike': 'as-usual' },
  'makes-child': { 'rekeys-ike': 'temporary-failure' },
};

const forUdp = { selector: { protocol: protocols.UDP } };
const pairs = [transportPair('pair', 'ipv4'), transportPair('further', 'ipv4', forUdp)];
const ipv4 = { inner: 'ipv4', outer: 'ipv4' } as const;
const tunnels = [tunnelPair('pair', ipv4), tunnelPair('further', ipv4, forUdp)];

export const collisions = scenario({
  name: 'collisions',
  title: 'A request collides with one of the node’s own',
  dimensions: { role: ['responder', 'initiator'], own: acts, meets: acts, node: ['', 'gateway'] },
  where: ({ own, meets }) => answers[own as Act][meets as Act] !== undefined,
  given: ({ role, node }) =>
    node === 'gateway'
      ? keyedGateways(keyingOf(role), ipv4, tunnels, { knowsPeer: true })
      : keyedHosts(keyingOf(role), 'ipv4', pairs, { knowsPeer: true }),
  async play(stage, { role, own, meets }) {
    const { tn, lab } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await lab.holds(asking('nut'), requests[own], { from: 'nut', response: false });
    await begins(stage, 'nut', own);
    await lab.catches(asking('nut'));
    await begins(stage, 'tn', meets);
    await lab.shows((t) => answerTo(t, meets) !== undefined || repetition(t, own, meets) !== undefined);
    await lab.releases(asking('nut'));
    // Nobody answers it on an IKE SA that the other side has closed.
    await lab.shows((t) => endsIke(meets) || (askedBy(t, 'nut', own)?.responses.length ?? 0) > 0);
    if (endsIke(own) || endsIke(meets)) {
      await tn.initiates('again', childName('pair'));
      await tn.echo('again echo');
    } else await settle(stage);
  },
  questions: {
    'RFC7296-2.25.1': asks('Is a request answered rightly while a child is being made, rekeyed or closed?', '2.25.1', [
      'makes-child',
      'rekeys-child',
      'closes-child',
    ]),
    'RFC7296-2.25.2': asks('Is a request answered rightly while the IKE SA is being rekeyed or closed?', '2.25.2', [
      'rekeys-ike',
      'closes-ike',
    ]),
  },
});

function asks(what: string, section: string, owns: readonly Act[]) {
  return question<Record<'role' | 'own' | 'meets' | 'node', readonly string[]>, Outcome>(what, {
    outcomes,
    asks: ({ own }) => owns.includes(own as Act),
    controls: (t, { own, meets }) => [
      pre('the child carries traffic', t.answered('before')),
      pre('the node has asked, and nobody has heard it', held(t, own as Act)),
      endsIke(own) || endsIke(meets)
        ? post('the two can begin anew', t.established('again', 'again echo'))
        : post('the IKE SA lives', t.ike.informed('life')),
    ],
    judge: (t, { own, meets }) => judged(t, own as Act, meets as Act),
    plays: ['initiator', 'responder'],
    reads: ({ own, meets }) => {
      const right = answers[own as Act][meets as Act]!;
      const of = Object.fromEntries(outcomes.map((outcome) => [outcome, outcome === right ? pass : fail]));
      return [reads(RFC7296, section, 'SHOULD', 'implementation', of as Record<Outcome, typeof pass>)];
    },
    lawful: ({ own, meets }) => answers[own as Act][meets as Act]!,
    turnedBy: ({ own, meets }) => turns(own as Act, meets as Act),
    alsoKnownAs: ({ own, meets, role, node }) =>
      olderIds({ role, node: node || 'end-node' }, { initiator: numbers[own as Act]?.[meets as Act] ?? [] }),
  });
}

/** In the IPv6 Ready catalogue. */
const numbers: Readonly<Partial<Record<Act, Partial<Record<Act, readonly string[]>>>>> = {
  'rekeys-child': { 'closes-child': ['1.2.6.7'], 'rekeys-ike': ['1.2.6.11'] },
  'closes-child': { 'closes-child': ['1.2.6.1'], 'rekeys-child': ['1.2.6.7'], 'rekeys-ike': ['1.2.6.12'] },
  'rekeys-ike': { 'rekeys-child': ['1.2.6.11'], 'closes-child': ['1.2.6.13'], 'closes-ike': ['1.2.6.14'] },
  'closes-ike': { 'rekeys-ike': ['1.2.6.15'], 'closes-ike': ['1.2.6.2'] },
  'makes-child': { 'rekeys-ike': ['1.2.6.10'] },
};

function turns(own: Act, meets: Act): readonly (readonly [NodeMutant, Outcome])[] {
  const right = answers[own][meets];
  if (right === 'without-delete')
    return [
      [childMutants.answersCrossedDeletes, 'as-usual'],
      [childMutants.deafWhileAsking, 'not-at-once'],
    ];
  if (right === 'as-usual') return [[childMutants.deafWhileAsking, 'not-at-once']];
  const old = [childMutants.refusesAsOfOld, 'another-error'] as const;
  if (own === 'closes-ike') return [old];
  return [old, [meets === 'rekeys-ike' ? childMutants.replacesBusyIkeSa : childMutants.rekeysWhatItCloses, 'as-usual']];
}

function begins(stage: Stage, side: Side, act: Act): Promise<void> {
  const name = `${side} ${act}`;
  const [child, begun] = [childName('pair'), { awaited: false }] as const;
  switch (act) {
    case 'rekeys-child':
      return stage[side].rekeysChild(name, child, begun);
    case 'closes-child':
      return stage[side].closesChild(name, child, begun);
    case 'makes-child':
      return stage[side].initiates(name, childName('further'), begun);
    case 'rekeys-ike':
      return stage[side].rekeysIke(name, child, begun);
    case 'closes-ike':
      return stage[side].closes(name, child, begun);
  }
}

const endsIke = (act: string): boolean => act === 'closes-ike';

/** The node's own request stood still when the other side asked. */
function held(t: Account, own: Act): Finding | undefined {
  return t.ike.heard(requests[own], { by: 'nut', after: asking('nut'), before: `${asking('nut')}: releases` });
}

const askedBy = (t: Account, side: Side, act: Act) => t.ike.exchange(requests[act], { by: side, after: asking('nut') });

const answerTo = (t: Account, meets: Act) => askedBy(t, 'tn', meets)?.responses[0];

/** The node repeats its own request, for the second time since it was asked: it lives, and would have answered by now. */
function repetition(t: Account, own: Act, meets: Act): FoundMessage | undefined {
  const since = askedBy(t, 'tn', meets)?.requests[0]?.frame.entry.place;
  if (since === undefined) return undefined;
  return askedBy(t, 'nut', own)?.requests.filter(({ frame }) => frame.entry.place > since)[1];
}

function judged(t: Account, own: Act, meets: Act): Judgement | undefined {
  const answer = answerTo(t, meets);
  const repeated = repetition(t, own, meets);
  if (repeated && (!answer || answer.frame.entry.place > repeated.frame.entry.place))
    return t.ike.said(repeated, 'it repeats its own request twice, and has not answered').as('not-at-once');
  if (!answer) return undefined;
  const [error] = notificationsIn(answer.ike);
  if (error === 'TEMPORARY_FAILURE') return t.ike.said(answer, `it answers ${error}`).as('temporary-failure');
  const usual = usually[meets];
  const isUsual = usual === undefined || answer.ike.payloads?.some(({ type }) => type === usual);
  if (isUsual) return t.ike.said(answer, 'it answers as usual').as('as-usual');
  if (error !== undefined) return t.ike.said(answer, `it answers ${error}`).as('another-error');
  return t.ike.said(answer, 'it answers without a Delete payload').as('without-delete');
}

/** The payload that an answer has as usual; that to a Delete of the IKE SA is empty. */
const usually = {
  'makes-child': 'SA',
  'rekeys-child': 'SA',
  'closes-child': 'D',
  'rekeys-ike': 'SA',
  'closes-ike': undefined,
} as const;
