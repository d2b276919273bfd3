import { expect } from 'chai';
import type { ManualSa, MobilityConfiguration, NodeConfiguration, SpdEntry } from '../../lab/node.ts';
import { products } from '../catalogue.ts';
import { noneGiven } from './folder.ts';
import { printedRendering, render, unsupported } from './render.ts';

const agent = '2001:db8:a::1';
const mobile = '2001:db8:a::100';

const base: NodeConfiguration = {
  name: 'nut',
  interfaces: [{ name: 'eth0', link: 'home', addresses: [`${agent}/64`] }],
  innerAddresses: [],
  routes: [],
  forwarding: true,
  sinks: [],
  spd: [],
  manual: [],
  ike: [],
};

const told = (mobility: MobilityConfiguration, more: Partial<NodeConfiguration> = {}): NodeConfiguration => ({
  ...base,
  ...more,
  mobility,
});

const homeAgent = { interface: 'eth0', address: agent, homeAddresses: [mobile], requiresIpsec: false } as const;

const mobileNode = {
  interface: 'eth0',
  homeAddress: `${mobile}/64`,
  homeAgent: agent,
  signalling: { lifetime: 600, routeOptimization: true },
} as const;

const key = '00'.repeat(32);

const sa = (name: string, direction: 'in' | 'out', spi: number): ManualSa => ({
  name,
  direction,
  spi,
  source: direction === 'in' ? mobile : agent,
  destination: direction === 'in' ? agent : mobile,
  mode: 'transport',
  encryption: { id: 11, key: '' },
  integrity: { id: 12, key },
  replayWindow: 0,
  extendedSequenceNumbers: false,
});

const signalling: SpdEntry = {
  name: 'registration',
  direction: 'both',
  selector: { local: `${agent}/128`, remote: `${mobile}/128`, protocol: 135 },
  action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', securityAssociations: ['in', 'out'] },
};

