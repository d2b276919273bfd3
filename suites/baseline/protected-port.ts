/**
 * One port is protected, and nothing else between the same hosts (BELLOVIN 6 "many stacks cannot use ports"; RFC 4301 4.4.1.1): what is inside comes in no other way, and what is
 * outside by its port or its protocol is left alone. In one conversation, so that spilling shows in whichever direction.
 */
import { type Account, both, cause, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { NodeState } from '../../harness/vocabulary/stage.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { BELLOVIN, RFC4301 } from '../requirements/documents.ts';
import { agreedOn } from './agreed.ts';

type Outcome = 'honoured' | 'leaks' | 'spills';

const PAIR = 'pair';
const OTHER = 1_180;
/** The source is never the port of a sink: a connection that ended lately keeps it. */
const SOURCE = 1_190;
const PORT = 1_179;

/** The port is of whom the flow is to, or of whom it is from. */
const selectors = { port: PORT, ports: [PORT - 1, PORT], 'source-port': SOURCE } as const;
const isOfSource = (selector: string): boolean => selector === 'source-port';
const portOf = (selector: string, port: number) =>
  isOfSource(selector) ? { sourcePort: port } : { destinationPort: port };

const asAsked = { honoured: pass, leaks: fail, spills: fail } as const;

/** Whether a sink has it from, or at, the port that is protected. */
const isOfPort = (selector: string, each: NodeState['delivered'][number]) =>
  each.protocol === 'udp' && (isOfSource(selector) ? each.sourcePort === SOURCE : each.destinationPort === PORT);

export const protectedPort = scenario({
  name: 'protected-port',
  title: 'One port is protected, and nothing else',
  dimensions: {
    selector: Object.keys(selectors) as (keyof typeof selectors)[],
    direction: ['inbound', 'outbound'],
    keying: keyings,
  },
  where: ({ selector, keying }) => selector === 'port' || keying !== 'ikev2-nut-initiates',
  given: ({ selector, direction, keying }) => {
    const isLocal = isOfSource(selector) === (direction === 'outbound');
    const ports = isLocal ? { localPort: selectors[selector] } : { remotePort: selectors[selector] };
    const told = keyedHosts(keying, 'ipv4', [
      transportPair(PAIR, 'ipv4', { selector: { protocol: protocols.UDP, ...ports } }),
    ]);
    if (direction === 'outbound') return told;
    const { nut } = told.parties;
    const sinks = [PORT, OTHER].flatMap((port) => [
      { protocol: 'udp', port } as const,
      { protocol: 'tcp', port } as const,
    ]);
    return { ...told, parties: { ...told.parties, nut: { ...nut!, sinks: [...nut!.sinks, ...sinks] } } };
  },
  async play(stage, { selector, direction, keying }) {
    const { tn, nut } = stage;
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    const [inside, outside] = [portOf(selector, isOfSource(selector) ? SOURCE : PORT), portOf(selector, OTHER)];
    await tn.pingInClear('path', elsewhere);
    await establish(stage, keying, [PAIR]);
    if (direction === 'inbound') {
      await tn.udp('inside', inside);
      await tn.udp('in clear', { ...inside, inClear: true });
      await tn.udp('other port', { ...outside, inClear: true });
      await tn.syn('other protocol', { ...inside, inClear: true, awaited: false });
      await tn.pingInClear('echo', { awaited: false });
      await tn.udp('inside again', inside);
      await tn.pingInClear('life', elsewhere);
      await nut.reports('report', {
        until: ({ delivered }) => delivered.filter((each) => isOfPort(selector, each)).length > 1,
      });
    } else {
      await nut.udp('inside', inside);
      await nut.udp('other port', outside);
      await nut.syn('other protocol', inside);
      await nut.echo('echo');
      await tn.pingInClear('life', elsewhere);
    }
  },
  questions: {
    'BELLOVIN-6a': question('Is one port protected, and all else as if there were no policy for it?', {
      outcomes: ['honoured', 'leaks', 'spills'],
      controls: (t, { direction, keying }) => [
        ...agreedOn(t, keying!, [PAIR]),
        cause('the node is reached on the same link', t.answered('path')),
        ...(direction === 'inbound'
          ? [
              pre('what the policy is about comes through', t.delivered('inside', 'report')),
              post('and again', t.delivered('inside again', 'report')),
            ]
          : [pre('the node sends it', t.sent('inside'))]),
        post('the node still is reached', t.answered('life')),
      ],
      judge: (t, { direction }) => (direction === 'inbound' ? judgeInbound(t) : judgeOutbound(t)),
      plays: ({ direction }) => (direction === 'inbound' ? 'receiver' : 'sender'),
      reads: [
        reads(BELLOVIN, '6', 'obs', 'implementation', asAsked),
        reads(RFC4301, '4.4.1.1', 'MUST', 'implementation', asAsked),
      ],
      lawful: 'honoured',
      turnedBy: ({ selector, direction }): readonly Turn<Outcome>[] => [
        [policyMutants.ignoresPorts, 'spills'],
        ...(direction === 'inbound'
          ? ([[policyMutants.admitsPlaintext, 'leaks']] as const)
          : isOfSource(selector!)
            ? []
            : ([[policyMutants.skipsPorts, 'leaks']] as const)),
      ],
    }),
  },
});

function judgeInbound(t: Account): Judgement | undefined {
  const kept = t.undelivered('in clear', 'inside again', 'report');
  const outside = both(t.delivered('other port', 'report'), t.answered('other protocol'), t.answered('echo'));
  const spilt =
    t.undelivered('other port', 'inside again', 'report') ??
    t.silent('other protocol', 'life') ??
    t.silent('echo', 'life');
  return t.delivered('in clear', 'report')?.as('leaks') ?? both(kept, outside)?.as('honoured') ?? spilt?.as('spills');
}

function judgeOutbound(t: Account): Judgement | undefined {
  const outside = ['other port', 'other protocol', 'echo'];
  const [inside, ...others] = [t.sentUnder('inside', 'esp'), ...outside.map((name) => t.sentUnder(name, 'clear'))];
  const spilt = outside.map((name) => t.sentUnder(name, 'esp') ?? t.unsent(name, 'life')).find(Boolean);
  return t.sentUnder('inside', 'clear')?.as('leaks') ?? spilt?.as('spills') ?? both(inside, ...others)?.as('honoured');
}
