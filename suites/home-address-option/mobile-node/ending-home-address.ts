/**
 * The home address of a mobile node will end (RFC 6275 11.4.2): it asks for prefixes in time, and no binding is to outlive the address.
 */
import { acknowledgedByHand, careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import { type Account, both, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { discoveryMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, bothHeard, updateAt } from './acts.ts';
import { advertising, asksForPrefixes, SOLICITATION } from './prefix-acts.ts';
import { correspondent, isBound, REGISTERED, UPDATE } from './registering-acts.ts';
import { timeOf } from './times.ts';

const { homeAgent } = mobileIpv6;
/** Seconds. */
const VALID = 40;

export const endingHomeAddress = scenario({
  name: 'ending-home-address',
  title: 'The home address of a mobile node is about to end',
  cast: mobileCast,
  dimensions: { homeAddress: ['about-to-end'] },
  given: () => moving({ lifetime: 20 }),
  lasts: () => VALID + 5,
  async play(stage) {
    const { ha } = stage;
    await asksForPrefixes(stage);
    await ha.answers('advertisement', 'solicitation', advertising({ valid: VALID }));
    await ha.hears('asks again', SOLICITATION, { after: 'advertisement', within: 1_000 * (VALID + 5) });
  },
  questions: {
    'RFC6275-11.4.2': question('Does it ask for prefixes before its home address ends?', {
      outcomes: ['in time', 'too late'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks', t.icmpv6.heardWas('solicitation')),
      ],
      judge: (t) => {
        const [first, again] = [t.icmpv6.heardAt('solicitation'), t.icmpv6.heardAt('asks again')];
        if (!first || !again) return undefined;
        const passed = (timeOf(again) - timeOf(first)) / 1000;
        return bothHeard(t, first, again, `after ${passed.toFixed(1)} s of ${VALID}`).as(
          passed < VALID ? 'in time' : 'too late',
        );
      },
      plays: 'sender',
      reads: [reads(RFC6275, '11.4.2', 'SHOULD', 'sender', { 'in time': pass, 'too late': fail })],
      lawful: 'in time',
      turnedBy: [[mutants.asksWhenItIsOver, 'too late']],
      alsoKnownAs: ['MN-4-1-1-1-001'],
    }),
  },
});

/** Seconds: less than any binding has left. */
const SHORT = 16;

export const shortenedBindings = scenario({
  name: 'shortened-bindings',
  title: 'The home address will end before the bindings of a mobile node do',
  cast: mobileCast,
  dimensions: { bindings: ['shortened'] },
  given: () => moving({ routeOptimization: true }),
  async play(stage) {
    const { nut, ha, cn } = stage;
    await isBound(stage);
    await ha.answers('unasked', REGISTERED, advertising({ valid: SHORT }));
    await ha.hears('solicitation', SOLICITATION, { after: 'unasked' });
    await ha.answers('advertisement', 'solicitation', advertising({ valid: SHORT }));
    await ha.hears('home update', 'bindingUpdate', { to: homeAgent, after: 'advertisement' });
    await ha.answers('home update acknowledged', 'home update', (heard) => acknowledging(heard));
    await ha.hears('home init again', 'homeTestInit', { to: correspondent, after: 'advertisement' });
    await cn.hears('care-of init again', 'careOfTestInit', { to: correspondent, after: 'advertisement' });
    await ha.answers('home test again', 'home init again', homeTestFor);
    await cn.answers('care-of test again', 'care-of init again', careOfTestFor);
    await cn.hears('update again', 'bindingUpdate', { to: correspondent, after: 'advertisement' });
    await cn.answers('granted again', 'update again', (heard) => acknowledgedByHand(heard));
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.4.2': question('Is the correspondent told of the shorter lifetime?', {
      outcomes: ['told', 'told of a longer one', 'not told'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('the correspondent has a binding', t.mobility.heardWas(UPDATE)),
        post('it speaks', t.sent('life')),
      ],
      judge: (t) => {
        const update = updateAt(t, 'update again');
        if (!update) return t.sent('life')?.as('not told');
        const seconds = 4 * update.message.lifetime;
        return t.mobility.shown(update.found, `${seconds} s`)?.as(seconds <= SHORT ? 'told' : 'told of a longer one');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.4.2', 'MUST', 'sender', { told: pass, 'told of a longer one': fail, 'not told': fail }),
      ],
      lawful: 'told',
      turnedBy: [[mutants.keepsLongBindings, 'not told']],
      alsoKnownAs: ['MN-3-1-2-2-001', 'MN-2-1-1-2-017', 'MN-2-1-2-2-017'],
    }),
    'RFC6275-11.7.1': question('Is the home agent told of the shorter lifetime?', {
      outcomes: ['told', 'told of a longer one', 'not told'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks for prefixes', both(t.icmpv6.heardWas('solicitation'), t.mobility.heardWas(REGISTERED))),
        post('it speaks', t.sent('life')),
      ],
      judge: (t) => toldAtHome(t),
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.1', 'SHOULD', 'sender', {
          told: pass,
          'told of a longer one': fail,
          'not told': observed('the registration ends with the prefix'),
        }),
      ],
      lawful: 'told',
      turnedBy: [[mutants.keepsLongBindings, 'not told']],
      alsoKnownAs: ['MN-2-1-2-1-005'],
    }),
  },
});

function toldAtHome(t: Account) {
  const update = updateAt(t, 'home update');
  if (!update) return t.sent('life')?.as('not told');
  const seconds = 4 * update.message.lifetime;
  return t.mobility.shown(update.found, `${seconds} s`)?.as(seconds <= SHORT ? 'told' : 'told of a longer one');
}
