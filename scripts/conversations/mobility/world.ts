/**
 * The four parties of Mobile IPv6 (RFC 6275 section 4.1) on their links, all of the reference: a mobile node, its home agent, a correspondent, and the router
 * between them. A link takes a millisecond and does with each frame what `onTheWay` says. Time is virtual, and one seed gives the same octets every time.
 */
import { seededEnv } from '../../../harness/lab/entropy.ts';
import {
  correspondentNode,
  homeAgentNode,
  mobileIpv6,
  mobileRouter,
  signallingNode,
} from '../../../harness/lab/mobility-topology.ts';
import { ONLY_INTERFACE } from '../../../harness/lab/topologies.ts';
import type { NodeConfiguration, SpdEntry } from '../../../reference/host/configuration.ts';
import { Host } from '../../../reference/host/host.ts';
import type { HostCommand, HostInput } from '../../../reference/host/interface.ts';
import type { ManualSaConfiguration } from '../../../reference/ipsec/configuration.ts';
import type { Instant } from '../../../reference/machine.ts';
import { PassingTime } from '../passing-time.ts';

export type Party = 'mn' | 'ha' | 'cn' | 'router';
export type LinkName = 'home' | 'away' | 'far' | 'correspondent';

export interface FrameOnLink {
  readonly link: LinkName;
  readonly octets: Uint8Array;
}

export interface Told {
  readonly seed: number;
  /** What passes between home agent and home address is under ESP, and must be. */
  readonly isProtected: boolean;
  /** The mobile node is not told who its home agent is. */
  readonly discovers: boolean;
  /** Seconds; of the home prefix, as the home agent tells it. */
  readonly prefixLifetimes?: { readonly valid: number; readonly preferred: number };
}

interface OnTheWay extends FrameOnLink {
  readonly from: Party | 'attacker';
}

export class World {
  readonly hosts: Readonly<Record<Party, Host>>;
  /** Milliseconds that each copy of a frame is late, with the octets it arrives with; the frame as it is unless given. */
  onTheWay: (frame: FrameOnLink) => readonly { readonly octets: Uint8Array; readonly late: number }[] = asItIs;
  /** Is told of each frame that a party sent. */
  sent: (party: Party, frame: FrameOnLink) => void = () => {};
  /** Is told when a party has acted; `answers` is how many frames it sent. */
  acted: (party: Party, answers: number) => void = () => {};
  #mobileLink: LinkName = 'home';
  readonly #time: PassingTime<OnTheWay>;

  constructor(told: Told) {
    const host = (name: Party, configuration: NodeConfiguration): Host =>
      new Host({ configuration, env: seededEnv(told.seed, name) });
    this.hosts = {
      mn: host('mn', mobileNode(told)),
      ha: host('ha', homeAgent(told)),
      cn: host('cn', { ...correspondentNode('cn'), sinks, mobility: { correspondentNode: { signalling: {} } } }),
      router: host('router', { ...mobileRouter, advertises: mobileRouter.advertises!.map(rarely) }),
    };
    const sleepers = parties.map((party) => ({
      deadline: () => this.hosts[party].deadline(),
      wake: () => this.#step(party, { kind: 'timeout' }),
    }));
    const bounds = { atOnce: MOST_AT_ONCE, underWay: MOST_UNDER_WAY };
    this.#time = new PassingTime(sleepers, (frame: OnTheWay) => this.#arrives(frame), bounds);
  }

  get now(): Instant {
    return this.#time.now;
  }

  get mobileLink(): LinkName {
    return this.#mobileLink;
  }

  /** The mobile node is on another link, and has yet to notice. */
  moves(link: LinkName): void {
    this.#mobileLink = link;
  }

  does(party: Party, command: HostCommand): void {
    this.#step(party, { kind: 'command', command });
  }

  /** A frame of somebody who is no party. */
  inject(link: LinkName, octets: Uint8Array): void {
    this.#time.comes({ link, octets, from: 'attacker' }, 0);
  }

  passes(milliseconds: number): void {
    this.#time.passes(milliseconds);
  }

