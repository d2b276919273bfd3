import { expect } from 'chai';
import fc from 'fast-check';
import { hex, unhex } from '../wire/octets.ts';
import { integerFrom, octetsFrom } from './integer.ts';
import { keyExchangeMethod } from './key-exchange.ts';

const vectors: readonly { source: string; group: number; i: string; r: string; gi: string; gr: string; gir: string }[] =
  [
    {
      source: 'RFC 8031 appendix A',
      group: 31,
      i: '701fb4308655b476b6789b7325f9ea8cddd16a58533ff6d9e60009464a5f9d54',
      r: '0854645253290d60ddadd0e030bacd9e5501efdc220755a1e978f1b839a05648',
      gi: '48d5ddd4061257ba166fa3f9bbdb74f1a4e81c089384fa77f790709f0dfbc766',
      gr: '0be7c1f5aad87d7e448662673298a443478b859745179eaf564c79c0ef6eee25',
      gir: 'c74950607a12327f3204d94b6825bfb068b7f8319a9e3708ed3d43ce8130c950',
    },
    {
      source: 'RFC 7748 section 6.2',
      group: 32,
      i: '9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b',
      r: '1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d',
      gi: '9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0',
      gr: '3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609',
      gir: '07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d',
    },
    {
      source: 'RFC 5903 section 8.1',
      group: 19,
      i: 'c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433',
      r: 'c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53',
      gi:
        'dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180' +
        '5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
      gr:
        'd12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63' +
        '56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab',
      gir: 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de',
    },
    {
      source: 'RFC 5903 section 8.2',
      group: 20,
      i: '099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194',
      r: '41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc',
      gi:
        '667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa' +
        '9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c',
      gr:
        'e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571' +
        'dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c',
      gir: '11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746',
    },
  ];

const groups = [5, 14, 15, 16, 17, 18, 19, 20, 21, 31, 32] as const;

