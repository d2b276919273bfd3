/**
 * One of two products replaces what they have agreed on while they speak (RFC 7296 2.8): the child, with keys of an exchange of its own or without (2.17), or the IKE SA, whose children stay
 * (2.18). What was replaced is closed, and nothing that is said meanwhile is lost.
 */
import { both } from '../../harness/vocabulary/judging.ts';
import type { Meeting } from '../../harness/vocabulary/meeting.ts';
import { childMutants, rekeyingMutants } from '../../harness/vocabulary/mutants.ts';
import type { Turn } from '../../harness/vocabulary/question.ts';
import { espProposals } from '../../harness/vocabulary/transforms.ts';
import { keyExchangeMethods } from '../../reference/wire/ike/transform-types.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { again, continuing, meetsDone, type Outcome } from './continuing.ts';
import { back, speak, there } from './crossing.ts';
import { report, type Until } from './holdings.ts';
import { childrenKept, childrenReplaced, hasOnlyOther, ikeSaReplaced, sentUnderNew, whichIkeSa } from './replaced.ts';

const { Curve25519 } = keyExchangeMethods;

const what = ['child', 'child-with-group', 'ike'] as const;
type What = (typeof what)[number];
/** Who is told to; of the other order of the two products the other one is. */
const who = ['nut', 'peer'] as const;
type Who = (typeof who)[number];
type By = `rekeyed-${What}-by-${'itself' | 'the-other'}`;

const by = who.flatMap((one) => what.map((of): By => `rekeyed-${of}-by-${one === 'nut' ? 'itself' : 'the-other'}`));
const isOfIke = (way: By): boolean => way.startsWith('rekeyed-ike');
const hasGroup = (way: By): boolean => way.includes('with-group');
const asked = (way: By): Who => (way.endsWith('itself') ? 'nut' : 'peer');

/** Children have keys of an exchange of their own. */
const withGroup: Meeting = {
  child: { proposals: espProposals.map((proposal) => ({ ...proposal, keyExchangeMethods: [Curve25519] })) },
};

export const replacing = continuing({
  name: 'replacing',
  title: 'One of two products replaces what they have agreed on while they speak',
  by,
  roles: ['initiator'],
  given: (way) => (hasGroup(way) ? withGroup : {}),
  async happens(stage, way) {
    const one = stage[asked(way)];
    await (isOfIke(way) ? one.rekeysIke('replaces') : one.rekeysChild('replaces'));
    for (const round of meanwhile) await speak(stage, round);
    await report(stage, 'replaced', isReplaced(way));
  },
  meanwhile: () => meanwhile,
  settled: (way) => isReplaced(way),
  controls: (t, way) => (isOfIke(way) ? [whichIkeSa(t)] : []),
  question: 'Is it replaced, and do the two speak on under what replaces it?',
  done: (t, way) =>
    isOfIke(way)
      ? both(ikeSaReplaced(t), childrenKept(t))
      : both(childrenReplaced(t), sentUnderNew(t, there(again), 'nut'), sentUnderNew(t, back(again), 'peer')),
  reads: (way) => [
    meetsDone(RFC7296, isOfIke(way) ? '2.18' : '2.8', 'obs'),
    ...(hasGroup(way) ? [meetsDone(RFC7296, '2.17', 'obs')] : []),
  ],
  turnedBy: turnsOf,
});

/** Rounds of what is said while something is replaced. */
const meanwhile = ['meanwhile 1', 'meanwhile 2', 'meanwhile 3'] as const;

const isReplaced = (way: By): Until => hasOnlyOther(isOfIke(way) ? 'ikeSas' : 'sad');

function turnsOf(way: By): readonly Turn<Outcome>[] {
  if (isOfIke(way)) {
    return asked(way) === 'nut'
      ? [[rekeyingMutants.keepsReplacedIkeSa, 'undone']]
      : [[rekeyingMutants.neverReplacesIkeSa, 'undone']];
  }
  return asked(way) === 'nut'
    ? [[childMutants.keepsReplacedChild, 'at-odds']]
    : [
        [childMutants.findsNoRekeyedChild, 'at-odds'],
        ...(hasGroup(way) ? ([[rekeyingMutants.keysWithoutSecret, 'none']] as const) : []),
      ];
}
