/**
 * What a mobile node does with IKE when it moves (RFC 6275 11.7.1 and 11.7.3, RFC 4877 7.4; DUPONT 3.3 and 3.4). With the home agent it runs from where the node
 * is: where both say K its end moves, and without K it is begun anew from the care-of address. With a correspondent it runs from the home address and knows of no move.
 */
import { away } from '../../../harness/vocabulary/away-intent.ts';
import { connection, honestNut, honestTn, mirroredChild, peering } from '../../../harness/vocabulary/ike-intent.ts';
import { mirroredEntry } from '../../../harness/vocabulary/intent.ts';
import {
  type Account,
  both,
  type FoundMessage,
  finding,
  type Judgement,
  post,
  pre,
} from '../../../harness/vocabulary/judging.ts';
import {
  homeAgentPair,
  type MovingOptions,
  mobileCast,
  moving,
  payloadPair,
} from '../../../harness/vocabulary/moving-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { childOf, entryOf, type Pair } from '../../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { exchangeTypes } from '../../../reference/wire/ike/registry.ts';
import { DUPONT, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, asksForLife, fromLink, updateAt } from './acts.ts';
import { wayOfFrame } from './ways.ts';

const { homeAddress, homeAgent } = away;
const isSettled = ({ bindingUpdates = [] }: NonNullable<ReturnType<Account['state']>>['state']): boolean =>
  bindingUpdates.some(({ homeRegistration, settled }) => homeRegistration && settled);

/** A mobile node that moves by itself and has this pair by IKE, from wherever it sees fit. */
function keyed(pair: Pair, peer: 'ha' | 'cn', options: MovingOptions) {
  const parts = moving(options);
  const spd = [entryOf(pair, [`${peering.connection}/${pair.name}`])];
  const child = childOf(pair);
  const asking = connection(peering.connection, [], [pair.ends.remote], honestNut, [child]);
  const asked = connection(peering.connection, [pair.ends.remote], ['any'], honestTn, [mirroredChild(child)]);
  const { nut, [peer]: other } = parts.parties;
  return {
    ...parts,
    parties: {
      ...parts.parties,
      nut: { ...nut!, spd, manual: [], ike: [asking] },
      [peer]: { ...other!, spd: spd.map(mirroredEntry), manual: [], ike: [asked] },
    },
  };
}

const ofHomeAgent = { connection: peering.connection, child: homeAgentPair().name };

