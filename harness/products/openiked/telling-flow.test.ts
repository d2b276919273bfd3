import { expect } from 'chai';
import type { Flow, Policy } from './render.ts';
import { tellingFlow } from './telling-flow.ts';

const hosts: Flow = { from: '192.0.2.1', to: '192.0.2.2' };
const networks: Flow = { from: '2001:db8:a1::/64', to: '2001:db8:a2::/48' };
const hosts6: Flow = { from: '2001:db8:1::1', to: '2001:db8:1::2' };

const policy = (name: string, flows: readonly Flow[], more: Partial<Policy> = {}): Policy => ({
  name,
  child: name,
  mode: 'tunnel',
  encapsulation: 'esp',
  flows,
  peer: '192.0.2.2',
  ikesa: [],
  childsa: [],
  srcid: 'nut.example',
  lifetime: '0 bytes 0',
  internalAddresses: [],
  ...more,
});

describe('a flow that tells iked the policy', () => {
  it('is of IPv4, or of prefixes whose last 64 bits are zero', () => {
    for (const [flow, found] of [
      [hosts, hosts],
      [networks, networks],
      [hosts6, undefined],
      [{ ...networks, to: '2001:db8:a2::/65' }, undefined],
      [{ ...networks, from: '2001:db8:a1::1' }, undefined],
      [{ ...hosts, from: 'dynamic' }, undefined],
    ] as const) {
      const one = policy('one', [flow]);
      expect(tellingFlow(one, [one])).to.equal(found);
    }
  });

  it('is any of those that a policy has, but of none that is for one protocol', () => {
    const both = policy('both', [hosts6, networks]);
    expect(tellingFlow(both, [both])).to.equal(networks);
    const udp = policy('udp', [hosts], { protocol: 17 });
    expect(tellingFlow(udp, [udp])).to.equal(undefined);
  });

  it('is in no policy before, unless that one differs in nothing but its name', () => {
    const first = policy('first', [hosts, networks]);
    const second = policy('second', [hosts]);
    expect(tellingFlow(second, [first, second])).to.equal(undefined);
    expect(tellingFlow(second, [second, first])).to.equal(hosts);
    expect(tellingFlow(second, [policy('elsewhere', [hosts], { peer: '192.0.2.3' }), second])).to.equal(hosts);
    expect(tellingFlow(second, [policy('twin', [hosts]), second])).to.equal(hosts);
  });
});
