/** For this folder's tests: a mobile node alone, with the rest of the world in the test's hands: what it hears is said, and what it does is written down. */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { aligned, type MobilityMessage, mobilityMessage } from '../wire/mobility/message.ts';
import type { MobilityOption } from '../wire/mobility/options.ts';
import type { PrefixInformation } from '../wire/neighbor-discovery-options.ts';
import type { MobileNodeConfiguration, MobileSignalling } from './configuration.ts';
import type { IcmpOrder, MessageOrder, Tunnel } from './interface.ts';
import { MobileNode } from './mobile-node.ts';
import { AUTHENTICATOR, bindingAuthenticator, bindingManagementKey } from './return-routability.ts';
import { type MobilityRules, mobilityRules } from './rules.ts';

export const home = '2001:db8:1::2';
export const homeAgent = '2001:db8:1::1';
export const otherHomeAgent = '2001:db8:1::9';
export const correspondent = '2001:db8:c::1';
export const foreign = '2001:db8:2::';
export const otherForeign = '2001:db8:3::';
export const careOf = '2001:db8:2::ff:fe00:1';
export const otherCareOf = '2001:db8:3::ff:fe00:1';
export const anycast = '2001:db8:1:0:fdff:ffff:ffff:fffe';
const linkLocal = 'fe80::ff:fe00:1';

export interface Told extends Partial<Omit<MobileSignalling, 'withoutIpsec'>> {
  readonly homeAgent?: Address | 'discovered';
  readonly withoutIpsec?: false;
  readonly homeAddress?: Address;
  readonly keyManagementMoves?: boolean;
  /** Where the correspondent is, that is a mobile node itself. */
  readonly correspondentIsAt?: Address;
}

export class World {
  now: Instant = 0;
  readonly node: MobileNode;
  readonly sent: (MessageOrder & { readonly at: Instant })[] = [];
  readonly asked: (IcmpOrder & { readonly at: Instant })[] = [];
  /** What it did on its link, a word and an address each. */
  readonly deeds: string[] = [];
  readonly refusals: string[] = [];
  addresses: readonly string[] = [];
  router: Address | undefined;
  #known = new Set<Address>();
  #octets = 0;
  /** Of the last tests that were answered. */
  #tokens: { home?: Uint8Array; careOf?: Uint8Array } = {};

