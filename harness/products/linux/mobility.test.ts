import { expect } from 'chai';
import type { NodeConfiguration, SpdEntry } from '../../lab/node.ts';
import { ownAddresses } from '../network.ts';
import { render, unsupported } from './render.ts';

type Mobility = NonNullable<NodeConfiguration['mobility']>;

const [node, homeAddress, careOfAddress] = ['2001:db8:1::1', '2001:db8:9::9', '2001:db8:2::2'];

const empty: NodeConfiguration = {
  name: 'nut',
  interfaces: [{ name: 'eth0', link: 'home', addresses: ['192.0.2.1/24', `${node}/64`] }],
  innerAddresses: [],
  routes: [],
  forwarding: false,
  sinks: [],
  spd: [],
  manual: [],
  ike: [],
};

const protect: SpdEntry = {
  name: 'hosts',
  direction: 'both',
  selector: { local: `${node}/128`, remote: `${homeAddress}/128` },
  action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport' },
};

const bypass: SpdEntry = {
  name: 'clear',
  direction: 'both',
  selector: { local: '::/0', remote: '::/0', protocol: 17 },
  action: 'BYPASS',
};

const binding: Mobility = { correspondentNode: { bindings: [{ homeAddress, careOfAddress }] } };

const verifying: Mobility = { correspondentNode: { verifiesByIpsec: true } };

/** The same addresses, seen from the mobile node. */
const away: NodeConfiguration = {
  ...empty,
  interfaces: [{ name: 'eth0', link: 'away', addresses: [`${careOfAddress}/64`] }],
  innerAddresses: [`${homeAddress}/64`],
  mobility: { mobileNode: { interface: 'eth0', homeAddress: `${homeAddress}/64`, byHand: byHand(node) } },
};

const esp = 'tmpl proto esp mode transport reqid 0 level required';
const hao = 'tmpl proto hao mode ro level use';
const route2 = 'tmpl proto route2 mode ro level use';

