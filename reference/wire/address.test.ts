import { expect } from 'chai';
import fc from 'fast-check';
import {
  addressOctets,
  addressText,
  canonicalAddress,
  compareAddresses,
  inPrefix,
  inRange,
  isAddress,
  isLinkLocal,
  isMulticast,
  parsePrefix,
  prefixRange,
  rangePrefix,
  solicitedNodeMulticast,
  v4Mapped,
} from './address.ts';

describe('addresses', () => {
  const canonical: readonly (readonly [string, string])[] = [
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::0001', '::1'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['192.0.2.1', '192.0.2.1'],
  ];
  for (const [given, wanted] of canonical) {
    it(`${given} is written ${wanted}`, () => expect(canonicalAddress(given)).to.equal(wanted));
  }

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '12345::',
    '1.2.3.4::',
    'g::',
    '::1.2.3',
  ]) {
    it(`refuses "${text}"`, () => {
      expect(isAddress(text)).to.equal(false);
      expect(() => addressOctets(text)).to.throw(RangeError);
    });
  }

  it('survive text and octets', () => {
    const addresses = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc
        .array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 })
        .map((octets) => Uint8Array.from(octets)),
    );
    fc.assert(
      fc.property(addresses, (octets) => {
        const text = addressText(octets);
        expect(addressOctets(text)).to.deep.equal(octets);
        expect(canonicalAddress(text)).to.equal(text);
      }),
      { seed: 3 },
    );
  });

  it('order as numbers, IPv4 first', () => {
    expect(['::1', '10.0.0.10', '2001:db8::', '10.0.0.9'].sort(compareAddresses)).to.deep.equal([
      '10.0.0.9',
      '10.0.0.10',
      '::1',
      '2001:db8::',
    ]);
  });

  it('match prefixes to the bit', () => {
    const prefix = parsePrefix('192.0.2.128/25');
    expect(inPrefix('192.0.2.128', prefix)).to.equal(true);
    expect(inPrefix('192.0.2.127', prefix)).to.equal(false);
    expect(inPrefix('::ffff:192.0.2.128', prefix)).to.equal(false);
    expect(inPrefix('2001:db8::1', parsePrefix('::/0'))).to.equal(true);
    expect(() => parsePrefix('192.0.2.0/33')).to.throw(RangeError);
    expect(() => parsePrefix('192.0.2.0/')).to.throw(RangeError);
  });

  it('are ranges and prefixes of one another', () => {
    const range = prefixRange(parsePrefix('2001:db8:1:2::/63'));
    expect(range).to.deep.equal({ first: '2001:db8:1:2::', last: '2001:db8:1:3:ffff:ffff:ffff:ffff' });
    expect(rangePrefix(range)).to.deep.equal({ address: '2001:db8:1:2::', length: 63 });
    expect(rangePrefix({ first: '10.0.0.1', last: '10.0.0.2' })).to.equal(undefined);
    expect(inRange('10.0.0.2', { first: '10.0.0.1', last: '10.0.0.2' })).to.equal(true);
    expect(inRange('10.0.0.3', { first: '10.0.0.1', last: '10.0.0.2' })).to.equal(false);
  });

  it('know their special kinds', () => {
    expect([
      isMulticast('224.0.0.1'),
      isMulticast('ff02::1'),
      isMulticast('fe80::1'),
      isMulticast('192.0.2.1'),
    ]).to.deep.equal([true, true, false, false]);
    expect([isLinkLocal('fe80::1'), isLinkLocal('169.254.1.1'), isLinkLocal('fec0::1')]).to.deep.equal([
      true,
      true,
      false,
    ]);
    expect(v4Mapped('192.0.2.1')).to.equal('::ffff:192.0.2.1');
    expect(solicitedNodeMulticast('2001:db8::abcd:1234:5678')).to.equal('ff02::1:ff34:5678');
  });
});