  #arrives({ link, octets, from }: OnTheWay): void {
    for (const party of parties) {
      if (party === from) continue;
      const through = this.#interfaceOn(party, link);
      if (through !== undefined) this.#step(party, { kind: 'frame', interface: through, octets });
    }
  }

  #step(party: Party, input: HostInput): void {
    const effects = this.hosts[party].step(this.now, input);
    let answers = 0;
    for (const effect of effects) {
      if (effect.kind !== 'frame') continue;
      answers++;
      const frame = { link: this.#linkOf(party, effect.interface), octets: effect.octets };
      this.sent(party, frame);
      for (const { octets, late } of this.onTheWay(frame)) {
        this.#time.comes({ link: frame.link, octets, from: party }, LATENCY + late);
      }
    }
    this.acted(party, answers);
  }

  #linkOf(party: Party, interfaceName: string): LinkName {
    if (party === 'router') return routerLinks[interfaceName]!;
    return party === 'mn' ? this.#mobileLink : fixed[party];
  }

  #interfaceOn(party: Party, link: LinkName): string | undefined {
    if (party === 'router') return Object.keys(routerLinks).find((name) => routerLinks[name] === link);
    return this.#linkOf(party, ONLY_INTERFACE) === link ? ONLY_INTERFACE : undefined;
  }
}

export const parties: readonly Party[] = ['mn', 'ha', 'cn', 'router'];

const fixed = { ha: 'home', cn: 'correspondent' } as const;
const routerLinks: Readonly<Record<string, LinkName>> = {
  home: 'home',
  'foreign-1': 'away',
  'foreign-2': 'far',
  correspondent: 'correspondent',
};

function asItIs({ octets }: FrameOnLink): readonly { readonly octets: Uint8Array; readonly late: number }[] {
  return [{ octets, late: 0 }];
}

function mobileNode({ isProtected, discovers }: Told): NodeConfiguration {
  const node = signallingNode('mn');
  const signalling = { lifetime: 120, routeOptimization: true, ...(!isProtected && { withoutIpsec: true as const }) };
  const mobility = {
    mobileNode: {
      interface: ONLY_INTERFACE,
      homeAddress: `${mobileIpv6.homeAddress}/64`,
      ...(!discovers && { homeAgent: mobileIpv6.homeAgent }),
      signalling,
    },
  };
  return { ...node, sinks, mobility, ...(isProtected && policyOf(mobileIpv6.homeAddress, mobileIpv6.homeAgent)) };
}

function homeAgent({ isProtected, prefixLifetimes }: Told): NodeConfiguration {
  const mobility = {
    homeAgent: {
      interface: ONLY_INTERFACE,
      address: mobileIpv6.homeAgent,
      homeAddresses: [mobileIpv6.homeAddress, '2001:db8:1::22'],
      requiresIpsec: isProtected,
      ...(prefixLifetimes && { prefixLifetimes }),
    },
    correspondentNode: { signalling: {} },
  };
  const policy = isProtected && policyOf(mobileIpv6.homeAgent, mobileIpv6.homeAddress);
  return { ...homeAgentNode('ha'), sinks, mobility, ...policy };
}

/** Mobility Headers between the two under ESP in transport mode (RFC 4877 section 4.1), seen from `local`. */
function policyOf(local: string, remote: string): Pick<NodeConfiguration, 'spd' | 'manual'> {
  const selector = { local: `${local}/128`, remote: `${remote}/128`, protocol: MOBILITY };
  const sa = (direction: 'in' | 'out'): ManualSaConfiguration => {
    const [source, destination] = direction === 'out' ? [local, remote] : [remote, local];
    return {
      name: direction,
      direction,
      spi: source === mobileIpv6.homeAgent ? 0x1001 : 0x1002,
      source,
      destination,
      mode: 'transport',
      selector,
      encryption: { id: 11, key: '' },
      integrity: { id: 12, key: '11'.repeat(32) },
      replayWindow: 64,
      extendedSequenceNumbers: false,
    };
  };
  const action = { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', securityAssociations: ['in', 'out'] } as const;
  const entry: SpdEntry = { name: 'signalling', direction: 'both', selector, action };
  return { spd: [entry], manual: [sa('in'), sa('out')] };
}

/** So that hours of a conversation are not made of advertisements. */
const rarely = (told: NonNullable<NodeConfiguration['advertises']>[number]): typeof told => ({
  ...told,
  interval: { least: 3_000, most: 4_000 },
});

const sinks = [
  { protocol: 'udp', port: 9 },
  { protocol: 'tcp', port: 9 },
] as const;

/** Milliseconds. */
const LATENCY = 1;
/** Rounds of all parties within one instant. */
const MOST_AT_ONCE = 200;
/** Frames on all links. */
const MOST_UNDER_WAY = 2_000;
const MOBILITY = 135;
