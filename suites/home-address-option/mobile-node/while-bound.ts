/**
 * What may befall a mobile node that has a binding with a correspondent (RFC 6275 11.3.3, 11.3.5, 11.3.6, 11.7.4; DUPONT 2.2): errors, requests and routing
 * headers, of the correspondent and of somebody it has nothing to do with. What it believes shows in the way of its next packet, and in what it asks.
 */
import { type Account, both, type Heard, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import {
  mobilityMutants as headerMutants,
  mobileNodeMutants as headers,
  correspondentRegistrationMutants as mutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { encoded, icmpv6Packet, tunnelledPacket, udpPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6, sinkPort } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { asksForLife } from './acts.ts';
import { answered, correspondent, isBound, madeUp, quoteOf, REGISTERED, UPDATE, wayOf } from './registering-acts.ts';

const { homeAddress, homeAgent } = mobileIpv6;
const stranger = '2001:db8:c::99';

interface Event {
  readonly sends: (update: Heard) => MobilityByHand | Uint8Array;
  readonly lawful: 'directly' | 'by the home agent';
  readonly section: string;
  readonly turn: readonly [NodeMutant, 'directly' | 'by the home agent'];
  readonly ids: readonly string[];
  /** No document asks for it in so many words: an error "in response to" a message is about one that was sent. */
  readonly seen?: true;
}

const bindingError =
  (status: number, from: string = correspondent) =>
  (update: Heard): MobilityByHand => ({
    from,
    to: update.source,
    message: { kind: 'bindingError', status, homeAddress, options: [] },
  });

/** About the update, unless it is about another packet. */
const problem =
  (code: number, about?: (update: Heard) => Uint8Array) =>
  (update: Heard): Uint8Array => {
    const quoted = { ...quoteOf(update), ...(about && { originalPacket: about(update) }) };
    const message = { kind: 'parameterProblem', type: 4, code, ...quoted } as const;
    return icmpv6Packet({ from: correspondent, to: update.source }, message);
  };

const events: Readonly<Record<string, Event>> = {
  'unknown-binding': {
    sends: bindingError(1),
    lawful: 'by the home agent',
    section: '11.3.6',
    turn: [mutants.staysWithUnknownBinding, 'directly'],
    ids: ['MN-3-3-1-2-004', 'MN-4-1-1-2-005'],
  },
  'unknown-type-unasked': {
    sends: bindingError(2),
    lawful: 'directly',
    section: '11.3.6',
    turn: [mutants.ceasesAtEveryUnknownType, 'by the home agent'],
    ids: ['MN-3-3-1-2-002'],
  },
  'unknown-binding-of-a-stranger': {
    sends: bindingError(1, stranger),
    lawful: 'directly',
    section: '11.3.6',
    turn: [mutants.believesErrorsOfAnybody, 'by the home agent'],
    ids: ['MN-3-3-1-2-007'],
  },
  'mobility-unknown': {
    sends: problem(1),
    lawful: 'by the home agent',
    section: '11.3.5',
    turn: [mutants.ignoresProblems, 'directly'],
    ids: ['MN-4-2-2-2-007'],
  },
  'option-unknown': {
    sends: problem(2),
    lawful: 'directly',
    section: '11.3.5',
    turn: [mutants.ceasesAtEveryError, 'by the home agent'],
    ids: ['MN-4-2-2-2-011'],
  },
  'echo-unknown': {
    sends: problem(1, () => answered),
    lawful: 'directly',
    section: '11.3.5',
    turn: [mutants.ceasesAtEveryError, 'by the home agent'],
    ids: [],
  },
  'mobility-unknown-made-up': {
    sends: problem(1, madeUp),
    lawful: 'directly',
    section: '11.3.5',
    turn: [headerMutants.believesEveryQuotation, 'by the home agent'],
    ids: [],
    seen: true,
  },
};

export const errorsWhileBound = scenario({
  name: 'errors-while-bound',
  title: 'Errors that reach a mobile node with a binding',
  cast: mobileCast,
  dimensions: { error: Object.keys(events) },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { error }) {
    const { nut, cn } = stage;
    await isBound(stage);
    await nut.echo('before', { to: correspondent });
    await cn.answers('error', UPDATE, events[error]!.sends);
    await asksForLife(stage, 'alive', UPDATE);
    // A daemon may take what its kernel has answered around.
    await nut.reports('heeded', { until: ({ bindingUpdates = [] }) => !bindingUpdates.some(isOfCorrespondent) });
    await nut.echo('after', { to: correspondent });
  },
  questions: questionsOfErrors(),
});

function isOfCorrespondent({ peer, settled }: { readonly peer: string; readonly settled: boolean }): boolean {
  return peer === correspondent && settled;
}

function questionsOfErrors() {
  const after = (section: '11.3.5' | '11.3.6') =>
    question('Which way do packets go after an error?', {
      outcomes: ['directly', 'by the home agent'],
      controls: boundBefore,
      judge: (t: Account) => {
        const probe = wayOf(t, 'after');
        return probe?.finding.as(probe.way === 'direct' ? 'directly' : 'by the home agent');
      },
      plays: 'receiver',
      asks: ({ error }: Readonly<Record<string, string>>) => events[error!]!.section === section,
      reads: ({ error }: Readonly<Record<string, string>>) => {
        const { lawful, seen } = events[error!]!;
        if (seen) {
          const directly = observed('an error about what was never sent changes nothing');
          const other = observed('anybody may end a binding by an error about what was never sent');
          return [reads(RFC6275, section, 'obs', 'receiver', { directly, 'by the home agent': other })];
        }
        const of = (outcome: Event['lawful']) => (outcome === lawful ? pass : fail);
        return [
          reads(RFC6275, section, section === '11.3.6' ? 'MUST' : 'SHOULD', 'receiver', {
            directly: of('directly'),
            'by the home agent': of('by the home agent'),
          }),
        ];
      },
      lawful: ({ error }: Readonly<Record<string, string>>) => events[error!]!.lawful,
      turnedBy: ({ error }: Readonly<Record<string, string>>) => [events[error!]!.turn],
      alsoKnownAs: ({ error }: Readonly<Record<string, string>>) => events[error!]!.ids,
    });
  return { 'RFC6275-11.3.5': after('11.3.5'), 'RFC6275-11.3.6': after('11.3.6') };
}

export const refreshRequests = scenario({
  name: 'refresh-requests',
  title: 'A correspondent asks a mobile node to renew its binding',
  cast: mobileCast,
  dimensions: { of: ['correspondent', 'stranger', 'correspondent-reserved'] },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { of }) {
    const { nut, ha, cn } = stage;
    await isBound(stage);
    const from = of === 'stranger' ? stranger : correspondent;
    const reserved = of === 'correspondent-reserved' ? { reserved: Uint8Array.of(0xff) } : {};
    await cn.answers('request', UPDATE, ({ source }) => ({
      from,
      to: homeAddress,
      by: source,
      message: { kind: 'bindingRefreshRequest', options: [], ...reserved },
    }));
    await ha.hears('home init again', 'homeTestInit', { to: from, after: 'request' });
    await cn.hears('update again', 'bindingUpdate', { to: from, after: 'request', within: 50 });
    await nut.echo('after', { to: correspondent });
  },
  questions: {
    'RFC6275-11.7.4': question('Does a Binding Refresh Request make it test again?', {
      outcomes: ['tests again', 'renews by the tokens it has', 'does not'],
      controls: (t) => [pre('the node is at home', t.answered('at home')), post('it speaks', t.sent('after'))],
      judge: (t) =>
        t.mobility.heardWas('home init again')?.as('tests again') ??
        t.mobility.heardWas('update again')?.as('renews by the tokens it has') ??
        t.sent('after')?.as('does not'),
      plays: 'receiver',
      reads: ({ of }) =>
        of === 'stranger'
          ? [
              reads(RFC6275, '11.7.4', 'SHOULD', 'receiver', {
                'tests again': fail,
                'renews by the tokens it has': fail,
                'does not': pass,
              }),
            ]
          : [
              reads(RFC6275, '11.7.4', 'SHOULD', 'receiver', {
                'tests again': pass,
                'renews by the tokens it has': observed('they are good for some time yet (5.2.7)'),
                'does not': fail,
              }),
            ],
      lawful: ({ of }) => (of === 'stranger' ? 'does not' : 'tests again'),
      turnedBy: ({ of }) =>
        of === 'stranger' ? [[mutants.heedsStrangers, 'tests again']] : [[mutants.heedsNobody, 'does not']],
      alsoKnownAs: ({ of }) =>
        of === 'stranger' ? ['MN-3-4-1-2-005'] : of === 'correspondent' ? ['MN-3-4-1-2-001'] : ['MN-3-4-1-2-006'],
    }),
  },
});

