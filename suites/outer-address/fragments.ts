/**
 * IPsec and packets longer than the link (DUPONT D, fragments): an ESP packet that arrives in pieces is whole again before ESP looks at it, and
 * what a node itself has to send is cut before ESP or after it, but not lost.
 */

import type { Family } from '../../harness/vocabulary/intent.ts';
import { type Account, both, cause, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, type Keying, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { headerMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';
import { DUPONT, RFC4303 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

/** Octets of a datagram that no Ethernet frame holds. */
const tooLong = 1_600;
const dimensions = { family: ['ipv4', 'ipv6'], keying: ['manual', 'ikev2'], mode: ['', 'transport'] } as const;

/** Two gateways with a tunnel, or two hosts with their own traffic in transport mode. */
function between(keying: Keying, family: Family, mode: (typeof dimensions)['mode'][number]) {
  if (mode === '') return gateways(keying, { inner: family, outer: family });
  return keyedHosts(keying, family, [transportPair(TUNNEL, family)]);
}

export const arrivingFragments = scenario({
  name: 'arriving-fragments',
  title: 'ESP that arrives in fragments',
  dimensions: { length: ['d5-in-fragments'], ...dimensions },
  given: ({ family, keying, mode }) => between(keying, family, mode),
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.udp('short');
    await tn.udp('stimulus', { octets: tooLong });
    await tn.udp('short again');
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-D': question('Is an ESP packet delivered that arrives in fragments?', {
      outcomes: ['delivered', 'dropped'],
      controls: (t) => [
        pre('the tunnel works', t.answered('before')),
        pre('what fits one frame is delivered', t.delivered('short', 'report')),
        cause('the long packet came in pieces', pieces(t, 'tn', 'outside')),
        post('what fits one frame is delivered again', t.delivered('short again', 'report')),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t) =>
        t.delivered('stimulus', 'report')?.as('delivered') ??
        t.undelivered('stimulus', 'short again', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4 D', 'obs', 'implementation', { delivered: pass, dropped: fail }),
        reads(RFC4303, '3.3.4', 'MUST', 'receiver', { delivered: pass, dropped: fail }),
      ],
      lawful: 'delivered',
      turnedBy: [[headerMutants.handsOnFragments, 'dropped']],
    }),
  },
});

export const longPackets = scenario({
  name: 'long-packets',
  title: 'A packet that ESP makes too long for the link',
  dimensions: { length: ['d5-longer-than-link'], ...dimensions },
  given: ({ family, keying, mode }) => between(keying, family, mode),
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await nut.udp('short');
    await nut.udp('stimulus', { octets: tooLong, awaited: false });
    await nut.udp('short again');
    await tn.echo('after');
  },
  questions: {
    'DUPONT-D': question('What becomes of a packet that is too long for the link of its tunnel?', {
      outcomes: ['cut-after-esp', 'cut-before-esp', 'lost'],
      controls: (t) => [
        pre('the tunnel works', t.answered('before')),
        pre('a short packet leaves', t.sentUnder('short', 'esp')),
        post('a short packet leaves again', t.sentUnder('short again', 'esp')),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t) =>
        both(pieces(t, 'nut', 'outside'), t.sentUnder('stimulus', 'esp'))?.as('cut-after-esp') ??
        pieces(t, 'nut', 'inside')?.as('cut-before-esp') ??
        t.neverSent('stimulus', 'stimulus', 'short again')?.as('lost'),
      plays: 'sender',
      reads: ({ mode }) => [
        reads(DUPONT, '2.4 D', 'obs', 'implementation', { 'cut-after-esp': pass, 'cut-before-esp': pass, lost: fail }),
        // In transport mode ESP is applied to whole packets only.
        reads(RFC4303, '3.3.4', mode === 'transport' ? 'obs' : 'MAY', 'sender', {
          'cut-after-esp': pass,
          'cut-before-esp': mode === 'transport' ? fail : pass,
          lost: observed('fragmentation is not supported, as it need not be'),
        }),
      ],
      lawful: 'cut-after-esp',
      turnedBy: ({ family, mode }) => [
        [headerMutants.cutsNothing, 'lost'],
        ...(family === 'ipv4' && mode === '' ? ([[headerMutants.forbidsFragments, 'lost']] as const) : []),
      ],
    }),
  },
});

/** Fragments that carry ESP, or that ESP carries: the first and the last of a packet sent after the stimulus was asked for. */
function pieces(t: Account, from: 'tn' | 'nut', where: 'outside' | 'inside'): Finding | undefined {
  const found = t
    .packets(from, 'stimulus')
    .filter(({ packet }) => (packet.esp === undefined) === (where === 'outside') && isFragment(packet.packet));
  const [first, last] = [found.at(0), found.at(-1)];
  if (!first || !last || first === last) return undefined;
  return finding(
    `in pieces ${where} of ESP`,
    t.evidenceOf(first, 'the first piece'),
    t.evidenceOf(last, 'the last piece'),
  );
}

function isFragment(packet: IpPacket): boolean {
  if (packet.version === 4) return packet.moreFragments === true || (packet.fragmentOffset ?? 0) > 0;
  return packet.extensions.some(({ type }) => type === 'fragment');
}