export const keysWithHomeAgent = scenario({
  name: 'keys-with-home-agent',
  title: 'A mobile node with keys of IKE registers from elsewhere',
  cast: mobileCast,
  dimensions: { acknowledged: ['acknowledged-with-k', 'acknowledged-without-k'] },
  given: () => keyed(homeAgentPair(), 'ha', { pairs: [homeAgentPair()] }),
  async play(stage, { acknowledged }) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await nut.initiates('keys', ofHomeAgent);
    await ha.asksForLife('life', ofHomeAgent);
    await nut.movesTo('foreign-1');
    await ha.hears('update', 'bindingUpdate', fromLink('foreign-1'));
    await ha.answers('acknowledged', 'update', (heard) =>
      acknowledging(heard, { keyManagementMobilityCapability: acknowledged === 'acknowledged-with-k' }),
    );
    await nut.reports('registered', { until: isSettled });
    await nut.rekeysChild('own request', ofHomeAgent);
    await asksForLife(stage, 'still there', 'update');
  },
  questions: {
    'RFC6275-11.7.1-K': question('Is K set, as the SAs are negotiated?', {
      outcomes: ['clear', 'set'],
      controls,
      judge: (t) => {
        const update = updateAt(t, 'update');
        const isSet = update?.message.keyManagementMobilityCapability === true;
        return update && t.mobility.shown(update.found, `K is ${isSet ? 'set' : 'clear'}`)?.as(isSet ? 'set' : 'clear');
      },
      plays: ['initiator', 'sender'],
      asks: ({ acknowledged }) => acknowledged === 'acknowledged-with-k',
      reads: [reads(RFC6275, '11.7.1', 'SHOULD', 'sender', { clear: observed('its IKE cannot follow'), set: pass })],
      lawful: 'set',
      turnedBy: [[mobilityMutants.offersNoK, 'clear']],
    }),
    'DUPONT-R2': question('What becomes of IKE with the home agent when the node is elsewhere?', {
      outcomes: ['moved', 'begun-anew', 'stayed', 'silent'],
      controls,
      judge: (t) => fateOfIke(t, 'acknowledged'),
      plays: ['initiator', 'sender'],
      reads: ({ acknowledged }) => [
        reads(DUPONT, '3.4', 'obs', 'implementation', {
          moved: observed('mobility moves the end of IKE'),
          'begun-anew': observed('IKE is run again from each place'),
          stayed: observed('IKE goes on from where it began'),
          silent: observed('nothing is said any more'),
        }),
        acknowledged === 'acknowledged-with-k'
          ? reads(RFC6275, '11.7.3', 'SHOULD', 'initiator', {
              moved: pass,
              'begun-anew': fail,
              stayed: fail,
              silent: fail,
            })
          : reads(RFC6275, '11.7.3', 'SHOULD', 'initiator', {
              moved: fail,
              'begun-anew': pass,
              stayed: fail,
              silent: pass,
            }),
        reads(RFC4877, '7.4', 'MUST', 'initiator', {
          moved: acknowledged === 'acknowledged-with-k' ? pass : fail,
          'begun-anew': pass,
          stayed: fail,
          silent: fail,
        }),
      ],
      lawful: ({ acknowledged }) => (acknowledged === 'acknowledged-with-k' ? 'moved' : 'begun-anew'),
      turnedBy: ({ acknowledged }) =>
        acknowledged === 'acknowledged-with-k'
          ? [
              [mobilityMutants.keepsItsEnd, 'stayed'],
              [mobilityMutants.beginsAnewWithK, 'begun-anew'],
            ]
          : [
              [mobilityMutants.keepsItsEnd, 'stayed'],
              [mobilityMutants.movesItsEndWithoutK, 'moved'],
            ],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('there are keys at home', both(t.ike.childAgreed('keys'), t.ike.informed('life'))),
    post(
      'the node has heard the acknowledgement',
      t.reported('registered', 'bindingUpdates', `${homeAgent} knows where it is`, isSettled),
    ),
  ];
}

const ofCorrespondent = { connection: peering.connection, child: payloadPair().name };

export const keysWithCorrespondent = scenario({
  name: 'keys-with-correspondent',
  title: 'A mobile node with keys of a correspondent moves',
  cast: mobileCast,
  dimensions: { keys: ['moved'] },
  given: () => keyed(payloadPair(), 'cn', { homeAgentActs: true }),
  async play(stage) {
    const { nut, ha, cn } = stage;
    await nut.initiates('keys', ofCorrespondent);
    await cn.asksForLife('life', ofCorrespondent);
    await cn.echo('at home', { untilAnswered: true });
    await nut.movesTo('foreign-1');
    await ha.hears('update', 'bindingUpdate', fromLink('foreign-1'));
    await nut.reports('registered', { until: isSettled, within: 5_000 });
    await nut.rekeysChild('own request', ofCorrespondent);
    await asksForLife(stage, 'still there', 'update');
    await cn.echo('away');
  },
  questions: {
    'DUPONT-O': question('Does IKE with a correspondent go on from the home address when the node has moved?', {
      outcomes: ['as-at-home', 'from-care-of-address', 'begun-anew', 'silent'],
      controls: (t) => [...controls(t), pre('the keys work', t.answered('at home'))],
      judge: (t) => {
        const fate = fateOfIke(t, 'moves to foreign-1');
        if (!fate || fate.outcome === 'begun-anew' || fate.outcome === 'silent') return fate;
        return { ...fate, outcome: fate.outcome === 'stayed' ? 'as-at-home' : 'from-care-of-address' };
      },
      plays: ['initiator', 'sender'],
      reads: [
        reads(DUPONT, '3.3 O', 'SHOULD', 'initiator', {
          'as-at-home': pass,
          'from-care-of-address': fail,
          'begun-anew': fail,
          silent: fail,
        }),
        reads(RFC6275, '11.3.1', 'obs', 'sender', {
          'as-at-home': observed('IKE as any other packet of the home address'),
          'from-care-of-address': observed('IKE from where the node is'),
          'begun-anew': observed('IKE is run again from each place'),
          silent: observed('nothing is said any more'),
        }),
      ],
      lawful: 'as-at-home',
      turnedBy: [[mobilityMutants.renewsKeysWithAll, 'begun-anew']],
    }),
  },
});

/** By the first request of the node after a moment. */
function fateOfIke(t: Account, after: string): Judgement | undefined {
  const first = t.ike.messages(after).find(isOwnRequest);
  // It was told to ask, and is there.
  if (!first) return both(finding('no request of IKE'), t.answered('still there'))?.as('silent');
  const found = t.packets('nut', after).find(({ frame }) => frame === first.frame)!;
  const { source } = wayOfFrame(first.frame);
  const isNew = first.ike.message.header.exchangeType === exchangeTypes.IKE_SA_INIT;
  const says = `${isNew ? 'a first request' : 'a request'} from ${source}`;
  const outcome = isNew ? 'begun-anew' : source === homeAddress ? 'stayed' : 'moved';
  return finding(says, t.evidenceOf(found, says)).as(outcome);
}

const isOwnRequest = ({ frame, ike }: FoundMessage): boolean =>
  frame.entry.from === 'nut' && !ike.message.header.flags.response;
