import { expect } from 'chai';
import { countersIn, refusalsIn } from './counters.ts';

describe('what a Linux kernel counts', () => {
  it('is names and values', () => {
    expect(countersIn('XfrmInError             \t0\nXfrmInNoStates          \t12\n')).to.deep.equal({
      XfrmInError: 0,
      XfrmInNoStates: 12,
    });
  });

  it('is what IPv6 refused on arrival, and nothing that merely passed', () => {
    const text =
      'Ip6InReceives                   \t9\nIp6InHdrErrors                  \t2\nIp6InAddrErrors                 \t1\nIcmp6InErrors                   \t3\n';
    expect(refusalsIn(text)).to.deep.equal({ Ip6InHdrErrors: 2, Ip6InAddrErrors: 1 });
  });

  it('is nothing of nothing', () => {
    expect([countersIn(''), refusalsIn('')]).to.deep.equal([{}, {}]);
  });
});
