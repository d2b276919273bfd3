/**
 * Which other home agents a home agent knows of (RFC 6275 10.1, 10.5.1): it hears them on the home link, whose routers are a neighbor here that speaks for
 * each, and tells a mobile node that asks, the most preferred first, as long as what it heard holds.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { homeAgentsListMutants as mutants, type NodeMutant } from '../../../harness/vocabulary/mutants.ts';
import {
  advertisedPrefix,
  icmpv6Packet,
  type RouterByHand,
  routerAdvertisementPacket,
} from '../../../harness/vocabulary/packets.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';

/** Another home agent of the home link. */
interface Other {
  readonly linkLocal: string;
  readonly address: string;
}

const one: Other = { linkLocal: 'fe80::a1', address: '2001:db8:1::a1' };
const two: Other = { linkLocal: 'fe80::a2', address: '2001:db8:1::a2' };
const IDENTIFIER = 7;

interface Saying extends Partial<Omit<RouterByHand, 'from' | 'options'>> {
  /** Of the Home Agent Information option, which is absent without. */
  readonly preference?: number;
  readonly homeAgentLifetime?: number;
  /** Its own one unless they are given. */
  readonly addresses?: readonly string[];
  readonly routerAddress?: boolean;
}

/** What one of them says of itself. */
function says(
  { linkLocal, address }: Other,
  {
    preference,
    homeAgentLifetime = 1_800,
    addresses = [address],
    routerAddress = true,
    homeAgent = true,
    ...fields
  }: Saying = {},
): Uint8Array {
  return routerAdvertisementPacket('neighbor', {
    from: linkLocal,
    homeAgent,
    ...fields,
    options: [
      ...addresses.map((each) => advertisedPrefix(each, { routerAddress, autonomous: false })),
      ...(preference === undefined
        ? []
        : [
            {
              type: 'homeAgentInformation',
              homeAgentPreference: preference,
              homeAgentLifetime,
            } as const,
          ]),
    ],
  });
}

interface Heard {
  /** Of the home agent under test. */
  readonly own?: number;
  readonly said: readonly Uint8Array[];
  /** Seconds between the last of them and the question. */
  readonly later?: number;
  /** In order; those in one row have the same preference. */
  readonly told: readonly (readonly string[])[];
  readonly turn: NodeMutant;
  /** Of the RFC's sentences, one that asks for more than SHOULD. */
  readonly must?: true;
  readonly ids: readonly string[];
}

/** Two others and the one under test, by their preferences. */
function ordered(own: number, ofOne: number, ofTwo: number, id: string, turn = mutants.prefersTheLeast): Heard {
  const all = [
    { preference: own, address: home.agent },
    { preference: ofOne, address: one.address },
    { preference: ofTwo, address: two.address },
  ];
  return {
    own,
    said: [says(one, { preference: ofOne }), says(two, { preference: ofTwo })],
    told: all.sort((first, second) => second.preference - first.preference).map(({ address }) => [address]),
    turn,
    ids: [id],
  };
}

/** So many addresses of one prefix. */
const manyOf = (group: string): readonly string[] =>
  Array.from({ length: 40 }, (_, place) => `2001:db8:1::${group}:${(place + 1).toString(16)}`);

