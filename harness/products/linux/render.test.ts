import { expect } from 'chai';
import type { ManualEsp, ManualSa, NodeConfiguration, SpdEntry } from '../../lab/node.ts';
import { bareNode } from '../bare-node.test-support.ts';
import { linuxDefects } from './defects.ts';
import { render, unsupported } from './render.ts';

const key = '000102030405060708090a0b0c0d0e0f';

const algorithms = `enc cbc(aes) 0x${key} auth-trunc hmac(sha256) 0x${key}${key} 128`;

const inbound: ManualSa = {
  name: 'back',
  direction: 'in',
  spi: 0x1001,
  source: '192.0.2.2',
  destination: '192.0.2.1',
  mode: 'transport',
  encryption: { id: 12, key },
  integrity: { id: 12, key: key + key },
  replayWindow: 64,
  extendedSequenceNumbers: false,
};

const outbound: ManualSa = {
  ...inbound,
  name: 'there',
  direction: 'out',
  spi: 0x1002,
  source: '192.0.2.1',
  destination: '192.0.2.2',
  replayWindow: 0,
};

const protect: SpdEntry = {
  name: 'hosts',
  direction: 'both',
  selector: { local: '192.0.2.1/32', remote: '192.0.2.2/32', protocol: 17, localPort: [7, 8] },
  action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', securityAssociations: ['there', 'back'] },
};

const bypass: SpdEntry = {
  name: 'clear',
  direction: 'out',
  selector: { local: '192.0.2.1/32', remote: '192.0.2.9/32' },
  action: 'BYPASS',
};

const xfrm = (change: Partial<NodeConfiguration>): string[] =>
  render({ ...bareNode, ...change }).lines.filter((line) => line.startsWith('xfrm'));

