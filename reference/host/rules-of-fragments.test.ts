/** For every rule about pieces of packets a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import type { Ipv4Packet } from '../wire/ip/ipv4.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { Cable, echoRequest, own, own6, packetsOf, peer, peer6, saidIn } from './cable.test-support.ts';
import type { NodeConfiguration } from './configuration.ts';
import { type FragmentRules, fragmentRules } from './fragment-rules.ts';
import { fragmented } from './fragments.ts';
import { carried, protectedBy } from './protected-cable.test-support.ts';

const inTunnel = { protocol: 'ESP', mode: 'tunnel' } as const;

const conversations: readonly {
  readonly rule: keyof FragmentRules;
  readonly story: string;
  readonly told?: Partial<NodeConfiguration>;
  readonly broken: Partial<FragmentRules>;
  readonly seen: (cable: Cable) => unknown;
}[] = [
  {
    rule: 'pieceAcceptable',
    story: 'a piece that ends within a unit of eight octets, and is not the last, is passed over',
    broken: { pieceAcceptable: () => true },
    seen: (cable) => {
      const pieces = fragmented(echoRequest(peer, own, new Uint8Array(2000)), 1500, 9);
      const stump = { ...pieces[0]!, payload: pieces[0]!.payload.subarray(0, -4) } as IpPacket;
      return cable.answers(stump, pieces[1]!).length;
    },
  },
  {
    rule: 'fieldAtFault',
    story: 'the sender of a piece of IPv6 that is not taken is told which field of it is wrong',
    broken: { fieldAtFault: () => undefined },
    seen: (cable) => {
      const [first] = fragmented(echoRequest(peer6, own6, new Uint8Array(2000)), 1280, 9) as Ipv6Packet[];
      const stump = { ...first!, payload: first!.payload.subarray(0, 12) };
      const far = { ...stump, extensions: [piece(8190, true)], payload: first!.payload.subarray(0, 64) };
      return saidIn(cable.answers(stump, far));
    },
  },
  {
    rule: 'firstPieceAcceptable',
    story: 'the sender of a first piece without all headers is told so',
    broken: { firstPieceAcceptable: () => true },
    seen: (cable) => {
      const payload = Uint8Array.of(protocols['IPv6-ICMP'], 1, ...new Array(6).fill(0));
      const first = { ...(echoRequest(peer6, own6) as Ipv6Packet), extensions: [piece(0, true)], payload };
      return saidIn(cable.answers({ ...first, protocol: protocols['IPv6-Opts'] }));
    },
  },
  {
    rule: 'missingPiecesAreReported',
    story: 'the sender of a packet of which pieces are missing after a minute is told so, if the first one came',
    broken: { missingPiecesAreReported: () => false },
    seen: (cable) => {
      for (const [from, to] of [
        [peer, own],
        [peer6, own6],
      ] as const) {
        const [first] = fragmented(echoRequest(from, to, new Uint8Array(2000)), 1280, 9);
        const [, ofAnother] = fragmented(echoRequest(from, to, new Uint8Array(2000)), 1280, 10);
        cable.answers(first!, ofAnother!);
      }
      cable.now = 60_000;
      return packetsOf(cable.host.step(cable.now, { kind: 'timeout' })).map(({ payload }) => [
        ...payload.subarray(0, 2),
      ]);
    },
  },
  {
    rule: 'overlapping',
    story: 'pieces of IPv6 that overlap make no packet',
    broken: { overlapping: () => 'replaces' },
    seen: (cable) => afterOverlap(cable, peer6, own6),
  },
  {
    rule: 'overlapping',
    story: 'of pieces of IPv4 that overlap the octets of the later one stand',
    broken: { overlapping: () => 'spoils' },
    seen: (cable) => afterOverlap(cable, peer, own),
  },
  {
    rule: 'overlapping',
    story: 'a piece that comes twice is taken once',
    broken: { overlapping: () => 'spoils' },
    seen: afterTwice,
  },
  {
    rule: 'reassembles',
    story: 'what comes in pieces is answered whole',
    broken: { reassembles: () => false },
    seen: (cable) => cable.answers(...fragmented(echoRequest(peer, own, new Uint8Array(64).fill(7)), 60, 1)).length,
  },
  {
    rule: 'piecesApart',
    story: 'what came in clear makes nothing whole that came under an SA',
    told: protectedBy(inTunnel),
    broken: { piecesApart: () => false },
    seen: (cable) => {
      const [first, ...more] = fragmented(echoRequest(peer6, own6, new Uint8Array(64)), 96, 1) as Ipv6Packet[];
      return cable.answers(first!, ...more.map((piece) => carried(piece, inTunnel))).length;
    },
  },
  {
    rule: 'mayBeCut',
    story: 'a long answer leaves in pieces',
    broken: { mayBeCut: () => false },
    seen: (cable) => cable.answers(echoRequest(peer, own, new Uint8Array(1600))).length,
  },
  {
    rule: 'pieceFlags',
    story: 'more pieces follow all but the last, and none says that it must not be cut',
    broken: { pieceFlags: () => ({ moreFragments: true, dontFragment: true }) },
    seen: (cable) =>
      [peer, peer6].map((source) => {
        const request = echoRequest(source, source === peer ? own : own6, new Uint8Array(2000));
        return cable.answers(...fragmented(request, 1500, 9)).map((piece) => {
          const { moreFragments, dontFragment } = (piece.version === 4 ? piece : piece.extensions[0]) as Ipv4Packet;
          return { moreFragments, dontFragment };
        });
      }),
  },
];

function piece(fragmentOffset: number, moreFragments: boolean): ExtensionHeader {
  return { type: 'fragment', fragmentOffset, moreFragments, identification: 9 };
}

const seen = (rule: keyof FragmentRules) => conversations.find((each) => each.rule === rule)!.seen(new Cable());

/** How many octets echo, and the first of them, of a request whose first piece comes with other data, and then again as it should. */
function afterOverlap(cable: Cable, from: string, to: string): unknown {
  const [one, other] = [1, 2].map((fill) => fragmented(echoRequest(from, to, new Uint8Array(100).fill(fill)), 96, 9));
  const payload = one![0]!.payload.subarray(0, 32);
  const shorter = { ...one![0]!, payload } as IpPacket;
  return echoed(cable.answers(shorter, ...other!));
}

