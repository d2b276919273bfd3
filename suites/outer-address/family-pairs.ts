/** Tunnel mode with every family in every other (DUPONT D): IPv4 and IPv6 inside, IPv4 and IPv6 outside, in both directions, under ESP and under AH. */

import { both, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants } from '../../harness/vocabulary/mutants.ts';
import type { Families } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

const pairs = {
  'd1-4in4': { inner: 'ipv4', outer: 'ipv4' },
  'd2-6in4': { inner: 'ipv6', outer: 'ipv4' },
  'd3-4in6': { inner: 'ipv4', outer: 'ipv6' },
  'd4-6in6': { inner: 'ipv6', outer: 'ipv6' },
} as const satisfies Record<string, Families>;
type Pair = keyof typeof pairs;

export const familyPairs = scenario({
  name: 'family-pairs',
  title: 'Tunnels of one family in another',
  dimensions: { families: Object.keys(pairs) as Pair[], keying: keyings, protection: laterProtections },
  given: ({ families, keying, protection }) =>
    gateways(keying, { ...pairs[families], suite: protectionOf(protection) }),
  async play(stage, { families, keying }) {
    const { tn, nut } = stage;
    const { outer } = pairs[families];
    const inClear = { from: places.home[outer], to: nutAddresses[outer] };
    await tn.pingInClear('path', inClear);
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('inward', { unlessRefused: 'establish all' });
    await nut.echo('outward', { awaited: false });
    await tn.pingInClear('life', inClear);
  },
  questions: {
    'DUPONT-D': question('Does tunnel mode carry this family in that one, both ways?', {
      outcomes: ['carried', 'one-way', 'dropped'],
      controls: (t) => [
        pre('the outer addresses are reachable', t.answered('path')),
        post('and are so still', t.answered('life')),
      ],
      judge: (t) => {
        const outward = t.sentUnder('outward', 'esp');
        return (
          both(t.answered('inward'), outward)?.as('carried') ??
          (t.answered('inward') ?? outward)?.as('one-way') ??
          t.silent('inward', 'life')?.as('dropped')
        );
      },
      plays: ['sender', 'receiver'],
      // Tunnel mode itself is wanted of everybody (4.1 a, b); that its families may differ is only said.
      reads: ({ families }) => {
        const of = { carried: pass, 'one-way': fail, dropped: fail };
        const { inner, outer } = pairs[families as Pair];
        return [
          reads(DUPONT, '2.4 D', 'MUST', 'implementation', of),
          inner === outer
            ? reads(RFC4301, '4.1', 'MUST', 'implementation', of)
            : reads(RFC4301, '5.1.2', 'obs', 'implementation', of),
        ];
      },
      lawful: 'carried',
      turnedBy: ({ families }) => {
        const { inner, outer } = pairs[families as Pair];
        return [
          ...(inner === outer ? [] : ([[addressMutants.tunnelsOwnFamily, 'dropped']] as const)),
          ...(inner === 'ipv4' || outer === 'ipv4' ? ([[addressMutants.tunnelsNoIpv4, 'dropped']] as const) : []),
          ...(inner === 'ipv6' || outer === 'ipv6' ? ([[addressMutants.tunnelsNoIpv6, 'dropped']] as const) : []),
        ];
      },
    }),
  },
});