describe('a configuration as `ip xfrm` lines', () => {
  it('ties a policy to the SAs it names by a reqid, and gives each state its selector', () => {
    expect(xfrm({ spd: [protect], manual: [inbound, outbound] })).to.deep.equal([
      `xfrm state add src 192.0.2.2 dst 192.0.2.1 proto esp spi 0x00001001 mode transport reqid 1 replay-window 64 ${algorithms} sel src 192.0.2.2/32 dst 192.0.2.1/32 proto 17`,
      `xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x00001002 mode transport reqid 1 replay-window 0 ${algorithms} sel src 192.0.2.1/32 dst 192.0.2.2/32 proto 17`,
      'xfrm policy add dir out src 192.0.2.1/32 dst 192.0.2.2/32 proto 17 sport 7 priority 1000 tmpl proto esp mode transport reqid 1 level required',
      'xfrm policy add dir out src 192.0.2.1/32 dst 192.0.2.2/32 proto 17 sport 8 priority 1000 tmpl proto esp mode transport reqid 1 level required',
      'xfrm policy add dir in src 192.0.2.2/32 dst 192.0.2.1/32 proto 17 dport 7 priority 1000 tmpl proto esp mode transport reqid 1 level required',
      'xfrm policy add dir in src 192.0.2.2/32 dst 192.0.2.1/32 proto 17 dport 8 priority 1000 tmpl proto esp mode transport reqid 1 level required',
    ]);
  });

  it('makes of an entry within another two templates of one policy, inner first, and gives the outer state no selector', () => {
    const name = (each: string) => [`${each}-in`, `${each}-out`];
    const selector = { local: '192.0.2.1/32', remote: '192.0.2.2/32' };
    const protection = { kind: 'PROTECT', mode: 'transport' } as const;
    const spd: SpdEntry[] = [
      {
        name: 'inner',
        direction: 'out',
        selector,
        action: { ...protection, protocol: 'ESP', securityAssociations: name('inner'), within: 'outer' },
      },
      {
        name: 'outer',
        direction: 'out',
        selector: { ...selector, protocol: 50 },
        action: { ...protection, protocol: 'AH', securityAssociations: name('outer') },
      },
    ];
    const { direction, source, destination, integrity, replayWindow, extendedSequenceNumbers } = outbound as ManualEsp;
    const common = {
      direction,
      source,
      destination,
      mode: 'transport',
      replayWindow,
      extendedSequenceNumbers,
    } as const;
    const around = { ...common, name: 'outer-out', spi: 0x2002, protocol: 'AH', integrity: integrity! } as const;
    expect(xfrm({ spd, manual: [{ ...around, selector: spd[1]!.selector }] })).to.deep.equal([
      `xfrm state add src 192.0.2.1 dst 192.0.2.2 proto ah spi 0x00002002 mode transport reqid 2 replay-window 0 flag af-unspec flag align4 auth-trunc hmac(sha256) 0x${key}${key} 128`,
      'xfrm policy add dir out src 192.0.2.1/32 dst 192.0.2.2/32 priority 1000 tmpl proto esp mode transport reqid 1 level required tmpl proto ah mode transport reqid 2 level required',
    ]);
    const circle = spd.map(
      (entry) => ({ ...entry, action: { ...(entry.action as object), within: 'inner' } }) as SpdEntry,
    );
    expect(unsupported({ ...bareNode, spd: circle })).to.match(/XFRM_MAX_DEPTH/);
  });

  it('keeps the order of the SPD as priorities, and says the first of two equal selectors only', () => {
    const entries = (['DISCARD', 'BYPASS', 'DISCARD'] as const).map((action, place) => ({
      ...bypass,
      action,
      selector: { ...bypass.selector, remote: `192.0.2.${Math.max(place, 1)}/32` },
    }));
    expect(xfrm({ spd: entries })).to.deep.equal([
      'xfrm policy add dir out src 192.0.2.1/32 dst 192.0.2.1/32 priority 1000 action block',
      'xfrm policy add dir out src 192.0.2.1/32 dst 192.0.2.2/32 priority 1002 action block',
    ]);
  });

  it('checks what is forwarded out of a tunnel as what is delivered', () => {
    const tunnel = { local: '2001:db8::1', remote: '2001:db8::2' };
    const entry: SpdEntry = {
      ...protect,
      selector: { local: '10.1.0.0/24', remote: '10.2.0.0/24' },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', tunnel },
    };
    const out = 'tmpl src 2001:db8::1 dst 2001:db8::2 proto esp mode tunnel reqid 0 level required';
    const back = 'tmpl src 2001:db8::2 dst 2001:db8::1 proto esp mode tunnel reqid 0 level required';
    expect(xfrm({ spd: [entry], forwarding: true })).to.deep.equal([
      `xfrm policy add dir out src 10.1.0.0/24 dst 10.2.0.0/24 priority 1000 ${out}`,
      'xfrm policy add dir fwd src 10.1.0.0/24 dst 10.2.0.0/24 priority 1000',
      `xfrm policy add dir in src 10.2.0.0/24 dst 10.1.0.0/24 priority 1000 ${back}`,
      `xfrm policy add dir fwd src 10.2.0.0/24 dst 10.1.0.0/24 priority 1000 ${back}`,
    ]);
  });

  it('lets neighbour discovery past a final discard', () => {
    const lines = xfrm({ unmatched: 'DISCARD' });
    expect(lines.slice(0, 4)).to.deep.equal(
      ['in', 'out'].flatMap((dir) =>
        [135, 136].map(
          (type) => `xfrm policy add dir ${dir} src ::/0 dst ::/0 proto 58 type ${type} priority 1 action allow`,
        ),
      ),
    );
    expect(lines.slice(4)).to.include('xfrm policy add dir in src 0.0.0.0/0 dst 0.0.0.0/0 priority 1000 action block');
  });

  const states: [string, Partial<ManualEsp>, string][] = [
    [
      'ESN, counted on from 2^32',
      { extendedSequenceNumbers: true, sequenceNumber: 2n ** 32n + 5n },
      'replay-window 64 replay-seq 5 replay-seq-hi 1 flag esn',
    ],
    ['an AEAD', { encryption: { id: 20, key: '00' } }, 'aead rfc4106(gcm(aes)) 0x00 128'],
    ['no encryption', { encryption: { id: 11, key: '' } }, 'enc ecb(cipher_null) ""'],
    ['ESP in UDP', { encapsulation: { sourcePort: 4500, destinationPort: 4501 } }, 'encap espinudp 4500 4501 0.0.0.0'],
    ['lifetimes', { lifetime: { seconds: 3, octets: 1000 } }, 'limit time-hard 3 limit byte-hard 1000'],
  ];
  for (const [name, change, words] of states) {
    it(`writes ${name}`, () => expect(xfrm({ manual: [{ ...inbound, ...change }] })[0]).to.contain(words));
  }

  it('leaves the selector open, for both families, where no entry or more than one names the SA', () => {
    expect(xfrm({ manual: [inbound] })[0])
      .to.contain('flag af-unspec')
      .and.not.contain(' sel ');
    expect(xfrm({ spd: [protect, { ...protect, name: 'other' }], manual: [inbound] })[0])
      .to.contain('reqid 2')
      .and.not.contain(' sel ');
  });

  const refused: [string, Partial<NodeConfiguration>, RegExp][] = [
    ['IKE', { ike: [{}] as never }, /no IKE/],
    ["a window beyond the kernel's", { manual: [{ ...inbound, replayWindow: 5000 }] }, /XFRMA_REPLAY_ESN_MAX/],
    ['ESN without a window', { manual: [{ ...inbound, replayWindow: 0, extendedSequenceNumbers: true }] }, /esn flag/],
    ['an unknown transform', { manual: [{ ...inbound, encryption: { id: 99, key: '' } }] }, /transform 99/],
    [
      'a long range of ports',
      { spd: [{ ...protect, selector: { ...protect.selector, localPort: [1, 1000] } }] },
      /no range/,
    ],
  ];
  for (const [name, change, reason] of refused) {
    it(`says why not: ${name}`, () => {
      expect(unsupported({ ...bareNode, ...change })).to.match(reason);
    });
  }

  it('routes what a tunnel carries, unless something already does or the tunnel itself runs there', () => {
    const tunnelTo = (remote: string): SpdEntry => ({
      ...protect,
      selector: { local: '10.1.0.0/24', remote },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', tunnel: { local: '192.0.2.1', remote: '192.0.2.2' } },
    });
    const routes = (entry: SpdEntry, more: Partial<NodeConfiguration> = {}) =>
      render({ ...bareNode, ...more, spd: [entry] }).lines.filter((line) => line.startsWith('route'));
    expect(routes(tunnelTo('10.2.0.0/24'))).to.deep.equal(['route add 10.2.0.0/24 dev eth0']);
    expect(routes(tunnelTo('192.0.2.0/25'))).to.deep.equal([]);
    const gateway = { destination: 'default4', via: '192.0.2.254', interface: 'eth0' };
    expect(routes(tunnelTo('10.2.0.0/24'), { routes: [gateway] })).to.deep.equal([
      'route add 0.0.0.0/0 via 192.0.2.254 dev eth0',
    ]);
  });
});

