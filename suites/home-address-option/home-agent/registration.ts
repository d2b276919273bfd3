/**
 * A home registration, undisturbed (RFC 6275 10.3.1, 10.4): the home agent tests the home address before it answers, says on the home link that packets for it
 * are its own now, and has them tunnelled to the mobile node and back. Renewed, or from another place, nothing of that is asked again.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, type Finding, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4862, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';

const placeOf = (binding: string): string => (binding === 'moved' ? home.otherCareOfAddress : home.careOfAddress);

export const homeRegistration = scenario({
  name: 'home-registration',
  title: 'A mobile node registers with its home agent',
  cast: onHomeLink,
  dimensions: { binding: ['first', 'renewed', 'moved'], acknowledgement: ['asked-for', 'unasked'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, nut, neighbor }, { binding, acknowledgement }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    if (binding !== 'first') await tn.sends('earlier', homeUpdate());
    if (binding === 'moved') await tn.movesTo('foreign-2');
    const acknowledge = acknowledgement === 'asked-for';
    await tn.sends('update', homeUpdate({ at: placeOf(binding), sequenceNumber: 2, acknowledge }));
    await neighbor.pingInClear('to the home address', { to: home.address, passedOnBy: 'nut' });
    await neighbor.pingInClear('still alive', { to: home.agent });
    await nut.reports('report');
  },
  questions: {
    'DUPONT-E1': question('Is an update of a home registration accepted that an SA of the home address vouches for?', {
      outcomes: ['accepted', 'accepted in clear', 'refused', 'silent'],
      controls: (t) => controls(t, 'first'),
      judge: (t, { binding }) => acknowledged(t, placeOf(binding)) ?? silent(t)?.as('silent'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.5 E1', 'MUST', 'receiver', outcome('accepted')),
        reads(RFC6275, '10.3.1', 'MUST', 'receiver', outcome('accepted')),
      ],
      lawful: 'accepted',
      turnedBy: ({ acknowledgement }) => [
        [mobilityMutants.acknowledgesToHomeAddress, 'silent'],
        ...(acknowledgement === 'unasked' ? ([[mobilityMutants.acknowledgesOnRequest, 'silent']] as const) : []),
      ],
      alsoKnownAs: ({ binding, acknowledgement }) => olderIds.registered[`${binding} ${acknowledgement}`] ?? [],
    }),
    'RFC6275-10.3.1-DAD': question('Is the home address tested before the registration is acknowledged?', {
      outcomes: ['tested first', 'acknowledged meanwhile', 'untested'],
      controls: (t, { binding }) => controls(t, binding),
      judge: (t) => {
        const test = t.neighbors.tested(home.address, { after: 'update' });
        const answer = t.mobility.heard('bindingAcknowledgement', { after: 'update' });
        const says = (what: string): Finding | undefined =>
          both(t.neighbors.shown(test, 'asks for the home address from nobody'), t.mobility.shown(answer, what));
        if (!answer) return undefined;
        if (!test) return t.mobility.shown(answer, 'acknowledged, and nobody was asked')?.as('untested');
        const waited = answer.found.frame.entry.time - test.found.frame.entry.time;
        return waited >= RETRANS_TIMER
          ? says(`acknowledged ${waited} ms later`)?.as('tested first')
          : says(`acknowledged ${waited} ms later: too soon`)?.as('acknowledged meanwhile');
      },
      plays: 'receiver',
      asks: ({ acknowledgement }) => acknowledgement === 'asked-for',
      reads: ({ binding }) =>
        binding === 'first'
          ? [
              reads(RFC6275, '10.3.1', 'MUST', 'receiver', {
                'tested first': pass,
                'acknowledged meanwhile': fail,
                untested: fail,
              }),
              reads(RFC4862, '5.4', 'MUST', 'implementation', {
                'tested first': pass,
                'acknowledged meanwhile': fail,
                untested: fail,
              }),
            ]
          : [
              reads(RFC6275, '10.3.1', 'obs', 'receiver', {
                'tested first': observed('tested again'),
                'acknowledged meanwhile': observed('tested again'),
                untested: pass,
              }),
            ],
      lawful: ({ binding }) => (binding === 'first' ? 'tested first' : 'untested'),
      turnedBy: ({ binding }) =>
        binding === 'first'
          ? [
              [mobilityMutants.acknowledgesBeforeDetection, 'acknowledged meanwhile'],
              [mobilityMutants.skipsDetection, 'untested'],
            ]
          : [[mobilityMutants.detectsAgain, 'tested first']],
      alsoKnownAs: ({ binding }) => (binding === 'first' ? ['HA_2_3_1'] : []),
    }),
    'RFC6275-10.4.1-ANNOUNCED': question(
      'Is the home link told that the home agent has packets for the home address now?',
      {
        outcomes: ['announced', 'announced otherwise', 'unannounced'],
        controls: (t, { binding }) => controls(t, binding),
        judge: (t) => {
          const said = t.neighbors.advertised(home.address, { after: 'update', where: ({ solicited }) => !solicited });
          if (!said) return t.answered('still alive')?.as('unannounced');
          const asItShould =
            said.destination === 'ff02::1' &&
            said.source === home.agent &&
            said.override &&
            !said.router &&
            said.linkLayerAddress === said.found.frame.sourceMac;
          return t.neighbors
            .shown(said, `from ${said.source} to ${said.destination}`)
            ?.as(asItShould ? 'announced' : 'announced otherwise');
        },
        plays: 'receiver',
        asks: ({ binding, acknowledgement }) => binding === 'first' && acknowledgement === 'asked-for',
        reads: [
          reads(RFC6275, '10.4.1', 'MUST', 'receiver', {
            announced: pass,
            'announced otherwise': fail,
            unannounced: fail,
          }),
        ],
        lawful: 'announced',
        turnedBy: [[mobilityMutants.interceptsInSilence, 'unannounced']],
        alsoKnownAs: ['HA_4_1_1'],
      },
    ),
    'RFC6275-10.4.2': question('Is a packet to the home address tunnelled to where the mobile node is?', {
      outcomes: ['tunnelled', 'tunnelled elsewhere', 'lost'],
      controls: (t, { binding }) => controls(t, binding),
      judge: (t, { binding }) => {
        const passed = t.passedOn('to the home address');
        if (!passed) return t.answered('still alive')?.as('lost');
        const outer = passed.frame.packets[0]!.packet;
        const says = `in a packet from ${outer.source} to ${outer.destination}`;
        const isRight = outer.source === home.agent && outer.destination === placeOf(binding);
        return finding(says, t.evidenceOf(passed, says)).as(isRight ? 'tunnelled' : 'tunnelled elsewhere');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '10.4.2', 'MUST', 'receiver', { tunnelled: pass, 'tunnelled elsewhere': fail, lost: fail }),
      ],
      lawful: 'tunnelled',
      turnedBy: [[mobilityMutants.tunnelsToHomeAddress, 'lost']],
      alsoKnownAs: ({ binding, acknowledgement }) => olderIds.intercepted[`${binding} ${acknowledgement}`] ?? [],
    }),
    'RFC6275-10.4.5': question('Is what the mobile node sends through the tunnel let out on the home link?', {
      outcomes: ['let out', 'dropped'],
      controls: (t, { binding }) => controls(t, binding),
      judge: (t) => {
        const answer = t.answer('to the home address');
        const [outer] = answer?.frame.packets ?? [];
        if (!answer || outer?.packet.destination !== home.agent) return undefined;
        const out = t.passedOn('to the home address', { what: 'answer' });
        const says = 'the answer, on the home link';
        return out
          ? finding(says, t.evidenceOf(out, says)).as('let out')
          : both(finding('the answer left', t.evidenceOf(answer, 'the answer')), t.answered('still alive'))?.as(
              'dropped',
            );
      },
      plays: 'receiver',
      reads: [reads(RFC6275, '10.4.5', 'MUST', 'receiver', { 'let out': pass, dropped: fail })],
      lawful: 'let out',
      turnedBy: [[mobilityMutants.opensNoTunnel, 'dropped']],
      alsoKnownAs: ({ binding, acknowledgement }) => olderIds.letOut[`${binding} ${acknowledgement}`] ?? [],
    }),
  },
});

/** Of the catalogues before this one, by what was registered and whether an acknowledgement was asked for. */
const olderIds: Readonly<Record<'registered' | 'intercepted' | 'letOut', Readonly<Record<string, readonly string[]>>>> =
  {
    registered: {
      'first asked-for': ['HA_2_1_1'],
      'first unasked': ['HA_2_1_2'],
      'renewed asked-for': ['HA_2_1_5'],
      'renewed unasked': ['HA_2_1_6'],
    },
    intercepted: {
      'first asked-for': ['HA_5_1_1'],
      'renewed asked-for': ['HA_5_1_5'],
      'moved asked-for': ['HA_5_1_4'],
      'moved unasked': ['HA_5_1_6'],
    },
    letOut: {
      'first asked-for': ['HA_6_1_1'],
      'renewed asked-for': ['HA_6_1_3'],
      'moved asked-for': ['HA_6_1_2'],
      'moved unasked': ['HA_6_1_4'],
    },
  };

