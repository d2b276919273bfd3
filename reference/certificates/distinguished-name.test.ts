import { expect } from 'chai';
import fc from 'fast-check';
import { hex, unhex } from '../wire/octets.ts';
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
  equalDistinguishedNames,
  isWithinSubtree,
  parseDistinguishedName,
  printDistinguishedName,
  printInEncodingOrder,
} from './distinguished-name.ts';

describe('distinguished names', () => {
  it('are written from the last relative name, and encoded from the first', () => {
    const name = parseDistinguishedName('CN=a.example, O=Touchstone, C=CH');
    expect(name.map(([attribute]) => attribute!.value)).to.deep.equal(['CH', 'Touchstone', 'a.example']);
    expect(hex(encodeDistinguishedName(name))).to.equal(
      '3036310b3009060355040613024348311330110603550' +
        '40a130a546f75636873746f6e653112301006035504031309612e6578616d706c65',
    );
    expect(printDistinguishedName(name)).to.equal('CN=a.example, O=Touchstone, C=CH');
    expect(printInEncodingOrder(name)).to.equal('C=CH, O=Touchstone, CN=a.example');
  });

  it('follow the examples of RFC 4514 section 4', () => {
    for (const [text, values] of [
      ['UID=jsmith,DC=example,DC=net', ['net', 'example', 'jsmith']],
      ['OU=Sales+CN=J.  Smith,DC=example,DC=net', ['net', 'example', 'Sales', 'J.  Smith']],
      ['CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net', ['net', 'example', 'James "Jim" Smith, III']],
      ['CN= padded \\  , O=\\\\ ', ['\\', 'padded  ']],
      ['CN=Before\\0dAfter,DC=example,DC=net', ['net', 'example', 'Before\rAfter']],
      ['CN=Lu\\C4\\8Di\\C4\\87', ['Lučić']],
    ] as const) {
      const name = parseDistinguishedName(text);
      expect(name.flat().map((attribute) => attribute.value)).to.deep.equal(values);
    }
  });

  it('take the form of string that RFC 5280 asks for', () => {
    const name = parseDistinguishedName('emailAddress=a@b.example, CN=Lučić, CN=plain, DC=example');
    expect(name.flat().map(({ form }) => form)).to.deep.equal([
      'ia5String',
      'printableString',
      'utf8String',
      'ia5String',
    ]);
  });

  it('survive text and DER, whatever the value', () => {
    const values = fc.array(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(values, (texts) => {
        const name = texts.map((value) => [{ type: '2.5.4.3', value, form: 'utf8String' as const }]);
        const again = parseDistinguishedName(printDistinguishedName(name));
        expect(again.flat().map(({ value }) => value)).to.deep.equal(texts);
        expect(decodeDistinguishedName(encodeDistinguishedName(name))).to.deep.equal(name);
      }),
      { numRuns: 300 },
    );
  });

  it('are no names: an unknown attribute, none at all, other octets', () => {
    for (const text of ['XY=1', 'CN', 'CN=a,,O=b', '=a']) {
      expect(() => parseDistinguishedName(text), text).to.throw(RangeError);
    }
    for (const digits of ['', '00', '3005', '30020500', '310b3009060355040613024348']) {
      expect(decodeDistinguishedName(unhex(digits)), digits).to.equal(undefined);
    }
  });

  it('are equal by RFC 5280 section 7.1: case, white space and the form of string aside', () => {
    const name = parseDistinguishedName('CN=A  b, O=Touchstone');
    const utf8 = name.map((relative) => relative.map((attribute) => ({ ...attribute, form: 'utf8String' as const })));
    for (const same of [utf8, parseDistinguishedName('cn=a B, o=TOUCHSTONE')]) {
      expect(equalDistinguishedNames(name, same)).to.equal(true);
    }
    for (const other of ['CN=Ab, O=Touchstone', 'O=Touchstone, CN=A b', 'CN=A b', 'OU=A b, O=Touchstone', '']) {
      expect(equalDistinguishedNames(name, parseDistinguishedName(other)), other).to.equal(false);
    }
    const [set, turned] = ['CN=a+OU=b', 'OU=b+CN=a'].map(parseDistinguishedName);
    expect(equalDistinguishedNames(set!, turned!)).to.equal(true);
  });

  it('lie in the sub-tree of a name they begin with', () => {
    const root = parseDistinguishedName('O=Touchstone, C=CH');
    expect(isWithinSubtree(parseDistinguishedName('CN=a, O=touchstone, C=CH'), root)).to.equal(true);
    expect(isWithinSubtree(root, root)).to.equal(true);
    expect(isWithinSubtree(parseDistinguishedName('CN=a, O=Other, C=CH'), root)).to.equal(false);
    expect(isWithinSubtree(parseDistinguishedName('C=CH'), root)).to.equal(false);
  });
});
