/**
 * How many requests the node has outstanding (RFC 7296 2.3): one, where the peer has said nothing of its window or nothing that counts, and never more than the peer has
 * said. The node is asked for four exchanges at once while the lab holds its requests: all of them, or the first alone, so that the window may not move on.
 */
import { type Account, both, finding, type Judgement, post, pre, seen } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { saysInstead, saysOfWindow } from '../../harness/vocabulary/lies.ts';
import { windowMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, type OutcomeReading, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { u16, u32 } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild, rekeysChild, rekeysIkeSa } from './create-child-sa.ts';
import { keyingOf } from './crossing.ts';
import { type At, roles } from './nodes.ts';
import { answeredAt, children, exchangesOf, widest, withWindows } from './windows.ts';

/** By what the tester says of its window. */
const says = ['nothing', 'three', 'zero', 'two-octets', 'before-rekeying'] as const;
const outcomes = ['one-at-a-time', 'several', 'beyond', 'never'] as const;

export const peersWindow = scenario({
  name: 'peers-window',
  title: 'The node has several requests to make at once',
  dimensions: { role: roles, says, held: ['', 'first-held'] },
  where: ({ says, held }) => held === '' || says === 'three',
  given: ({ role, says }) => withWindows(role, says === 'three' || says === 'before-rekeying' ? { tn: THREE } : {}),
  misbehaves: ({ role, says }) => ({ tn: lie(says, role === 'responder' ? 'request' : 'response') }),
  async play(stage, { role, says, held }) {
    const { tn, lab } = stage;
    await establish(stage, keyingOf(role), ['first']);
    await tn.echo('before');
    if (says === 'before-rekeying') {
      await tn.rekeysIke('rekey', children.first);
      await tn.asksForLife('life after rekey', children.first);
    }
    await lab.holds(ASKING, held ? rekeysChild.asks : makesChild.asks, { from: 'nut', response: false });
    await begins(stage);
    await lab.shows((t) => (exchangesOf(t, 'nut', ASKING)[0]?.requests.length ?? 0) >= SENDINGS);
    await lab.releases(ASKING);
    await lab.shows((t) => answersTo(t) >= EXCHANGES);
    await tn.asksForLife('life', children.first);
    await tn.echo('after', { untilAnswered: true });
  },
  questions: {
    'RFC7296-2.3-PEER': question('Are never more requests outstanding than the peer handles?', {
      outcomes,
      controls: (t, at) => [
        pre('the child carries traffic', t.answered('before')),
        ...(at.says === 'before-rekeying'
          ? [pre('the IKE SA was rekeyed', t.ike.heard(rekeysIkeSa.answers, { response: true, after: 'rekey' }))]
          : []),
        ...(isSaid(at) ? [seen('the peer says something of its window', saidByPeer(t))] : []),
        post('the IKE SA lives', t.ike.informed('life')),
        post('traffic goes on', t.answered('after')),
      ],
      judge: (t, at) => judged(t, at),
      plays: ['initiator', 'sender'],
      reads: (at) => [
        reads(RFC7296, '2.3', 'MUST NOT', 'implementation', {
          'one-at-a-time': pass,
          several: pass,
          beyond: fail,
          never: at.says === 'zero' ? observed('a window of nothing is taken at its word') : fail,
        } satisfies Record<(typeof outcomes)[number], OutcomeReading>),
      ],
      lawful: (at) => (at.says === 'three' ? 'several' : 'one-at-a-time'),
      turnedBy: (at) => {
        switch (at.says) {
          case 'three':
            return at.held
              ? [[windowMutants.countsOutstanding, 'beyond']]
              : [
                  [windowMutants.asksAsItLikes, 'beyond'],
                  [windowMutants.asksOneAtATime, 'one-at-a-time'],
                ];
          case 'zero':
            return [[windowMutants.takesEveryWindow, 'never']];
          case 'two-octets':
            return [[windowMutants.takesEveryWindow, 'beyond']];
          case 'before-rekeying':
            return [[windowMutants.keepsWindowAtRekeying, 'beyond']];
          default:
            return [[windowMutants.asksAsItLikes, 'beyond']];
        }
      },
    }),
  },
});

/** What it says that no configuration makes it say; `kind` of its message of IKE_AUTH. */
function lie(says: string, kind: 'request' | 'response') {
  if (says === 'zero') return saysOfWindow(kind, u32(0));
  if (says === 'two-octets') return saysOfWindow(kind, u16(THREE));
  // On the IKE SA that replaces the first one nothing is said of it.
  return says === 'before-rekeying' ? saysInstead('SET_WINDOW_SIZE') : {};
}

/** Four exchanges, none of which waits for another to be asked for. */
async function begins({ nut }: Stage): Promise<void> {
  const begun = { awaited: false } as const;
  await nut.rekeysChild('asks one', children.first, begun);
  await nut.initiates('asks two', children.udp, begun);
  await nut.initiates('asks three', children.tcp, begun);
  await nut.initiates('asks four', children.sctp, begun);
}

function answersTo(t: Account): number {
  return exchangesOf(t, 'nut', ASKING).filter((exchange) => answeredAt(exchange) < Number.POSITIVE_INFINITY).length;
}

function judged(t: Account, at: At): Judgement | undefined {
  const asked = exchangesOf(t, 'nut', ASKING);
  const most = widest(asked);
  if (!most) return both(t.ike.informed('life'), finding('it asks for nothing'))?.as('never');
  const { message, requests } = most;
  const allowed = at.says === 'three' ? THREE : 1;
  if (requests > allowed) return t.ike.said(message, `request ${requests} since the oldest unanswered`).as('beyond');
  if (answersTo(t) < EXCHANGES) return undefined;
  return requests > 1
    ? t.ike.said(message, `${requests} requests are outstanding`).as('several')
    : t.ike.said(message, 'each request waits for the answer to the one before').as('one-at-a-time');
}

const isSaid = ({ says }: At): boolean => says !== 'nothing';

function saidByPeer(t: Account) {
  const heard = announcements.map((message) => t.ike.heard(message, { by: 'tn' }));
  return heard.find((each) => each !== undefined);
}

/** In either message of IKE_AUTH. */
const announcements = [
  'HDR, SK {IDi, [CERT+,] [CERTREQ+,] [IDr,] AUTH, SA, TSi, TSr, N(SET_WINDOW_SIZE)}',
  'HDR, SK {IDr, [CERT+,] AUTH, SA, TSi, TSr, N(SET_WINDOW_SIZE)}',
];

const ASKING = 'its requests';
const THREE = 3;
const EXCHANGES = 4;
/** The first and two more: it has had the time to ask for the others. */
const SENDINGS = 3;