/** The same of one whose pieces all come twice, and whose first one comes once more but for its last octets. */
function afterTwice(cable: Cable): unknown {
  const [one, other] = [9, 10].map((name) =>
    fragmented(echoRequest(peer6, own6, new Uint8Array(64).fill(2)), 96, name),
  );
  const [first, last] = one!;
  const whole = echoed(cable.answers(first!, first!, last!, last!));
  const stump = { ...other![0]!, payload: other![0]!.payload.subarray(0, 32) } as IpPacket;
  return [whole, echoed(cable.answers(other![0]!, stump, other![1]!))];
}

const echoed = (answers: readonly IpPacket[]) => answers.map(({ payload }) => [payload.length, payload.at(-1)]);

describe('rules of pieces', () => {
  for (const { rule, story, told = {}, broken, seen } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(new Cable(broken, told))).to.not.deep.equal(seen(new Cable({}, told)));
    });
  }

  it('every rule has its conversation', () => {
    const told = conversations.map(({ rule }) => rule);
    expect([...new Set(told)].sort()).to.deep.equal(Object.keys(fragmentRules).sort());
  });

  it('what overlaps is told apart by family, and by what it says', () => {
    expect(afterOverlap(new Cable(), peer, own)).to.deep.equal([[108, 2]]);
    expect(afterOverlap(new Cable(), peer6, own6)).to.deep.equal([]);
    expect(afterTwice(new Cable())).to.deep.equal([[[72, 2]], []]);
  });

  it('an error names code and place', () => {
    expect(seen('fieldAtFault')).to.deep.equal([
      [0, 4],
      [0, 42],
    ]);
    expect(seen('firstPieceAcceptable')).to.deep.equal([[3, 0]]);
    expect(seen('missingPiecesAreReported')).to.deep.equal([
      [11, 1],
      [3, 1],
    ]);
  });
});