describe('mobility by hand as `ip xfrm` lines', () => {
  it('makes of a binding a state for each direction, at each of its own addresses', () => {
    expect(states({ ...empty, innerAddresses: ['2001:db8:7::1/64'], mobility: binding })).to.deep.equal(
      [node, '2001:db8:7::1'].flatMap((own) => [
        `xfrm state add src ${homeAddress} dst ${own} proto hao mode ro coa ${careOfAddress}`,
        `xfrm state add src ${own} dst ${homeAddress} proto route2 mode ro coa ${careOfAddress}`,
      ]),
    );
  });

  it('verifies by IPsec with a wildcard that sends nothing', () => {
    expect(states({ ...empty, mobility: verifying })).to.deep.equal([
      'xfrm state add src :: dst :: proto hao mode ro coa :: flag wildrecv',
    ]);
  });

  it('lets IPsec cover what mobility adds: put in before it, taken out after it', () => {
    expect(policies({ ...empty, spd: [protect], mobility: binding }).slice(0, 2)).to.deep.equal([
      `out src ${node}/128 dst ${homeAddress}/128 priority 1000 ${route2} ${esp}`,
      `in src ${homeAddress}/128 dst ${node}/128 priority 1000 ${esp} ${hao}`,
    ]);
    expect(policies({ ...empty, spd: [protect], mobility: verifying })).to.deep.equal([
      `out src ${node}/128 dst ${homeAddress}/128 priority 1000 ${esp}`,
      `in src ${homeAddress}/128 dst ${node}/128 priority 1000 ${esp} ${hao}`,
    ]);
  });

  it('puts a tunnel first both ways', () => {
    const tunnel = { local: node, remote: homeAddress };
    const entry: SpdEntry = {
      ...protect,
      selector: { local: '10.1.0.0/24', remote: '10.2.0.0/24' },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', tunnel },
    };
    const template = (source: string, destination: string) =>
      `tmpl src ${source} dst ${destination} proto esp mode tunnel reqid 0 level required`;
    expect(policies({ ...empty, spd: [entry], mobility: binding }).slice(0, 2)).to.deep.equal([
      `out src 10.1.0.0/24 dst 10.2.0.0/24 priority 1000 ${template(node, homeAddress)} ${route2}`,
      `in src 10.2.0.0/24 dst 10.1.0.0/24 priority 1000 ${template(homeAddress, node)} ${hao}`,
    ]);
  });

  it('lets an option pass in the clear where its binding vouches for it, and only from its care-of address', () => {
    const named = `tmpl src ${homeAddress} dst ${node} proto hao mode ro level use`;
    expect(policies({ ...empty, spd: [bypass], mobility: binding })).to.deep.equal([
      `out src ${node}/128 dst ${homeAddress}/128 proto 17 priority 1000 action allow ${route2}`,
      `in src ${homeAddress}/128 dst ${node}/128 proto 17 priority 1000 action allow ${named}`,
      'out src ::/0 dst ::/0 proto 17 priority 1001 action allow',
      'in src ::/0 dst ::/0 proto 17 priority 1001 action allow',
      `out src ${node}/128 dst ${homeAddress}/128 priority 1002 action allow ${route2}`,
      `in src ${homeAddress}/128 dst ${node}/128 priority 1002 action allow ${named}`,
    ]);
  });

  it('lets none pass in the clear where IPsec has to verify it', () => {
    expect(policies({ ...empty, spd: [bypass], mobility: verifying }).join('\n')).not.to.contain('tmpl');
  });

  it('adds nothing to what is discarded, to IPv4, and where nothing is said of mobility', () => {
    const ipv4: SpdEntry = { ...protect, selector: { local: '192.0.2.1/32', remote: '192.0.2.2/32' } };
    const spd: SpdEntry[] = [{ ...bypass, action: 'DISCARD' }, ipv4];
    const configuration: NodeConfiguration = { ...empty, spd, unmatched: 'DISCARD' };
    const told = policies(configuration);
    expect(policies({ ...configuration, mobility: binding })).to.deep.equal(told);
    expect(policies({ ...configuration, mobility: {} })).to.deep.equal(told);
    expect(told.join('\n')).not.to.contain('mode ro');
  });

  it('gives a mobile node its home address with the flag, and once', () => {
    expect(render(away).lines.filter((line) => line.startsWith('address'))).to.deep.equal([
      `address add ${careOfAddress}/64 dev eth0 nodad`,
      `address add ${homeAddress}/128 dev lo home nodad`,
    ]);
    const atHome = { ...away, interfaces: [{ name: 'eth0', link: 'home', addresses: [`${homeAddress}/64`] }] };
    expect(render(atHome).lines.filter((line) => line.startsWith('address'))).to.deep.equal([
      `address add ${homeAddress}/64 dev eth0 nodad`,
    ]);
    expect(ownAddresses({ ...away, innerAddresses: [] })).to.deep.equal([careOfAddress, homeAddress]);
  });

  it('sends a mobile node’s option to its correspondents, and takes a routing header from anybody', () => {
    expect(states(away)).to.deep.equal([
      `xfrm state add src ${homeAddress} dst ${node} proto hao mode ro coa ${careOfAddress}`,
      `xfrm state add src :: dst ${homeAddress} proto route2 mode ro coa ${careOfAddress} flag wildrecv`,
    ]);
    const selector = { local: `${homeAddress}/128`, remote: `${node}/128` };
    expect(policies({ ...away, spd: [{ ...protect, selector }] })).to.deep.equal([
      `out src ${homeAddress}/128 dst ${node}/128 priority 1000 ${hao} ${esp}`,
      `in src ${node}/128 dst ${homeAddress}/128 priority 1000 ${esp} ${route2}`,
      `out src ${homeAddress}/128 dst ::/0 priority 1001 action allow ${hao}`,
      `in src ::/0 dst ${homeAddress}/128 priority 1001 action allow ${route2}`,
    ]);
  });

  it('lets two mobile nodes speak, each the other’s correspondent', () => {
    const other = '2001:db8:8::8';
    const correspondentNode = { bindings: [{ homeAddress: other, careOfAddress: node }] };
    const mobileNode = { ...away.mobility!.mobileNode!, byHand: byHand(other) };
    const selector = { local: `${homeAddress}/128`, remote: `${other}/128` };
    const told = policies({ ...away, spd: [{ ...protect, selector }], mobility: { correspondentNode, mobileNode } });
    expect(told.slice(0, 2)).to.deep.equal([
      `out src ${homeAddress}/128 dst ${other}/128 priority 1000 ${hao} ${route2} ${esp}`,
      `in src ${other}/128 dst ${homeAddress}/128 priority 1000 ${esp} ${hao} ${route2}`,
    ]);
  });

  it('makes of the tunnel to a home agent a device that has the home address, and leads there what comes from it', () => {
    const told = { interface: 'eth0', homeAddress: `${homeAddress}/64`, homeAgent: node, byHand: byHand() };
    const { lines } = render({ ...away, mobility: { mobileNode: told } });
    expect(lines.filter((line) => !line.startsWith('xfrm'))).to.deep.equal([
      `address add ${careOfAddress}/64 dev eth0 nodad`,
      `link add name home-agent type ip6tnl mode ip6ip6 local ${careOfAddress} remote ${node} encaplimit none`,
      'link set home-agent up',
      'route add ::/0 dev home-agent table 100',
      `-6 rule add from ${homeAddress}/128 to ${node}/128 pref 100 table main`,
      `-6 rule add from ${homeAddress}/128 pref 101 table 100`,
      `address add ${homeAddress}/128 dev home-agent home nodad`,
    ]);
  });

  const mobileNode = { interface: 'eth0', homeAddress: `${homeAddress}/64` };
  const agent = { interface: 'eth0', address: node, homeAddresses: [homeAddress], requiresIpsec: true };
  const refused: [string, Mobility, RegExp][] = [
    ['a home agent', { homeAgent: agent }, /no Mobile IPv6 signalling; a daemon \(umip\)/],
    ['return routability', { correspondentNode: { signalling: {} } }, /no Mobile IPv6 signalling/],
    [
      'registrations',
      { mobileNode: { ...mobileNode, signalling: { lifetime: 60, routeOptimization: true } } },
      /no Mobile IPv6 signalling/,
    ],
  ];
  for (const [name, mobility, reason] of refused) {
    it(`says why not: ${name}`, () => expect(unsupported({ ...empty, mobility })).to.match(reason));
  }

  it('says why not: AH in tunnel mode to a mobile node', () => {
    const tunnel = { local: node, remote: homeAddress };
    const entry: SpdEntry = { ...protect, action: { kind: 'PROTECT', protocol: 'AH', mode: 'tunnel', tunnel } };
    expect(unsupported({ ...empty, spd: [entry], mobility: binding })).to.match(/after the AH of a tunnel/);
    expect(unsupported({ ...empty, spd: [entry], mobility: verifying })).to.equal(undefined);
  });

  it('supports the rest', () => {
    for (const configuration of [away, { ...empty, mobility: binding }, { ...empty, mobility: verifying }, empty])
      expect(unsupported(configuration)).to.equal(undefined);
  });
});

function byHand(...correspondents: string[]) {
  return { careOfAddress, correspondents };
}

const states = (configuration: NodeConfiguration): string[] =>
  render(configuration).lines.filter((line) => line.startsWith('xfrm state'));

/** Without what they all begin with, and without neighbour discovery. */
const policies = (configuration: NodeConfiguration): string[] =>
  render(configuration)
    .lines.filter((line) => line.startsWith('xfrm policy add dir ') && !line.includes('priority 1 '))
    .map((line) => line.slice('xfrm policy add dir '.length));
