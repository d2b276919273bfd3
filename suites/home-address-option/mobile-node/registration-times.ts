/**
 * When a mobile node repeats and renews its home registration (RFC 6275 11.7.1, 11.8, 13): the first one waits for the home agent's duplicate address
 * detection, each repetition waits twice as long and has a number of its own, and no binding ends before it was renewed.
 */
import { type Account, both, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, bothHeard, fromLink, registersFrom, updateAt } from './acts.ts';
import { repeated, repetitionOutcomes, repetitionReadings, timeOf } from './times.ts';

const repetitionsHeard = ['first', 'second', 'third', 'fourth'] as const;
/** Milliseconds of the first timer: InitialBindackTimeoutFirstReg, INITIAL_BINDACK_TIMEOUT. */
const timers: Readonly<Record<string, number>> = { 'first-registration': 1_500, 'later-registration': 1_000 };

export const repetitions = scenario({
  name: 'repetitions',
  title: 'When a mobile node repeats a registration that nobody answers',
  cast: mobileCast,
  dimensions: { registration: ['first-registration', 'later-registration'] },
  given: () => moving(),
  async play(stage, { registration }) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home', { untilAnswered: true });
    if (registration === 'later-registration') await registersFrom(stage, 'foreign-1');
    const place = registration === 'later-registration' ? 'foreign-2' : 'foreign-1';
    await nut.movesTo(place);
    await ha.hears('first', 'bindingUpdate', fromLink(place));
    for (const [place, name] of repetitionsHeard.slice(1).entries()) {
      await ha.hears(name, 'bindingUpdate', { after: repetitionsHeard[place]!, within: 10_000 });
    }
  },
  questions: {
    'RFC6275-11.8': question(
      'Is a registration repeated after the time that is written, and twice that, and twice that again?',
      {
        outcomes: repetitionOutcomes,
        controls: (t) => [
          pre('the node is at home', t.answered('at home')),
          seen('it registers', t.mobility.heardWas('first')),
        ],
        judge: (t, { registration }) => repeated(t, ['first', 'second', 'third'], timers[registration]!),
        plays: 'sender',
        reads: repetitionReadings,
        lawful: 'doubled',
        turnedBy: ({ registration }) => [
          [mutants.repeatsSteadily, 'not doubled'],
          ...(registration === 'first-registration' ? ([[mutants.hurriesFirstRegistration, 'too soon']] as const) : []),
        ],
        alsoKnownAs: ({ registration }) =>
          registration === 'first-registration'
            ? ['MN-2-1-1-1-013']
            : ['MN-2-1-2-1-006', 'MN-2-1-2-1-001', 'MN-0-0-0-2-001'],
      },
    ),
    'RFC6275-11.7.1': question('Has each repetition a greater sequence number?', {
      outcomes: ['greater', 'the same'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas('first')),
      ],
      judge: (t) => {
        const [first, second] = [updateAt(t, 'first'), updateAt(t, 'second')];
        if (!first || !second) return undefined;
        const [one, two] = [first.message.sequenceNumber, second.message.sequenceNumber];
        const isGreater = ((two - one) & 0xffff) > 0 && ((two - one) & 0xffff) < 0x8000;
        return bothHeard(t, first.found, second.found, `${one}, then ${two}`).as(isGreater ? 'greater' : 'the same');
      },
      plays: 'sender',
      reads: [reads(RFC6275, '11.8', 'MUST', 'sender', { greater: pass, 'the same': fail })],
      lawful: 'greater',
      turnedBy: [[mutants.repeatsItsNumber, 'the same']],
    }),
  },
});

/** Seconds, all of them: what is asked for, what is granted, what is advised. */
const renewing: Readonly<Record<string, { asked: number; granted: number; advised?: number; ids: readonly string[] }>> =
  {
    'as-asked': { asked: 16, granted: 16, ids: ['MN-2-1-2-1-004', 'MN-3-1-2-3-001'] },
    'granted-less': { asked: 32, granted: 8, ids: ['MN-2-2-1-1-020'] },
    'advised-sooner': { asked: 32, granted: 32, advised: 8, ids: ['MN-2-2-1-1-026'] },
  };

