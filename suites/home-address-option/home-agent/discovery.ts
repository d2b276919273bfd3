/**
 * What a mobile node asks its home link from away: which home agents there are (RFC 6275 10.5), asked of their anycast address, and which prefixes (10.6), asked
 * of its home agent under the SA of its home address.
 */
import {
  home,
  homeAgentIntent,
  onHomeLink,
  prefixPair,
  signallingPair,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress, icmpv6Packet, routingHeaderIn } from '../../../harness/vocabulary/packets.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

const placeOf = (place: string): string => (place === 'foreign-1' ? home.careOfAddress : home.otherCareOfAddress);

const request = (identifier: number, reserved: boolean) =>
  ({
    kind: 'homeAgentAddressDiscoveryRequest',
    type: 144,
    code: 0,
    identifier,
    ...(reserved && { reservedBits: 0x7fff }),
  }) as const;

export const homeDiscovery = scenario({
  name: 'home-discovery',
  title: 'Which home agents a home link has',
  cast: onHomeLink,
  dimensions: { place: ['foreign-1', 'foreign-2'], reserved: ['zero', 'set'] },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn }, { place, reserved }) {
    if (place === 'foreign-2') await tn.movesTo('foreign-2');
    const from = placeOf(place);
    await tn.pingInClear('path', { from, to: home.agent });
    await tn.packet('ask', icmpv6Packet({ from, to: home.agents }, request(7, reserved === 'set')), { awaited: true });
    await tn.pingInClear('same way', { from, to: home.agent });
    await tn.pingInClear('same way again', { from, to: home.agent });
  },
  questions: {
    'RFC6275-10.5': question('Does a home agent answer the question which home agents there are?', {
      outcomes: ['told', 'told otherwise', 'silent'],
      controls: (t) => [
        pre('the home agent is reached', t.answered('path')),
        post('and afterwards', t.answered('same way again')),
      ],
      judge(t, { place }) {
        const reply = t.icmpv6.heard('homeAgentAddressDiscoveryReply', { after: 'ask' });
        if (!reply) return t.answered('same way again')?.as('silent');
        const { source, destination } = reply.found.packet.packet;
        const { identifier, homeAgentAddresses } = reply.message;
        const says = `${homeAgentAddresses.join(', ')} to ${destination}`;
        const isRight =
          identifier === 7 &&
          source === home.agent &&
          destination === placeOf(place) &&
          homeAgentAddresses.includes(home.agent);
        return finding(says, t.evidenceOf(reply.found, says)).as(isRight ? 'told' : 'told otherwise');
      },
      plays: 'receiver',
      reads: [reads(RFC6275, '10.5.1', 'SHOULD', 'receiver', { told: pass, 'told otherwise': fail, silent: fail })],
      lawful: 'told',
      turnedBy: [[mobilityMutants.tellsNobodyOfHomeAgents, 'silent']],
      alsoKnownAs: ({ place, reserved }) => [
        `HA_7_1_${(reserved === 'set' ? 3 : 1) + (place === 'foreign-2' ? 1 : 0)}`,
      ],
    }),
  },
});

/** As the mobile node would send it at home. */
function solicitation(reserved: boolean): Uint8Array {
  const more = reserved && { reserved: Uint8Array.of(0xff, 0xff) };
  const ends = { from: home.address, to: home.agent };
  return icmpv6Packet(ends, {
    kind: 'mobilePrefixSolicitation',
    type: 146,
    code: 0,
    identifier: 9,
    ...more,
    options: [],
  });
}

/** In seconds: the prefix is told as long as it is valid, whatever the binding has left. */
const prefixLifetimes = { valid: 1200, preferred: 600 } as const;

const known: Readonly<Record<string, readonly [string, string]>> = {
  valid: ['HA_8_1_1', 'HA_8_1_2'],
  unregistered: ['HA_8_1_3', 'HA_8_1_4'],
  lasting: ['HA_8_1_7', 'HA_8_1_8'],
  reserved: ['HA_8_1_15', 'HA_8_1_16'],
};

export const homePrefixes = scenario({
  name: 'home-prefixes',
  title: 'Which prefixes a home link has',
  cast: onHomeLink,
  dimensions: { asking: Object.keys(known), place: ['foreign-1', 'foreign-2'] },
  given: ({ asking }) =>
    homeAgentIntent({ pairs: [signallingPair(), prefixPair()], told: asking === 'lasting' ? { prefixLifetimes } : {} }),
  async play({ tn, neighbor }, { asking, place }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    if (place === 'foreign-2') await tn.movesTo('foreign-2');
    const at = placeOf(place);
    if (asking !== 'unregistered') await tn.sends('update', homeUpdate({ at }));
    await tn.esp('ask', {
      under: 'prefixes',
      carries: fromCareOfAddress(solicitation(asking === 'reserved'), at),
    });
    await tn.sends('after', homeUpdate({ at, sequenceNumber: 2 }));
  },
  questions: {
    'RFC6275-10.6': question('Does a home agent answer the question which prefixes the home link has?', {
      outcomes: ['told', 'told otherwise', 'silent'],
      controls: (t, { asking }) => [
        pre('the home agent is alive', t.answered('alive')),
        ...(asking === 'unregistered' ? [] : [pre('registered', accepted(t, 'update'))]),
        post('the same way works afterwards', accepted(t, 'after')),
      ],
      judge: (t, { asking, place }) => told(t, placeOf(place), asking === 'lasting'),
      plays: 'receiver',
      reads: ({ asking }) =>
        asking === 'unregistered'
          ? [
              reads(RFC6275, '10.6.3', 'obs', 'receiver', {
                told: observed('told without a binding'),
                'told otherwise': observed('told without a binding'),
                silent: observed('silent without a binding'),
              }),
            ]
          : [reads(RFC6275, '10.6.2', 'MUST', 'receiver', { told: pass, 'told otherwise': fail, silent: fail })],
      lawful: 'told',
      turnedBy: ({ asking }) => [
        [
          asking === 'unregistered' ? mobilityMutants.tellsRegisteredAlone : mobilityMutants.tellsNobodyOfPrefixes,
          'silent',
        ],
      ],
      alsoKnownAs: ({ asking, place }) => [known[asking]![place === 'foreign-1' ? 0 : 1]],
    }),
  },
});

/** It may have been counted down since it was told. */
const isLeftOf = (told: number, left: number | undefined): boolean =>
  left !== undefined && left <= told && left > told - 60;

/** Under the SA, by way of the care-of address, with the prefix of the home link (section 10.6.3). */
function told(t: Account, careOfAddress: string, isLasting: boolean) {
  const reply = t.icmpv6.heard('mobilePrefixAdvertisement', { after: 'ask' });
  if (!reply) return t.mobility.answered('after')?.as('silent');
  const { packet, esp } = reply.found.packet;
  const routed = routingHeaderIn(packet)?.addresses?.[0];
  const prefix = reply.message.options.find((option) => option.type === 'prefixInformation');
  const says = `${prefix?.prefix} for ${prefix?.validLifetime} s, by way of ${packet.destination}`;
  const lasts = !isLasting || (isLeftOf(1200, prefix?.validLifetime) && isLeftOf(600, prefix?.preferredLifetime));
  const isRight =
    esp !== undefined &&
    routed === home.address &&
    packet.destination === careOfAddress &&
    reply.message.identifier === 9 &&
    // With the R bit the whole address of the router stands there (section 7.2).
    prefix?.prefix.startsWith('2001:db8:1:') === true &&
    lasts;
  return finding(says, t.evidenceOf(reply.found, says)).as(isRight ? 'told' : 'told otherwise');
}
