/** Where everybody lives and listens, for suites that must name an address or a port. */
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