/** What they change is told only to a node with a home address. */
const aboutHomeAddresses: ReadonlySet<string> = new Set([
  'no-option-template',
  'any-care-of-address',
  'no-routing-header',
  'home-address-of-no-flag',
]);

describe('defects planted in a Linux kernel', () => {
  const hosts = render({
    ...bareNode,
    routes: [{ destination: 'default4', via: '192.0.2.254', interface: 'eth0' }],
    spd: [protect, bypass],
    manual: [inbound],
  });
  const [own, peer] = ['2001:db8:1::1', '2001:db8:a2::1'];
  const ofHomeAddresses = render({
    ...bareNode,
    mobility: {
      correspondentNode: { verifiesByIpsec: true, bindings: [{ homeAddress: peer, careOfAddress: '2001:db8:1::2' }] },
      mobileNode: {
        interface: 'eth0',
        homeAddress: '2001:db8:a1::1/64',
        byHand: { careOfAddress: own, correspondents: [peer] },
      },
    },
    spd: [{ ...protect, selector: { local: `${own}/128`, remote: `${peer}/128` } }],
  });
  for (const [name, defect] of Object.entries(linuxDefects)) {
    const rendering = aboutHomeAddresses.has(name) ? ofHomeAddresses : hosts;
    it(`${name} changes what is told, and only when planted`, () => {
      const before = JSON.stringify(rendering);
      expect(JSON.stringify(defect.plant(rendering))).not.to.equal(before);
      expect(JSON.stringify(rendering)).to.equal(before);
    });
  }

  it('no-state-selectors leaves a line that ip(8) can read', () => {
    const line = linuxDefects['no-state-selectors']!.plant(hosts).lines.find((one) => one.startsWith('xfrm state'))!;
    expect(line).to.match(/replay-window 64 flag af-unspec enc cbc\(aes\) \S+ auth-trunc hmac\(sha256\) \S+ 128$/);
  });
});
