/** Every bound of a host, reached by a peer: what is told, and that no more is kept or done. Counted, never timed. */
import { expect } from 'chai';
import { homeAgent, update } from '../mobility/home-agent.test-support.ts';
import { mobilityRules } from '../mobility/rules.ts';
import { arpOperations, arpPacket } from '../wire/arp.ts';
import { broadcast, etherTypes } from '../wire/ethernet.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { hostBounds } from './bounds.ts';
import { Cable, echoRequest, own, own6, packetsOf, peer, peer6, tcp, udp } from './cable.test-support.ts';
import type { NodeConfiguration } from './configuration.ts';
import { fragmented } from './fragments.ts';
import type { NodeRules } from './host.ts';
import type { HostEffect } from './interface.ts';
import { PartialPacket } from './partial-packet.ts';
import { ipPacketBetween, udpPacket } from './probes.ts';

const visitors = Array.from(
  { length: hostBounds.tentativeAddresses + 1 },
  (_, i) => `2001:db8:1::${(0x100 + i).toString(16)}`,
);

/** What a peer does, and what comes of it: as often as the bound was told stands under its name. */
const floods: readonly {
  readonly bound: keyof typeof hostBounds;
  readonly story: string;
  readonly told?: Partial<NodeConfiguration>;
  /** In place of what would bound it before. */
  readonly layers?: Partial<NodeRules>;
  readonly seen: (cable: Cable) => unknown;
  readonly lawful: unknown;
}[] = [
  {
    bound: 'partialPackets',
    story: 'the first piece of one packet too many: the second oldest is still put together, the oldest is not',
    seen: (cable) => {
      const packets = Array.from({ length: hostBounds.partialPackets + 1 }, (_, i) => inTwo(i + 1));
      const told = toldOf(packets.flatMap(([first]) => cable.receive(first!)));
      return { told, answered: [1, 0].map((which) => cable.answers(packets[which]![1]!).length > 0) };
    },
    lawful: { told: ['partialPackets'], answered: [true, false] },
  },
  {
    bound: 'neighbors',
    story: 'one neighbor too many: the oldest is forgotten, and asked for again',
    seen: (cable) => {
      const told = Array.from({ length: hostBounds.neighbors }, (_, i) => toldOf(introduced(cable, i))).flat();
      return { told, asks: cable.receive(echoRequest(peer, own)).map(etherTypeOf) };
    },
    // The cable knows its peer in both families already.
    lawful: { told: ['neighbors', 'neighbors'], asks: [etherTypes.ARP] },
  },
  {
    bound: 'unresolvedNeighbors',
    story: 'echo requests from addresses of nobody: so many are asked for, and no more',
    seen: (cable) => {
      const effects = addresses(hostBounds.unresolvedNeighbors + 2).flatMap((one) =>
        cable.receive(echoRequest(one, own)),
      );
      return { told: toldOf(effects), asked: framesOf(effects).length };
    },
    lawful: { told: ['unresolvedNeighbors', 'unresolvedNeighbors'], asked: hostBounds.unresolvedNeighbors },
  },
  {
    bound: 'tentativeAddresses',
    story: 'registrations of so many mobile nodes at once: so many addresses are tested, and no more',
    told: { mobility: { homeAgent: { ...homeAgent, homeAddresses: visitors } } },
    layers: { mobility: { ...mobilityRules, testMayBegin: () => true } },
    seen: (cable) => {
      const effects = visitors.flatMap((home) => cable.receive(update({ home })));
      return { told: toldOf(effects), tested: packetsOf(effects).length };
    },
    lawful: { told: ['tentativeAddresses'], tested: hostBounds.tentativeAddresses },
  },
  {
    bound: 'packetsForNeighbor',
    story: 'echo requests from one address of nobody: so many answers wait, and no more',
    seen: (cable) => {
      const requests = Array(hostBounds.packetsForNeighbor + 3).fill(echoRequest(addresses(1)[0]!, own));
      const told = toldOf(requests.flatMap((request) => cable.receive(request)));
      return { told, sent: packetsOf(introduced(cable, 0, addresses(1)[0]!)).length };
    },
    lawful: { told: Array(3).fill('packetsForNeighbor'), sent: hostBounds.packetsForNeighbor },
  },
  {
    bound: 'connections',
    story: 'connections begun at a sink and never ended: the oldest is not opened any more, the second oldest is',
    seen: (cable) => {
      const from = (port: number, flags: { syn?: true; ack?: true }) => fromPort(tcp(9, flags, 1), port);
      const ports = Array.from({ length: hostBounds.connections + 1 }, (_, i) => 1024 + i);
      const told = toldOf(ports.flatMap((port) => cable.receive(from(port, { syn: true }))));
      return { told, opened: [1024, 1025].map((port) => cable.events(from(port, { ack: true })).length) };
    },
    lawful: { told: ['connections'], opened: [0, 1] },
  },
  {
    bound: 'deliveries',
    story: 'datagrams to a sink: so many are reported, and no more',
    seen: (cable) => {
      const datagram = udp(9);
      const effects = Array.from({ length: hostBounds.deliveries + 2 }, () => cable.receive(datagram)).flat();
      return { told: toldOf(effects), reported: cable.host.state().delivered.length };
    },
    lawful: { told: ['deliveries', 'deliveries'], reported: hostBounds.deliveries },
  },
  {
    bound: 'deliveredOctets',
    story: 'long datagrams to a sink: so many octets are reported, and no more',
    seen: (cable) => {
      const datagram = udpPacket(peer, own, { sourcePort: 7, destinationPort: 9, payload: new Uint8Array(1024) });
      const effects = Array.from({ length: 4097 }, () => cable.receive(datagram)).flat();
      const octets = cable.host.state().delivered.reduce((sum, { payload }) => sum + payload.length / 2, 0);
      return { told: toldOf(effects), octets };
    },
    lawful: { told: ['deliveredOctets'], octets: hostBounds.deliveredOctets },
  },
  {
    bound: 'errorsPerSecond',
    story: 'datagrams to a closed port: so many errors at once, and as many again a second later',
    seen: (cable) => {
      const burst = () => Array.from({ length: hostBounds.errorsPerSecond + 1 }, () => cable.receive(udp(10))).flat();
      const first = burst();
      cable.now = 1000;
      return [first, burst()].map((effects) => ({ told: toldOf(effects), errors: packetsOf(effects).length }));
    },
    lawful: Array(2).fill({ told: ['errorsPerSecond'], errors: hostBounds.errorsPerSecond }),
  },
];

