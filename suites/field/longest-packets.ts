/**
 * A host behind the node sends a packet that goes into the tunnel, and one octet more than the path takes under ESP (RFC 4301 8.1 and 8.2.1). The longest keeps its DF bit outside or not, as the SA was told; the longer one is cut, in pieces
 * whose flags are right, or its sender told.
 */
import {
  type Account,
  cause,
  type Finding,
  finding,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { establish } from '../../harness/vocabulary/keying.ts';
import { headerMutants, type NodeMutant, pathMutants } from '../../harness/vocabulary/mutants.ts';
import { echoPacket } from '../../harness/vocabulary/packets.ts';
import {
  alongPath,
  longestThrough,
  PATH_TUNNEL,
  type PathOptions,
  pathCast,
} from '../../harness/vocabulary/path-intent.ts';
import { inner } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, type Reads, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';
import { RFC791, RFC4301 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const outcomes = [
  'whole',
  'whole-df',
  'cut-outside',
  'cut-inside',
  'cut-wrongly',
  'told',
  'told-too-much',
  'told-too-little',
  'vanished',
] as const;
type Outcome = (typeof outcomes)[number];

interface Packet {
  readonly family: 'ipv4' | 'ipv6';
  /** Whether it is the longest, or one octet longer. */
  readonly fits: boolean;
  readonly dontFragment: boolean;
  readonly handling: PathOptions;
  readonly lawful: Outcome;
  readonly turnedBy: readonly (readonly [NodeMutant, Outcome])[];
}

const { clearsDontFragment, forgetsOverhead, sealsWhateverLength, marksEveryPiece, copiesFlagsToPieces } = pathMutants;
const { forbidsFragments, cutsNothing } = headerMutants;

const packets = {
  'longest-df': fitting(true, {}, 'whole-df', [[clearsDontFragment, 'whole']]),
  'longest-df-cleared': fitting(true, { dontFragment: 'clear' }, 'whole', [[forbidsFragments, 'whole-df']]),
  'longest-df-set': fitting(false, { dontFragment: 'set' }, 'whole-df', [[clearsDontFragment, 'whole']]),
  'longer-df': longer(true, {}, 'told', [
    [forgetsOverhead, 'told-too-much'],
    [sealsWhateverLength, 'vanished'],
  ]),
  'longer-df-cleared': longer(true, { dontFragment: 'clear' }, 'told', [[sealsWhateverLength, 'cut-outside']]),
  longer: longer(false, {}, 'cut-outside', [
    [marksEveryPiece, 'cut-wrongly'],
    [copiesFlagsToPieces, 'cut-wrongly'],
    [cutsNothing, 'vanished'],
    [forbidsFragments, 'vanished'],
  ]),
  'longer-cut-before': longer(false, { fragments: 'before' }, 'cut-inside', [
    [marksEveryPiece, 'cut-wrongly'],
    [sealsWhateverLength, 'cut-outside'],
  ]),
  'longer-df-set': longer(false, { dontFragment: 'set' }, 'cut-inside', [[sealsWhateverLength, 'vanished']]),
  'longer-ipv6': {
    ...longer(false, {}, 'told', [
      [forgetsOverhead, 'told-too-much'],
      [sealsWhateverLength, 'cut-outside'],
    ]),
    family: 'ipv6',
  },
} as const satisfies Record<string, Packet>;
type Name = keyof typeof packets;
const packetAt = ({ packet }: Readonly<Record<string, string>>): Packet => packets[packet as Name];

export const longestPackets = scenario({
  name: 'longest-packets',
  title: 'Packets as long as the path takes under ESP, and longer',
  cast: pathCast,
  dimensions: { packet: Object.keys(packets) as Name[], keying: ['manual', 'ikev2'] as const },
  given: ({ packet, keying }) => alongPath(keying, packets[packet].family, packets[packet].handling),
  async play(stage, { packet, keying }) {
    const { tn, host, lab } = stage;
    const { family, fits, dontFragment }: Packet = packets[packet];
    const through = { from: inner.host[family], to: inner.tn[family] };
    const long = (sequence: number, octets: number) => {
      const payload = new Uint8Array(octets - headers[family]);
      return echoPacket({ ...through, identifier: 0x4d55, sequence, payload }, { dontFragment });
    };
    const longest = longestThrough(LINK, family);
    await establish(stage, keying, [PATH_TUNNEL]);
    await tn.echo('before');
    await host.pingInClear('short before', through);
    if (!fits) {
      await host.packet('longest', long(1, longest));
      await lab.shows((t) => (t.answered('longest') ?? t.objection('longest')) !== undefined);
    }
    await host.packet('stimulus', long(2, fits ? longest : longest + 1));
    await lab.shows((t) => (t.answered('stimulus') ?? t.objection('stimulus')) !== undefined);
    await host.pingInClear('short after', through);
    await tn.echo('after');
  },
  questions: {
    'FIELD-F16': question('What becomes of a packet that the path just takes under ESP, or does not?', {
      outcomes,
      controls: (t, at) => [
        pre('the tunnel works', t.answered('before')),
        pre('a short packet of the host is answered', t.answered('short before')),
        ...(packetAt(at).fits ? [] : [cause('the longest that fits is answered', t.answered('longest'))]),
        post('a short packet of the host is answered again', t.answered('short after')),
        post('the tunnel works still', t.answered('after')),
      ],
      judge: (t, at) => judge(t, packetAt(at)),
      plays: 'sender',
      reads: (at) => readings(packetAt(at)),
      lawful: (at) => packetAt(at).lawful,
      reported: [reported('VPP', 1499, 'what grew over the MTU by ESP was cut with the wrong flag in its fragments')],
      turnedBy: (at) => packetAt(at).turnedBy,
    }),
  },
});

function judge(t: Account, { family }: Packet): Judgement | undefined {
  const objection = t.objection('stimulus');
  if (objection?.kind === 'icmp' && objection.mtu !== undefined) {
    const longest = longestThrough(LINK, family);
    if (objection.mtu === longest) return objection.shown.as('told');
    return objection.shown.as(objection.mtu > longest ? 'told-too-much' : 'told-too-little');
  }
  for (const where of ['outside', 'inside'] as const) {
    const cut = pieces(t, where);
    if (cut && !cut.areRight) return cut.shown.as('cut-wrongly');
    // Together they are the packet, to the last octet.
    if (cut && t.passedOn('stimulus')) return cut.shown.as(`cut-${where}`);
  }
  const carrier = t.passedOn('stimulus')?.packet.esp?.carrier;
  const isMarked = carrier?.version === 4 && carrier.dontFragment === true;
  return (
    t.answered('stimulus')?.as(isMarked ? 'whole-df' : 'whole') ?? t.silent('stimulus', 'short after')?.as('vanished')
  );
}

/** Of what the node sent in pieces after the stimulus: whether each is marked as what it is. */
function pieces(t: Account, where: 'outside' | 'inside'): { shown: Finding; areRight: boolean } | undefined {
  const found = t
    .packets('nut', 'stimulus')
    .filter(({ packet: { packet, esp } }) => (esp === undefined) === (where === 'outside') && flagsOf(packet).isPiece);
  if (found.length === 0) return undefined;
  const flags = found.map(({ packet: { packet } }) => flagsOf(packet)).sort((one, other) => one.offset - other.offset);
  const areRight = flags.every(
    ({ more, dontFragment, identification }, place) =>
      more === place < flags.length - 1 && !dontFragment && identification === flags[0]!.identification,
  );
  const says = `${found.length} pieces ${where} of ESP, ${areRight ? 'marked as they are' : 'with a wrong flag'}`;
  return { shown: finding(says, ...found.map((each) => t.evidenceOf(each, 'a piece'))), areRight };
}

function flagsOf(packet: IpPacket) {
  const header = packet.version === 4 ? packet : packet.extensions.find(({ type }) => type === 'fragment');
  const {
    moreFragments: more = false,
    fragmentOffset: offset = 0,
    identification = 0,
  } = (header ?? {}) as Partial<Extract<IpPacket, { version: 4 }>>;
  const dontFragment = packet.version === 4 && packet.dontFragment === true;
  return { isPiece: more || offset > 0, more, offset, identification, dontFragment };
}

function readings({ fits, lawful, handling }: Packet): readonly Reads<Outcome>[] {
  const all = (reading: (outcome: Outcome) => Reads<Outcome>['of'][Outcome]) =>
    Object.fromEntries(outcomes.map((outcome) => [outcome, reading(outcome)])) as Reads<Outcome>['of'];
  const asked = all((outcome) => (outcome === lawful ? pass : fail));
  const isWhole = (outcome: Outcome): boolean => outcome.startsWith('whole') || outcome === 'vanished';
  const notWhole = observed('it does not leave whole, so that its DF bit says nothing');
  if (fits)
    return [
      reads(
        RFC4301,
        '8.1',
        'MUST',
        'sender',
        all((each) => (isWhole(each) ? asked[each] : notWhole)),
      ),
    ];
  if (lawful === 'told') {
    const told = { ...asked, 'told-too-little': observed('a packet could be longer') };
    return [reads(RFC4301, '8.2.1', 'SHOULD', 'sender', told)];
  }
  const anywhere = handling.fragments === undefined && { 'cut-inside': pass, 'cut-outside': pass };
  return [
    reads(RFC4301, '8.2.1', 'SHOULD', 'sender', { ...asked, ...anywhere }),
    reads(
      RFC791,
      '3.2',
      'MUST',
      'sender',
      all((outcome) => {
        if (outcome === 'cut-wrongly') return fail;
        return outcome.startsWith('cut') ? pass : observed('nothing was cut');
      }),
    ),
  ];
}

function fitting(dontFragment: boolean, handling: PathOptions, lawful: Outcome, turnedBy: Packet['turnedBy']): Packet {
  return { family: 'ipv4', fits: true, dontFragment, handling, lawful, turnedBy };
}

function longer(dontFragment: boolean, handling: PathOptions, lawful: Outcome, turnedBy: Packet['turnedBy']): Packet {
  return { family: 'ipv4', fits: false, dontFragment, handling, lawful, turnedBy };
}

/** Octets: of every link, and of IP and echo together. */
const LINK = 1_500;
const headers = { ipv4: 28, ipv6: 48 } as const;
