import { expect } from 'chai';
import { fromText, hex, unhex } from '../wire/octets.ts';
import { equalInConstantTime, integrityTransform } from './integrity.ts';

const hiThere = fromText('Hi There');
const jefeAsks = fromText('what do ya want for nothing?');

const vectors: readonly [source: string, id: number, key: Uint8Array, data: Uint8Array, icv: string][] = [
  ['RFC 2202 MD5 case 1', 1, filled(0x0b, 16), hiThere, '9294727a3638bb1c13f48ef8'],
  ['RFC 2202 MD5 case 2', 1, fromText('Jefe'), jefeAsks, '750c783e6ab0b503eaa86e31'],
  ['RFC 2202 SHA-1 case 1', 2, filled(0x0b, 20), hiThere, 'b617318655057264e28bc0b6'],
  ['RFC 2202 SHA-1 case 2', 2, fromText('Jefe'), jefeAsks, 'effcdf6ae5eb2fa2d27416d5'],
  ['RFC 4868 AUTH256-1', 12, filled(0x0b, 32), hiThere, '198a607eb44bfbc69903a0f1cf2bbdc5'],
  ['RFC 4868 AUTH256-2', 12, fromText('Jefe'.repeat(8)), jefeAsks, '167f928588c5cc2eef8e3093caa0e87c'],
  ['RFC 4868 AUTH256-3', 12, filled(0xaa, 32), filled(0xdd, 50), 'cdcb1220d1ecccea91e53aba3092f962'],
  ['RFC 4868 AUTH384-1', 13, filled(0x0b, 48), hiThere, 'b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973'],
  ['RFC 4868 AUTH384-2', 13, fromText('Jefe'.repeat(12)), jefeAsks, '2c7353974f1842fd66d53c452ca42122b28c0b594cfb184d'],
  ['RFC 4868 AUTH384-3', 13, filled(0xaa, 48), filled(0xdd, 50), '809f439be00274321d4a538652164b53554a508184a0c316'],
  [
    'RFC 4868 AUTH512-1',
    14,
    filled(0x0b, 64),
    hiThere,
    '637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8',
  ],
  [
    'RFC 4868 AUTH512-3',
    14,
    filled(0xaa, 64),
    filled(0xdd, 50),
    '2ee7acd783624ca9398710f3ee05ae41b9f9b0510c87e49e586cc9bf961733d8',
  ],
  [
    'RFC 4868 AUTH256-4',
    12,
    unhex('0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20'),
    filled(0xcd, 50),
    '372efcf9b40b35c2115b1346903d2ef4',
  ],
  [
    'RFC 4868 AUTH384-4',
    13,
    unhex('0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f200a0b0c0d0e0f10111213141516171819'),
    filled(0xcd, 50),
    '5b540085c6e6358096532b2493609ed1cb298f774f87bb5c',
  ],
  [
    'RFC 4868 AUTH512-2',
    14,
    fromText('Jefe'.repeat(16)),
    jefeAsks,
    'cb370917ae8a7ce28cfd1d8f4705d6141c173b2a9362c15df235dfb251b15454',
  ],
  [
    // The RFC prints 80 octets of key, says 64, and computed with the last 64.
    'RFC 4868 AUTH512-4',
    14,
    unhex(
      '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40',
    ),
    filled(0xcd, 50),
    '5e6688e5a3daec826ca32eaea224eff5e700628947470e13ad01302561bab108',
  ],
];

describe('integrity transforms', () => {
  for (const provider of ['noble', 'node'] as const) {
    for (const [source, id, key, data, icv] of vectors) {
      it(`${source}, by ${provider}`, () => {
        const transform = integrityTransform(id, provider)!;
        expect(hex(transform.icv(key, data))).to.equal(icv);
        expect(transform.icvOctets).to.equal(icv.length / 2);
      });
    }
  }

  it('takes keys as long as the hash (RFC 4868 section 2.6)', () => {
    expect([1, 2, 12, 13, 14].map((id) => integrityTransform(id)!.keyOctets)).to.deep.equal([16, 20, 32, 48, 64]);
  });

  it('marks HMAC-MD5 as fit for judging only', () => {
    expect([1, 2, 12, 13, 14].filter((id) => integrityTransform(id)!.judgingOnly)).to.deep.equal([1]);
  });

  it('has nothing for AUTH_NONE and unknown numbers', () => {
    expect(integrityTransform(0)).to.equal(undefined);
    expect(integrityTransform(99)).to.equal(undefined);
  });

  it('compares every octet and the length', () => {
    expect(equalInConstantTime(unhex('0102'), unhex('0102'))).to.equal(true);
    expect(equalInConstantTime(unhex('0102'), unhex('0103'))).to.equal(false);
    expect(equalInConstantTime(unhex('0102'), unhex('8102'))).to.equal(false);
    expect(equalInConstantTime(unhex('0102'), unhex('01'))).to.equal(false);
  });
});

function filled(octet: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(octet);
}
