/**
 * One conversation among hostile people, from one number: a mobile node moves and registers, the correspondent speaks to it, and meanwhile links lose, spoil,
 * repeat and reorder, and forged frames come. What must hold is looked at after each thing that is done; at the end everybody is left in peace, and the mobile
 * node has to be found where it is.
 */
import { mobileIpv6 } from '../../../harness/lab/mobility-topology.ts';
import { ONLY_INTERFACE } from '../../../harness/lab/topologies.ts';
import { NetworkInterface } from '../../../reference/host/interfaces.ts';
import { neighborAdvertisement } from '../../../reference/host/neighbor-discovery.ts';
import { homeAgentsAnycast } from '../../../reference/mobility/home-agents-anycast.ts';
import { isMulticast, parsePrefix } from '../../../reference/wire/address.ts';
import { ethernetFrame, etherTypes } from '../../../reference/wire/ethernet.ts';
import { icmpv6Types } from '../../../reference/wire/icmpv6.ts';
import { ipPacket } from '../../../reference/wire/ip/packet.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { mulberry32 } from '../../mulberry32.ts';
import { Draw, spoilt } from '../draw.ts';
import { Forger, packetIn } from './forgeries.ts';
import { type FrameOnLink, type LinkName, type Party, World } from './world.ts';

export interface Conversed {
  /** What did not hold; absent: nothing. */
  readonly fault?: string;
  readonly world: World;
  /** Frames of the parties, and of others. */
  readonly sent: number;
  readonly forged: number;
}

/** `deeds`: how many things are done to them. */
export function converse(seed: number, deeds = DEEDS): Conversed {
  const draw = new Draw(mulberry32(seed));
  const isProtected = !draw.once(3);
  const lifetimes = [undefined, undefined, { valid: 40, preferred: 20 }, { valid: 0, preferred: 0 }] as const;
  const prefixLifetimes = draw.of(lifetimes);
  const world = new World({ seed, isProtected, discovers: draw.once(3), ...(prefixLifetimes && { prefixLifetimes }) });
  const forger = new Forger(draw);
  const watch = new Watch(world, isProtected);
  const counts = { sent: 0, forged: 0 };
  world.sent = (party, frame) => {
    counts.sent++;
    forger.hears(frame.octets);
    watch.sent(party, frame);
  };
  world.acted = (party, answers) => watch.acted(party, answers);
  const doing = (): void => {
    if (!draw.once(4)) registers(world);
    for (let left = deeds; left > 0; left--) counts.forged += hostileDeed(world, forger, draw);
    leftInPeace(world, draw.of(['away', 'far'] as const));
    if (prefixLifetimes?.valid !== 0) watch.end();
  };
  try {
    doing();
    return { world, ...counts };
  } catch (thrown) {
    const told = `${isProtected ? 'ESP' : 'in clear'}, prefix ${JSON.stringify(prefixLifetimes)}`;
    return { fault: `${told}: ${(thrown as Error).stack}`, world, ...counts };
  }
}

/** At home, then away, then with a correspondent that spoke to it. */
function registers(world: World): void {
  world.passes(2_000);
  world.moves('away');
  world.passes(16_000);
  speaks(world, 'cn');
  world.passes(2_000);
}

/** Returns how many frames were forged. */
function hostileDeed(world: World, forger: Forger, draw: Draw): number {
  const kind = draw.below(16);
  if (kind === 0) world.moves(draw.of(['home', 'away', 'far']));
  else if (kind === 1) speaks(world, draw.of(['cn', 'mn']));
  else if (kind === 2) world.onTheWay = tampering(draw);
  else if (kind === 3) world.passes(draw.of([1, 300, 4_000, 30_000, 130_000]));
  else {
    const link = draw.once(3) ? draw.of<LinkName>(['home', 'away', 'far', 'correspondent']) : world.mobileLink;
    const frames = forger.frames();
    for (const octets of frames) world.inject(link, octets);
    world.passes(draw.of([0, 1, 2, 5, 100]));
    return frames.length;
  }
  return 0;
}

/**
 * Whoever was misled has moved on, heard a router that is one, and moves once more; a registration was due several times. The router stays where it is: what it was
 * made to believe of its neighbors, which it would find out by RFC 4861 section 7.3 if it did that, it hears from the neighbors.
 */
function leftInPeace(world: World, link: 'away' | 'far'): void {
  world.onTheWay = ({ octets }) => [{ octets, late: 0 }];
  world.moves(link === 'away' ? 'far' : 'away');
  world.passes(150_000);
  for (const address of [mobileIpv6.homeAgent, homeAgents]) announces(world, 'ha', address, 'home');
  world.moves(link);
  world.passes(20_000);
  for (const { careOfAddress } of world.hosts.mn.state().bindingUpdates!) announces(world, 'mn', careOfAddress, link);
  world.passes(380_000);
}

/** An advertisement that nobody asked for puts right what its neighbors have of this address (RFC 4861 section 7.2.6). */
function announces(world: World, party: 'mn' | 'ha', address: string, link: LinkName): void {
  const from = new NetworkInterface(party, { name: ONLY_INTERFACE, link, addresses: [`${address}/64`] });
  const packet = neighborAdvertisement(from, { target: address, override: true, router: false });
  const [destination, source] = [ALL_NODES, from.hardwareAddress];
  const payload = ipPacket.encode(packet);
  world.inject(link, ethernetFrame.encode({ destination, source, etherType: etherTypes.IPv6, payload }));
}

