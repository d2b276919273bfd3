/** What the tests of renderings tell a product before they tell it what they are about: a node on a link, which IPsec has nothing to do with. */
import type { NodeConfiguration } from '../lab/node.ts';

export const bareNode: NodeConfiguration = {
  name: 'nut',
  interfaces: [{ name: 'eth0', link: 'home', addresses: ['192.0.2.1/24'] }],
  innerAddresses: [],
  routes: [],
  forwarding: false,
  sinks: [],
  spd: [],
  manual: [],
  ike: [],
};
