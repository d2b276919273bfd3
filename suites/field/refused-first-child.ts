/**
 * IKE_AUTH is answered with IDr, AUTH and TS_UNACCEPTABLE: the peer is authenticated and its child refused, and the IKE SA stands (RFC 7296 1.2, 2.21.2). The peer asks for the next child there.
 */
import { childBetween, negotiated } from '../../harness/vocabulary/ike-intent.ts';
import { host } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const ends = { local: host(nutAddresses.ipv4), remote: host(places.home.ipv4) };
const child = (name: string, protocol: number) => ({
  ...childBetween(name, 'transport', ends, { start: 'trap' }),
  local: [{ addresses: ends.local, protocol }],
  remote: [{ addresses: ends.remote, protocol }],
});
const mirrored = {
  local: [{ addresses: ends.remote, protocol: protocols.ICMP }],
  remote: [{ addresses: ends.local, protocol: protocols.ICMP }],
};
const [refused, wanted] = [child('refused', protocols.UDP), child('wanted', protocols.ICMP)];
const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };

export const refusedFirstChild = scenario({
  name: 'refused-first-child',
  title: 'The child of IKE_AUTH is refused to the node',
  dimensions: { role: ['initiator'] },
  given: () => negotiated({ children: [refused, wanted], testerChildren: [{ ...wanted, ...mirrored, start: 'none' }] }),
  // Packets set it off: who is told to bring a child up is told to give it up, too, when that has failed.
  async play({ tn, nut, lab }) {
    await nut.udp('the first', { awaited: false });
    await lab.shows((t) => refusal(t) !== undefined);
    await tn.pingInClear('meanwhile', elsewhere);
    await tn.initiates('the next', childName('wanted'));
    await tn.echo('after');
    await tn.pingInClear('elsewhere', elsewhere);
  },
  questions: {
    'FIELD-F15': question('Does the IKE SA stand when its first child is refused?', {
      outcomes: ['stands', 'begun-anew', 'lost'],
      controls: (t) => [
        pre('the peer authenticates itself, and refuses the child', refusal(t)),
        post('the node is there', t.answered('elsewhere')),
      ],
      judge,
      plays: 'initiator',
      reads: [
        reads(RFC7296, '1.2', 'MUST', 'initiator', { stands: pass, 'begun-anew': fail, lost: fail }),
        reads(RFC7296, '2.21.2', 'obs', 'initiator', {
          stands: pass,
          'begun-anew': observed('an initiator may close an IKE SA without children'),
          lost: fail,
        }),
      ],
      lawful: 'stands',
      reported: [
        reported(
          'Libreswan',
          801,
          'the answer was dropped as a whole, and IKE with it (the peer was of another vendor)',
        ),
      ],
      turnedBy: [[childMutants.endsWithItsFirstChild, 'lost']],
    }),
  },
});

function refusal(t: Account) {
  return t.ike.heard('HDR, SK {IDr, [CERT+,] AUTH, N(TS_UNACCEPTABLE)}', { by: 'tn', after: 'the first' });
}

function judge(t: Account): Judgement | undefined {
  const carried = t.established('the next', 'after');
  const begun = t.ike.messages('the first').filter(({ ike }) => {
    const { exchangeType, flags } = ike.message.header;
    return exchangeType === exchangeTypes.IKE_SA_INIT && !flags.response;
  });
  if (begun.length > 1) return both(t.ike.said(begun[1]!, 'another IKE SA is begun'), carried)?.as('begun-anew');
  return carried?.as('stands') ?? t.answered('elsewhere')?.as('lost');
}
