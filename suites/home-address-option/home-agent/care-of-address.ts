/**
 * Who vouches for a care-of address, and for whom (DUPONT 2.5 E2 and E3, ARKKO 2.3): ESP does not cover the header, so that only the Alternate Care-of Address
 * option is authenticated; and an SA of one home address authorises nothing about another, however wide its selectors are.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { entryOf } from '../../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, DUPONT, RFC3776, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted, answerTo, tunnelled } from './judging.ts';

export const homeCareOfAddress = scenario({
  name: 'home-care-of-address',
  title: 'The source of a binding update is another on the way',
  cast: onHomeLink,
  dimensions: { alternate: ['as-sent', 'absent'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { alternate }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    // As it arrives: ESP covers neither the source nor the option of the home address (section 10.3.1, RFC 3776 4.3).
    const option = alternate === 'as-sent' ? home.careOfAddress : 'none';
    await tn.sends('update', homeUpdate({ at: home.otherCareOfAddress, alternate: option }));
    await neighbor.pingInClear('where', { to: home.address, passedOnBy: 'nut' });
    await tn.sends('after', homeUpdate({ sequenceNumber: 9 }));
    await neighbor.pingInClear('afterwards', { to: home.address, passedOnBy: 'nut' });
  },
  questions: {
    'DUPONT-E2': question('Where is a mobile node bound to whose update had its source rewritten?', {
      outcomes: ['where it said', 'where the packet came from', 'nowhere'],
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        post('an update as it should be is accepted', accepted(t, 'after')),
        post('and packets go where it said', tunnelled(t, 'afterwards', home.careOfAddress)),
      ],
      judge: (t) =>
        tunnelled(t, 'where', home.careOfAddress, 'after')?.as('where it said') ??
        tunnelled(t, 'where', home.otherCareOfAddress, 'after')?.as('where the packet came from') ??
        (t.passedOn('where', { before: 'after' }) ? undefined : t.answered('afterwards')?.as('nowhere')),
      plays: 'receiver',
      reads: ({ alternate }) =>
        alternate === 'as-sent'
          ? [
              reads(DUPONT, '2.5 E2', 'MUST', 'receiver', {
                'where it said': pass,
                'where the packet came from': fail,
                nowhere: fail,
              }),
              reads(RFC6275, '9.5.1', 'MUST', 'receiver', {
                'where it said': pass,
                'where the packet came from': fail,
                nowhere: fail,
              }),
            ]
          : [
              reads(DUPONT, '2.5 E2', 'MUST', 'receiver', {
                'where it said': fail,
                'where the packet came from': fail,
                nowhere: pass,
              }),
              reads(RFC6275, '9.5.1', 'MUST', 'receiver', {
                'where it said': fail,
                'where the packet came from': pass,
                nowhere: fail,
              }),
              reads(RFC3776, '4.3', 'obs', 'receiver', {
                'where it said': observed('nobody said'),
                'where the packet came from': observed('what ESP does not cover is believed'),
                nowhere: observed('only what is authenticated is believed'),
              }),
            ],
      lawful: ({ alternate }) => (alternate === 'as-sent' ? 'where it said' : 'where the packet came from'),
      turnedBy: ({ alternate }) =>
        alternate === 'as-sent'
          ? [[mobilityMutants.bindsToSource, 'where the packet came from']]
          : [[mobilityMutants.wantsAuthenticatedPlace, 'nowhere']],
    }),
  },
});

export const homeOthersAddress = scenario({
  name: 'home-others-address',
  title: 'A binding update for the home address of another mobile node',
  cast: onHomeLink,
  dimensions: { selectors: ['the-home-link'] },
  given() {
    const wide = { ...signallingPair(), selector: { local: `${home.agent}/128`, remote: home.prefix, protocol: 135 } };
    const named = entryOf(wide, ['signalling-in', 'signalling-out']);
    return homeAgentIntent({ pairs: [wide], policy: [named] });
  },
  async play({ tn, neighbor }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    await tn.sends('other', { ...homeUpdate({ homeAddress: home.otherAddress }), awaited: true });
    await neighbor.solicits('who has it', { target: home.otherAddress, from: home.neighbor });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'ARKKO-2.3a': question('Is an update accepted under an SA that is not one of this home address alone?', {
      outcomes: ['accepted', 'refused'],
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        pre('the update was sent', t.mobility.shown(t.mobility.sent('other'), 'under the SA')),
        post('and still is alive', t.answered('still alive')),
      ],
      judge: (t) => judgedOther(t),
      plays: 'receiver',
      reads: [
        reads(ARKKO, '2.3', 'obs', 'receiver', {
          accepted: observed('identity is taken for an address'),
          refused: pass,
        }),
        reads(RFC3776, '4.2', 'MUST', 'receiver', { accepted: fail, refused: pass }),
        reads(RFC4877, '4.2', 'MUST', 'receiver', { accepted: fail, refused: pass }),
      ],
      lawful: 'refused',
      turnedBy: [[mobilityMutants.believesEverySa, 'accepted']],
    }),
  },
});

export const homeAcknowledgement = scenario({
  name: 'home-acknowledgement',
  title: 'The acknowledgement of an update from a new place',
  cast: onHomeLink,
  dimensions: { protection: ['transport'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn }) {
    await tn.sends('first', homeUpdate());
    await tn.movesTo('foreign-2');
    await tn.sends('next', homeUpdate({ at: home.otherCareOfAddress, sequenceNumber: 2 }));
    await tn.sends('after', homeUpdate({ at: home.otherCareOfAddress, sequenceNumber: 3 }));
  },
  questions: {
    'DUPONT-E3': question('Where does the acknowledgement of an update from a new place go, and is it protected?', {
      outcomes: ['protected, to the new place', 'protected, to the old place', 'in clear', 'none'],
      controls: (t) => [
        pre('registered', accepted(t, 'first')),
        post('the home agent answers afterwards', t.mobility.answered('after')),
      ],
      judge(t) {
        const answer = t.mobility.heard('bindingAcknowledgement', {
          after: 'next',
          where: ({ sequenceNumber }) => sequenceNumber === 2,
        });
        if (!answer) return t.mobility.silent('next', 'after')?.as('none');
        const shown = t.mobility.shown(answer, `to ${answer.destination}`);
        if (!answer.isProtected) return shown?.as('in clear');
        const isNew = answer.destination === home.otherCareOfAddress;
        return shown?.as(isNew ? 'protected, to the new place' : 'protected, to the old place');
      },
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.5 E3', 'obs', 'receiver', {
          'protected, to the new place': pass,
          'protected, to the old place': observed('the reverse SA is updated afterwards'),
          'in clear': observed('unprotected'),
          none: observed('not acknowledged'),
        }),
        reads(RFC6275, '9.5.4', 'MUST', 'receiver', {
          'protected, to the new place': pass,
          'protected, to the old place': fail,
          'in clear': fail,
          none: fail,
        }),
      ],
      lawful: 'protected, to the new place',
      turnedBy: [[mobilityMutants.acknowledgesToOldPlace, 'protected, to the old place']],
    }),
  },
});

function judgedOther(t: Account) {
  const told = answerTo(t, 'other', undefined, 'other');
  if (told?.outcome === 'accepted') return { ...told, outcome: 'accepted' };
  if (t.neighbors.answer('who has it')) return t.neighbors.answered('who has it')?.as('accepted');
  return t.neighbors.silent('who has it', t.answer('still alive'))?.as('refused');
}
