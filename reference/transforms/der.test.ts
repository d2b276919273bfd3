import { expect } from 'chai';
import { hex } from '../wire/octets.ts';
import { derElement, derElements, derTag } from './der.ts';

describe('DER', () => {
  const lengths: readonly [octets: number, written: string][] = [
    [0, '00'],
    [0x7f, '7f'],
    [0x80, '8180'],
    [0xff, '81ff'],
    [0x100, '820100'],
    [0xffff, '82ffff'],
    [0x1_0000, '83010000'],
    [0xff_ffff, '83ffffff'],
  ];
  for (const [octets, written] of lengths) {
    it(`writes the length of ${octets} octets as ${written}, and reads it`, () => {
      const contents = new Uint8Array(octets).fill(0x5a);
      const element = derElement(derTag.OCTET_STRING, contents);
      expect(hex(element.subarray(1, element.length - octets))).to.equal(written);
      const [read, ...others] = derElements(element)!;
      expect(others).to.deep.equal([]);
      expect(read!.tag).to.equal(derTag.OCTET_STRING);
      expect(Buffer.compare(read!.contents, contents)).to.equal(0);
    });
  }

  it('writes no element whose length it could not read', () => {
    expect(() => derElement(derTag.OCTET_STRING, new Uint8Array(2 ** 24))).to.throw(RangeError, /16777216 octets/);
  });
});
