import { expect } from 'chai';
import type { ChildConfiguration, SpdEntry } from '../../lab/node.ts';
import { byCertificate, node } from '../two-gateways.test-support.ts';
import { strongswanUserspace } from './strongswan-userspace.ts';

describe('what libipsec does not do', () => {
  const gateway = node('left', byCertificate);
  const [peer] = gateway.ike;
  const withChild = (change: Partial<ChildConfiguration>) => ({
    ...gateway,
    ike: [{ ...peer!, children: peer!.children.map((child) => ({ ...child, ...change })) }],
  });

  it('is nothing that a tunnel of ESP asks', () => {
    expect(strongswanUserspace.unsupported(gateway)).to.equal(undefined);
    expect(strongswanUserspace.unsupported(withChild({ replayWindow: 64 }))).to.equal(undefined);
  });

  for (const [change, reason] of [
    [{ mode: 'transport' }, /unsupported mode/],
    [{ protocol: 'AH' }, /protocol not supported/],
    [{ start: 'trap' }, /could not find an outbound IPsec SA/],
    [{ replayWindow: 0 }, /one window/],
    [{ replayWindow: 256 }, /one window/],
    [
      { proposals: [{ encryption: [{ id: 20, keyLength: 128 }], integrity: [], extendedSequenceNumbers: [true] }] },
      /ESN not supported/,
    ],
  ] as const)
    it(`is ${JSON.stringify(change)}`, () => {
      expect(strongswanUserspace.unsupported(withChild(change))).to.match(reason);
    });

  it('is a policy that bypasses', () => {
    const bypass: SpdEntry = {
      name: 'clear',
      direction: 'both',
      selector: { local: '10.0.1.0/24', remote: '10.0.2.0/24' },
      action: 'BYPASS',
    };
    expect(strongswanUserspace.unsupported({ ...gateway, spd: [bypass] })).to.match(/we ignore these policies/);
  });

  it('leaves no shunt in what it is told', () => {
    const discovery: SpdEntry = {
      name: 'net',
      direction: 'both',
      selector: { local: '2001:db8:a1::/64', remote: '2001:db8:a2::/64' },
      action: { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', tunnel: { local: '192.0.2.1', remote: '192.0.2.2' } },
    };
    const { connections } = strongswanUserspace.render({ ...gateway, spd: [discovery] });
    expect(Object.keys(connections)).to.deep.equal(['peer']);
  });
});
