/**
 * What names an SA (DUPONT 2.4, "one, two, three or four addresses"): whether the address a packet was sent to counts beside its SPI, and its protocol. RFC
 * 4301 lets the SPI alone decide, RFC 2401 wanted destination and protocol too; who does which is observed.
 */

import { intent, sinks } from '../../harness/vocabulary/intent.ts';
import { both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants } from '../../harness/vocabulary/mutants.ts';
import {
  entryOf,
  inboundName,
  manualSas,
  outboundName,
  type Pair,
  transportPair,
  tunnelPair,
} from '../../harness/vocabulary/pairs.ts';
import { gateway, inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { ownerChoosesSpi } from '../left-out.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';
import { gateways, halves, intact, TUNNEL } from './gateways.ts';

/** The SPI of an SA under another address of the same node. */
export const otherDestination = scenario({
  name: 'other-destination',
  title: 'The right SPI at another destination address of the same node',
  dimensions: { lookup: ['wrong-destination'], family: ['ipv4', 'ipv6'], keying: keyings },
  given: ({ family, keying }) => gateways(keying, { inner: family, outer: family }),
  async play(stage, { family, keying }) {
    const { tn, nut } = stage;
    const otherAddress = { from: places.home[family], to: inner.nut[family] };
    await tn.pingInClear('path', otherAddress);
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.esp('right', { carries: 'udp' });
    await tn.esp('stimulus', { carries: 'udp', outerDestination: otherAddress.to });
    await tn.pingInClear('path again', otherAddress);
    await tn.esp('right again', { carries: 'udp' });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-2.4-LOOKUP': question('Is an SA found by its SPI at any address of the node?', {
      outcomes: ['found', 'not-found'],
      controls: (t) => [
        pre('the other address is reachable', t.answered('path')),
        pre('the tunnel works', t.answered('before')),
        pre('what comes to the right address is delivered', t.delivered('right', 'report')),
        post('the other address is reachable still, on the same way', t.answered('path again')),
        post('what comes to the right address is delivered again', t.delivered('right again', 'report')),
        post('the tunnel works still', t.answered('after')),
        ...intact(t, 'report'),
      ],
      judge: (t) =>
        t.delivered('stimulus', 'report')?.as('found') ??
        t.undelivered('stimulus', 'right again', 'report')?.as('not-found'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4', 'obs', 'receiver', {
          found: observed('the SPI alone names an SA'),
          'not-found': observed('the destination names an SA with the SPI'),
        }),
        reads(RFC4301, '4.1', 'obs', 'receiver', {
          found: pass,
          'not-found': observed('the entry asks for the destination too, as one for multicast does'),
        }),
      ],
      lawful: 'found',
      turnedBy: [
        [addressMutants.looksUpByDestination, 'not-found'],
        [addressMutants.looksUpByPair, 'not-found'],
      ],
    }),
  },
});

/** One SPI for two SAs, of which each ends at an address of its own. */
export const sharedSpi = scenario({
  name: 'shared-spi',
  title: 'The same SPI at two destination addresses of one node',
  dimensions: { lookup: ['same-spi'], keying: keyings },
  leavesOut: ({ keying }) => (keying === 'manual' ? undefined : ownerChoosesSpi),
  given: () => {
    const pairs = [atOuterAddress(), atInnerAddress()];
    const spd = pairs.map((pair) => entryOf(pair, [inboundName(pair.name), outboundName(pair.name)]));
    const [first, [inbound, outbound]] = [manualSas(atOuterAddress()), manualSas(atInnerAddress())];
    const manual = [...first, inbound, { ...outbound, spi: outbound.spi + 1 }];
    return intent({
      topology: gateway,
      ends: { tn: inner.tn.ipv4, nut: inner.nut.ipv4 },
      nut: { spd, manual, ike: [], sinks },
    });
  },
  async play({ tn, nut }) {
    const ofTwo = { under: 'two', carries: 'udp', from: '10.2.0.200' } as const;
    await tn.pingInClear('path to the one', { from: places.home.ipv4, to: nutAddresses.ipv4 });
    await tn.pingInClear('path to the other', { from: places.home.ipv4, to: inner.nut.ipv4 });
    await tn.esp('first', { under: 'one', carries: 'udp' });
    await tn.esp('second', ofTwo);
    await tn.udp('later', { from: places.home.ipv4, to: inner.nut.ipv4, inClear: true });
    await tn.pingInClear('life', { from: places.home.ipv4, to: inner.nut.ipv4 });
    await nut.reports('report');
  },
  questions: {
    'DUPONT-2.4-LOOKUP': question('Are two SAs of one SPI told apart by their destination?', {
      outcomes: ['told-apart', 'confused'],
      controls: (t) => [
        pre('one address is reachable', t.answered('path to the one')),
        pre('so is the other', t.answered('path to the other')),
        cause(
          'both SAs are there',
          t.reported('report', 'sad', 'two inbound SAs of one SPI', ({ sad }) => inboundOfOneSpi(sad) === 2),
        ),
        post('the node is alive', t.answered('life')),
        post('its sink is alive', t.delivered('later', 'report')),
      ],
      judge: (t) =>
        both(t.delivered('first', 'report'), t.delivered('second', 'report'))?.as('told-apart') ??
        (t.undelivered('first', 'later', 'report') ?? t.undelivered('second', 'later', 'report'))?.as('confused'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4', 'obs', 'receiver', {
          'told-apart': observed('the destination names an SA with the SPI'),
          confused: observed('the SPI alone names an SA, so its owner may give it once only'),
        }),
        reads(RFC4301, '4.1', 'obs', 'receiver', {
          'told-apart': observed('the entries ask for the destination too, as those for multicast do'),
          confused: pass,
        }),
      ],
      lawful: 'confused',
      turnedBy: [
        [addressMutants.looksUpByDestination, 'told-apart'],
        [addressMutants.looksUpByPair, 'told-apart'],
      ],
    }),
  },
});

