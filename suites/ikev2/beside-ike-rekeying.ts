/**
 * One side rekeys the IKE SA while the other makes, rekeys or closes a child of it (RFC 7296 2.25.1, 2.25.2). Where neither may be done, both are told TEMPORARY_FAILURE and try again later, not at
 * once; what was there stands meanwhile.
 */
import {
  type Account,
  both,
  type Exchange,
  type Finding,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild, rekeysChild, rekeysIkeSa } from './create-child-sa.ts';
import { asking, type Crossed, cross, firsts, haveCrossed, keyingOf, losses, type Side, settle } from './crossing.ts';

/** What may not be done meanwhile is refused for now. */
const refused = 'HDR, SK {N(TEMPORARY_FAILURE)}';
const besides = {
  'rekeys-child': { asks: rekeysChild.asks, answers: refused },
  'makes-child': { asks: makesChild.asks, answers: refused },
  'closes-child': { asks: 'HDR, SK {D}', answers: 'HDR, SK {D}' },
} as const;
type Beside = keyof typeof besides;

/** Who rekeys the IKE SA. */
const rekeyers = { 'nut-rekeys-ike': 'nut', 'tn-rekeys-ike': 'tn' } as const;
type Rekeyer = keyof typeof rekeyers;

/** What the one asks is the other's to answer. */
function crossedFor(by: Rekeyer, beside: Beside): Crossed {
  const one = { asks: rekeysIkeSa.asks, answers: besides[beside].answers };
  const another = { asks: besides[beside].asks, answers: refused };
  return rekeyers[by] === 'nut' ? { nut: one, tn: another } : { nut: another, tn: one };
}

const pair = transportPair('pair', 'ipv4', { selector: { protocol: protocols.ICMP } });
/** A packet that meets it makes it. */
const further = transportPair('further', 'ipv4', { selector: { protocol: protocols.UDP } });

export const besideIkeRekeying = scenario({
  name: 'beside-ike-rekeying',
  title: 'One side rekeys the IKE SA, the other something of it',
  dimensions: {
    role: ['responder', 'initiator'],
    by: Object.keys(rekeyers),
    beside: Object.keys(besides),
    first: firsts,
    loss: losses,
  },
  where: ({ by, beside, loss }) =>
    loss !== 'request-of-nut-lost' && !(by === 'tn-rekeys-ike' && beside === 'closes-child'),
  given: ({ role, beside }) => {
    const pairs = beside === 'makes-child' ? [pair, further] : [pair];
    const told = keyedHosts(keyingOf(role), 'ipv4', pairs, { knowsPeer: true });
    const { nut, tn } = told.parties;
    return { ...told, parties: { nut: setOffByPackets(nut!), tn: setOffByPackets(tn!) } };
  },
  async play(stage, { role, by, beside, first, loss }) {
    const { tn } = stage;
    const rekeyer = rekeyers[by as Rekeyer];
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    const begins = (side: Side) => begin(stage, side, side === rekeyer ? 'rekeys-ike' : (beside as Beside));
    await cross(stage, crossedFor(by as Rekeyer, beside as Beside), begins, { first, loss });
    await settle(stage);
  },
  questions: {
    'RFC7296-2.25': question('What does the node do when it is told TEMPORARY_FAILURE?', {
      outcomes: ['waits', 'asks-at-once', 'closes'],
      controls: (t, { by, beside }) => [
        pre('the child carries traffic', t.answered('before')),
        pre('both asked before either was heard', haveCrossed(t, crossedFor(by as Rekeyer, beside as Beside))),
        pre('the node is refused for now', refusal(t)),
        post('an IKE SA lives', t.ike.informed('life')),
      ],
      judge: whatFollows,
      plays: ['initiator', 'responder'],
      reads: [
        reads(RFC7296, '2.25', 'MUST NOT', 'implementation', { waits: pass, 'asks-at-once': fail, closes: fail }),
      ],
      lawful: 'waits',
      turnedBy: [[childMutants.asksAgainAtOnce, 'asks-at-once']],
    }),
  },
});

type Party = ReturnType<typeof keyedHosts>['parties'][string];

const setOffByPackets = (party: Party): Party => ({
  ...party,
  ike: party.ike.map((each) => ({
    ...each,
    children: each.children.map((child) => (child.name === further.name ? { ...child, start: 'trap' } : child)),
  })),
});

function begin(stage: Stage, side: Side, act: Beside | 'rekeys-ike'): Promise<void> {
  const [name, child, begun] = [`${side} ${act}`, childName(pair.name), { awaited: false }] as const;
  switch (act) {
    case 'rekeys-ike':
      return stage[side].rekeysIke(name, child, begun);
    case 'rekeys-child':
      return stage[side].rekeysChild(name, child, begun);
    case 'closes-child':
      return stage[side].closesChild(name, child, begun);
    case 'makes-child':
      return stage[side].udp(name, begun);
  }
}

/** The answer that refuses its request for now; where it comes twice, the last. */
function refusals(t: Account): readonly FoundMessage[] {
  const own = ownExchanges(t)[0];
  return (own?.responses ?? []).filter(({ ike: message }) => notificationsIn(message).includes('TEMPORARY_FAILURE'));
}

function refusal(t: Account): Finding | undefined {
  const last = refusals(t).at(-1);
  return last && t.ike.said(last, 'TEMPORARY_FAILURE');
}

function whatFollows(t: Account): Judgement | undefined {
  const last = refusals(t).at(-1);
  if (!last) return undefined;
  const closing = t.ike.deletions('nut', asking('nut')).find(({ deleted }) => typeof deleted === 'string');
  const again = ownExchanges(t)[1]?.requests[0];
  if (again && again.frame.entry.time - last.frame.entry.time < AT_ONCE)
    return t.ike.said(again, 'it asks again at once').as('asks-at-once');
  if (closing && !again) return t.ike.said(closing.message, 'it closes the IKE SA').as('closes');
  return both(t.ike.said(last, 'it is refused for now'), t.ike.informed('life'))?.as('waits');
}

/** The exchanges of CREATE_CHILD_SA that the node began since it was told to, in order. */
function ownExchanges(t: Account): readonly Exchange[] {
  const asked = t.ike.messages(asking('nut')).filter(({ frame, ike: { message } }) => {
    const { exchangeType, flags } = message.header;
    return frame.entry.from === 'nut' && exchangeType === exchangeTypes.CREATE_CHILD_SA && !flags.response;
  });
  const exchanges = asked.map((message) => t.conversations.ike.exchangeOf(message)!);
  return exchanges.filter(
    ({ messageId }, place) => exchanges.findIndex((one) => one.messageId === messageId) === place,
  );
}

/** Milliseconds: the other side needs as long at least to finish what it is about. */
const AT_ONCE = 250;
