/**
 * How long a home registration lasts (RFC 6275 10.3.1): no longer than asked for and than the home agent's own policy; renewed it may be shorter; and when it
 * is over, the home address is nobody's concern any more.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate, MINUTE } from './acts.ts';
import { accepted } from './judging.ts';

/** In units of four seconds: what is asked for at last, and the longest that is granted, where the home agent is told. */
const asked: Readonly<Record<string, Asked>> = {
  'as-asked': { lifetime: MINUTE },
  decreased: { lifetime: 5 },
  'beyond-policy': { lifetime: 1000, longest: 10 },
  'beyond-the-prefix': { lifetime: 60, longest: 40, prefixLifetimes: { valid: 163, preferred: 163 }, status: 1 },
  'beyond-preferred': { lifetime: 15, prefixLifetimes: { valid: 1000, preferred: 40 }, status: 1 },
};

interface Asked {
  readonly lifetime: number;
  readonly longest?: number;
  /** Seconds. */
  readonly prefixLifetimes?: { readonly valid: number; readonly preferred: number };
  /** Unless it is 0. */
  readonly status?: 1;
}

export const homeLifetime = scenario({
  name: 'home-lifetime',
  title: 'How long a home registration lasts',
  cast: onHomeLink,
  dimensions: { lifetime: Object.keys(asked), from: ['the-same-place', 'another-place'] },
  given({ lifetime }) {
    const { longest, prefixLifetimes } = asked[lifetime]!;
    const policy = longest !== undefined && !prefixLifetimes && { longestBinding: 4 * longest };
    return homeAgentIntent({
      pairs: [signallingPair()],
      told: { ...policy, ...(prefixLifetimes && { prefixLifetimes }) },
    });
  },
  async play({ tn, neighbor }, { lifetime, from }) {
    await neighbor.pingInClear('alive');
    await tn.sends('before', homeUpdate());
    if (from === 'another-place') await tn.movesTo('foreign-2');
    const at = from === 'another-place' ? home.otherCareOfAddress : home.careOfAddress;
    await tn.sends('update', homeUpdate({ at, sequenceNumber: 2, lifetime: asked[lifetime]!.lifetime }));
    await neighbor.pingInClear('still alive');
  },
  questions: {
    'RFC6275-10.3.1-LIFETIME': question('Is a lifetime granted that is no longer than asked for?', {
      outcomes: ['granted', 'granted more', 'granted less', 'with another status', 'refused'],
      controls: (t) => controls(t, 'before'),
      judge(t, { lifetime }) {
        const answer = t.mobility.answer('update');
        if (answer?.message.kind !== 'bindingAcknowledgement') return undefined;
        const { status, lifetime: granted } = answer.message;
        const most = asked[lifetime]!.longest ?? asked[lifetime]!.lifetime;
        const shown = t.mobility.shown(answer, `status ${status}, ${4 * granted} s of ${4 * most}`);
        if (status > 1) return shown?.as('refused');
        if (granted === most && status !== (asked[lifetime]!.status ?? 0)) return shown?.as('with another status');
        return shown?.as(granted > most ? 'granted more' : granted < most ? 'granted less' : 'granted');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '10.3.1', 'MUST NOT', 'receiver', {
          granted: pass,
          'granted more': fail,
          'granted less': pass,
          'with another status': pass,
          refused: fail,
        }),
        reads(RFC6275, '10.3.1', 'MUST', 'receiver', {
          granted: pass,
          'granted more': fail,
          'granted less': pass,
          'with another status': fail,
          refused: fail,
        }),
      ],
      lawful: 'granted',
      turnedBy({ lifetime }) {
        if (lifetime === 'beyond-preferred') return [[mobilityMutants.hidesDeprecation, 'with another status']];
        if (lifetime === 'beyond-the-prefix') {
          return [
            [mobilityMutants.grantsBeyondThePrefix, 'granted more'],
            [mobilityMutants.hidesDeprecation, 'with another status'],
          ];
        }
        return lifetime === 'beyond-policy'
          ? [[mobilityMutants.grantsWhateverIsAsked, 'granted more']]
          : [[mobilityMutants.grantsItsWholePolicy, 'granted more']];
      },
      alsoKnownAs({ lifetime, from }) {
        if (lifetime === 'beyond-the-prefix') return from === 'the-same-place' ? ['HA_2_1_9'] : [];
        return lifetime === 'decreased' ? [from === 'the-same-place' ? 'HA_2_1_3' : 'HA_2_1_7'] : [];
      },
    }),
  },
});

export const homeLifetimeOver = scenario({
  name: 'home-lifetime-over',
  title: 'The lifetime of a home registration is over',
  cast: onHomeLink,
  dimensions: { binding: ['first', 'renewed'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, nut, neighbor }, { binding }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    if (binding === 'renewed') await tn.sends('earlier', homeUpdate());
    await tn.sends('before', homeUpdate({ sequenceNumber: 2, lifetime: 1 }));
    await neighbor.solicits('while it lasts', { target: home.address, from: home.neighbor });
    await nut.reports('over', { until: ({ bindings }) => bindings?.length === 0, within: 6_000 });
    await neighbor.solicits('afterwards', { target: home.address, from: home.neighbor });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.3.1-LIFETIME': question('Is a binding gone when its lifetime is over?', {
      outcomes: ['gone', 'there'],
      controls: (t) => [
        ...controls(t, 'before'),
        pre('intercepted while it lasts', t.neighbors.answered('while it lasts')),
      ],
      judge: (t) =>
        t.neighbors.answered('afterwards')?.as('there') ??
        both(t.neighbors.silent('afterwards', t.answer('still alive')))?.as('gone'),
      plays: 'receiver',
      reads: [reads(RFC6275, '10.3.1', 'MUST', 'receiver', { gone: pass, there: fail })],
      lawful: 'gone',
      turnedBy: [[mobilityMutants.grantsItsWholePolicy, 'there']],
      alsoKnownAs: ({ binding }) => [binding === 'first' ? 'HA_2_1_4' : 'HA_2_1_8'],
    }),
  },
});

function controls(t: Account, name: string) {
  return [
    pre('the home agent is alive', t.answered('alive')),
    pre('registered', accepted(t, name)),
    post('and still is alive', t.answered('still alive')),
  ];
}