export const renewals = scenario({
  name: 'renewals',
  title: 'When a mobile node renews its registration',
  cast: mobileCast,
  dimensions: { registration: Object.keys(renewing) },
  given: ({ registration }) => moving({ lifetime: renewing[registration]!.asked }),
  async play(stage, { registration }) {
    const { granted, advised } = renewing[registration]!;
    const options =
      advised === undefined ? [] : [{ type: 'bindingRefreshAdvice', refreshInterval: advised / 4 } as const];
    await stage.cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1', { update: 'update', granted: { lifetime: granted, options } });
    await stage.ha.hears('renewal', 'bindingUpdate', { after: 'update acknowledged', within: 40_000 });
    await stage.ha.answers('renewed', 'renewal', (heard) => acknowledging(heard));
  },
  questions: {
    'RFC6275-11.7.1-RENEWED': question('Is the registration renewed in time?', {
      outcomes: ['in time', 'too late'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas('update')),
        post('it registers again', t.mobility.heardWas('renewal')),
      ],
      judge: (t, { registration }) => renewedInTime(t, renewing[registration]!),
      plays: 'sender',
      reads: ({ registration }) => [
        registration === 'advised-sooner'
          ? reads(RFC6275, '11.7.3', 'SHOULD', 'sender', { 'in time': pass, 'too late': fail })
          : reads(RFC6275, '11.7.3', registration === 'granted-less' ? 'MUST' : 'SHOULD', 'sender', {
              'in time': pass,
              'too late': fail,
            }),
      ],
      lawful: 'in time',
      turnedBy: ({ registration }) => {
        const turns = {
          'as-asked': mutants.neverRenews,
          'granted-less': mutants.forgetsShorterLifetime,
          'advised-sooner': mutants.heedsNoAdvice,
        };
        return [[turns[registration as keyof typeof turns], 'too late']];
      },
      alsoKnownAs: ({ registration }) => renewing[registration]!.ids,
    }),
  },
});

function renewedInTime(t: Account, { granted, advised }: { readonly granted: number; readonly advised?: number }) {
  const [update, renewal] = [t.mobility.heardAt('update'), t.mobility.heardAt('renewal')];
  if (!update || !renewal) return undefined;
  const passed = (timeOf(renewal) - timeOf(update)) / 1000;
  // Advice is for an interval, and a timer may be a little late; a binding that has ended has ended.
  const end = advised === undefined ? granted : 1.25 * advised;
  return bothHeard(t, update, renewal, `after ${passed.toFixed(1)} s of ${end}`).as(
    passed <= end ? 'in time' : 'too late',
  );
}

/** What is advertised of the link, and asked for, in seconds. */
const valid: Readonly<
  Record<string, { readonly link: number; readonly asked: number; readonly ids: readonly string[] }>
> = {
  'longer-than-asked': { link: 3_600, asked: 60, ids: ['MN-2-1-1-1-007'] },
  'shorter-than-asked': { link: 40, asked: 400, ids: ['MN-2-1-1-1-006'] },
};

export const validLifetimes = scenario({
  name: 'valid-lifetimes',
  title: 'A registration and the lifetime of the care-of address',
  cast: mobileCast,
  dimensions: { valid: Object.keys(valid) },
  given: ({ valid: of }) => moving({ lifetime: valid[of]!.asked, validOnForeignLinks: valid[of]!.link }),
  async play(stage) {
    await stage.cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1', { update: 'update' });
  },
  questions: {
    'RFC6275-11.7.1': question('Is no binding asked for that outlives the care-of address?', {
      outcomes: ['within', 'beyond', 'none'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas('update')),
      ],
      judge: (t, { valid: of }) => {
        const update = updateAt(t, 'update');
        if (!update) return undefined;
        const seconds = 4 * update.message.lifetime;
        const outcome = seconds === 0 ? 'none' : seconds <= valid[of]!.link ? 'within' : 'beyond';
        return both(t.mobility.shown(update.found, `${seconds} s, of ${valid[of]!.link} s`))?.as(outcome);
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.1', 'SHOULD', 'sender', { within: pass, beyond: fail, none: pass }),
        reads(RFC6275, '11.7.1', 'MUST', 'sender', { within: pass, beyond: pass, none: fail }),
      ],
      lawful: 'within',
      turnedBy: ({ valid: of }) =>
        of === 'shorter-than-asked' ? [[mutants.asksForMoreThanValid, 'beyond']] : [[mutants.asksForNoTime, 'none']],
      alsoKnownAs: ({ valid: of }) => valid[of]!.ids,
    }),
  },
});
