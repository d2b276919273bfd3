import { expect } from 'chai';
import fc from 'fast-check';
import { concat, fromText, hex, unhex } from '../wire/octets.ts';
import type { Provider } from './cipher.ts';
import { encryptionTransform } from './encryption.ts';

const providers: readonly Provider[] = ['noble', 'node'];

interface Vector {
  readonly source: string;
  readonly id: number;
  readonly keyLength?: number;
  readonly key: string;
  readonly iv: string;
  readonly plaintext: string;
  readonly aad?: string;
  readonly ciphertext: string;
}

const gcmPlaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const gcmKey = 'feffe9928665731c6d6a8f9467308308';
const gcmCase = {
  id: 20,
  iv: 'facedbaddecaf888',
  plaintext: gcmPlaintext,
  aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
};

const vectors: readonly Vector[] = [
  {
    source: 'RFC 3686 test vector 1',
    id: 13,
    keyLength: 128,
    key: 'ae6852f8121067cc4bf7a5765577f39e00000030',
    iv: '0000000000000000',
    plaintext: hex(fromText('Single block msg')),
    ciphertext: 'e4095d4fb7a7b3792d6175a3261311b8',
  },
  {
    source: 'RFC 3686 test vector 2',
    id: 13,
    keyLength: 128,
    key: '7e24067817fae0d743d6ce1f32539163006cb6db',
    iv: 'c0543b59da48d90b',
    plaintext: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    ciphertext: '5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28',
  },
  {
    source: 'RFC 3602 case 1',
    id: 12,
    keyLength: 128,
    key: '06a9214036b8a15b512e03d534120006',
    iv: '3dafba429d9eb430b422da802c9fac41',
    plaintext: hex(fromText('Single block msg')),
    ciphertext: 'e353779c1079aeb82708942dbe77181a',
  },
  {
    source: 'RFC 3602 case 2',
    id: 12,
    keyLength: 128,
    key: 'c286696d887c9aa0611bbb3e2025a45a',
    iv: '562e17996d093d28ddb3ba695a2e6f58',
    plaintext: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    ciphertext: 'd296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1',
  },
  {
    source: 'RFC 3602 case 3',
    id: 12,
    keyLength: 128,
    key: '6c3ea0477630ce21a2ce334aa746c2cd',
    iv: 'c782dc4c098c66cbd9cd27d825682c81',
    plaintext: hex(fromText('This is a 48-byte message (exactly 3 AES blocks)')),
    ciphertext: 'd0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684',
  },
  {
    source: 'RFC 3602 case 4',
    id: 12,
    keyLength: 128,
    key: '56e47a38c5598974bc46903dba290349',
    iv: '8ce82eefbea0da3c44699ed7db51b7d9',
    plaintext:
      'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf' +
      'c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
    ciphertext:
      'c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e' +
      '35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55',
  },
  {
    source: 'NIST SP 800-38A F.2.3, first block',
    id: 12,
    keyLength: 192,
    key: '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
    iv: '000102030405060708090a0b0c0d0e0f',
    plaintext: '6bc1bee22e409f96e93d7e117393172a',
    ciphertext: '4f021db243bc633d7178183a9fa071e8',
  },
  {
    source: 'NIST SP 800-38A F.2.5, first block',
    id: 12,
    keyLength: 256,
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    iv: '000102030405060708090a0b0c0d0e0f',
    plaintext: '6bc1bee22e409f96e93d7e117393172a',
    ciphertext: 'f58c4c04d6e5f1ba779eabfb5f7bfbd6',
  },
  {
    source: 'GCM specification, test case 4',
    ...gcmCase,
    keyLength: 128,
    key: `${gcmKey}cafebabe`,
    ciphertext:
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091' +
      '5bc94fbc3221a5db94fae95ae7121a47',
  },
  {
    source: 'GCM specification, test case 10',
    ...gcmCase,
    keyLength: 192,
    key: `${gcmKey}feffe9928665731ccafebabe`,
    ciphertext:
      '3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710' +
      '2519498e80f1478f37ba55bd6d27618c',
  },
  {
    source: 'GCM specification, test case 16',
    ...gcmCase,
    keyLength: 256,
    key: `${gcmKey}${gcmKey}cafebabe`,
    ciphertext:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b',
  },
  {
    source: 'RFC 8439 section 2.8.2',
    id: 28,
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f07000000',
    iv: '4041424344454647',
    aad: '50515253c0c1c2c3c4c5c6c7',
    plaintext: hex(
      fromText(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
      ),
    ),
    ciphertext:
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b' +
      '1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
      '3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691',
  },
  {
    source: 'RFC 7634 appendix A',
    id: 28,
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3',
    iv: '1011121314151617',
    aad: '0102030400000005',
    plaintext:
      '45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec100007362708090a0b0c0d0e0f10111213' +
      '1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363701020204',
    ciphertext:
      '24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f7' +
      '2aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e0' +
      '76aaa8266b7fb0f7b11b369907e1ad43',
  },
  {
    source: 'draft-mcgrew-gcm-test-01, GMAC with a key of 128 bits',
    id: 21,
    keyLength: 128,
    key: '4c80cdefbb5d10da906ac73c3613a63422433c64',
    iv: '0000000000000000',
    aad: '0000432100000007',
    plaintext:
      '45000030da3a00008001df3bc0a80005c0a800010800c6cd0200070061626364' + '65666768696a6b6c6d6e6f707172737401020201',
    ciphertext:
      '45000030da3a00008001df3bc0a80005c0a800010800c6cd0200070061626364' +
      '65666768696a6b6c6d6e6f707172737401020201f2a9a836e155106aa8dcd618e4099aaa',
  },
  {
    source: 'FIPS 81, CBC',
    id: 2,
    key: '0123456789abcdef',
    iv: '1234567890abcdef',
    plaintext: hex(fromText('Now is the time for all ')),
    ciphertext: 'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
  },
  {
    source: 'NIST SP 800-67 appendix B, first block',
    id: 3,
    key: '0123456789abcdef23456789abcdef01456789abcdef0123',
    iv: '0000000000000000',
    plaintext: '5468652071756663',
    ciphertext: 'a826fd8ce53b855f',
  },
  {
    source: 'RFC 2410 case 2',
    id: 11,
    key: '',
    iv: '',
    plaintext: hex(fromText('Network Security People Have A Strange Sense Of Humor')),
    ciphertext: hex(fromText('Network Security People Have A Strange Sense Of Humor')),
  },
];