function speaks(world: World, party: 'cn' | 'mn'): void {
  const [from, to] =
    party === 'cn'
      ? [mobileIpv6.correspondent, mobileIpv6.homeAddress]
      : [mobileIpv6.homeAddress, mobileIpv6.correspondent];
  world.does(party, { kind: 'udp', from, to, sourcePort: 7, destinationPort: 9, payload: Uint8Array.of(42) });
}

/** A link that is as bad as was drawn. */
function tampering(draw: Draw): World['onTheWay'] {
  const often = draw.of([4, 10, 40]);
  return ({ octets }) => {
    if (!draw.once(often)) return [{ octets, late: 0 }];
    return draw.of([
      [],
      [{ octets: spoilt(draw, octets), late: 0 }],
      [{ octets, late: draw.of([2, 50, 2_000]) }],
      [
        { octets, late: 0 },
        { octets, late: draw.of([0, 3, 10_000]) },
      ],
    ]);
  };
}

/** What must hold, whatever comes. */
class Watch {
  readonly #world: World;
  readonly #isProtected: boolean;
  /** Where the mobile node ever told each peer that it is, and what each peer ever believed. */
  readonly #told = new Set<string>();
  readonly #believed = new Set<string>();

  constructor(world: World, isProtected: boolean) {
    this.#world = world;
    this.#isProtected = isProtected;
  }

  sent(party: Party, { octets }: FrameOnLink): void {
    if (party === 'router') return;
    const packet = packetIn(octets);
    if (!packet) return;
    const { source, destination, protocol, payload } = packet;
    const isOfLink = protocol === protocols['IPv6-ICMP'] && ofLink.has(payload[0]!);
    if (isMulticast(source)) throw new Error(`${party} sends from ${source}`);
    if (!isOfLink && (source === '::' || destination === '::' || isMulticast(destination))) {
      throw new Error(`${party} sends from ${source} to ${destination}, protocol ${protocol}`);
    }
  }

  acted(party: Party, answers: number): void {
    if (answers > MOST_ANSWERS) throw new Error(`${party} sends ${answers} frames at once`);
    const { hosts } = this.#world;
    if (party === 'mn') {
      for (const { peer, careOfAddress, settled } of hosts.mn.state().bindingUpdates!) {
        this.#told.add(`${peer} ${careOfAddress}`);
        const isVouchedFor = this.#isProtected || peer !== mobileIpv6.homeAgent;
        const isLate = careOfAddress === mobileIpv6.homeAddress;
        if (settled && isVouchedFor && !isLate && !this.#believed.has(`${peer} ${careOfAddress}`)) {
          throw new Error(`the mobile node believes that ${peer} knows it at ${careOfAddress}`);
        }
      }
    }
    if (party === 'ha' || party === 'cn') this.#believes(party);
  }

  end(): void {
    const { mn, ha } = this.#world.hosts;
    const home = ha.state().bindings!.find(({ homeRegistration }) => homeRegistration);
    const asked = mn.state().bindingUpdates!.find(({ homeRegistration }) => homeRegistration);
    const prefix = { away: '2001:db8:2:', far: '2001:db8:3:' }[this.#world.mobileLink as 'away' | 'far'];
    if (asked?.careOfAddress.startsWith(prefix) && home?.careOfAddress === asked.careOfAddress) return;
    throw new Error(
      `in peace: the mobile node is at ${this.#world.mobileLink}, asked for ${JSON.stringify(asked)}, the home agent has ${JSON.stringify(home)}`,
    );
  }

  #believes(party: 'ha' | 'cn'): void {
    const address = party === 'ha' ? mobileIpv6.homeAgent : mobileIpv6.correspondent;
    for (const { homeAddress, careOfAddress, homeRegistration } of this.#world.hosts[party].state().bindings!) {
      this.#believed.add(`${address} ${careOfAddress}`);
      if (party === 'ha' && homeRegistration && !this.#isProtected) continue;
      const isTold = this.#told.has(`${address} ${careOfAddress}`) && homeAddress === mobileIpv6.homeAddress;
      if (!isTold)
        throw new Error(`${party} has a binding of ${homeAddress} to ${careOfAddress} that nobody asked for`);
      if (party === 'cn' && homeRegistration) throw new Error('a home registration with a correspondent');
    }
  }
}

/** Neighbor discovery and router messages (RFC 4861), which go to groups and may come from nobody. */
const ofLink: ReadonlySet<number> = new Set([
  icmpv6Types['Router Solicitation'],
  icmpv6Types['Router Advertisement'],
  icmpv6Types['Neighbor Solicitation'],
  icmpv6Types['Neighbor Advertisement'],
]);

/** Where home agents are asked for (RFC 2526). */
const homeAgents = homeAgentsAnycast(parsePrefix(mobileIpv6.prefixes.home));

/** The group ff02::1 on Ethernet (RFC 2464 section 7). */
const ALL_NODES = '33:33:00:00:00:01';

const DEEDS = 40;
/** Frames in one step: the packets that wait for a neighbor, in pieces, and questions. */
const MOST_ANSWERS = 64;