function controls(t: Account, binding: string) {
  return [
    pre('the home agent is alive', t.answered('alive')),
    ...(binding === 'first' ? [] : [pre('the first registration was accepted', accepted(t, 'earlier'))]),
    post('and still is', t.answered('still alive')),
  ];
}

const accepted = (t: Account, name: string): Finding | undefined =>
  t.mobility.acknowledged(name, 0) ?? t.mobility.acknowledged(name, 1);

function acknowledged(t: Account, careOfAddress: string) {
  const answer = t.mobility.answer('update');
  if (answer?.message.kind !== 'bindingAcknowledgement') return undefined;
  const { status, sequenceNumber } = answer.message;
  const isRouted = answer.routedTo === home.address && answer.destination === careOfAddress;
  const says = `status ${status}, by way of ${answer.destination} to ${answer.routedTo ?? 'itself'}`;
  const shown = t.mobility.shown(answer, says);
  if (status > 1 || sequenceNumber !== 2 || !isRouted) return shown?.as('refused');
  return shown?.as(answer.isProtected ? 'accepted' : 'accepted in clear');
}

function silent(t: Account): Finding | undefined {
  const sent = t.mobility.sent('update');
  return sent && both(t.mobility.shown(sent, 'the update, unanswered'), t.answered('still alive'));
}

function outcome(good: string) {
  const outcomes = ['accepted', 'accepted in clear', 'refused', 'silent'] as const;
  return Object.fromEntries(outcomes.map((each) => [each, each === good ? pass : fail])) as Record<
    (typeof outcomes)[number],
    typeof pass
  >;
}

/** Milliseconds (RFC 4861 10), less what clocks of a product may differ by. */
const RETRANS_TIMER = 950;
