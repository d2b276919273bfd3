import { expect } from 'chai';
import { inPrefix, parsePrefix } from '../../reference/wire/address.ts';
import { correspondentNode, homeAgentNode, mobileIpv6, mobileNodeAt, mobileRouter } from './mobility-topology.ts';
import { places } from './topologies.ts';

const nodes = [
  mobileNodeAt('mn'),
  homeAgentNode('ha'),
  homeAgentNode('ha-of-cn', 'correspondent'),
  correspondentNode('cn'),
  mobileRouter,
];

describe('the topology of Mobile IPv6', () => {
  it('puts the router and everybody on a link onto the same prefix, and no two onto one address', () => {
    const interfaces = nodes.flatMap((node) => node.interfaces);
    const addresses = interfaces.flatMap(({ addresses }) => addresses);
    expect(new Set(addresses).size).to.equal(addresses.length);
    for (const { link, addresses } of mobileRouter.interfaces) {
      const prefix = parsePrefix(addresses[0]!);
      const onLink = interfaces.filter((each) => each.link === link).flatMap((each) => each.addresses);
      expect(onLink.every((each) => inPrefix(parsePrefix(each).address, prefix))).to.equal(true);
    }
  });

  it('has a router where a mobile node may go', () => {
    for (const name of ['home', 'foreign-1', 'foreign-2'] as const) {
      const { link, router, ipv6 } = places[name];
      const { addresses } = mobileRouter.interfaces.find((each) => each.link === link)!;
      expect(parsePrefix(addresses[0]!).address).to.equal(router.ipv6);
      expect(inPrefix(ipv6, parsePrefix(mobileIpv6.prefixes[name]))).to.equal(true);
    }
  });

  it('lets a mobile node have its home address everywhere', () => {
    expect(mobileNodeAt('mn', 'foreign-2').innerAddresses).to.deep.equal([`${mobileIpv6.homeAddress}/128`]);
  });

  it('is pure data', () => {
    for (const node of nodes) expect(JSON.parse(JSON.stringify(node))).to.deep.equal(node);
  });
});
