/**
 * Two products that have agreed and speak, and something happens: one of them is asked to replace, close or begin anew, or the wire between them fails. Success is always the same: what was asked is
 * done, they speak again both ways under what both were told, and both hold the same SAs. All that scenarios of this kind say is what happens, and by what it is seen to have been done.
 */
import { type Account, both, type Control, type Finding, type Judgement } from '../../harness/vocabulary/judging.ts';
import { type Meeting, meeting, twoProducts } from '../../harness/vocabulary/meeting.ts';
import { observed, question, type Reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { agree, begins, figure, meets, type Role, roles, unprotectedIn } from './agreeing.ts';
import {
  after,
  back,
  before,
  conversing,
  crossed,
  judgeConversation,
  lost,
  type Outcome as OfConversation,
  outcomes as ofConversation,
  speak,
  speaking,
  there,
} from './crossing.ts';
import { type Both, report, type Until } from './holdings.ts';

/** `undone`: the two speak, and what was asked for did not come about; `interrupted`: it did, and something that was said meanwhile was lost. */
export const outcomes = [...ofConversation, 'undone', 'interrupted'] as const;
export type Outcome = (typeof outcomes)[number];

export interface Continuation<By extends string> {
  readonly name: string;
  readonly title: string;
  readonly by: readonly By[];
  readonly roles?: readonly Role[];
  readonly given?: (by: By, role: Role) => Meeting;
  /** What is the matter before the two agree already: whether they come to agree is asked, too. */
  readonly amid?: (stage: Both, by: By) => Promise<void>;
  /** Between the first conversation and the second. */
  readonly happens: (stage: Both, by: By, role: Role) => Promise<void>;
  /** Rounds of what is said while it happens. */
  readonly meanwhile?: (by: By) => readonly string[];
  /** When a side has come to rest after it; with one pair of SAs under one IKE SA unless said. */
  readonly settled?: (by: By) => Until;
  /** Seconds of lab time that pass. */
  readonly lasts?: number;
  readonly question: string;
  readonly controls?: (t: Account, by: By, role: Role) => readonly Control[];
  /** That it was done, and not merely survived. */
  readonly done: (t: Account, by: By, role: Role) => Finding | undefined;
  readonly reads: (by: By, role: Role) => readonly Reads<Outcome>[];
  readonly turnedBy: (by: By, role: Role) => readonly Turn<Outcome>[];
}

export function continuing<By extends string>(continuation: Continuation<By>) {
  const {
    name,
    title,
    by: ways,
    given = () => ({}),
    amid,
    happens,
    settled,
    lasts,
    done,
    controls = () => [],
  } = continuation;
  return scenario({
    name,
    title,
    cast: twoProducts,
    dimensions: { by: ways, role: continuation.roles ?? roles },
    ...(lasts !== undefined && { lasts: () => lasts }),
    given: ({ by, role }) => meeting({ initiator: begins(role), ...given(by, role) }),
    async play(stage, { by, role }) {
      const unprotected = unprotectedIn(given(by, role), 'ipv4');
      await speak(stage, before, unprotected);
      await amid?.(stage, by);
      await agree(stage, role);
      await speak(stage);
      await report(stage);
      await happens(stage, by, role);
      await speak(stage, again);
      await report(stage, again, settled?.(by));
      await speak(stage, after, unprotected);
    },
    questions: {
      'MCDANIEL-FLOW': question(continuation.question, {
        outcomes,
        controls: (t, { by, role }) => [
          speaking(t, before),
          ...(amid ? [] : [conversing(t)]),
          ...controls(t, by as By, role as Role),
          speaking(t, after),
        ],
        judge: (t, { by, role }) =>
          (amid && unlessWhole(judgeConversation(t))) ??
          judged(t, done(t, by as By, role as Role), continuation.meanwhile?.(by as By) ?? []),
        plays: ({ role }) => [role as Role, 'sender', 'receiver'],
        reads: ({ by, role }) => [
          beside(figure, observed('the two speak on, and nothing else has happened'), observed('something was lost')),
          ...continuation.reads(by as By, role as Role),
        ],
        lawful: 'both-ways',
        turnedBy: ({ by, role }) => continuation.turnedBy(by as By, role as Role),
      }),
    },
  });
}

/** The second conversation. */
export const again = 'again';

/** A sentence that is met when it was done and the two speak on. */
export function meetsDone(...sentence: Parameters<typeof meets>): Reads<Outcome> {
  const met = meets(...sentence);
  return beside(met, met.of.none, met.of['one-way']);
}

/** The same of what else a continuation may come to. */
export function beside({ of, ...rest }: Reads<OfConversation>, undone: Reading, interrupted: Reading): Reads<Outcome> {
  return { ...rest, of: { ...of, undone, interrupted } };
}

const unlessWhole = (judgement: Judgement | undefined): Judgement | undefined =>
  judgement?.outcome === ('both-ways' satisfies OfConversation) ? undefined : judgement;

type Reading = Reads<OfConversation>['of'][OfConversation];

/** A conversation is what it is, unless what was asked for did not come about. */
export function judgedWhenDone(conversation: Judgement | undefined, done: Finding | undefined): Judgement | undefined {
  if (conversation?.outcome !== ('both-ways' satisfies OfConversation)) return conversation;
  if (!done) return { ...conversation, outcome: 'undone' };
  return both(asFinding(conversation), done)?.as('both-ways');
}

function judged(t: Account, done: Finding | undefined, meanwhile: readonly string[]): Judgement | undefined {
  const judgement = judgedWhenDone(judgeConversation(t, again), done);
  if (judgement?.outcome !== ('both-ways' satisfies OfConversation)) return judgement;
  const said = meanwhile.flatMap((round) => [there(round), back(round)]);
  const gone = said.map((probe) => lost(t, probe)).find((each) => each !== undefined);
  if (gone) return both(asFinding(judgement), gone)?.as('interrupted');
  return both(asFinding(judgement), ...said.map((probe) => crossed(t, probe)))?.as('both-ways');
}

const asFinding = ({ says, evidence }: Judgement): Finding => ({
  says,
  evidence,
  as: (outcome) => ({ outcome, says, evidence }),
});
