/** Every bound of IPsec, reached by a peer: what is told, and that no more is done. */
import { expect } from 'chai';
import { ipsecBounds } from './bounds.ts';
import { ipsecRules } from './rules.ts';
import { innerAddress, outcome, TwoNodes } from './two-nodes.test-support.ts';

describe('bounds of IPsec', () => {
  it('nestedSas: so many SAs one inside the other are opened, and no more', () => {
    const nested = (layers: number) => {
      let icvs = 0;
      const nut = { integrityCoverage: counted(() => icvs++) };
      const nodes = new TwoNodes({ rules: nut, selector: anyTraffic, sa: { selector: anyTraffic } });
      let packet = nodes.packet({ source: innerAddress('tn', 4), destination: innerAddress('nut', 4) });
      for (let layer = 0; layer < layers; layer++) packet = nodes.sealed({ packet });
      return { outcome: outcome(nodes.nut.inbound(0, packet)), icvs };
    };
    // Sealed from the inside out, so that only the outermost has the latest number: the window must bear it.
    expect(nested(ipsecBounds.nestedSas)).to.deep.equal({ outcome: 'deliver', icvs: ipsecBounds.nestedSas });
    expect(nested(ipsecBounds.nestedSas + 20)).to.deep.equal({ outcome: 'nestedSas', icvs: ipsecBounds.nestedSas });
  });

  it('a forged packet under extended sequence numbers costs five ICVs at most, however many came before', () => {
    let icvs = 0;
    const nodes = new TwoNodes({
      rules: { integrityCoverage: counted(() => icvs++) },
      sa: { extendedSequenceNumbers: true },
    });
    const forged = nodes.sealed({ afterSealing: { apply: (octets) => octets.with(-1, octets.at(-1)! ^ 1) } });
    const costs = Array.from({ length: 100 }, () => {
      const before = icvs;
      nodes.nut.inbound(0, forged);
      return icvs - before;
    });
    expect(costs.slice(0, 16)).to.deep.equal(Array(16).fill(1));
    expect(costs.slice(16)).to.deep.equal(Array(84).fill(5));
  });
});

const anyTraffic = { local: '0.0.0.0/0', remote: '0.0.0.0/0' };

function counted(count: () => void): typeof ipsecRules.integrityCoverage {
  return (...covered) => {
    count();
    return ipsecRules.integrityCoverage(...covered);
  };
}
