import { expect } from 'chai';
import { fromText, hex, unhex } from '../wire/octets.ts';
import { equalInConstantTime, integrityTransform, integrityWithoutIv } from './integrity.ts';

const hiThere = fromText('Hi There');
const jefeAsks = fromText('what do ya want for nothing?');

const vectors: [source: string, id: number, key: Uint8Array, data: Uint8Array, icv: string][] = [
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

const counting = (length: number) => Uint8Array.from({ length }, (_, i) => i);
const counted = counting(16);
const nist = unhex('2b7e151628aed2a6abf7158809cf4f3c');
const nistMessage = unhex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
);

vectors.push(
  ['RFC 3566 case 1', 5, counted, new Uint8Array(), '75f0251d528ac01c4573dfd5'],
  ['RFC 3566 case 2', 5, counted, counting(3), '5b376580ae2f19afe7219cee'],
  ['RFC 3566 case 3', 5, counted, counting(16), 'd2a246fa349b68a79998a439'],
  ['RFC 3566 case 4', 5, counted, counting(20), '47f51b4564966215b8985c63'],
  ['RFC 3566 case 5', 5, counted, counting(32), 'f54f0ec8d2b9f3d36807734b'],
  ['RFC 3566 case 6', 5, counted, counting(34), 'becbb3bccdb518a30677d548'],
  ['RFC 3566 case 7', 5, counted, new Uint8Array(1000), 'f0dafee895db30253761103b'],
  ['RFC 4494 case 1', 8, nist, new Uint8Array(), 'bb1d6929e95937287fa37d12'],
  ['RFC 4494 case 2', 8, nist, nistMessage.subarray(0, 16), '070a16b46b4d4144f79bdd9d'],
  ['RFC 4494 case 3', 8, nist, nistMessage.subarray(0, 40), 'dfa66747de9ae63030ca3261'],
  ['RFC 4494 case 4', 8, nist, nistMessage, '51f0bebf7e3b9d92fc497417'],
);

/** RFC 4543 section 6 has none of its own and points at those of GCM: appendix B there without plaintext, and NIST's with associated data. The nonce is salt and IV. */
const galoisVectors: readonly [source: string, id: number, key: string, nonce: string, data: string, icv: string][] = [
  ['GCM B case 1', 9, '00'.repeat(16), '00'.repeat(12), '', '58e2fccefa7e3061367f1d57a4e7455a'],
  ['GCM B case 7', 10, '00'.repeat(24), '00'.repeat(12), '', 'cd33b28ac773f74ba00ed1f312572435'],
  ['GCM B case 13', 11, '00'.repeat(32), '00'.repeat(12), '', '530f8afbc74536b9a963b4f1c4cb738b'],
  [
    'NIST 128',
    9,
    '77be63708971c4e240d1cb79e8d77feb',
    'e0e00f19fed7ba0136a797f3',
    '7a43ec1d9c0a5a78a0b16533a6213cab',
    '209fcc8d3675ed938e9c7166709dd946',
  ],
  [
    'NIST 192',
    10,
    '41c5da8667ef725220ffe39ae0ac590ac9fca729ab60ada0',
    '05ad13a5e2c2ab667e1a6fbc',
    '8b5c124bef6e2f0fe4d8c95cd5fa4cf1',
    '204bdb1bd62154bf08922aaa54eed705',
  ],
  [
    'NIST 256',
    11,
    '78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223',
    'd79cf22d504cc793c3fb6c8a',
    'b96baa8c1c75a671bfb2d08d06be5f36',
    '3e5d486aa2e30b22e040b85723a06e76',
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

    for (const [source, id, key, nonce, data, icv] of galoisVectors) {
      it(`${source}, by ${provider}`, () => {
        const transform = integrityTransform(id, provider)!;
        const [salt, iv] = [nonce.slice(0, 8), nonce.slice(8)];
        expect(hex(transform.icv(unhex(key + salt), unhex(data), unhex(iv)))).to.equal(icv);
        expect(transform).to.include({ icvOctets: 16, ivOctets: 8, keyOctets: key.length / 2 + 4 });
      });
    }

    it(`what is made with a block cipher takes keys of one length only, by ${provider}`, () => {
      for (const id of [5, 8, 9, 10, 11]) {
        const { icv, keyOctets, ivOctets } = integrityTransform(id, provider)!;
        const iv = new Uint8Array(ivOctets);
        expect(() => icv(new Uint8Array(keyOctets), hiThere, iv), `${id}`).to.not.throw();
        expect(() => icv(new Uint8Array(keyOctets + 1), hiThere, iv), `${id}`).to.throw(RangeError);
      }
      expect(() => integrityTransform(9, provider)!.icv(new Uint8Array(20), hiThere)).to.throw(RangeError, 'IV');
    });
  }

  it('gives ESP and IKE nothing that needs an IV (RFC 4543 section 5.3)', () => {
    const ids = [1, 2, 5, 8, 9, 10, 11, 12, 13, 14];
    expect(ids.filter((id) => integrityWithoutIv(id) === undefined)).to.deep.equal([9, 10, 11]);
    expect(integrityWithoutIv(99)).to.equal(undefined);
  });

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
