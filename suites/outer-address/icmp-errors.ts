/**
 * ICMP errors as the exception to C1 (DUPONT 2.4; RFC 4301 6.2): one comes from a router no selector knows, and may be let in for the packet
 * it quotes. Nothing answers an error, so what became of it is read from the node: its SA has counted it, and a counter of drops moved or not.
 */

import { type Account, type Finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants } from '../../harness/vocabulary/mutants.ts';
import { hostUnreachablePacket, udpPacket } from '../../harness/vocabulary/packets.ts';
import { inner } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

/** Whose packet the error is about, all sent by the node under test. */
const destinations = { 'its-own-traffic': inner.tn.ipv4, 'other-traffic': '10.4.0.1' } as const;

export const icmpErrors = scenario({
  name: 'icmp-errors',
  title: 'ICMP errors from a router outside the selectors',
  dimensions: { quotes: ['its-own-traffic', 'other-traffic'], keying: keyings, protection: laterProtections },
  given: ({ keying, protection }) => gateways(keying, { suite: protectionOf(protection) }),
  async play(stage, { quotes, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('first');
    await nut.reports('before');
    await tn.esp('stimulus', { carries: unreachable(destinations[quotes]) });
    await tn.echo('second');
    await nut.reports('after');
  },
  questions: {
    'DUPONT-C1c': question('Is an ICMP error let in for the packet it quotes?', {
      outcomes: ['let-in', 'dropped'],
      controls: (t) => [
        pre('the tunnel works', t.answered('first')),
        post('the tunnel works still', t.answered('second')),
      ],
      judge: (t) => t.counted(drops, 'before', 'after')?.as('dropped') ?? bothCarried(t)?.as('let-in'),
      plays: 'receiver',
      reads: ({ quotes }) =>
        quotes === 'its-own-traffic'
          ? [
              reads(DUPONT, '2.4 C1', 'obs', 'receiver', {
                'let-in': observed('an error is judged by what it quotes'),
                dropped: observed('an error is judged by its own header'),
              }),
              reads(RFC4301, '6.2', 'MUST', 'receiver', {
                'let-in': pass,
                dropped: observed('by configuration, or for good'),
              }),
            ]
          : [
              reads(DUPONT, '2.4 C1', 'MUST', 'receiver', { 'let-in': fail, dropped: pass }),
              reads(RFC4301, '6.2', 'MUST NOT', 'receiver', { 'let-in': fail, dropped: pass }),
            ],
      lawful: ({ quotes }) => (quotes === 'its-own-traffic' ? 'let-in' : 'dropped'),
      turnedBy: ({ quotes }) =>
        quotes === 'its-own-traffic'
          ? [[addressMutants.refusesForeignErrors, 'dropped']]
          : [
              [addressMutants.believesEveryError, 'let-in'],
              [addressMutants.carriesWhateverArrives, 'let-in'],
            ],
    }),
  },
});

function unreachable(destination: string): Uint8Array {
  const ports = { sourcePort: 7_777, destinationPort: 40_000 };
  const sent = udpPacket({ from: inner.nut.ipv4, to: destination, ...ports, payload: new Uint8Array(8) });
  return hostUnreachablePacket({ from: inner.outsider.ipv4, to: inner.nut.ipv4 }, sent);
}

/** The SA counted the error and the echo after it, and no counter of drops moved. */
function bothCarried(t: Account): Finding | undefined {
  const before = t.state('before');
  if (!before || t.counted(drops, 'before', 'after')) return undefined;
  const says = 'the SA carried two packets more, and none was dropped';
  return t.reported('after', 'sad', says, (state) => received(state) === received(before.state) + 2);
}

function received({
  sad,
}: {
  readonly sad: readonly { readonly direction: string; readonly packets: number }[];
}): number {
  return sad.filter(({ direction }) => direction === 'in').reduce((sum, { packets }) => sum + packets, 0);
}

/** Of Linux, and of the reference. */
const drops = /^(XfrmIn\w+|discarded:\w+)$/;
