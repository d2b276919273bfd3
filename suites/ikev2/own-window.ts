/**
 * What the node makes of requests that overlap (RFC 7296 2.1, 2.3): the tester has more outstanding than one. Its first request is held by the lab, so that those after it arrive
 * before it: within the node's window they are answered, in any order, and beyond it they are not. Or the answer to the first one is lost, and it is asked again after another.
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
import { messageMutants, windowMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { equal, hex, readU32 } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild } from './create-child-sa.ts';
import { keyingOf } from './crossing.ts';
import { type At, roles } from './nodes.ts';
import { answeredAt, children, complaintsIn, exchangesOf, windowSaid, withWindows } from './windows.ts';

/** What the node is told of its window; a product that has no such setting has one. */
const windows = { one: {}, two: { nut: 2 } } as const;
const dimensions = { window: ['one', 'two'], role: roles } as const;

const FIRST = 'the first request';
const begun = { awaited: false } as const;

export const beyondWindow = scenario({
  name: 'beyond-window',
  title: 'Requests arrive before one that was made earlier',
  dimensions,
  given: ({ window, role }) => withWindows(role, windows[window as keyof typeof windows]),
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

const LOST = 'its answer';

export const repeatedInWindow = scenario({
  name: 'repeated-in-window',
  title: 'An answer is lost, and the request comes again after another one',
  dimensions,
  given: ({ window, role }) => withWindows(role, windows[window as keyof typeof windows]),
  misbehaves: () => ({ tn: presumesWindow(SEVERAL) }),
  async play(stage, { role }) {
    const { tn, lab } = stage;
    await establish(stage, keyingOf(role), ['first']);
    await tn.echo('before');
    await lab.holds(LOST, makesChild.answers, { from: 'nut', response: true });
    await tn.initiates('asks one', children.udp, begun);
    await lab.catches(LOST);
    await tn.asksForLife('asks two', children.first);
    await lab.loses(LOST);
    await lab.shows((t) => {
      const [first] = exchangesOf(t, 'tn', LOST);
      return again(t).length >= SENDINGS || (first?.responses.length ?? 0) > 1;
    });
    await tn.asksForLife('life', children.first);
    await tn.echo('after', { untilAnswered: true });
  },
  questions: {
    'RFC7296-2.3-KEPT': question('Are answers kept for the whole window?', {
      outcomes: ['again', 'changed', 'never'],
      asks: ({ window }) => window === 'two',
      controls: repeatedControls,
      judge: (t) => judgeRepeated(t, { same: 'again', other: 'changed', none: 'never' }),
      plays: ['responder', 'sender'],
      reads: [reads(RFC7296, '2.3', 'MUST', 'responder', { again: pass, changed: fail, never: fail })],
      lawful: 'again',
      turnedBy: [
        [windowMutants.keepsLastAnswer, 'never'],
        [messageMutants.processesAgain, 'changed'],
      ],
    }),
    'RFC7296-2.1-FORGOTTEN': question('Is a request ignored that comes again when its answer may be forgotten?', {
      outcomes: ['ignored', 'as-before', 'anew'],
      asks: ({ window }) => window === 'one',
      controls: repeatedControls,
      judge: (t) => judgeRepeated(t, { same: 'as-before', other: 'anew', none: 'ignored' }),
      plays: ['responder', 'receiver'],
      reads: [
        reads(RFC7296, '2.1', 'MUST', 'responder', {
          ignored: pass,
          'as-before': observed('the answer is kept for longer'),
          anew: fail,
        }),
      ],
      lawful: 'ignored',
      turnedBy: [
        [windowMutants.keepsEveryAnswer, 'as-before'],
        [messageMutants.processesAgain, 'anew'],
      ],
    }),
  },
});

function repeatedControls(t: Account) {
  return [
    pre('the child carries traffic', t.answered('before')),
    seen('another request is answered meanwhile', t.ike.informed('asks two')),
    seen('the first comes again after it', again(t)[0] && t.ike.said(again(t)[0]!, 'the same request again')),
    post('the IKE SA lives', t.ike.informed('life')),
    post('traffic goes on', t.answered('after')),
  ];
}

/** The first request, as often as it came after the second was answered. */
function again(t: Account) {
  const [first, second] = exchangesOf(t, 'tn', LOST);
  const since = second ? answeredAt(second) : Number.POSITIVE_INFINITY;
  return first?.requests.filter(({ frame }) => frame.entry.place > since) ?? [];
}

function judgeRepeated(
  t: Account,
  words: { readonly same: string; readonly other: string; readonly none: string },
): Judgement | undefined {
  const [answer, ...later] = exchangesOf(t, 'tn', LOST)[0]?.responses ?? [];
  if (!answer) return undefined;
  const other = later.find(({ ike }) => !equal(ike.octets, answer.ike.octets));
  if (other) return t.ike.said(other, 'it is another answer').as(words.other);
  if (later[0]) return t.ike.said(later[0], 'the same answer again').as(words.same);
  return again(t).length >= SENDINGS
    ? both(t.ike.said(answer, 'one answer'), t.ike.informed('life'))?.as(words.none)
    : undefined;
}

/** As many as the tester takes the node to handle. */
const SEVERAL = 4;
/** Of a request that is not answered, so that there was time for an answer. */
const SENDINGS = 2;