  constructor(broken: Partial<MobilityRules> = {}, told: Told = {}) {
    const {
      homeAgent: of = homeAgent,
      keyManagementMoves = false,
      homeAddress = home,
      correspondentIsAt,
      ...signalling
    } = told;
    const configuration: MobileNodeConfiguration & { signalling: MobileSignalling } = {
      interface: 'eth0',
      homeAddress: `${homeAddress}/64`,
      ...(of !== 'discovered' && { homeAgent: of }),
      signalling: {
        lifetime: signalling.lifetime ?? 40,
        routeOptimization: signalling.routeOptimization ?? true,
        ...(signalling.withoutIpsec ?? { withoutIpsec: true }),
      },
    };
    const env = { octets: (_: string, length: number) => new Uint8Array(length).fill(++this.#octets) };
    const deed = (word: string, ...rest: readonly string[]): void => void this.deeds.push([word, ...rest].join(' '));
    this.node = new MobileNode(
      { configuration, rules: { ...mobilityRules, ...broken }, env },
      {
        send: (at, order) => this.sent.push({ ...order, at }),
        sendIcmp: (at, order) => this.asked.push({ ...order, at }),
        careOfAddressOf: () => correspondentIsAt,
        sendPacket: () => {},
        discarded: ({ rule }) => this.refusals.push(rule),
        moveSas: () => {},
        keyManagement: {
          canMove: () => keyManagementMoves,
          endMoved: (_now, of, to, fate) => deed('keys', ...Object.values(of), to, fate),
        },
        addressesOf: () => [],
        detectDuplicates: (_now, _name, address) => deed('tests', address),
        advertise: (_name, address) => deed('advertises', address),
        link: {
          linkLocalAddress: linkLocal,
          takes: (addresses, router, isAnotherLink) => {
            this.addresses = addresses;
            this.router = router;
            if (isAnotherLink) this.#known = new Set();
          },
          relocates: (from, to, peer) => deed('relocates', from, to, peer),
          solicitsRouters: () => deed('solicits'),
          probes: (neighbor) => deed('probes', neighbor),
          asksFor: (target, source) => deed('asks', target, source),
          knows: (neighbor) => this.#known.has(neighbor),
          learns: (neighbor) => void this.#known.add(neighbor),
        },
      },
    );
  }

  /** Time goes on, and the node acts whenever it wanted to. */
  passes(milliseconds: number): this {
    const end = this.now + milliseconds;
    for (let next = this.node.deadline(); next !== undefined && next <= end; next = this.node.deadline()) {
      this.now = Math.max(this.now, next);
      this.node.timeout(this.now);
    }
    this.now = end;
    return this;
  }

  advertised(prefix: Address, { router = prefix.replace(/::$/, '::fe'), ...more }: Advertised = {}): this {
    const { source = 'fe80::fe', routerLifetime = 30, interval, named = true, prefixes = [], ...rest } = more;
    const { retransTimer = 100, ...of } = rest;
    const own: PrefixInformation = { ...offered, ...of, prefix: named ? router : prefix, routerAddress: named };
    const options = [
      own,
      ...prefixes,
      ...(interval === undefined ? [] : [{ type: 'advertisementInterval', advertisementInterval: interval } as const]),
    ];
    const message = {
      kind: 'routerAdvertisement',
      type: 134,
      code: 0,
      routerLifetime,
      options,
      retransTimer,
    } as const;
    const hardwareAddress = '02:00:00:00:00:fe';
    const heard = { kind: 'routerAdvertisement', source, hardwareAddress, message: message as never } as const;
    this.node.heardOnLink(this.now, 'eth0', heard);
    return this;
  }

  answeredBy(target: Address, { solicited = true, router = true } = {}): this {
    const hardwareAddress = '02:00:00:00:00:01';
    this.node.heardOnLink(this.now, 'eth0', {
      kind: 'neighborAdvertisement',
      target,
      solicited,
      router,
      hardwareAddress,
    });
    return this;
  }

  unique(address: Address): this {
    this.node.detected(this.now, address, 'unique');
    return this;
  }

  /** At home first, then on the other link, without an answer of the home agent. */
  leaves(prefix = foreign, careOfAddress = careOf): this {
    if (this.deeds.length === 0 || this.addresses.length === 0) this.advertised('2001:db8:1::');
    this.advertised(prefix).passes(301);
    return this.unique(careOfAddress);
  }

  /** Away, and the home agent has acknowledged. */
  registered(prefix = foreign, careOfAddress = careOf): this {
    return this.leaves(prefix, careOfAddress).acknowledged();
  }

  /** Back on the home link. */
  returns(): this {
    return this.advertised('2001:db8:1::').passes(301);
  }

  /** Away, with a binding at the correspondent. */
  optimized(): this {
    return this.registered().tunnelled().tested().grants();
  }

  get updates() {
    return this.sent.flatMap(({ message, ...order }) =>
      message.kind === 'bindingUpdate' ? [{ ...order, message }] : [],
    );
  }

  updatesTo(peer: Address) {
    return this.updates.filter(({ destination }) => destination === peer);
  }

  kinds(from = 0): readonly string[] {
    return this.sent.slice(from).map(({ message }) => message.kind);
  }

  /** From the home agent, unless it is said. */
  acknowledged({ from = homeAgent, options = [], through = [], ...fields }: Acknowledged = {}): this {
    const last = this.updatesTo(from).at(-1)!.message;
    return this.receives(
      {
        kind: 'bindingAcknowledgement',
        status: 0,
        sequenceNumber: last.sequenceNumber,
        lifetime: last.lifetime,
        options,
        ...fields,
      },
      { from, through },
    );
  }

  receives(
    message: MobilityMessage,
    { from = homeAgent, to = home, through = [], tunnel, octets }: Arriving = {},
  ): this {
    const encoded = octets ?? mobilityMessage.encode(message);
    const arrival = { message, octets: encoded, source: from, destination: to, through, ...(tunnel && { tunnel }) };
    this.node.receive(this.now, arrival as never);
    return this;
  }

  /** A datagram that the home agent passed on. */
  tunnelled(change: Partial<Ipv6Packet> = {}): this {
    const packet: Ipv6Packet = {
      version: 6,
      source: correspondent,
      destination: home,
      extensions: [],
      protocol: protocols.UDP,
      payload: new Uint8Array(8),
      ...change,
    };
    this.node.cameByTunnel(this.now, packet, fromHomeAgent);
    return this;
  }

  homeTest({ cookie, tunnel = fromHomeAgent, from = correspondent, to = home }: TestAnswer = {}): this {
    const asked = this.sent.findLast(({ message }) => message.kind === 'homeTestInit')?.message;
    const homeInitCookie = cookie ?? (asked?.kind === 'homeTestInit' ? asked.homeInitCookie : new Uint8Array(8));
    const homeKeygenToken = new Uint8Array(8).fill(7);
    this.#tokens = { ...this.#tokens, home: homeKeygenToken };
    const message = { kind: 'homeTest', homeNonceIndex: 1, homeInitCookie, homeKeygenToken, options: [] } as const;
    return this.receives(message, { from, to, ...(tunnel !== 'none' && { tunnel }) });
  }

  careOfTest({ cookie, from = correspondent, to = careOf }: TestAnswer = {}): this {
    const asked = this.sent.findLast(({ message }) => message.kind === 'careOfTestInit')?.message;
    const careOfInitCookie = cookie ?? (asked?.kind === 'careOfTestInit' ? asked.careOfInitCookie : new Uint8Array(8));
    const careOfKeygenToken = new Uint8Array(8).fill(9);
    this.#tokens = { ...this.#tokens, careOf: careOfKeygenToken };
    return this.receives(
      { kind: 'careOfTest', careOfNonceIndex: 2, careOfInitCookie, careOfKeygenToken, options: [] },
      { from, to },
    );
  }

  tested(): this {
    return this.homeTest().careOfTest();
  }

  /** The correspondent's acknowledgement, with the authenticator that it should have. */
  grants({
    status = 0,
    trailing = [],
    authenticator,
    lifetime,
    sequenceNumber,
    unauthorized = false,
  }: Granting = {}): this {
    const last = this.updatesTo(correspondent).at(-1)!;
    const careOfAddress = last.careOfAddress ?? home;
    const option = { type: 'bindingAuthorizationData', authenticator: new Uint8Array(AUTHENTICATOR) } as const;
    const options: readonly MobilityOption[] = unauthorized ? [] : [option, ...trailing];
    const message = {
      kind: 'bindingAcknowledgement',
      status,
      sequenceNumber: sequenceNumber ?? last.message.sequenceNumber,
      lifetime: lifetime ?? last.message.lifetime,
      options,
    } as const;
    if (unauthorized) return this.receives(message, { from: correspondent });
    const Kbm = bindingManagementKey(
      this.#tokens.home!,
      last.careOfAddress === undefined ? undefined : this.#tokens.careOf,
    );
    const first = mobilityMessage.encode(aligned({ ...message, options: [option] }));
    const right = bindingAuthenticator(Kbm, careOfAddress, correspondent, first);
    const given = { ...option, authenticator: authenticator ?? right };
    const aligning = aligned({ ...message, options: [given, ...trailing] });
    const octets = mobilityMessage.encode(aligning);
    return this.receives(aligning, { from: correspondent, octets });
  }

  icmp(message: Icmpv6Message, from: Address = correspondent, extensions: Ipv6Packet['extensions'] = []): this {
    const packet: Ipv6Packet = {
      version: 6,
      source: from,
      destination: home,
      extensions,
      protocol: protocols['IPv6-ICMP'],
      payload: new Uint8Array(0),
    };
    this.node.hearIcmp(this.now, message, packet, { whole: packet });
    return this;
  }

  /** Which way a packet from the home address leaves. */
  way(destination: Address = correspondent, source: Address = home): string {
    if (this.node.careOfAddressTowards(destination, source) !== undefined) return 'direct';
    const packet = {
      version: 6,
      source,
      destination,
      extensions: [],
      protocol: 17,
      payload: new Uint8Array(8),
    } as const;
    const tunnel = this.node.tunnelFor(packet);
    if (tunnel === undefined) return 'plain';
    return 'rule' in tunnel ? 'nowhere' : 'tunnel';
  }
}

export interface Advertised extends Partial<Omit<PrefixInformation, 'prefix' | 'type'>> {
  /** Its global address, told unless `named` is false. */
  readonly router?: Address;
  readonly named?: boolean;
  readonly source?: Address;
  readonly routerLifetime?: number;
  readonly interval?: number;
  readonly retransTimer?: number;
  readonly prefixes?: readonly PrefixInformation[];
}

interface Acknowledged {
  readonly from?: Address;
  readonly status?: number;
  readonly sequenceNumber?: number;
  readonly lifetime?: number;
  readonly options?: readonly MobilityOption[];
  readonly through?: readonly SadEntry[];
  readonly keyManagementMobilityCapability?: boolean;
}

interface Arriving {
  readonly from?: Address;
  readonly to?: Address;
  readonly through?: readonly SadEntry[];
  readonly tunnel?: Tunnel;
  readonly octets?: Uint8Array;
}

interface TestAnswer {
  readonly cookie?: Uint8Array;
  readonly tunnel?: Tunnel | 'none';
  readonly from?: Address;
  readonly to?: Address;
}

interface Granting {
  readonly status?: number;
  readonly trailing?: readonly MobilityOption[];
  readonly authenticator?: Uint8Array;
  readonly lifetime?: number;
  readonly sequenceNumber?: number;
  readonly unauthorized?: boolean;
}

const fromHomeAgent: Tunnel = { source: homeAgent, destination: careOf };

const offered = {
  type: 'prefixInformation',
  prefixLength: 64,
  onLink: true,
  autonomous: true,
  validLifetime: 3_600,
  preferredLifetime: 1_800,
} as const;
