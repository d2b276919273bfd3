/**
 * TTL and hop limit of a tunnel (DUPONT D; RFC 4301 5.1.2.1 note 2): a gateway that forwards what it has decapsulated counts a hop of the inner
 * header, whatever the outer one had left. The stimulus has one hop inside and is for somebody behind the gateway.
 */

import { type Account, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { headerMutants } from '../../harness/vocabulary/mutants.ts';
import { udpPacket } from '../../harness/vocabulary/packets.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

/** Inside the network of the node under test, and nobody's. */
const behind = { ipv4: '10.1.0.77', ipv6: '2001:db8:a1::77' } as const;

export const hopLimit = scenario({
  name: 'hop-limit',
  title: 'The hops of an inner packet that a gateway forwards',
  dimensions: { copies: ['d6-hops-in'], family: ['ipv4', 'ipv6'], keying: ['manual', 'ikev2'] },
  given: ({ family, keying }) => gateways(keying, { inner: family, outer: family }),
  async play(stage, { family, keying }) {
    const { tn } = stage;
    const ends = { from: inner.tn[family], to: behind[family] };
    const ports = { sourcePort: 40_000, destinationPort: 9 };
    // An error may leave by the router, whose hardware address must not be what delays it.
    await tn.pingInClear('router', { from: places['other-prefix'][family], to: nutAddresses[family] });
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.esp('stimulus', { carries: udpPacket({ ...ends, ...ports, payload: new Uint8Array(16) }, { hops: 1 }) });
    await tn.echo('after');
  },
  questions: {
    'DUPONT-D': question('Is a hop of the inner header counted where a tunnel ends and a network begins?', {
      outcomes: ['counted', 'not-counted'],
      controls: (t) => [
        pre('the router is known', t.answered('router')),
        pre('the tunnel works', t.answered('before')),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t) => timeExceeded(t)?.as('counted') ?? t.silent('stimulus', 'after')?.as('not-counted'),
      plays: 'receiver',
      reads: ({ family }) => [
        reads(DUPONT, '2.4 D', 'obs', 'implementation', {
          counted: observed('a tunnel is a hop to whoever is behind it'),
          'not-counted': observed('a tunnel is no hop'),
        }),
        reads(RFC4301, family === 'ipv4' ? '5.1.2.1 (2)' : '5.1.2.2 (2)', 'obs', 'receiver', {
          counted: pass,
          'not-counted': fail,
        }),
      ],
      lawful: 'counted',
      turnedBy: [[headerMutants.countsNoHop, 'not-counted']],
    }),
  },
});

/** ICMP type 11, ICMPv6 type 3: through the tunnel, or in clear where the node speaks by an address that no selector knows. */
function timeExceeded(t: Account): Finding | undefined {
  const found = t.packets('nut', 'stimulus').find(({ packet: { packet } }) => {
    const type = packet.payload[0];
    return (packet.protocol === 1 && type === 11) || (packet.protocol === 58 && type === 3);
  });
  return found && finding('time exceeded is reported', t.evidenceOf(found, 'time exceeded'));
}