describe('bounds of a host', () => {
  for (const { bound, story, told = {}, layers = {}, seen, lawful } of floods) {
    it(`${bound}: ${story}`, () => expect(seen(new Cable({}, told, layers))).to.deep.equal(lawful));
  }

  it('each is reached by a test', () => {
    expect(floods.map(({ bound }) => bound).sort()).to.deep.equal(Object.keys(hostBounds).sort());
  });
});

describe('pieces of a packet', () => {
  it('are passed over one by one where they are too short to be pieces: nothing is begun', () => {
    const cable = new Cable();
    const effects = Array.from({ length: 8192 }, (_, i) => cable.receive(piece(i, new Uint8Array(1)))).flat();
    expect(new Set(toldOf(effects))).to.deep.equal(new Set(['pieceAcceptable']));
    expect(cable.host.deadline()).to.equal(undefined);
  });

  it('are not kept once an overlap has spoiled their packet, and no later one makes it whole', () => {
    const partial = new PartialPacket(0);
    const unit = (offset: number) => ({
      packet: piece(offset, new Uint8Array(8)),
      identification: 1,
      offset,
      more: true,
    });
    partial.hold(unit(0));
    expect(partial.size).to.be.greaterThan(0);
    partial.spoil();
    expect(partial.size).to.equal(0);
    const cable = new Cable();
    const [first, last] = fragmented(echoRequest(peer6, own6, new Uint8Array(64)), 96, 7);
    const stump = { ...first!, payload: first!.payload.subarray(0, 8) } as IpPacket;
    const effects = [first!, stump, last!, first!, last!].flatMap((one) => cable.receive(one));
    expect({ told: toldOf(effects), sent: framesOf(effects).length }).to.deep.equal({
      told: ['overlapping'],
      sent: 0,
    });
  });

  it('take room for what they hold, whatever their number', () => {
    const partial = new PartialPacket(0);
    const most = 8191;
    for (let at = 0; at < most; at++) {
      partial.hold({
        packet: piece(at, new Uint8Array(8).fill(at)),
        identification: 1,
        offset: 8 * at,
        more: at < most - 1,
      });
    }
    expect(partial.whole).to.deep.equal(Uint8Array.from({ length: 8 * most }, (_, i) => i >> 3));
    expect(partial.size).to.be.at.most(2 * 65_536 + 8192);
  });

  for (const [family, source, destination] of [
    ['IPv4', peer, own],
    ['IPv6', peer6, own6],
  ] as const) {
    it(`that would make an ${family} packet longer than its length can tell make none`, () => {
      const cable = new Cable();
      const pieces = Array.from({ length: 45 }, (_, i) =>
        pieceBetween(source, destination, 185 * i, new Uint8Array(1480), i < 44),
      );
      expect(toldOf(pieces.flatMap((one) => cable.receive(one)))).to.deep.equal(['pieceAcceptable']);
    });

    it(`beyond the last one of an ${family} packet are passed over`, () => {
      const cable = new Cable();
      const [last, beyond] = [false, true].map((more) =>
        pieceBetween(source, destination, more ? 2 : 1, new Uint8Array(8), more),
      );
      expect(toldOf([...cable.receive(last!), ...cable.receive(beyond!)])).to.deep.equal(['pieceAcceptable']);
      expect(toldOf([beyond!, last!].flatMap((one) => new Cable().receive(one)))).to.deep.equal([]);
    });
  }

  it('whose whole has headers that are none are told, and end nothing', () => {
    const cable = new Cable({ firstPieceAcceptable: () => true });
    const chain = Uint8Array.of(60, 200, ...new Array(14).fill(0));
    const effects = [
      ...cable.receive(pieceBetween(peer6, own6, 0, chain, true, protocols['IPv6-Opts'])),
      ...cable.receive(pieceBetween(peer6, own6, 2, new Uint8Array(8), false, protocols['IPv6-Opts'])),
    ];
    expect(toldOf(effects)).to.deep.equal(['wellFormed']);
    expect(cable.answers(echoRequest(peer, own))).to.have.length(1);
  });
});