interface Arrival {
  readonly packet: (careOfAddress: string) => Uint8Array;
  readonly turn: NodeMutant;
  readonly ids: readonly string[];
}

const ports = { sourcePort: 4_100, destinationPort: sinkPort };
const words = new TextEncoder().encode('touchstone by another way');
const toHome = { from: correspondent, to: homeAddress, ...ports, payload: words };

/** A datagram for the home address by way of the care-of address. */
const routed =
  (fields: { readonly segmentsLeft?: number; readonly addresses?: number }, sourcePort = 4_100) =>
  (careOfAddress: string) => {
    const { segmentsLeft = 1, addresses: count = 1 } = fields;
    const addresses = Array.from({ length: count }, () => homeAddress);
    const whole = udpPacket({ ...toHome, sourcePort });
    const extensions = [{ type: 'routing', routingType: 2, segmentsLeft, addresses }] as const;
    return encoded(
      { from: correspondent, to: careOfAddress },
      { protocol: 17, payload: whole.slice(40) },
      { extensions },
    );
  };

const arrivals: Readonly<Record<string, Arrival>> = {
  'routed-too-long': {
    packet: routed({ addresses: 2 }),
    turn: headers.acceptsEveryRoutingHeader,
    ids: ['MN-4-1-2-2-004'],
  },
  'routed-two-segments': {
    packet: routed({ segmentsLeft: 2 }),
    turn: headers.acceptsEveryRoutingHeader,
    ids: ['MN-4-1-2-2-005', 'MN-4-1-2-2-003'],
  },
  'by-another-tunnel': {
    packet: (to) => tunnelledPacket({ from: correspondent, to }, udpPacket(toHome)),
    turn: headers.opensEveryTunnel,
    ids: [],
  },
};

