/**
 * The tester has more requests outstanding than one, and the lab holds the first, so that those after it arrive before it (RFC 7296 2.3). Within the node's window they
 * are processed, beyond it they are not acknowledged, and at most it tells so in an exchange of its own.
 */
import {
  type Account,
  both,
  cause,
  finding,
  type Judgement,
  post,
  pre,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { presumesWindow } from '../../harness/vocabulary/lies.ts';
import { windowMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { hex, readU32 } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { keyingOf } from './crossing.ts';
import { type At, roles } from './nodes.ts';
import {
  answeredAt,
  children,
  complaintsIn,
  exchangesOf,
  nodesWindow,
  SEVERAL,
  windowSaid,
  windows,
  withWindows,
} from './windows.ts';

const FIRST = 'the first request';
const begun = { awaited: false } as const;

export const beyondWindow = scenario({
  name: 'beyond-window',
  title: 'Requests arrive before one that was made earlier',
  dimensions: { window: windows, role: roles },
  given: ({ window, role }) => withWindows(role, nodesWindow(window)),
  misbehaves: () => ({ tn: presumesWindow(SEVERAL) }),
  async play(stage, { window, role }) {
    const { tn, lab } = stage;
    await establish(stage, keyingOf(role), ['first']);
    await tn.echo('before');
    await lab.holds(FIRST, 'HDR, SK {}', { from: 'tn', response: false });
    await tn.asksForLife('asks one', children.first, begun);
    await lab.catches(FIRST);
    await tn.initiates('asks two', children.udp, begun);
    if (window === 'two') await tn.initiates('asks three', children.tcp, begun);
    const last = window === 'two' ? 2 : 1;
    await lab.shows((t) => {
      const beyond = exchangesOf(t, 'tn', FIRST)[last];
      return (beyond?.requests.length ?? 0) > SENDINGS || (beyond !== undefined && beyond.responses.length > 0);
    });
    await lab.releases(FIRST);
    await lab.shows((t) => exchangesOf(t, 'tn', FIRST).every(({ responses }) => responses.length > 0));
    await tn.asksForLife('life', children.first);
    await tn.echo('after', { untilAnswered: true });
  },
  questions: {
    'RFC7296-2.3-SAYS': question('Is what is said of a window four octets, or nothing?', {
      outcomes: ['nothing', 'four-octets', 'other'],
      controls: (t) => [pre('the child carries traffic', t.answered('before'))],
      judge: (t) => {
        const said = windowSaid(t);
        if (said === undefined) return t.answered('before')?.as('nothing');
        return both(t.answered('before'), finding(`SET_WINDOW_SIZE holds ${hex(said)}`))?.as(
          said.length === 4 ? 'four-octets' : 'other',
        );
      },
      plays: 'sender',
      reads: [reads(RFC7296, '2.3', 'MUST', 'sender', { nothing: pass, 'four-octets': pass, other: fail })],
      lawful: ({ window }) => (window === 'two' ? 'four-octets' : 'nothing'),
      turnedBy: ({ window }) =>
        window === 'two'
          ? [[windowMutants.saysItsWindowShort, 'other']]
          : [[windowMutants.alwaysSaysItsWindow, 'four-octets']],
    }),
    'RFC7296-2.3-BEYOND': question('Is a request from beyond the window not acknowledged?', {
      outcomes: ['ignored', 'told', 'told-each-time', 'answered', 'processed'],
      controls: (t, at) => [...controls(t), cause('its window is as it was told', isAsTold(t, at))],
      judge: (t, at) => judgeBeyond(t, at),
      plays: ['responder', 'receiver'],
      reads: [
        reads(RFC7296, '2.3', 'MUST NOT', 'implementation', {
          ignored: pass,
          told: pass,
          'told-each-time': pass,
          answered: fail,
          processed: fail,
        }),
        reads(RFC7296, '2.3', 'MUST', 'implementation', {
          ignored: pass,
          told: pass,
          'told-each-time': fail,
          answered: pass,
          processed: pass,
        }),
      ],
      lawful: 'told',
      turnedBy: [
        [windowMutants.takesOneBeyondWindow, 'processed'],
        [windowMutants.answersBeyondWindow, 'answered'],
        [windowMutants.complainsEachTime, 'told-each-time'],
        [windowMutants.keepsQuietBeyondWindow, 'ignored'],
      ],
    }),
    'RFC7296-2.3-ORDER': question('Is a request within the window processed, though one before it has not come?', {
      outcomes: ['at-once', 'later'],
      asks: ({ window }) => window === 'two',
      controls: (t, at) => [...controls(t), cause('its window is as it was told', isAsTold(t, at))],
      judge: (t) => {
        const [first, second] = exchangesOf(t, 'tn', FIRST);
        const answer = second?.responses[0];
        if (!first || !answer) return undefined;
        return answeredAt(second) < answeredAt(first)
          ? t.ike.said(answer, 'it is answered before the first').as('at-once')
          : t.ike.said(answer, 'it is answered after the first').as('later');
      },
      plays: ['responder', 'receiver'],
      reads: [
        reads(RFC7296, '2.3', 'SHOULD', 'implementation', {
          'at-once': pass,
          later: observed('a request waits for those before it'),
        }),
      ],
      lawful: 'at-once',
      turnedBy: [[windowMutants.takesRequestsInOrder, 'later']],
    }),
  },
});

const controls = (t: Account) => [
  pre('the child carries traffic', t.answered('before')),
  seen('the first request is held while others are made', overtaken(t)),
  post('the IKE SA lives', t.ike.informed('life')),
  post('traffic goes on', t.answered('after')),
];

function overtaken(t: Account) {
  const [, second] = exchangesOf(t, 'tn', FIRST);
  const request = second?.requests[0];
  return request && isBeforeRelease(t, request.frame.entry.place)
    ? t.ike.said(request, 'a later request, before the first')
    : undefined;
}

/** A product may have another window than it was told of. */
function isAsTold(t: Account, { window }: At) {
  const said = windowSaid(t);
  const size = said?.length === 4 ? readU32(said) : 1;
  return size === (window === 'two' ? 2 : 1) ? finding(`it handles ${window} at once`) : undefined;
}

const isBeforeRelease = (t: Account, place: number): boolean =>
  place < (t.mark(`${FIRST}: releases`)?.place ?? Number.NEGATIVE_INFINITY);

function judgeBeyond(t: Account, { window }: At): Judgement | undefined {
  const asked = exchangesOf(t, 'tn', FIRST);
  const beyond = asked[window === 'two' ? 2 : 1];
  const early = beyond?.requests.filter(({ frame }) => isBeforeRelease(t, frame.entry.place)) ?? [];
  const answer = beyond?.responses[0];
  if (!beyond || !early[0] || !answer) return undefined;
  if (answeredAt(beyond) < answeredAt(asked[0]!)) {
    const isError = answer.ike.payloads?.every(({ type }) => type === 'N') ?? false;
    return isError
      ? t.ike.said(answer, 'it answers with an error').as('answered')
      : t.ike.said(answer, 'it is processed').as('processed');
  }
  const complaints = complaintsIn(exchangesOf(t, 'nut', FIRST));
  if (complaints[0])
    return complaints.length < early.length
      ? t.ike.said(complaints[0], 'it tells of it once').as('told')
      : t.ike.said(complaints[0], 'it tells of each').as('told-each-time');
  return both(
    t.ike.said(early[0], `it comes ${early.length} times`),
    t.ike.said(answer, 'and is answered after the first one'),
  )?.as('ignored');
}

/** Of a request that is not answered, so that there was time for an answer. */
const SENDINGS = 2;
