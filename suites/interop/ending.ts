/**
 * What two products agreed on ends, and they begin anew: the child is closed (RFC 7296 1.4.1), or the IKE SA with all that it bears; one of the two begins anew, and says that it has nothing left (2.4); or
 * the wire fails until the other one is given up (2.4). Afterwards nothing of the first time is left on either side.
 */
import { type Account, both, type Finding } from '../../harness/vocabulary/judging.ts';
import type { Meeting } from '../../harness/vocabulary/meeting.ts';
import { childMutants, livenessMutants, messageLifeMutants } from '../../harness/vocabulary/mutants.ts';
import type { Reads, Turn } from '../../harness/vocabulary/question.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { agree, type Role } from './agreeing.ts';
import { again, continuing, meetsDone, type Outcome } from './continuing.ts';
import { back, there } from './crossing.ts';
import { type Both, hasNothing, heldBy, reportEach, type Until } from './holdings.ts';
import { childrenReplaced, sentUnderNew } from './replaced.ts';

interface End {
  readonly given?: Meeting;
  /** Up to where nothing is left of it, as far as a side knows. */
  readonly ends: (stage: Both) => Promise<void>;
  /** And begins anew who began before, or, where only one knows that it is over, that one. */
  readonly begins?: Role;
  /** What shows it. */
  readonly ended: (t: Account) => Finding | undefined;
  readonly reads: readonly Reads<Outcome>[];
  readonly turnedBy: (role: Role) => readonly Turn<Outcome>[];
}

const hasNoChild: Until = ({ sad }) => sad.length === 0;
const isGone: Until = (state) => hasNothing(state);

const endings = {
  'closed-child': {
    async ends(stage) {
      await stage.peer.closesChild('closes');
      await reportEach(stage, OVER, hasNoChild);
    },
    ended: (t) => both(without(t, 'nut', 'sad'), without(t, 'peer', 'sad')),
    reads: [meetsDone(RFC7296, '1.4.1')],
    turnedBy: () => [[childMutants.forgetsDeletedChildren, 'at-odds']],
  },
  'closed-ike': {
    async ends(stage) {
      await stage.peer.closes('closes');
      await reportEach(stage, OVER, isGone);
    },
    ended: (t) => both(without(t, 'nut', 'ikeSas'), without(t, 'peer', 'ikeSas')),
    reads: [meetsDone(RFC7296, '1.4.1')],
    turnedBy: (role) => [[childMutants.forgetsDeletions, role === 'initiator' ? 'none' : 'undone']],
  },
  restarted: {
    async ends({ peer, lab }) {
      await lab.becomes('the wire is cut', { kind: 'cut' });
      await peer.restarts('restarts');
      await lab.becomes('the wire is mended', { kind: 'whole' });
      await peer.reports(heldBy('peer', OVER));
    },
    begins: 'responder',
    ended: (t) => without(t, 'peer', 'ikeSas'),
    reads: [meetsDone(RFC7296, '2.4', 'MAY')],
    turnedBy: () => [[messageLifeMutants.keepsWhatIsForgotten, 'at-odds']],
  },
} as const satisfies Record<string, End>;
type By = keyof typeof endings;

const endOf = (by: By): End => endings[by];

export const ending = continuing({
  name: 'ending',
  title: 'What two products agreed on ends, and they begin anew',
  by: Object.keys(endings) as By[],
  given: (by) => endOf(by).given ?? {},
  async happens(stage, by, role) {
    await endOf(by).ends(stage);
    await agree(stage, endOf(by).begins ?? role, 'establish anew');
  },
  question: 'Is nothing left of it on either side, and do the two speak under what they agreed on anew?',
  done: (t, by) => both(endOf(by).ended(t), ...begunAnew(t)),
  reads: (by) => endOf(by).reads,
  turnedBy: (by, role) => endOf(by).turnedBy(role),
});

/** Seconds without a sign of life, and until a peer that says nothing is given up. */
const AFTER = 2;
const PATIENCE = 20;

export const giving = continuing({
  name: 'giving-up',
  title: 'The wire between two products fails, and is mended',
  by: ['given-up'],
  roles: ['initiator'],
  lasts: PATIENCE,
  given: () => ({ told: { nut: { livenessAfter: AFTER }, peer: { livenessAfter: AFTER } } }),
  async happens(stage, _by, role) {
    const { nut, peer, lab } = stage;
    await lab.becomes('the wire is cut', { kind: 'cut' });
    await nut.reports(heldBy('nut', OVER), { until: isGone, within: 1000 * PATIENCE });
    await peer.reports(heldBy('peer', OVER), { until: isGone, within: 1000 * PATIENCE });
    await lab.becomes('the wire is mended', { kind: 'whole' });
    await agree(stage, role, 'establish anew');
  },
  question: 'Is a peer that says nothing given up, and do the two speak when it can be heard again?',
  done: (t) => both(without(t, 'nut', 'ikeSas'), ...begunAnew(t)),
  reads: () => [meetsDone(RFC7296, '2.4')],
  turnedBy: () => [
    [livenessMutants.neverAsksForLife, 'none'],
    [livenessMutants.neverGivesUp, 'none'],
  ],
});

const begunAnew = (t: Account): readonly (Finding | undefined)[] => [
  childrenReplaced(t),
  sentUnderNew(t, there(again), 'nut'),
  sentUnderNew(t, back(again), 'peer'),
];

/** Before the two begin anew. */
const OVER = 'over';

function without(t: Account, party: 'nut' | 'peer', what: 'sad' | 'ikeSas'): Finding | undefined {
  return t.reported(heldBy(party, OVER), what, `${party} has none left`, (state) => state[what].length === 0);
}
