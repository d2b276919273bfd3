/** Where everybody lives, for suites that must name an address. */
export {
  attackerAddresses,
  gateway,
  hostToHost,
  inner,
  innerPrefixes,
  nutAddresses,
  places,
} from '../lab/topologies.ts';
