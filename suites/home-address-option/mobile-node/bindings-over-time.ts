/**
 * What a mobile node does for the binding that a correspondent has, as time passes and it moves (RFC 6275 11.7.2): it renews it, tells of the next place once
 * its home agent knows, and takes it back at home.
 */
import { acknowledgedByHand, careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import { type Account, both, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants, correspondentRegistrationMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, bothHeard, type MobileStage, NOTICED, registersFrom, updateAt } from './acts.ts';
import { correspondent, isBound, isTested, UPDATE } from './registering-acts.ts';
import { timeOf } from './times.ts';

/** Both tests once more, after a moment, and the update that they authorise. */
async function testsAgain({ ha, cn }: Pick<MobileStage, 'ha' | 'cn'>, after: string, within = 3_000): Promise<void> {
  await ha.hears('home init again', 'homeTestInit', { to: correspondent, after, within });
  await cn.hears('care-of init again', 'careOfTestInit', { to: correspondent, after, within: 50 });
  await ha.answers('home test again', 'home init again', homeTestFor);
  await cn.answers('care-of test again', 'care-of init again', careOfTestFor);
  await cn.hears('update again', 'bindingUpdate', { to: correspondent, after });
}

function controls(t: Account) {
  return [
    pre('the node is at home', t.answered('at home')),
    seen('the correspondent has a binding', t.mobility.heardWas(UPDATE)),
    post('it speaks', t.sent('life')),
  ];
}

export const movingOn = scenario({
  name: 'moving-on',
  title: 'A mobile node with a binding at a correspondent moves on',
  cast: mobileCast,
  dimensions: { place: ['moved-on'] },
  given: () => moving({ routeOptimization: true }),
  async play(stage) {
    await isBound(stage);
    await registersFrom(stage, 'foreign-2');
    await testsAgain(stage, 'update from foreign-2');
    await stage.nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.7.2': question('Is the correspondent told of the new place, by new tests?', {
      outcomes: ['told', 'told without tests', 'not told'],
      controls: (t) => [...controls(t), seen('it moves on', t.mobility.heardWas('update from foreign-2'))],
      judge: (t) => {
        const update = updateAt(t, 'update again');
        if (!update?.found.source.startsWith('2001:db8:3:')) return t.sent('life')?.as('not told');
        const tested = both(t.mobility.heardWas('home init again'), t.mobility.heardWas('care-of init again'));
        const says = `from ${update.found.source}`;
        return (
          both(t.mobility.shown(update.found, says), tested)?.as('told') ??
          t.mobility.shown(update.found, says)?.as('told without tests')
        );
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.2', 'SHOULD', 'sender', { told: pass, 'told without tests': fail, 'not told': fail }),
      ],
      lawful: 'told',
      turnedBy: [[mutants.forgetsCorrespondents, 'not told']],
      alsoKnownAs: ['MN-2-1-1-2-009', 'MN-2-1-2-2-009', 'MN-3-1-2-2-004', 'MN-3-1-2-2-002'],
    }),
  },
});

/** Seconds that the correspondent grants. */
const GRANTED = 8;

export const correspondentRenewals = scenario({
  name: 'correspondent-renewals',
  title: 'The binding of a mobile node at a correspondent is about to end',
  cast: mobileCast,
  dimensions: { binding: ['about-to-end'] },
  given: () => moving({ routeOptimization: true }),
  lasts: () => GRANTED + 2,
  async play(stage) {
    await isTested(stage);
    await stage.cn.answers('granted', UPDATE, (heard) => acknowledgedByHand(heard, { lifetime: GRANTED }));
    await testsAgain(stage, 'granted', 1_000 * (GRANTED + 2));
    await stage.nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.7.2-RENEWED': question('Is the binding renewed before it ends?', {
      outcomes: ['in time', 'too late', 'lets it end'],
      controls,
      judge: (t) => {
        const [first, again] = [t.mobility.heardAt(UPDATE), t.mobility.heardAt('update again')];
        if (!first || !again) return t.sent('life')?.as('lets it end');
        const passed = (timeOf(again) - timeOf(first)) / 1000;
        const says = `after ${passed.toFixed(1)} s of ${GRANTED}`;
        return bothHeard(t, first, again, says).as(passed <= GRANTED ? 'in time' : 'too late');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.2', 'MAY', 'sender', {
          'in time': pass,
          'too late': observed('packets go by the home agent for a while'),
          'lets it end': observed('packets go by the home agent again'),
        }),
      ],
      lawful: 'in time',
      turnedBy: [[mobileNodeMutants.neverRenews, 'lets it end']],
      alsoKnownAs: ['MN-3-1-2-2-006'],
    }),
  },
});

const RETURNS = 'returns';
const fromHome = { from: mobileIpv6.prefixes.home, after: RETURNS, within: NOTICED } as const;

export const takingBack = scenario({
  name: 'taking-back',
  title: 'A mobile node with a binding at a correspondent comes home',
  cast: mobileCast,
  dimensions: { place: ['home-again'] },
  given: () => moving({ routeOptimization: true }),
  async play(stage) {
    const { nut, ha, cn } = stage;
    await isBound(stage);
    await nut.movesTo('home', RETURNS);
    await ha.claims('defends it', mobileIpv6.homeAddress);
    await ha.hears('deregistration', 'bindingUpdate', { ...fromHome, to: mobileIpv6.homeAgent });
    await ha.answers('deregistered', 'deregistration', (heard) => acknowledging(heard));
    await cn.hears('home init at home', 'homeTestInit', { ...fromHome, to: correspondent, within: 5_000 });
    await cn.answers('home test at home', 'home init at home', homeTestFor);
    await cn.hears('taken back', 'bindingUpdate', { ...fromHome, to: correspondent, within: 3_000 });
    await cn.answers('taken', 'taken back', (heard) => acknowledgedByHand(heard));
    await nut.echo('life', { to: correspondent });
  },
  questions: {
    'RFC6275-11.7.2': question('Is the binding of the correspondent taken back, by the home test alone?', {
      outcomes: ['taken back', 'asks for a lifetime', 'left'],
      controls: (t) => [...controls(t), seen('it deregisters', t.mobility.heardWas('deregistration'))],
      judge: (t) => {
        const update = updateAt(t, 'taken back');
        if (!update) return t.sent('life')?.as('left');
        const { lifetime } = update.message;
        return t.mobility
          .shown(update.found, `from ${update.found.source}, ${4 * lifetime} s`)
          ?.as(lifetime === 0 ? 'taken back' : 'asks for a lifetime');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.2', 'SHOULD', 'sender', { 'taken back': pass, 'asks for a lifetime': fail, left: fail }),
      ],
      lawful: 'taken back',
      turnedBy: [[mutants.forgetsCorrespondents, 'left']],
      alsoKnownAs: ['MN-3-1-3-2-001'],
    }),
  },
});
