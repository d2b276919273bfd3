/** Where everybody lives and listens, for suites that must name an address or a port. */
export {
  correspondentNode,
  homeAgentNode,
  mobileIpv6,
  mobileNodeAt,
  mobileRouter,
  signallingNode,
} from '../lab/mobility-topology.ts';
export {
  attackerAddresses,
  gateway,
  hostToHost,
  inner,
  innerPrefixes,
  nutAddresses,
  places,
} from '../lab/topologies.ts';

/** Where a node's sink listens unless the scenario says otherwise. */
export const sinkPort = 7_777;