const tunnelled: SpdEntry = {
  name: 'return routability',
  direction: 'both',
  selector: { local: '::/0', remote: `${mobile}/128`, protocol: 135 },
  action: { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', tunnel: { local: agent, remote: mobile } },
};

const web: SpdEntry = {
  name: 'web',
  direction: 'both',
  selector: { local: `${agent}/128`, remote: `${mobile}/128`, protocol: 6 },
  action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport' },
};

describe('the rendering for mip6d', () => {
  it('of a correspondent, whose bindings come by signalling or not at all', () => {
    const settings = (correspondentNode: MobilityConfiguration['correspondentNode']) =>
      render(told({ correspondentNode: correspondentNode! })).settings;
    expect(settings({ signalling: {} })).to.equal('NodeConfig CN;\nDebugLevel 10;\nDoRouteOptimizationCN enabled;\n');
    expect(settings({})).to.contain('DoRouteOptimizationCN disabled;');
  });

  it('of a home agent: whom it serves, how long, and what radvd says beside it', () => {
    const { settings, advertisements, policies } = render(
      told({
        homeAgent: {
          ...homeAgent,
          longestBinding: 40,
          preference: 7,
          prefixDeliveries: { shortest: 1, longest: 60 },
        },
      }),
    );
    expect(settings).to.equal(
      [
        'NodeConfig HA;',
        'DebugLevel 10;',
        'DoRouteOptimizationCN disabled;',
        'Interface "eth0";',
        'HaMaxBindingLife 40;',
        'MinMobPfxAdvInterval 1;',
        'MaxMobPfxAdvInterval 60;',
        'DefaultBindingAclPolicy deny;',
        `BindingAclPolicy ${mobile} allow;`,
        'UseMnHaIPsec disabled;',
        '',
      ].join('\n'),
    );
    expect(advertisements).to.contain(`prefix ${agent}/64 { AdvOnLink on; AdvAutonomous on; AdvRouterAddr on; };`);
    expect(advertisements).to.contain('HomeAgentPreference 7;');
    expect(policies).to.deep.equal([]);
  });

  it('of what protects its signalling: policies of its own under the reqid of the SAs, and the kernel has the rest', () => {
    const { settings, states, policies } = render(
      told(
        { homeAgent },
        { spd: [signalling, web, tunnelled], manual: [sa('in', 'in', 0x1001), sa('out', 'out', 0x1002)] },
      ),
    );
    expect(settings).to.contain(
      [
        'UseMnHaIPsec enabled;',
        'IPsecPolicySet {',
        `\tHomeAgentAddress ${agent};`,
        `\tHomeAddress ${mobile}/64;`,
        '\tIPsecPolicy Mh UseESP 1;',
        '\tIPsecPolicy TunnelMh UseESP 0;',
        '}',
      ].join('\n'),
    );
    expect(states.map((line) => /reqid \d+/.exec(line)?.[0])).to.deep.equal(['reqid 1', 'reqid 1']);
    expect(policies).to.have.length(4); // in and out and both ways through
    for (const line of policies) expect(line).to.match(/^xfrm policy update .* proto 6 /);
  });

  it('of a home agent that requires IPsec, though no entry says how', () => {
    expect(render(told({ homeAgent: { ...homeAgent, requiresIpsec: true } })).settings).to.contain(
      '\tIPsecPolicy HomeRegBinding UseESP;',
    );
  });

  it('of one that requires IPsec, where the entry says only how it answers', () => {
    const spd = [{ ...signalling, direction: 'out' } as const];
    const settings = (requiresIpsec: boolean) =>
      render(told({ homeAgent: { ...homeAgent, requiresIpsec } }, { spd, manual: [sa('in', 'in', 0x1001)] })).settings;
    expect(settings(true)).to.contain('\tIPsecPolicy Mh UseESP 1;').and.not.contain('HomeRegBinding');
    expect(settings(false)).to.contain('UseMnHaIPsec disabled;');
  });

  it('of a mobile node, whose home agent it knows or discovers', () => {
    const spd = [
      { ...signalling, selector: { ...signalling.selector, local: `${mobile}/128`, remote: `${agent}/128` } },
    ];
    const { settings } = render(told({ mobileNode }, { spd }));
    expect(settings).to.equal(
      [
        'NodeConfig MN;',
        'DebugLevel 10;',
        'DoRouteOptimizationCN disabled;',
        'DoRouteOptimizationMN enabled;',
        'UseCnBuAck enabled;',
        'MnMaxHaBindingLife 600;',
        'MnMaxCnBindingLife 420;',
        'InterfaceInitialInitDelay 0.0;',
        'Interface "eth0" { MnIfPreference 1; }',
        'MnHomeLink "eth0" {',
        `\tHomeAgentAddress ${agent};`,
        `\tHomeAddress ${mobile}/64;`,
        '}',
        'UseMnHaIPsec enabled;',
        'IPsecPolicySet {',
        `\tHomeAgentAddress ${agent};`,
        `\tHomeAddress ${mobile}/64;`,
        '\tIPsecPolicy Mh UseESP 1;',
        '}',
        '',
      ].join('\n'),
    );
    const { homeAgent: _known, ...discovers } = mobileNode;
    expect(render(told({ mobileNode: discovers })).settings).to.contain('\tHomeAgentAddress ::;');
  });

  it('is printed for a person, file by file', () => {
    const text = printedRendering(render(told({ homeAgent })));
    expect(text).to.match(/# mip6d\.conf\nNodeConfig HA;[\s\S]*# radvd\.conf\ninterface eth0 \{/);
    expect(printedRendering(render(base))).to.not.contain('mip6d.conf');
  });
});

describe('what mip6d does not support', () => {
  const ah: SpdEntry = { ...signalling, action: { kind: 'PROTECT', protocol: 'AH', mode: 'transport' } };
  const byHand = { careOfAddress: '2001:db8:f1::1', correspondents: [] };
  const table: readonly [configuration: NodeConfiguration, says: RegExp | undefined][] = [
    [base, /is for the product linux/],
    [told({}), /is for the product linux/],
    [told({ correspondentNode: {} }), undefined],
    [told({ correspondentNode: { signalling: { longestBinding: 420 } } }), undefined],
    [
      told({ correspondentNode: { signalling: { longestBinding: 40 } } }),
      /has no lifetime of a correspondent's bindings/,
    ],
    [told({ correspondentNode: { signalling: { trustsIpsec: true } } }), /takes the place of return routability/],
    [told({ correspondentNode: { signalling: { keepsNoBindings: true } } }), /DoRouteOptimizationCN/],
    [told({ correspondentNode: { verifiesByIpsec: true } }), /no policy by which an SA vouches/],
    [
      told({ correspondentNode: { bindings: [{ homeAddress: mobile, careOfAddress: '2001:db8:f1::1' }] } }),
      /no binding by hand/,
    ],
    [told({ homeAgent }), undefined],
    [told({ homeAgent, mobileNode }), /one of CN, HA and MN/],
    [told({ homeAgent: { ...homeAgent, longestBinding: 262_144 } }), /at most 262140/],
    [told({ homeAgent: { ...homeAgent, homeAddresses: ['2001:db8:b::1'] } }), /2001:db8:b::1 is not/],
    [told({ homeAgent }, { spd: [ah] }), /only the ESP IPsec protocol/],
    [told({ mobileNode }), undefined],
    [told({ mobileNode: { ...mobileNode, byHand } }), /no registration by hand/],
    [told({ mobileNode: { ...mobileNode, signalling: { lifetime: 262_144, routeOptimization: false } } }), /at most/],
  ];
  for (const [configuration, says] of table) {
    it(says === undefined ? `nothing: ${JSON.stringify(configuration.mobility)}` : `${says}`, () => {
      const reason = unsupported(configuration);
      if (says === undefined) expect(reason).to.equal(undefined);
      else expect(reason).to.match(says);
    });
  }

  it('anything, where none was brought', () => {
    const product = products.find(({ name }) => name === 'umip')!;
    expect(product.unsupported(told({ homeAgent }))).to.equal(noneGiven);
    const brought = product.runs === 'in-guest' ? product.brings!.from('/a/folder') : product;
    expect(brought.unsupported(told({ homeAgent }))).to.equal(undefined);
    expect(brought).to.not.have.property('brings');
    expect(product).to.not.have.property('expected');
    expect(brought.expected)
      .to.have.property('baseline')
      .that.matches(/umip.baseline\.json$/);
  });
});