const heard: Readonly<Record<string, Heard>> = {
  'preference-0': {
    own: 10,
    said: [says(one, { preference: 0 })],
    told: [[home.agent], [one.address]],
    turn: mutants.listsNobody,
    ids: ['HA_7_2_1'],
  },
  'preference-65535': {
    own: 10,
    said: [says(one, { preference: 0xffff })],
    told: [[one.address], [home.agent]],
    turn: mutants.prefersTheLeast,
    ids: ['HA_7_2_2'],
  },
  'own-one-two': ordered(30, 20, 10, 'HA_7_2_3'),
  'own-two-one': ordered(30, 10, 20, 'HA_7_2_4'),
  'one-own-two': ordered(20, 30, 10, 'HA_7_2_5'),
  'two-own-one': ordered(20, 10, 30, 'HA_7_2_6'),
  'one-two-own': ordered(10, 30, 20, 'HA_7_2_7'),
  'two-one-own': ordered(10, 20, 30, 'HA_7_2_8', mutants.prefersNobody),
  'no-preference-told': {
    own: 10,
    said: [says(one)],
    told: [[home.agent], [one.address]],
    turn: mutants.prefersTheSilent,
    must: true,
    ids: ['HA_7_2_9'],
  },
  'lifetime-over': {
    said: [says(one, { preference: 20, homeAgentLifetime: 2 })],
    later: 3,
    told: [[home.agent]],
    turn: mutants.listsForEver,
    must: true,
    ids: ['HA_7_2_10'],
  },
  'router-lifetime-over': {
    said: [says(one, { routerLifetime: 2 })],
    later: 3,
    told: [[home.agent]],
    turn: mutants.listsForEver,
    must: true,
    ids: ['HA_7_2_11'],
  },
  'another-preference': {
    own: 10,
    said: [says(one, { preference: 20 }), says(one, { preference: 5 })],
    told: [[home.agent], [one.address]],
    turn: mutants.prefersTheLeast,
    ids: ['HA_7_2_12'],
  },
  'another-lifetime': {
    said: [says(one, { preference: 20 }), says(one, { preference: 20, homeAgentLifetime: 2 })],
    later: 3,
    told: [[home.agent]],
    turn: mutants.listsForEver,
    must: true,
    ids: ['HA_7_2_13'],
  },
  'equal-preferences': {
    own: 10,
    said: [says(one, { preference: 20 }), says(two, { preference: 20 })],
    told: [[one.address, two.address], [home.agent]],
    turn: mutants.prefersTheLeast,
    ids: ['HA_7_2_14'],
  },
  'two-addresses': {
    own: 10,
    said: [says(one, { preference: 20, addresses: [one.address, '2001:db8:1::b1'] })],
    told: [[one.address, '2001:db8:1::b1'], [home.agent]],
    turn: mutants.takesOneAddress,
    ids: ['HA_7_2_15'],
  },
  'lifetime-0': {
    said: [says(one, { preference: 20 }), says(one, { preference: 20, homeAgentLifetime: 0 })],
    told: [[home.agent]],
    turn: mutants.listsForEver,
    must: true,
    ids: ['HA_7_3_1'],
  },
  'router-lifetime-0': {
    said: [says(one), says(one, { routerLifetime: 0 })],
    told: [[home.agent]],
    turn: mutants.listsForEver,
    must: true,
    ids: ['HA_7_3_2'],
  },
  'no-home-agent-any-more': {
    said: [says(one, { preference: 20 }), says(one, { homeAgent: false })],
    told: [[home.agent]],
    turn: mutants.listsEveryRouter,
    must: true,
    ids: ['HA_7_4_1'],
  },
  'no-address-told': {
    said: [says(one, { preference: 20, routerAddress: false })],
    told: [[home.agent]],
    turn: mutants.takesEveryPrefix,
    ids: ['HA_7_4_2'],
  },
};

const request = { kind: 'homeAgentAddressDiscoveryRequest', type: 144, code: 0, identifier: IDENTIFIER } as const;
const ask = icmpv6Packet({ from: home.careOfAddress, to: home.agents }, request);

