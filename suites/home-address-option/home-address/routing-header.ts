/**
 * The type 2 routing header (DUPONT 2.2, optimised routing): whoever gets one holds already what is needed to verify it, with IPsec or without. A mobile
 * node that was told by hand where it is follows the one that leads to its home address (RFC 6275 11.3.3); a node without a home address follows none.
 */
import { type Account, cause, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import {
  correspondent,
  type ManualAh,
  mobile,
  roaming,
  roamingNode,
  roamingPair,
} from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import {
  behindHeaders,
  echoPacket,
  hiddenBehindEsp,
  routingHeaderTo,
  underAh,
} from '../../../harness/vocabulary/packets.ts';
import { manualSas, type Pair } from '../../../harness/vocabulary/pairs.ts';
import { nutAddresses } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC5095, RFC6275, RFC8200 } from '../../requirements/documents.ts';
import { type Fate, isSent, type RoutedName, routedOf, routedPackets } from '../correspondent-node/routing-headers.ts';
import { protections } from './correspondents.ts';

const { homeAddress, careOfAddress, correspondent: peer } = roaming;
const { otherCareOfAddress: elsewhere } = mobile;

const echo = (to: string, sequence: number): Uint8Array => {
  const payload = new TextEncoder().encode(`touchstone routed ${sequence}`);
  return echoPacket({ from: peer, to, identifier: 0x2275, sequence, payload });
};

export const routingHeader = scenario({
  name: 'routing-header',
  title: 'A routing header to a mobile node',
  dimensions: {
    header: Object.keys(routedPackets) as RoutedName[],
    protection: ['clear', ...Object.keys(protections)] as ('clear' | keyof typeof protections)[],
  },
  given: ({ protection }) => roamingNode(protection === 'clear' ? [] : [pairOf(protection)]),
  where: isSent,
  async play({ tn }, { header, protection }) {
    const { headers, hidden = false, to, lawful } = routedOf(header);
    const routed = behindHeaders(echo(to, 1), headers, { to: careOfAddress });
    // What is sent on goes by the router, which is known to be there by then.
    await tn.pingInClear('path', { from: elsewhere, to: careOfAddress });
    const sends = (name: string, octets: Uint8Array, awaited: boolean) =>
      protection === 'clear' ? tn.packet(name, octets, { awaited }) : tn.esp(name, { carries: octets, awaited });
    await sends('at home', echo(homeAddress, 2), true);
    if (lawful !== 'accepted') await tn.echo('by care-of address');
    if (!hidden) await sends('routed', routed, false);
    else if (protection === 'esp') {
      const beforeSealing = hiddenBehindEsp(headers, 'Undecoded IPv6 routing header field');
      await tn.esp('routed', { carries: echo(to, 1), beforeSealing, awaited: false });
    } else {
      const sa = manualSas(pairOf(protection))[0] as ManualAh;
      await tn.packet('routed', underAh(echo(to, 1), { sa, sequenceNumber: IN_THE_WINDOW, hidden: headers }));
    }
    await sends('at home again', echo(homeAddress, 3), true);
    await tn.pingInClear('life', { to: careOfAddress });
  },
  questions: {
    'DUPONT-2.2-RH': question('What becomes of a packet behind this routing header?', {
      outcomes: ['accepted', 'dropped', 'refused', 'forwarded'],
      controls: (t, { header }) => [
        pre('the care-of address answers', t.answered('path')),
        pre('the home address answers', t.answered('at home')),
        ...(routedOf(header).lawful === 'accepted'
          ? []
          : [pre('and by way of a routing header as it should be', t.answered('by care-of address'))]),
        post('the home address answers again', t.answered('at home again')),
        cause('the node is alive', t.answered('life')),
      ],
      judge: (t) => fateOf(t, 'life'),
      plays: 'receiver',
      reads: ({ header }) => [
        reads(DUPONT, '2.2', 'obs', 'receiver', {
          accepted: observed('followed'),
          dropped: observed('dropped in silence'),
          refused: observed('refused aloud'),
          forwarded: observed('sent on'),
        }),
        ...readingsOf(header!),
      ],
      lawful: ({ header }) => routedOf(header).lawful,
      turnedBy: ({ header }) => routedOf(header).turnedBy,
      alsoKnownAs: ({ header }) => routedOf(header).alsoKnownAs ?? [],
    }),
  },
});

export const routingHeaderToCorrespondent = scenario({
  name: 'routing-header-to-correspondent',
  title: 'A type 2 routing header to a node that has no home address',
  dimensions: { receiver: ['correspondent'] },
  given: () => correspondent({}, []),
  async play({ tn }) {
    const to = nutAddresses.ipv6;
    await tn.pingInClear('before', { from: peer, to });
    await tn.packet('routed', behindHeaders(echo(to, 1), [routingHeaderTo(to)]));
    await tn.pingInClear('after', { from: peer, to });
  },
  questions: {
    'DUPONT-2.2-RH': question('Does a node without a home address follow a type 2 routing header?', {
      outcomes: ['accepted', 'dropped', 'refused', 'forwarded'],
      controls: (t) => [pre('the node answers', t.answered('before')), post('and again', t.answered('after'))],
      judge: (t) => fateOf(t, 'after'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.2', 'obs', 'receiver', {
          accepted: observed('followed'),
          dropped: observed('dropped in silence'),
          refused: observed('refused aloud'),
          forwarded: observed('sent on'),
        }),
        reads(RFC6275, '6.4', 'MUST', 'receiver', { accepted: fail, dropped: pass, refused: pass, forwarded: fail }),
      ],
      lawful: 'dropped',
      turnedBy: [[mobilityMutants.followsAnyRoutingHeader, 'accepted']],
      alsoKnownAs: ['CN-6-5'],
    }),
  },
});

function pairOf(protection: string): Pair {
  return roamingPair('pair', { suite: protections[protection as keyof typeof protections] });
}

function fateOf(t: Account, life: string) {
  const passedOn = t.passedOn('routed');
  return (
    t.answered('routed')?.as('accepted') ??
    (passedOn && finding('it is sent on', t.evidenceOf(passedOn, 'sent on')).as('forwarded')) ??
    t.objection('routed')?.shown.as('refused') ??
    t.unobjected('routed', life)?.as('dropped')
  );
}

function readingsOf(header: string): readonly Reads<Fate>[] {
  switch (routedOf(header).reads) {
    case 'home-address':
      return [
        reads(RFC6275, '11.3.3', 'MUST', 'receiver', { accepted: pass, dropped: fail, refused: fail, forwarded: fail }),
      ];
    case 'type-2':
      return [
        reads(RFC6275, '11.3.3', 'MUST', 'receiver', { accepted: fail, dropped: pass, refused: fail, forwarded: fail }),
      ];
    case 'unknown-type': {
      const of = { accepted: fail, dropped: fail, refused: pass, forwarded: fail };
      return [
        reads(header === 'type-0' ? RFC5095 : RFC8200, header === 'type-0' ? '3' : '4.4', 'MUST', 'receiver', of),
      ];
    }
    case 'order':
      return [
        reads(RFC8200, '4.1', 'obs', 'receiver', {
          accepted: observed('each is followed in its turn'),
          dropped: observed('one is all that is followed'),
          refused: observed('a second one is told of'),
          forwarded: observed('it is sent on'),
        }),
      ];
  }
}

/** Ahead of what the SA has sent, and not so far that its next packets are too old. */
const IN_THE_WINDOW = 40n;
