/**
 * IPsec in tunnel mode and the tunnel to the home agent are one (DUPONT 2.3, recommendation B; RFC 3776 3.4, RFC 4877 4.3), seen from the mobile node: what it
 * sends from its home address has one header around it, be it encapsulated by ESP or by Mobile IPv6 alone.
 */
import { away, awayByHand } from '../../../harness/vocabulary/away-intent.ts';
import { connection, honestNut, honestTn, mirroredChild, peering } from '../../../harness/vocabulary/ike-intent.ts';
import { host, mirroredEntry, mirroredSa } from '../../../harness/vocabulary/intent.ts';
import { type Account, post, pre } from '../../../harness/vocabulary/judging.ts';
import { homeAgentPair, mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants, mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import {
  childOf,
  entryOf,
  inboundName,
  manualSas,
  outboundName,
  type Pair,
  pairBetween,
} from '../../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { fromLink } from './acts.ts';

const { homeAddress, careOfAddress, homeAgent, correspondent } = away;
const keys = { connection: peering.connection, child: 'payload' };

/** For all that passes between the home address and anybody, in tunnel mode; the mobile node's end is here. */
function payloadTunnel(end: string): Pair {
  const ends = { local: end, remote: homeAgent };
  const pair = pairBetween(keys.child, ends, { spi: 0x2000 });
  return { ...pair, mode: 'tunnel', selector: { local: host(homeAddress), remote: '::/0' } };
}

function told(tunnel: string) {
  if (tunnel === 'esp-registered') {
    return moving({ homeAgentActs: true, pairs: [homeAgentPair(), payloadTunnel(homeAddress)] });
  }
  if (tunnel === 'plain') return awayByHand('home-agent');
  const pair = payloadTunnel(careOfAddress);
  if (tunnel === 'esp') {
    const [spd, manual] = [[entryOf(pair, [inboundName(pair.name), outboundName(pair.name)])], manualSas(pair)];
    return awayByHand('home-agent', {
      nut: { spd, manual },
      ha: { spd: spd.map(mirroredEntry), manual: manual.map(mirroredSa) },
    });
  }
  const [spd, child] = [[entryOf(pair, [`${keys.connection}/${pair.name}`])], childOf(pair)];
  const asking = connection(keys.connection, [careOfAddress], [homeAgent], honestNut, [child]);
  const asked = connection(keys.connection, [homeAgent], [careOfAddress], honestTn, [mirroredChild(child)]);
  return awayByHand('home-agent', { nut: { spd, ike: [asking] }, ha: { spd: spd.map(mirroredEntry), ike: [asked] } });
}

export const combinedTunnel = scenario({
  name: 'combined-tunnel',
  title: 'How often a mobile node encapsulates what it sends',
  cast: mobileCast,
  dimensions: { tunnel: ['plain', 'esp', 'esp-by-ike', 'esp-registered'] },
  given: ({ tunnel }) => told(tunnel),
  async play({ nut, ha, cn }, { tunnel }) {
    if (tunnel === 'esp-by-ike') {
      await nut.initiates('keys', keys);
      await ha.asksForLife('life', keys, { unlessRefused: 'keys' });
    }
    if (tunnel === 'esp-registered') {
      await nut.movesTo('foreign-1');
      await ha.hears('update', 'bindingUpdate', fromLink('foreign-1'));
      await nut.reports('registered', {
        until: ({ bindingUpdates = [] }) => bindingUpdates.some(({ settled }) => settled),
        within: 5_000,
      });
    }
    await cn.echo('before');
    await nut.echo('through the tunnel', { to: correspondent });
    await cn.echo('after');
  },
  questions: {
    'DUPONT-B': question('How many headers are around what it sends through its home agent?', {
      outcomes: ['once', 'twice', 'none'],
      controls: (t) => [
        pre('the home address is reached where it is', t.answered('before')),
        post('and it still is', t.answered('after')),
      ],
      judge(t) {
        const around = headersAround(t, 'through the tunnel');
        return t.sent('through the tunnel')?.as(around === 0 ? 'none' : around === 1 ? 'once' : 'twice');
      },
      plays: 'sender',
      reads: ({ tunnel }) =>
        tunnel === 'plain'
          ? [
              reads(DUPONT, '2.3 B', 'obs', 'sender', {
                once: observed('the measure of comparison: one header of Mobile IPv6'),
                twice: observed('two headers without IPsec'),
                none: observed('no tunnel'),
              }),
              reads(RFC6275, '11.3.1', 'MUST', 'sender', { once: pass, twice: fail, none: fail }),
            ]
          : [
              reads(DUPONT, '2.3 B', 'SHOULD', 'sender', { once: pass, twice: fail, none: fail }),
              reads(RFC4877, '4.3', 'MUST', 'sender', { once: pass, twice: fail, none: fail }),
            ],
      lawful: 'once',
      turnedBy: ({ tunnel }) =>
        tunnel === 'plain'
          ? [[mobileNodeMutants.sendsWithoutTunnel, 'none']]
          : [[mobilityMutants.encapsulatesTwice, 'twice']],
    }),
  },
});

/** Those that begin where the home address is not. */
function headersAround(t: Account, moment: string): number {
  const packets = t.probe(moment)?.frame.packets ?? [];
  return packets.filter(({ packet }) => packet.source !== homeAddress).length;
}