function toldOf(effects: readonly HostEffect[]): string[] {
  return effects.flatMap((effect) =>
    effect.kind === 'event' && effect.event.kind === 'discarded' ? [effect.event.rule] : [],
  );
}

function framesOf(effects: readonly HostEffect[]) {
  return effects.filter((effect) => effect.kind === 'frame');
}

function etherTypeOf(effect: HostEffect): number {
  return effect.kind === 'frame' ? (effect.octets[12]! << 8) | effect.octets[13]! : 0;
}

/** Echo requests cut in two, each a packet of its own. */
function inTwo(identification: number): readonly IpPacket[] {
  return fragmented(echoRequest(peer, own, new Uint8Array(64)), 60, identification);
}

function piece(at: number, payload: Uint8Array): IpPacket {
  return pieceBetween(peer, own, at, payload, true);
}

/** `at` is the offset in units of eight octets. */
function pieceBetween(
  source: string,
  destination: string,
  at: number,
  payload: Uint8Array,
  more: boolean,
  protocol: number = protocols.UDP,
): IpPacket {
  const packet = ipPacketBetween(source, destination, protocol, payload);
  return packet.version === 4
    ? { ...packet, identification: 1, fragmentOffset: at, moreFragments: more }
    : {
        ...packet,
        extensions: [{ type: 'fragment', identification: 1, fragmentOffset: at, moreFragments: more }],
      };
}

/** On the host's link, and nobody's. */
function addresses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `192.0.2.${i + 10}`);
}

/** A neighbor tells its hardware address; the n-th of many unless it is given. */
function introduced(cable: Cable, n: number, address = `172.16.${n >> 8}.${n & 0xff}`): readonly HostEffect[] {
  const payload = arpPacket.encode({
    operation: arpOperations.REPLY,
    senderHardwareAddress: '02:00:00:00:00:98',
    senderProtocolAddress: address,
    targetHardwareAddress: '00:00:00:00:00:00',
    targetProtocolAddress: own,
  });
  return cable.frame(payload, etherTypes.ARP, broadcast);
}

function fromPort(packet: IpPacket, port: number): IpPacket {
  const segment = packet.payload.slice();
  new DataView(segment.buffer).setUint16(0, port);
  const sum = new DataView(segment.buffer).getUint16(16) + 7 - port;
  new DataView(segment.buffer).setUint16(16, sum < 0 ? sum + 0xffff : sum);
  return ipPacket.decode(ipPacket.encode({ ...packet, payload: segment })).value;
}