describe('encryption transforms', () => {
  for (const provider of providers) {
    for (const vector of vectors) {
      it(`${vector.source}, by ${provider}`, () => {
        const transform = encryptionTransform(vector.id, vector.keyLength, provider)!;
        const [key, iv, plaintext, aad, ciphertext] = [
          vector.key,
          vector.iv,
          vector.plaintext,
          vector.aad ?? '',
          vector.ciphertext,
        ].map(unhex) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
        expect(hex(transform.encrypt(key, iv, plaintext, aad))).to.equal(vector.ciphertext);
        expect(hex(transform.decrypt(key, iv, ciphertext, aad)!)).to.equal(vector.plaintext);
      });
    }
  }

  const transforms: readonly [id: number, keyLength?: number][] = [
    [2],
    [3],
    [11],
    [12, 128],
    [12, 192],
    [12, 256],
    [13, 128],
    [13, 192],
    [13, 256],
    [14, 128],
    [14, 256],
    [15, 192],
    [16, 128],
    [16, 256],
    [18, 128],
    [18, 192],
    [19, 256],
    [20, 128],
    [20, 192],
    [20, 256],
    [21, 128],
    [21, 192],
    [21, 256],
    [28],
  ];

  for (const [id, keyLength] of transforms) {
    const one = encryptionTransform(id, keyLength, 'noble')!;
    const other = encryptionTransform(id, keyLength, 'node')!;
    const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const inputs = fc
      .nat(20)
      .chain((blocks) =>
        fc.tuple(
          octets(one.keyOctets + one.saltOctets),
          octets(one.ivOctets),
          octets(blocks * one.blockOctets),
          fc.uint8Array({ maxLength: 24 }),
        ),
      );

    it(`${one.name} ${keyLength ?? ''}: both providers agree and undo each other`, () => {
      fc.assert(
        fc.property(inputs, ([key, iv, plaintext, aad]) => {
          const sealed = one.encrypt(key, iv, plaintext, aad);
          expect(sealed.length).to.equal(plaintext.length + one.icvOctets);
          expect(hex(other.encrypt(key, iv, plaintext, aad))).to.equal(hex(sealed));
          expect(hex(other.decrypt(key, iv, sealed, aad)!)).to.equal(hex(plaintext));
          expect(hex(one.decrypt(key, iv, sealed, aad)!)).to.equal(hex(plaintext));
        }),
        { numRuns: 30 },
      );
    });

    if (one.icvOctets > 0) {
      it(`${one.name} ${keyLength ?? ''}: one flipped bit anywhere is refused by both`, () => {
        fc.assert(
          fc.property(inputs, fc.nat(), ([key, iv, plaintext, aad], bit) => {
            const sealed = one.encrypt(key, iv, plaintext, aad);
            const at = bit % (8 * sealed.length);
            sealed[at >> 3]! ^= 1 << (at & 7);
            for (const transform of [one, other]) expect(transform.decrypt(key, iv, sealed, aad)).to.equal(undefined);
          }),
          { numRuns: 30 },
        );
      });

      it(`${one.name} ${keyLength ?? ''}: less than a tag, and other associated data, are refused`, () => {
        for (const transform of [one, other]) {
          const key = new Uint8Array(one.keyOctets + one.saltOctets);
          const iv = new Uint8Array(one.ivOctets);
          const sealed = transform.encrypt(key, iv, new Uint8Array(3), new Uint8Array(8));
          expect(transform.decrypt(key, iv, sealed.subarray(0, one.icvOctets - 1), new Uint8Array(8))).to.equal(
            undefined,
          );
          expect(transform.decrypt(key, iv, sealed, new Uint8Array(12))).to.equal(undefined);
        }
      });
    } else if (one.blockOctets > 1) {
      it(`${one.name} ${keyLength ?? ''}: broken blocks do not decrypt, and are not encrypted`, () => {
        const key = new Uint8Array(one.keyOctets);
        const iv = new Uint8Array(one.ivOctets);
        for (const transform of [one, other]) {
          expect(transform.decrypt(key, iv, new Uint8Array(one.blockOctets + 1))).to.equal(undefined);
          expect(() => transform.encrypt(key, iv, new Uint8Array(one.blockOctets + 1))).to.throw(RangeError);
        }
      });
    }
  }

  it('knows no transform without its key length, with a wrong one, or of an unknown number', () => {
    for (const [id, keyLength] of [
      [12],
      [12, 64],
      [20],
      [20, 129],
      [21],
      [28, 256],
      [3, 192],
      [11, 128],
      [13],
      [13, 64],
      [16],
      [17, 128],
      [65535],
    ]) {
      expect(encryptionTransform(id!, keyLength), `${id}/${keyLength}`).to.equal(undefined);
    }
  });

  it('throws at keys and IVs of another size', () => {
    const gcm = encryptionTransform(20, 128)!;
    expect(() => gcm.encrypt(new Uint8Array(16), new Uint8Array(8), new Uint8Array(4))).to.throw(
      RangeError,
      '20 octets',
    );
    expect(() => gcm.encrypt(new Uint8Array(20), new Uint8Array(12), new Uint8Array(4))).to.throw(RangeError, 'IV');
  });

  it('marks DES, and only DES, as fit for judging only', () => {
    const marked = transforms.filter(([id, keyLength]) => encryptionTransform(id, keyLength)!.judgingOnly);
    expect(marked).to.deep.equal([[2]]);
  });

  it('makes DES of 3DES with one key three times', () => {
    const key = unhex('0123456789abcdef');
    const iv = unhex('1234567890abcdef');
    const plaintext = new Uint8Array(16);
    const tripled = encryptionTransform(3)!.encrypt(concat(key, key, key), iv, plaintext);
    expect(hex(encryptionTransform(2)!.encrypt(key, iv, plaintext))).to.equal(hex(tripled));
  });
});
