import { expect } from 'chai';
import { internetChecksum, pseudoHeaderChecksum } from './checksum.ts';
import { compare, concat, equal, hex, readU32, readU64, u32, u64, unhex } from './octets.ts';

describe('octets', () => {
  it('join, compare and show themselves', () => {
    expect(hex(concat(unhex('0a 0b'), new Uint8Array(), unhex('FF')))).to.equal('0a0bff');
    expect(equal(unhex('00ff'), unhex('00fe'))).to.equal(false);
    expect(equal(unhex('00'), unhex('0000'))).to.equal(false);
    expect(compare(unhex('80'), unhex('7fff'))).to.be.greaterThan(0);
    expect(() => unhex('0')).to.throw(RangeError);
    expect(() => unhex('0g')).to.throw(RangeError);
  });

  it('hold unsigned numbers', () => {
    expect(readU32(u32(0xfffffffe))).to.equal(0xfffffffe);
    expect(readU64(u64(0xfedcba9876543210n))).to.equal(0xfedcba9876543210n);
  });
});

describe('the Internet checksum', () => {
  it("sums RFC 1071's example", () => {
    expect(internetChecksum(unhex('0001 f203 f4f5 f6f7'))).to.equal(~0xddf2 & 0xffff);
  });

  it('pads an odd octet and folds every carry', () => {
    expect(internetChecksum(unhex('01'))).to.equal(0xfeff);
    expect(internetChecksum(new Uint8Array(65536).fill(0xff))).to.equal(0);
  });

  it('covers addresses, protocol and length', () => {
    const udp = unhex('3500 0035 0009 0000 41');
    const sum = pseudoHeaderChecksum(udp, 17, { source: '192.0.2.1', destination: '192.0.2.2' });
    expect(sum).to.equal(
      ~((0xc000 + 0x0201 + 0xc000 + 0x0202 + 17 + 9 + 0x3500 + 0x35 + 9 + 0x4100) % 0xffff) & 0xffff,
    );
  });
});