export const arrivalsAway = scenario({
  name: 'arrivals-away',
  title: 'By which ways packets reach the home address of a mobile node that is away',
  cast: mobileCast,
  dimensions: { way: Object.keys(arrivals) },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { way }) {
    const { nut, ha, cn } = stage;
    await isBound(stage);
    await cn.answers('arrival', REGISTERED, ({ source }) => arrivals[way]!.packet(source));
    if (way.startsWith('routed')) await cn.answers('life', REGISTERED, ({ source }) => routed({}, 4_101)(source));
    else
      await ha.answers('life', REGISTERED, ({ source }) =>
        tunnelledPacket({ from: homeAgent, to: source }, udpPacket({ ...toHome, sourcePort: 4_101 })),
      );
    await nut.reports('report', { until: ({ delivered }) => delivered.some(({ sourcePort }) => sourcePort === 4_101) });
  },
  questions: {
    'DUPONT-2.2-RH': question('Is a type 2 routing header followed to the home address, and no other?', {
      outcomes: ['delivered', 'dropped'],
      controls: boundBefore,
      judge: (t) => arrived(t),
      plays: 'receiver',
      asks: ({ way }) => way.startsWith('routed'),
      reads: [
        reads(RFC6275, '11.3.3', 'MUST', 'receiver', { delivered: fail, dropped: pass }),
        reads(DUPONT, '2.2', 'obs', 'receiver', {
          delivered: observed('a header that is not as written is followed'),
          dropped: observed('IPsec has no part in it'),
        }),
      ],
      lawful: 'dropped',
      turnedBy: ({ way }) => [[arrivals[way]!.turn, 'delivered']],
      alsoKnownAs: ({ way }) => arrivals[way]!.ids,
    }),
    'RFC6275-11.3.3': question('Is the tunnel of the home agent opened, and no other?', {
      outcomes: ['delivered', 'dropped'],
      controls: boundBefore,
      judge: (t) => arrived(t),
      plays: 'receiver',
      asks: ({ way }) => !way.startsWith('routed'),
      reads: [reads(RFC6275, '11.3.3', 'MUST', 'receiver', { delivered: fail, dropped: pass })],
      lawful: 'dropped',
      turnedBy: ({ way }) => [[arrivals[way]!.turn, 'delivered']],
      alsoKnownAs: ({ way }) => arrivals[way]!.ids,
    }),
  },
});

/** At the sink, from the port of its own; the life came after it, by the home agent. */
function arrived(t: Account) {
  const life = (says: string, holds: (ports: readonly number[]) => boolean) =>
    t.reported('report', 'delivered', says, ({ delivered }) => {
      const own = delivered.map(({ sourcePort }) => sourcePort);
      return own.includes(4_101) && holds(own);
    });
  return (
    life('the sink has it', (own) => own.includes(4_100))?.as('delivered') ??
    life('the sink has what came later alone', (own) => !own.includes(4_100))?.as('dropped')
  );
}

function boundBefore(t: Account) {
  return [
    pre('the node is at home', t.answered('at home')),
    pre(
      'it is registered at home and with the correspondent',
      both(t.mobility.heardWas(REGISTERED), t.mobility.heardWas(UPDATE)),
    ),
  ];
}
