import { expect } from 'chai';
import { knowsPrefix, parseBindingCache, parseBindingUpdateList } from './state.ts';

/** As mip6d 1.0 printed them. */
const cache = `hoa 2001:db8:a:0:0:0:0:100 status registered
 coa 2001:db8:f1:0:0:0:0:10 flags AH--
 local 2001:db8:a:0:0:0:0:1
 lifetime 79 / 80 seq 1 unreach 0 / 1122684048 retry -2
hoa 2001:db8:a:0:0:0:0:101 status cached
 coa 2001:db8:f1:0:0:0:0:11 flags A---
 local 2001:db8:a:0:0:0:0:1
 lifetime 19 / 20 seq 1 unreach 0
hoa 2001:db8:a:0:0:0:0:102 status dad
 coa 2001:db8:f1:0:0:0:0:12 flags AH--
 local 2001:db8:a:0:0:0:0:1
 lifetime - / 0 seq 7 unreach 0 / 0 retry -2
`;

const updates = `== BUL_ENTRY ==
Home address    2001:db8:a:0:0:0:0:100
Care-of address 2001:db8:f2:0:0:ff:fe00:1
CN address      2001:db8:a:0:0:0:0:1
 lifetime = 60,  delay = 57000
 flags: IP6_MH_BU_HOME IP6_MH_BU_ACK 
 ack ready
 lifetime 59 / 60 seq 39608 resend 0 delay 57(after 57s)

== BUL_ENTRY ==
Home address    2001:db8:a:0:0:0:0:100
Care-of address 2001:db8:f2:0:0:ff:fe00:1
CN address      2001:db8:c:0:0:0:0:1
 lifetime = 210,  delay = 210000
 flags: IP6_MH_BU_ACK 
 ack ready RR state started
 lifetime 205 / 210 seq 27901 resend 0 delay 210(after 205s)

`;

describe('what mip6d prints', () => {
  it('of its binding cache: bindings that hold, none whose home address is still probed', () => {
    expect(parseBindingCache(cache)).to.deep.equal([
      { homeAddress: '2001:db8:a::100', careOfAddress: '2001:db8:f1::10', homeRegistration: true },
      { homeAddress: '2001:db8:a::101', careOfAddress: '2001:db8:f1::11', homeRegistration: false },
    ]);
    expect(parseBindingCache('')).to.deep.equal([]);
  });

  it('of its binding update list: what waits, for an acknowledgement or for return routability, is not settled', () => {
    const here = { homeAddress: '2001:db8:a::100', careOfAddress: '2001:db8:f2::ff:fe00:1' };
    expect(parseBindingUpdateList(updates)).to.deep.equal([
      { ...here, peer: '2001:db8:a::1', homeRegistration: true, settled: true },
      { ...here, peer: '2001:db8:c::1', homeRegistration: false, settled: false },
    ]);
    const waiting = updates.replace('ack ready\n', 'ack wait\n').replace('RR state started', 'RR state ready');
    expect(parseBindingUpdateList(waiting).map(({ settled }) => settled)).to.deep.equal([false, true]);
    expect(parseBindingUpdateList('unknown command: "(null)"\n')).to.deep.equal([]);
  });

  it('of the prefixes it has heard', () => {
    expect(knowsPrefix('eth0 2001:db8:a:0:0:0:0:1/64\n valid 86400 / 86400 preferred 14400 flags OAR\n')).to.equal(
      true,
    );
    expect(knowsPrefix('')).to.equal(false);
  });
});
