/**
 * Two mobile nodes that speak to each other and move at once (RFC 6275 5.2.9): the node under test as in `moving-intent.ts`, and a peer that is one as well.
 * One home agent serves both, or the peer has a home link and a home agent of its own, where a correspondent is else. Home agents are the reference's.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import {
  advertising,
  type HomeLink,
  homeAgentNode,
  mobileIpv6,
  mobileRouter,
  signallingNode,
} from '../lab/mobility-topology.ts';
import type { MobilityConfiguration, NodeConfiguration } from '../lab/node.ts';
import { ONLY_INTERFACE } from '../lab/topologies.ts';
import { sinks } from './intent.ts';
import { advertisingItself, mirrored, policyOf } from './moving-intent.ts';
import { pairBetween } from './pairs.ts';

/** The cast of such a scenario; the peer's home agent, where it has one of its own, plays no part. */
export const bothMobile = { nut: 'tested', peer: 'tested', ha: 'tester' } as const;

export interface BothMovingOptions {
  readonly agents: 'one-home-agent' | 'a-home-agent-each';
  /** They register with each other. */
  readonly routeOptimization: boolean;
  /** Echoes between their home addresses go in ESP, in transport mode. */
  readonly underEsp: boolean;
}

/** The peer's home address. */
export function homeOfPeer(agents: BothMovingOptions['agents']): string {
  return agents === 'one-home-agent' ? mobileIpv6.otherHomeAddress : mobileIpv6.correspondent;
}

export function bothMoving({ agents, routeOptimization, underEsp }: BothMovingOptions): PolicyIntent {
  const peersHome = homeOfPeer(agents);
  const isShared = agents === 'one-home-agent';
  const ends = { local: mobileIpv6.homeAddress, remote: peersHome };
  const policy = policyOf(underEsp ? [pairBetween('payload', ends, { spi: 0x2000, selector: echoes })] : []);
  const nut = mobileNode('nut', 'home', mobileIpv6.homeAddress, routeOptimization);
  const peer = mobileNode('peer', isShared ? 'home' : 'correspondent', peersHome, routeOptimization);
  const served = isShared ? [mobileIpv6.homeAddress, peersHome] : [mobileIpv6.homeAddress];
  return {
    parties: {
      nut: { ...nut, ...policy },
      peer: { ...peer, ...mirrored(policy) },
      ha: homeAgent('ha', 'home', served),
    },
    ends: { nut: mobileIpv6.homeAddress, peer: peersHome, ha: mobileIpv6.homeAgent },
    others: isShared ? [mobileRouter] : [routerOfBothHomes, homeAgent('ha-of-peer', 'correspondent', [peersHome])],
  };
}

function mobileNode(name: string, link: HomeLink, homeAddress: string, routeOptimization: boolean): NodeConfiguration {
  const homeAgent = link === 'home' ? mobileIpv6.homeAgent : mobileIpv6.correspondentHomeAgent;
  const mobility: MobilityConfiguration = {
    mobileNode: {
      interface: ONLY_INTERFACE,
      homeAddress: `${homeAddress}/64`,
      homeAgent,
      signalling: { lifetime: 60, routeOptimization, withoutIpsec: true },
    },
    ...(routeOptimization && { correspondentNode: { signalling: {} } }),
  };
  return { ...signallingNode(name, link), sinks, mobility };
}

function homeAgent(name: string, link: HomeLink, homeAddresses: readonly string[]): NodeConfiguration {
  const node = homeAgentNode(name, link);
  const address = link === 'home' ? mobileIpv6.homeAgent : mobileIpv6.correspondentHomeAgent;
  const told = { interface: ONLY_INTERFACE, address, homeAddresses, requiresIpsec: false };
  return { ...node, advertises: [advertisingItself(address)], mobility: { homeAgent: told } };
}

const routerOfBothHomes: NodeConfiguration = {
  ...mobileRouter,
  advertises: [...mobileRouter.advertises!, advertising('correspondent', mobileIpv6.routers.correspondent)],
};

/** ICMPv6, types 128 and 129: neighbor discovery at home passes as it is. */
const echoes = { protocol: 58, icmp: { type: [128, 129] } } as const;