export const homeAgentsList = scenario({
  name: 'home-agents-list',
  title: 'Which home agents of its link a home agent tells of',
  cast: onHomeLink,
  dimensions: { heard: Object.keys(heard) },
  given: ({ heard: of }) => homeAgentIntent({ pairs: [signallingPair()], told: { preference: heard[of]!.own ?? 0 } }),
  lasts: ({ heard: of }) => heard[of]!.later ?? 0,
  async play({ tn, neighbor }, { heard: of }) {
    const { said, later } = heard[of]!;
    await neighbor.pingInClear('alive', { to: home.agent });
    for (const [place, octets] of said.entries()) await neighbor.packet(`says ${place + 1}`, octets);
    await neighbor.pingInClear('has heard it', { to: home.agent });
    if (later !== undefined) await tn.letsPass('its lifetime', later);
    await tn.packet('ask', ask);
    await tn.hears('reply', 'homeAgentAddressDiscoveryReply', { after: 'ask' });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.5.1': question('Are the home agents of the link told as they said, the most preferred first?', {
      outcomes: ['as they said', 'otherwise', 'silent'],
      controls,
      judge: (t, { heard: of }) => {
        const reply = replied(t);
        if (!reply) return t.answered('still alive')?.as('silent');
        return reply.shown.as(isInOrder(reply.addresses, heard[of]!.told) ? 'as they said' : 'otherwise');
      },
      plays: 'receiver',
      reads: ({ heard: of }) => [
        reads(RFC6275, '10.5.1', heard[of]!.must ? 'MUST' : 'SHOULD', 'receiver', {
          'as they said': pass,
          otherwise: fail,
          silent: fail,
        }),
      ],
      lawful: 'as they said',
      turnedBy: ({ heard: of }) => [[heard[of]!.turn, 'otherwise']],
      alsoKnownAs: ({ heard: of }) => heard[of]!.ids,
    }),
  },
});

export const homeAgentsTooMany = scenario({
  name: 'home-agents-too-many',
  title: 'A home link with more home agents than a reply has room for',
  cast: onHomeLink,
  dimensions: { heard: ['more-than-fit'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    await neighbor.packet('says 1', says(one, { preference: 20, addresses: manyOf('b') }));
    await neighbor.packet('says 2', says(two, { preference: 10, addresses: manyOf('c') }));
    await neighbor.pingInClear('has heard it', { to: home.agent });
    await tn.packet('ask', ask);
    await tn.hears('reply', 'homeAgentAddressDiscoveryReply', { after: 'ask' });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.5.1': question('Does the reply fit into the minimum MTU, with the most preferred in it?', {
      outcomes: ['fits', 'too long', 'without the most preferred', 'silent'],
      controls,
      judge: (t) => {
        const reply = replied(t);
        if (!reply) return t.answered('still alive')?.as('silent');
        if (reply.octets > MINIMUM_MTU) return reply.shown.as('too long');
        const hasPreferred = manyOf('b').every((address) => reply.addresses.includes(address));
        return reply.shown.as(hasPreferred ? 'fits' : 'without the most preferred');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '10.5.1', 'SHOULD', 'receiver', {
          fits: pass,
          'too long': fail,
          'without the most preferred': fail,
          silent: fail,
        }),
      ],
      lawful: 'fits',
      turnedBy: [
        [mutants.repliesAtAnyLength, 'too long'],
        [mutants.prefersTheLeast, 'without the most preferred'],
      ],
      alsoKnownAs: ['HA_7_5_1'],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the home agent is alive', t.answered('alive')),
    pre('and heard what was said', t.answered('has heard it')),
    post('and still is', t.answered('still alive')),
  ];
}

function replied(t: Account) {
  const reply = t.icmpv6.heard('homeAgentAddressDiscoveryReply', { after: 'ask' });
  if (reply?.message.identifier !== IDENTIFIER) return undefined;
  const { homeAgentAddresses: addresses } = reply.message;
  const octets = IPV6_HEADER + reply.found.packet.packet.payload.length;
  const said = `${addresses.length > 4 ? `${addresses.length} addresses` : addresses.join(', ')} in ${octets} octets`;
  return { addresses, octets, shown: finding(said, t.evidenceOf(reply.found, said)) };
}

/** The rows one after another, each in any order, and nothing beside them. */
function isInOrder(told: readonly string[], rows: readonly (readonly string[])[]): boolean {
  let left = told;
  for (const row of rows) {
    const first = left.slice(0, row.length);
    if (!row.every((address) => first.includes(address))) return false;
    left = left.slice(row.length);
  }
  return left.length === 0;
}

/** Octets. */
const IPV6_HEADER = 40;
const MINIMUM_MTU = 1280;
