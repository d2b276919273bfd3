/**
 * Mobility Headers that are wrong before their type is looked at (RFC 6275 9.2), sent to a home agent: answered by the error that belongs to each, or by
 * nothing; whatever comes of it, no binding does, and one that there is stays.
 */
import { homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted, only } from './judging.ts';

const outcomes = ['binding error', 'parameter problem', 'silent', 'accepted', 'otherwise'] as const;
type Outcome = (typeof outcomes)[number];

interface Wrong {
  readonly order: MobilityByHand;
  readonly lawful: Outcome;
  /** Of a Parameter Problem, from the start of the Mobility Header. */
  readonly pointer?: number;
  readonly turns: Outcome;
  readonly mutant: typeof mobilityMutants.skipsMobilityChecksum;
  /** Of the catalogues before this one: under ESP without a binding, under ESP with one, in clear. */
  readonly known: readonly [string, string, string];
}

const good = homeUpdate({ sequenceNumber: 2 });

const wrongs: Readonly<Record<string, Wrong>> = {
  'unknown-type': {
    order: { ...good, message: { kind: 'other', mhType: 200, data: new Uint8Array(10) } },
    lawful: 'binding error',
    turns: 'silent',
    mutant: mobilityMutants.passesOverUnknownTypes,
    known: ['HA_1_1_1', 'HA_1_1_5', ''],
  },
  piggybacked: {
    order: { ...good, message: { ...good.message, payloadProtocol: 17 } },
    lawful: 'parameter problem',
    pointer: 0,
    turns: 'accepted',
    mutant: mobilityMutants.takesPiggybacked,
    known: ['HA_1_1_2', 'HA_1_1_6', 'HA_1_1_9'],
  },
  checksum: {
    order: { ...good, checksum: 1 },
    lawful: 'silent',
    turns: 'accepted',
    mutant: mobilityMutants.skipsMobilityChecksum,
    known: ['HA_1_1_3', 'HA_1_1_8', ''],
  },
  'header-length': {
    order: { ...good, message: { kind: 'other', mhType: 5, data: new Uint8Array(2) } },
    lawful: 'parameter problem',
    pointer: 1,
    turns: 'silent',
    mutant: mobilityMutants.passesOverShortMessages,
    known: ['HA_1_1_4', 'HA_1_1_7', 'HA_1_1_10'],
  },
};

export const homeMalformed = scenario({
  name: 'home-malformed',
  title: 'Malformed Mobility Headers to a home agent',
  cast: onHomeLink,
  dimensions: {
    wrong: Object.keys(wrongs),
    binding: ['none', 'there'],
    protection: ['esp', 'clear'],
  },
  given: ({ protection }) => homeAgentIntent(protection === 'esp' ? { pairs: [signallingPair()] } : {}),
  async play({ tn, neighbor }, { wrong, binding }) {
    await neighbor.pingInClear('alive');
    if (binding === 'there') await tn.sends('before', homeUpdate());
    await tn.sends('wrong', { ...wrongs[wrong]!.order, awaited: true });
    await tn.sends('after', homeUpdate({ sequenceNumber: 3 }));
  },
  questions: {
    'RFC6275-HA-9.2': question('What does a home agent say to a Mobility Header that is no message?', {
      outcomes,
      controls: (t, { binding }) => [
        pre('the home agent is alive', t.answered('alive')),
        ...(binding === 'there' ? [pre('a registration was accepted', accepted(t, 'before'))] : []),
        post('another is accepted afterwards', accepted(t, 'after')),
      ],
      judge: (t, { wrong }) => said(t, wrongs[wrong]!),
      plays: 'receiver',
      reads: ({ wrong }) => [
        reads(
          RFC6275,
          '9.2',
          wrong === 'checksum' ? 'MUST' : 'SHOULD',
          'receiver',
          only(wrongs[wrong]!.lawful, outcomes),
        ),
      ],
      lawful: ({ wrong }) => wrongs[wrong]!.lawful,
      turnedBy: ({ wrong }) => [[wrongs[wrong]!.mutant, wrongs[wrong]!.turns]],
      alsoKnownAs({ wrong, binding, protection }) {
        const [unbound, bound, clear] = wrongs[wrong]!.known;
        const known = protection === 'clear' ? (binding === 'none' ? clear : '') : binding === 'none' ? unbound : bound;
        return known === '' ? [] : [known];
      },
    }),
  },
});

function said(t: Account, { pointer }: Wrong) {
  const error = t.mobility.bindingError('wrong');
  if (error) return t.mobility.shown(error, `Binding Error, status ${error.message.status}`)?.as('binding error');
  const problem = t.mobility.problem('wrong');
  if (problem) {
    const says = `Parameter Problem, code ${problem.code}, pointer ${problem.pointer}`;
    return t.mobility.shown(problem, says)?.as(problem.pointer === pointer ? 'parameter problem' : 'otherwise');
  }
  const answer = t.mobility.heard('bindingAcknowledgement', { after: 'wrong', before: 'after' });
  if (answer) {
    const { status } = answer.message;
    return t.mobility.shown(answer, `acknowledged with status ${status}`)?.as(status < 128 ? 'accepted' : 'otherwise');
  }
  return t.mobility.silent('wrong', 'after')?.as('silent');
}