describe('key exchange methods', () => {
  for (const provider of ['noble', 'node'] as const) {
    for (const vector of vectors) {
      it(`${vector.source}, by ${provider}`, () => {
        const method = keyExchangeMethod(vector.group, provider)!;
        const [i, r] = [unhex(vector.i), unhex(vector.r)];
        expect(hex(method.publicValue(i))).to.equal(vector.gi);
        expect(hex(method.publicValue(r))).to.equal(vector.gr);
        expect(hex(method.sharedSecret(i, unhex(vector.gr))!)).to.equal(vector.gir);
        expect(hex(method.sharedSecret(r, unhex(vector.gi))!)).to.equal(vector.gir);
      });
    }
  }

  it('has the primes that RFC 3526 defines by pi', () => {
    // 2^n - 2^(n-64) - 1 + 2^64 ([2^(n-130) pi] + offset): p - 2 is the greatest value that passes.
    for (const [group, bits, offset] of [
      [5, 1536n, 741804n],
      [14, 2048n, 124476n],
      [15, 3072n, 1690314n],
      [16, 4096n, 240904n],
      [17, 6144n, 929484n],
      [18, 8192n, 4743158n],
    ] as const) {
      const prime = 2n ** bits - 2n ** (bits - 64n) - 1n + 2n ** 64n * (pi(bits - 130n) + offset);
      const method = keyExchangeMethod(group)!;
      expect(method.isValidPublicValue(octetsFrom(prime - 2n, method.publicOctets))).to.equal(true);
      expect(method.isValidPublicValue(octetsFrom(prime - 1n, method.publicOctets))).to.equal(false);
    }
  });

  it('takes the same power in node:crypto as in plain arithmetic', () => {
    for (const group of [14, 15] as const) {
      const method = keyExchangeMethod(group)!;
      const privateValue = new Uint8Array(method.privateOctets).fill(0x5a);
      const generator = octetsFrom(2n, method.publicOctets);
      expect(hex(method.uncheckedSharedSecret(privateValue, generator)!)).to.equal(
        hex(method.publicValue(privateValue)),
      );
    }
  });

  for (const group of groups) {
    it(`group ${group}: two parties agree, whichever provider each has`, () => {
      const one = keyExchangeMethod(group, 'noble')!;
      const other = keyExchangeMethod(group, 'node')!;
      const privateValue = fc.uint8Array({ minLength: one.privateOctets, maxLength: one.privateOctets });
      fc.assert(
        fc.property(privateValue, privateValue, (x, y) => {
          const gx = one.publicValue(x);
          const gy = other.publicValue(y);
          expect(gx.length).to.equal(one.publicOctets);
          expect(hex(other.publicValue(x))).to.equal(hex(gx));
          const secret = one.sharedSecret(x, gy)!;
          expect(hex(other.sharedSecret(y, gx)!)).to.equal(hex(secret));
          expect(hex(one.uncheckedSharedSecret(x, gy)!)).to.equal(hex(secret));
        }),
        { numRuns: 3 },
      );
    });

    it(`group ${group}: values of no possible use are refused`, () => {
      for (const provider of ['noble', 'node'] as const) {
        const method = keyExchangeMethod(group, provider)!;
        const privateValue = new Uint8Array(method.privateOctets).fill(7);
        const honest = method.publicValue(privateValue);
        const zero = new Uint8Array(method.publicOctets);
        expect(method.sharedSecret(privateValue, zero)).to.equal(undefined);
        expect(method.sharedSecret(privateValue, honest.subarray(1))).to.equal(undefined);
        expect(method.sharedSecret(privateValue, new Uint8Array())).to.equal(undefined);
      }
    });
  }

  it('MODP refuses 1 and p - 1, and says without checking what they lead to', () => {
    const method = keyExchangeMethod(14)!;
    const privateValue = Uint8Array.of(3);
    const one = octetsFrom(1n, method.publicOctets);
    expect(method.sharedSecret(privateValue, one)).to.equal(undefined);
    expect(integerFrom(method.uncheckedSharedSecret(privateValue, one)!)).to.equal(1n);
    expect(integerFrom(method.uncheckedSharedSecret(privateValue, new Uint8Array(256))!)).to.equal(0n);
  });

  it('MODP pads a short power to the length of the modulus', () => {
    expect(hex(keyExchangeMethod(14)!.publicValue(Uint8Array.of(9)))).to.equal('0200'.padStart(512, '0'));
  });

  it('ECP refuses a point off the curve, Curve25519 a point of small order', () => {
    for (const provider of ['noble', 'node'] as const) {
      const ecp = keyExchangeMethod(19, provider)!;
      const off = ecp.publicValue(Uint8Array.of(5));
      off[63]! ^= 1;
      expect(ecp.isValidPublicValue(off)).to.equal(false);
      expect(ecp.sharedSecret(Uint8Array.of(5), off)).to.equal(undefined);
      const x25519 = keyExchangeMethod(31, provider)!;
      const smallOrder = unhex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800');
      const privateValue = new Uint8Array(32).fill(9);
      expect(x25519.sharedSecret(privateValue, smallOrder)).to.equal(undefined);
      expect(hex(x25519.uncheckedSharedSecret(privateValue, smallOrder)!)).to.equal('00'.repeat(32));
    }
  });

  it('ECP off the curve: one who does not look ends up on another curve', () => {
    // On y^2 = x^3 - 3x + 1, twice (0, 1) has x = 9/4 and three times (0, 1) has x = -152/81, over the rationals and so modulo p.
    const prime = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
    const point = new Uint8Array(64);
    point[63] = 1;
    const x = (scalar: number) =>
      integerFrom(keyExchangeMethod(19)!.uncheckedSharedSecret(Uint8Array.of(scalar), point)!);
    expect((4n * x(2)) % prime).to.equal(9n);
    expect((81n * x(3)) % prime).to.equal(prime - 152n);
    expect(hex(keyExchangeMethod(19)!.uncheckedSharedSecret(Uint8Array.of(2), new Uint8Array(64))!)).to.equal(
      '00'.repeat(32),
    );
    expect(keyExchangeMethod(19)!.uncheckedSharedSecret(Uint8Array.of(2), new Uint8Array(63))).to.equal(undefined);
  });

  it('brings any private value into range, always in the same way', () => {
    const ecp = keyExchangeMethod(19)!;
    for (const value of ['00'.repeat(32), 'ff'.repeat(32)]) {
      expect(hex(ecp.publicValue(unhex(value)))).to.equal(hex(ecp.publicValue(unhex(value))));
      expect(ecp.isValidPublicValue(ecp.publicValue(unhex(value)))).to.equal(true);
    }
  });

  it('has nothing for unknown groups', () => {
    expect(keyExchangeMethod(1)).to.equal(undefined);
  });
});

/** [2^bits pi], by Machin: pi = 16 arctan(1/5) - 4 arctan(1/239), with 64 bits to spare. */
function pi(bits: bigint): bigint {
  const unit = 2n ** (bits + 64n);
  const arctanOfInverse = (x: bigint) => {
    let sum = 0n;
    let power = unit / x;
    for (let n = 1n, sign = 1n; power > 0n; n += 2n, sign = -sign) {
      sum += (sign * power) / n;
      power /= x * x;
    }
    return sum;
  };
  return (16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n)) >> 64n;
}