/** One SPI for an SA of ESP and one of AH, at the same address. */
export const sharedSpiOfProtocols = scenario({
  name: 'shared-spi-of-protocols',
  title: 'The same SPI for ESP and for AH',
  dimensions: { lookup: ['esp-and-ah'], family: ['ipv4', 'ipv6'] },
  given: ({ family }) => {
    const [esp, ah] = ofOneSpi(family);
    return keyedHosts('manual', family, [esp, ah]);
  },
  async play({ tn, nut }, { family }) {
    const other = family === 'ipv4' ? 'ipv6' : 'ipv4';
    const elsewhere = { from: places.home[other], to: nutAddresses[other] };
    await tn.syn('path', { inClear: true });
    await tn.pingInClear('path elsewhere', elsewhere);
    await tn.esp('under ESP', { under: 'esp', carries: 'udp' });
    await tn.esp('under AH', { under: 'ah', awaited: false });
    await tn.esp('under ESP again', { under: 'esp', carries: 'udp' });
    await tn.udp('later', { ...elsewhere, inClear: true });
    await tn.syn('life', { inClear: true });
    await nut.reports('report');
  },
  questions: {
    'DUPONT-2.4-LOOKUP': question('Are two SAs of one SPI told apart by their protocol?', {
      outcomes: ['told-apart', 'confused'],
      controls: (t) => [
        cause('the node is reached by what no policy is about', both(t.answered('path'), t.answered('path elsewhere'))),
        cause(
          'both SAs are there',
          t.reported('report', 'sad', 'two inbound SAs of one SPI', ({ sad }) => inboundOfOneSpi(sad) === 2),
        ),
        post('the node is alive', t.answered('life')),
        post('its sink is alive', t.delivered('later', 'report')),
      ],
      judge: (t) =>
        both(t.delivered('under ESP', 'report'), t.answered('under AH'), t.delivered('under ESP again', 'report'))?.as(
          'told-apart',
        ) ??
        (
          t.undelivered('under ESP', 'later', 'report') ??
          t.silent('under AH', 'life') ??
          t.undelivered('under ESP again', 'later', 'report')
        )?.as('confused'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4', 'obs', 'receiver', {
          'told-apart': observed('SPI and protocol name an SA'),
          confused: observed('the SPI alone names an SA, so its owner may give it once only'),
        }),
        // Which of the two is a local matter, RFC 4302 2.4 and RFC 4303 2.1.
        reads(RFC4301, '4.1', 'obs', 'receiver', { 'told-apart': pass, confused: pass }),
      ],
      lawful: 'told-apart',
      turnedBy: [[addressMutants.looksUpBySpi, 'confused']],
    }),
  },
});

/** Told apart by their traffic. */
function ofOneSpi(family: 'ipv4' | 'ipv6'): readonly [Pair, Pair] {
  const icmp = family === 'ipv4' ? protocols.ICMP : protocols['IPv6-ICMP'];
  return [
    transportPair('esp', family, { selector: { protocol: protocols.UDP } }),
    transportPair('ah', family, { suite: ahSuites['ah-sha256'], selector: { protocol: icmp } }),
  ];
}

const families = { inner: 'ipv4', outer: 'ipv4' } as const;

function atOuterAddress(): Pair {
  return tunnelPair('one', families, { selector: { remote: halves.one } });
}

/** With other keys, and from the node's side its inner address as the end of the tunnel. */
function atInnerAddress(): Pair {
  const pair = tunnelPair('two', families, { suite: espSuites['aes-gcm'], selector: { remote: halves.two } });
  return { ...pair, ends: { local: inner.nut.ipv4, remote: places.home.ipv4 } };
}

function inboundOfOneSpi(sad: readonly { readonly spi: number; readonly direction: string }[]): number {
  const [inbound] = manualSas(atOuterAddress());
  return sad.filter(({ direction, spi }) => direction === 'in' && spi === inbound.spi).length;
}
