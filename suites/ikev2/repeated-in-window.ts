/**
 * The answer to a request is lost, and it comes again after another one was answered (RFC 7296 2.1, 2.3): within the node's window it is answered as it was; where the answer may be
 * forgotten, it is not processed anew.
 */
import { type Account, both, type Judgement, post, pre, seen } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { presumesWindow } from '../../harness/vocabulary/lies.ts';
import { messageMutants, windowMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { equal } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { makesChild } from './create-child-sa.ts';
import { keyingOf } from './crossing.ts';
import { roles } from './nodes.ts';
import { answeredAt, children, exchangesOf, nodesWindow, SEVERAL, windows, withWindows } from './windows.ts';

const LOST = 'its answer';

export const repeatedInWindow = scenario({
  name: 'repeated-in-window',
  title: 'An answer is lost, and the request comes again after another one',
  dimensions: { window: windows, role: roles },
  given: ({ window, role }) => withWindows(role, nodesWindow(window)),
  misbehaves: () => ({ tn: presumesWindow(SEVERAL) }),
  async play(stage, { role }) {
    const { tn, lab } = stage;
    await establish(stage, keyingOf(role), ['first']);
    await tn.echo('before');
    await lab.holds(LOST, makesChild.answers, { from: 'nut', response: true });
    await tn.initiates('asks one', children.udp, { awaited: false });
    await lab.catches(LOST);
    await tn.asksForLife('asks two', children.first);
    await lab.loses(LOST);
    await lab.shows((t) => {
      const [first] = exchangesOf(t, 'tn', LOST);
      return again(t).length >= SENDINGS || (first?.responses.length ?? 0) > 1;
    });
    await tn.asksForLife('life', children.first);
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

/** Of the first request, so that there was time for an answer. */
const SENDINGS = 2;
