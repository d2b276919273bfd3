import { expect } from 'chai';
import { inTunnelMode } from './host-tunnel.ts';
import { negotiated } from './ike-intent.ts';

describe('an intent between two hosts, in tunnel mode', () => {
  const given = negotiated();
  const tunnelled = inTunnelMode(given)!;

  it('has the same selectors, and the hosts for ends of the tunnel', () => {
    for (const party of ['nut', 'tn']) {
      const [before, after] = [given, tunnelled].map(({ parties }) => parties[party]!);
      const [entry] = after!.spd;
      const { local, remote } = entry!.selector;
      expect(entry!.selector).to.deep.equal(before!.spd[0]!.selector);
      expect(entry!.action)
        .to.include({ mode: 'tunnel' })
        .and.have.property('tunnel')
        .that.deep.equals({ local: local.split('/')[0], remote: remote.split('/')[0] });
      expect(after!.ike[0]!.children[0]).to.deep.equal({ ...before!.ike[0]!.children[0], mode: 'tunnel' });
    }
  });

  it('is none where transport mode is for others, or for nobody', () => {
    expect(inTunnelMode(negotiated({ mode: 'tunnel' }))).to.equal(undefined);
    const forOthers = { local: [{ addresses: '2001:db8:99::1/128' }] };
    expect(inTunnelMode(negotiated({ child: forOthers }))).to.equal(undefined);
  });
});
