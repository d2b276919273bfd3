/**
 * Three children of one peer whose selectors overlap: ports on both sides, a port on one side alone, none. Each is made for what was asked, whichever is asked for first (RFC 7296 2.9), and carries what is
 * its own.
 */
import { type Account, both, type Judgement, post } from '../../harness/vocabulary/judging.ts';
import { childName, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
/** The node's port and the peer's, for UDP. */
const ports = {
  'both-ports': [7777, 6000],
  'one-port': [7777, undefined],
  'no-port': [undefined, undefined],
} as const;
type Child = keyof typeof ports;
const names = Object.keys(ports) as readonly Child[];

export const overlappingChildren = scenario({
  name: 'overlapping-children',
  title: 'Children of one peer whose selectors overlap',
  dimensions: { order: ['narrow-first', 'wide-first'] },
  given: () => keyedHosts('ikev2', 'ipv4', names.map(pairFor)),
  async play({ tn, nut }, { order }) {
    await tn.pingInClear('path', elsewhere);
    const asked = order === 'narrow-first' ? names : names.toReversed();
    for (const name of asked) await tn.initiates(asking(name), childName(name));
    await tn.pingInClear('meanwhile', elsewhere);
    await tn.udp('to it', { sourcePort: 6000, destinationPort: 7777 });
    await tn.udp('from another port', { sourcePort: 6001, destinationPort: 7777 });
    await tn.pingInClear('elsewhere', elsewhere);
    await nut.reports('afterwards');
  },
  questions: {
    'FIELD-F17': question('Is each child made for what was asked?', {
      outcomes: ['each', 'narrowed', 'another', 'refused', 'useless'],
      controls: (t) => [post('the node is reached', t.answered('path')), post('and still is', t.answered('elsewhere'))],
      judge,
      plays: 'responder',
      reads: [
        reads(RFC7296, '2.9', 'MUST', 'responder', {
          each: pass,
          narrowed: pass,
          another: fail,
          refused: fail,
          useless: fail,
        }),
      ],
      lawful: 'each',
      reported: [
        reported('Libreswan', 2380, 'TS_UNACCEPTABLE, or the wrong child'),
        reported('Libreswan', 630, 'TS_UNACCEPTABLE, or the wrong child'),
        reported('Libreswan', 631, 'TS_UNACCEPTABLE, or the wrong child'),
      ],
      turnedBy: ({ order }) => [
        [childMutants.ignoresPortsOfChildren, 'another'],
        ...(order === 'wide-first' ? ([[childMutants.takesFirstThatFits, 'useless']] as const) : []),
      ],
    }),
  },
});

const asking = (name: Child): string => `asks for ${name}`;

function pairFor(name: Child) {
  const [localPort, remotePort] = ports[name];
  const selector = {
    protocol: protocols.UDP,
    ...(localPort !== undefined && { localPort }),
    ...(remotePort !== undefined && { remotePort }),
  };
  return transportPair(name, 'ipv4', { selector });
}

function judge(t: Account): Judgement | undefined {
  const refusal = names.map((name) => t.ike.refused(asking(name), 'nut')).find((each) => each !== undefined);
  if (refusal) return refusal.as('refused');
  const agreed = both(...names.map((name) => t.ike.childAgreed(asking(name))));
  if (!agreed) return undefined;
  if (!names.every((name) => answers(t, name, isWithin))) return agreed.as('another');
  const carried = both(t.delivered('to it', 'afterwards'), t.delivered('from another port', 'afterwards'));
  if (!carried) return agreed.as('useless');
  return agreed.as(names.every((name) => answers(t, name, isEqual)) ? 'each' : 'narrowed');
}

type Ports = readonly [first: number, last: number];

/** The peer's ports stand in TSi, the node's in TSr. */
function answers(t: Account, name: Child, fits: (answered: Ports, asked: Ports) => boolean): boolean {
  const payloads = t.ike.settled(asking(name))?.ike.payloads ?? [];
  const [mine, theirs] = ports[name];
  const holds = (type: 'TSi' | 'TSr', port: number | undefined) =>
    payloads.some(
      (payload) =>
        payload.type === type &&
        payload.selectors.every(
          (each) =>
            'startPort' in each &&
            each.protocolId === protocols.UDP &&
            fits([each.startPort, each.endPort], [port ?? 0, port ?? 0xffff]),
        ),
    );
  return holds('TSr', mine) && holds('TSi', theirs);
}

const isWithin = (answered: Ports, asked: Ports): boolean => answered[0] >= asked[0] && answered[1] <= asked[1];
const isEqual = (answered: Ports, asked: Ports): boolean => answered[0] === asked[0] && answered[1] === asked[1];
