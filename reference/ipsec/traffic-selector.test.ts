/** The arithmetic of traffic selectors, and what a description stands for. */
import { expect } from 'chai';
import {
  contains,
  icmpPort,
  intersection,
  narrowed,
  type SelectorDescription,
  selectorText,
  trafficSelectors,
} from './traffic-selector.ts';

const only = (description: SelectorDescription) => trafficSelectors(description)[0]!;
const any4 = only({ addresses: '0.0.0.0/0' });

describe('traffic selectors', () => {
  const texts: readonly (readonly [SelectorDescription, readonly string[]])[] = [
    [{ addresses: '192.0.2.0/24' }, ['192.0.2.0-192.0.2.255']],
    [{ addresses: '2001:db8::1' }, ['2001:db8::1']],
    [{ addresses: ['10.0.0.5', '10.0.0.9'], protocol: 17, ports: 53 }, ['10.0.0.5-10.0.0.9 protocol 17 ports 53-53']],
    [{ addresses: '10.0.0.0/8', protocol: 6, ports: [80, 90] }, ['10.0.0.0-10.255.255.255 protocol 6 ports 80-90']],
    [{ addresses: '10.0.0.1', protocol: 1, icmp: { type: 8 } }, ['10.0.0.1 protocol 1 ports 2048-2303']],
    [
      { addresses: '10.0.0.1', protocol: 1, icmp: { type: [3, 4], code: 1 } },
      ['10.0.0.1 protocol 1 ports 769-769', '10.0.0.1 protocol 1 ports 1025-1025'],
    ],
  ];
  for (const [description, expected] of texts) {
    it(`${JSON.stringify(description)} is ${expected.join(' and ')}`, () => {
      expect(trafficSelectors(description).map(selectorText)).to.deep.equal(expected);
    });
  }

  it('type and code share sixteen bits', () => {
    expect(icmpPort(3, 4)).to.equal(0x0304);
  });

  const pairs: readonly (readonly [string, SelectorDescription, SelectorDescription, string | undefined])[] = [
    ['a prefix in a wider one', { addresses: '10.1.0.0/16' }, { addresses: '10.0.0.0/8' }, '10.1.0.0-10.1.255.255'],
    [
      'overlapping ranges',
      { addresses: ['10.0.0.1', '10.0.0.9'] },
      { addresses: ['10.0.0.5', '10.0.0.20'] },
      '10.0.0.5-10.0.0.9',
    ],
    ['disjoint ranges', { addresses: '10.1.0.0/16' }, { addresses: '10.2.0.0/16' }, undefined],
    ['two families', { addresses: '0.0.0.0/0' }, { addresses: '::/0' }, undefined],
    ['two protocols', { addresses: '10.0.0.1', protocol: 6 }, { addresses: '10.0.0.1', protocol: 17 }, undefined],
    ['ANY protocol', { addresses: '10.0.0.1' }, { addresses: '10.0.0.1', protocol: 17 }, '10.0.0.1 protocol 17'],
    [
      'port ranges',
      { addresses: '10.0.0.1', protocol: 17, ports: [1, 100] },
      { addresses: '10.0.0.1', protocol: 17, ports: [50, 200] },
      '10.0.0.1 protocol 17 ports 50-100',
    ],
    [
      'ports that never meet',
      { addresses: '10.0.0.1', protocol: 17, ports: 7 },
      { addresses: '10.0.0.1', protocol: 17, ports: 8 },
      undefined,
    ],
    ['OPAQUE in ANY', { addresses: '10.0.0.1', ports: [65535, 0] }, { addresses: '10.0.0.1' }, '10.0.0.1 ports OPAQUE'],
    ['OPAQUE and a port', { addresses: '10.0.0.1', ports: [65535, 0] }, { addresses: '10.0.0.1', ports: 7 }, undefined],
  ];
  for (const [name, one, other, expected] of pairs) {
    it(`intersection of ${name}`, () => {
      for (const [left, right] of [
        [one, other],
        [other, one],
      ]) {
        const common = intersection(only(left!), only(right!));
        expect(common && selectorText(common)).to.equal(expected);
      }
    });
  }

  it('containment is intersection that changes nothing', () => {
    expect(contains(any4, only({ addresses: '10.0.0.0/8', protocol: 17 }))).to.equal(true);
    expect(contains(only({ addresses: '10.0.0.0/8', protocol: 17 }), any4)).to.equal(false);
  });

  it('narrowing keeps the order proposed and says nothing twice', () => {
    const proposed = [only({ addresses: '10.2.0.7' }), any4];
    const allowed = [only({ addresses: '10.2.0.0/24' }), only({ addresses: '10.2.0.0/16' })];
    expect(narrowed(proposed, allowed).map(selectorText)).to.deep.equal([
      '10.2.0.7',
      '10.2.0.0-10.2.0.255',
      '10.2.0.0-10.2.255.255',
    ]);
    expect(narrowed(proposed, [only({ addresses: '::/0' })])).to.deep.equal([]);
  });
});
