/**
 * Somebody on the path says that a packet of the tunnel was too long (RFC 4301 8.2.1): a router before a link that takes less, an old one that quotes no more than it must, or a forger (6.1.1). Then a host
 * behind the node sends a long packet that may not be cut, and is told how long it may be, or answered by whom it wrote to.
 */
import {
  type Account,
  both,
  cause,
  type Finding,
  finding,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { pathMutants } from '../../harness/vocabulary/mutants.ts';
import { echoPacket } from '../../harness/vocabulary/packets.ts';
import { alongPath, longestThrough, PATH_TUNNEL, pathCast } from '../../harness/vocabulary/path-intent.ts';
import { inner, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC4301 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const families = ['ipv4', 'ipv6'] as const;
type Family = (typeof families)[number];

/** Octets: of the link that takes less, and of a packet that the others take under ESP. */
const NARROW = 1_400;
const LONG = 1_380;
/** Octets of a packet that goes wherever traffic goes; how little a node believes is its own parameter (6.1.1). */
const ORDINARY = { ipv4: 400, ipv6: 1_280 } as const;

/** What is said, and of how much of the packet. */
const messages = {
  'by-router': { mtu: NARROW, quotes: 548 },
  'by-old-router': { mtu: NARROW, quotes: 28 },
  trivial: { mtu: 68, quotes: 548 },
  'unknown-spi': { mtu: NARROW, quotes: 548, spi: 0x0bad_0bad },
} as const;
type Message = keyof typeof messages;

export const pathMtu = scenario({
  name: 'path-mtu',
  title: 'What is learnt of the length of a path',
  cast: pathCast,
  dimensions: { message: Object.keys(messages) as Message[], family: families, keying: ['manual', 'ikev2'] as const },
  // ICMPv6 quotes as much as fits (RFC 4443 3.2).
  where: ({ message, family }) => message !== 'by-old-router' || family === 'ipv4',
  given: ({ message, family, keying }) =>
    alongPath(keying, family, message === 'by-router' ? { beyondRouter: NARROW } : {}),
  async play(stage, { message, family, keying }) {
    const { tn, host, lab } = stage;
    const through = { from: inner.host[family], to: inner.tn[family] };
    const uncut = (sequence: number, octets: number) => {
      const payload = new Uint8Array(octets - headers[family]);
      return echoPacket({ ...through, identifier: 0x4d54, sequence, payload }, { dontFragment: true });
    };
    const shown = (name: string) => (t: Account) => (t.answered(name) ?? t.objection(name)) !== undefined;
    await establish(stage, keying, [PATH_TUNNEL]);
    await tn.echo('before');
    await host.pingInClear('short before', through);
    await host.packet('long before', uncut(1, LONG));
    if (message === 'by-router') await lab.shows((t) => said(t, 'router') !== undefined);
    else {
      await lab.shows(shown('long before'));
      await tn.tellsTooBig('message', 'before', { from: places['other-prefix'].router[family], ...messages[message] });
    }
    await tn.echo('between');
    await host.packet('stimulus', uncut(2, message === 'trivial' ? ORDINARY[family] : LONG));
    await lab.shows(shown('stimulus'));
    await host.pingInClear('short after', through);
    await tn.echo('after');
  },
  questions: {
    'FIELD-F11': question('What becomes of a long packet when somebody has said that the path is short?', {
      outcomes: ['told', 'told-too-much', 'told-too-little', 'carried', 'crumbled', 'vanished'],
      controls: (t, { message }) => [
        pre('the tunnel works', t.answered('before')),
        pre('a short packet of the host is answered', t.answered('short before')),
        ...(message === 'by-router'
          ? [cause('the router said that the packet was too long', said(t, 'router'))]
          : [
              pre('a long packet of the host is answered', t.answered('long before')),
              cause('it was said that a packet was too long', said(t, 'tn')),
            ]),
        post('the tunnel works still', both(t.answered('between'), t.answered('after'))),
        post('a short packet of the host is answered again', t.answered('short after')),
      ],
      judge: (t, { family }) => judge(t, family as Family),
      plays: 'sender',
      reads: ({ message }) =>
        message === 'by-router' || message === 'by-old-router'
          ? [
              reads(RFC4301, '8.2.1', 'SHOULD', 'sender', {
                told: pass,
                'told-too-much': fail,
                'told-too-little': observed('a packet could be longer'),
                carried: fail,
                crumbled: fail,
                vanished: fail,
              }),
            ]
          : [
              reads(RFC4301, '6.1.1', 'SHOULD', 'sender', {
                told: fail,
                'told-too-much': fail,
                'told-too-little': fail,
                carried: pass,
                crumbled: fail,
                vanished: fail,
              }),
            ],
      lawful: ({ message }) => (message === 'by-router' || message === 'by-old-router' ? 'told' : 'carried'),
      reported: [
        reported('strongSwan', 925, 'a Packet Too Big for a packet of the tunnel changed nothing'),
        reported('LTP', 920, 'long packets vanished behind a Packet Too Big'),
      ],
      turnedBy: ({ message, family }) => {
        if (message === 'unknown-spi') return [[pathMutants.takesPathMtuForAny, 'told'] as const];
        if (message === 'trivial') {
          return [[pathMutants.believesEveryPathMtu, family === 'ipv4' ? 'told-too-little' : 'crumbled'] as const];
        }
        const unheeded = message === 'by-router' ? 'vanished' : 'carried';
        return [
          [pathMutants.ignoresPathMtu, unheeded] as const,
          [pathMutants.forgetsOverhead, 'told-too-much'] as const,
          [pathMutants.countsNoPadding, 'told-too-much'] as const,
        ];
      },
    }),
  },
});

function judge(t: Account, family: Family): Judgement | undefined {
  const objection = t.objection('stimulus');
  if (objection?.kind === 'icmp' && objection.mtu !== undefined) {
    const longest = longestThrough(NARROW, family);
    if (objection.mtu === longest) return objection.shown.as('told');
    return objection.shown.as(objection.mtu > longest ? 'told-too-much' : 'told-too-little');
  }
  return (
    both(crumb(t), t.answered('stimulus'))?.as('crumbled') ??
    t.answered('stimulus')?.as('carried') ??
    t.silent('stimulus', 'short after')?.as('vanished')
  );
}

/** A piece of the tunnel's packet, not the last, that is shorter than what every link of IPv6 takes. */
function crumb(t: Account): Finding | undefined {
  const found = t.packets('nut', 'stimulus').find(({ packet: { packet, range } }) => {
    if (packet.version === 4) return false;
    const cut = packet.extensions.find(({ type }) => type === 'fragment');
    return cut?.type === 'fragment' && cut.moreFragments && range.end - range.start < MINIMUM_MTU - 8;
  });
  return found && finding('cut into less than every link takes', t.evidenceOf(found, 'a piece'));
}

/** That a router, or who speaks like one, told the node under test. */
function said(t: Account, by: 'router' | 'tn'): Finding | undefined {
  const found = t.packets(by).find(({ packet: { packet } }) => {
    const [type, code] = packet.payload;
    return packet.protocol === ICMPV6 ? type === 2 : packet.protocol === ICMP && type === 3 && code === 4;
  });
  return found && finding(`${by} says that a packet was too long`, t.evidenceOf(found, 'the message'));
}

/** Octets: of IP and echo together, and of what every link of IPv6 takes (RFC 8200 5). */
const headers = { ipv4: 28, ipv6: 48 } as const;
const MINIMUM_MTU = 1_280;
const ICMP = 1;
const ICMPV6 = 58;
