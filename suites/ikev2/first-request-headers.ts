/**
 * A first request has a header that no first request has (RFC 7296 1.5, 2.5, 3.1). It is sent once so; half a second later the tester repeats it as it should
 * be, and whatever the node said before that was about the wrong one.
 */
import {
  type Account,
  type Finding,
  type FoundMessage,
  type Judgement,
  notificationsIn,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { garblesFirst } from '../../harness/vocabulary/lies.ts';
import { messageMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { aroundControls, between, CLAIM, nodes, olderIds, playAround } from './nodes.ts';

type Outcome = 'told-version' | 'refused' | 'dropped' | 'answered';

/** Offsets in the header of section 3.1. */
const [INITIATOR_SPI, RESPONDER_SPI, VERSION, FLAGS, MESSAGE_ID] = [0, 8, 17, 19, 20];
const at =
  (offset: number, ...octets: readonly number[]) =>
  (message: Uint8Array): Uint8Array => {
    const changed = message.slice();
    changed.set(octets, offset);
    return changed;
  };

interface Way {
  readonly change: (message: Uint8Array) => Uint8Array;
  readonly reads: Reads<Outcome>;
  readonly lawful: Outcome;
  readonly mutants: readonly (readonly [NodeMutant, Outcome])[];
  readonly number?: string;
}

const dropped = (section: string, level: Reads<Outcome>['level'] = 'MUST'): Reads<Outcome> =>
  reads(RFC7296, section, level, 'receiver', { 'told-version': fail, refused: pass, dropped: pass, answered: fail });

const ways = {
  'higher-major-version': {
    change: at(VERSION, 0x30),
    reads: reads(RFC7296, '2.5', 'SHOULD', 'receiver', {
      'told-version': pass,
      refused: fail,
      dropped: fail,
      answered: fail,
    }),
    lawful: 'told-version',
    mutants: [
      [messageMutants.saysNothingOfVersions, 'dropped'],
      [messageMutants.readsEveryVersion, 'refused'],
    ],
    number: '1.1.4.2',
  },
  'response-flag': {
    change: (message) => at(FLAGS, message[FLAGS]! | 0x20)(message),
    reads: dropped('3.1'),
    lawful: 'dropped',
    mutants: [[messageMutants.takesResponsesForRequests, 'answered']],
    number: '1.1.11.4',
  },
  'no-initiator-flag': {
    change: (message) => at(FLAGS, message[FLAGS]! & ~0x08)(message),
    reads: reads(RFC7296, '3.1', 'obs', 'receiver', {
      'told-version': observed('a version is told'),
      refused: observed('an error is told'),
      dropped: observed('it is dropped'),
      answered: observed('nobody looks at the flag'),
    }),
    lawful: 'dropped',
    mutants: [[messageMutants.takesAnyInitiatorFlag, 'answered']],
  },
  'initiator-spi-zero': {
    change: at(INITIATOR_SPI, ...new Uint8Array(8)),
    reads: dropped('3.1'),
    lawful: 'dropped',
    mutants: [[messageMutants.takesAnyFirstSpis, 'answered']],
  },
  'responder-spi': {
    change: at(RESPONDER_SPI, 1, 2, 3, 4, 5, 6, 7, 8),
    reads: dropped('3.1'),
    lawful: 'dropped',
    mutants: [[messageMutants.takesAnyFirstSpis, 'answered']],
  },
  'message-id': {
    change: at(MESSAGE_ID, 0, 0, 0, 1),
    reads: dropped('2.2'),
    lawful: 'dropped',
    mutants: [[messageMutants.takesAnyMessageId, 'answered']],
  },
} as const satisfies Record<string, Way>;
type WayName = keyof typeof ways;

export const firstRequestHeaders = scenario({
  name: 'first-request-headers',
  title: 'A first request has a header that none has',
  dimensions: { way: Object.keys(ways) as WayName[], node: nodes },
  given: ({ node }) => between(node),
  misbehaves: ({ way }) => ({
    tn: garblesFirst(way, { exchange: 'IKE_SA_INIT', kind: 'request', ikeSa: CLAIM }, ways[way as WayName].change),
  }),
  play: (stage) => playAround(stage, 'responder'),
  questions: {
    'RFC7296-3.1-REQUEST': question('What is said to a first request that is none?', {
      outcomes: ['told-version', 'refused', 'dropped', 'answered'],
      controls: (t) => [...aroundControls(t), seen('it was sent so', wasSent(t))],
      judge: (t) => judged(t),
      plays: ['receiver', 'responder'],
      reads: ({ way }) => [ways[way as WayName].reads],
      lawful: ({ way }) => ways[way as WayName].lawful,
      turnedBy: ({ way }) => ways[way as WayName].mutants as Way['mutants'],
      alsoKnownAs: ({ way, ...asked }) => {
        const { number }: Way = ways[way as WayName];
        return number === undefined ? [] : olderIds({ ...asked, role: 'responder' }, { responder: [number] });
      },
    }),
  },
});

/** The wrong one, and what repeats it. */
function sent(t: Account): readonly FoundMessage[] {
  const isOne = ({ frame, ike }: FoundMessage) =>
    frame.entry.from === 'tn' && ike.message.header.exchangeType === exchangeTypes.IKE_SA_INIT;
  return t.ike.messages('claim').filter(isOne);
}

function wasSent(t: Account): Finding | undefined {
  const [wrong] = sent(t);
  return wrong && wrong.frame.entry.tampers.length > 0 ? t.ike.said(wrong, 'the wrong one') : undefined;
}

function judged(t: Account): Judgement | undefined {
  const end = sent(t)[1]?.frame.entry.place ?? Number.POSITIVE_INFINITY;
  const answer = t.ike.messages('claim').find(({ frame }) => frame.entry.from === 'nut' && frame.entry.place < end);
  if (!answer) return t.established('claim', 'claim echo')?.as('dropped');
  const names = notificationsIn(answer.ike);
  const says = `it answers ${names.join(', ')}`;
  if (names.includes('INVALID_MAJOR_VERSION')) return t.ike.said(answer, says).as('told-version');
  const isAgreed = answer.ike.message.payloads.some(({ type }) => type === 'SA');
  return t.ike.said(answer, isAgreed ? 'it answers as usual' : says).as(isAgreed ? 'answered' : 'refused');
}
