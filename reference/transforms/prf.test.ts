import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { fromText, hex } from '../wire/octets.ts';
import { pseudorandomFunction } from './prf.ts';
import { sharedKeyCode } from './shared-key.ts';

const counted = (length: number, ...then: readonly number[]) => Uint8Array.from([...Array(length).keys(), ...then]);
const twenty = String.fromCharCode(...counted(20));

const vectors: readonly [source: string, id: number, key: Uint8Array, data: string, output: string][] = [
  ['RFC 4434, a key of 16 octets', 4, counted(16), twenty, '47f51b4564966215b8985c63055ed308'],
  ['RFC 4434, a key of 10 octets', 4, counted(10), twenty, '0fa087af7d866e7653434e602fdde835'],
  ['RFC 4434, a key of 18 octets', 4, counted(16, 0xed, 0xcb), twenty, '8cd3c93ae598a9803006ffb67c40e9e4'],
  ['RFC 4615, a key of 18 octets', 8, counted(16, 0xed, 0xcb), twenty, '84a348a4a45d235babfffc0d2b4da09a'],
  ['RFC 4615, a key of 16 octets', 8, counted(16), twenty, '980ae87b5f4c9c5214f5b6a8455e4c2d'],
  ['RFC 4615, a key of 10 octets', 8, counted(10), twenty, '290d9e112edb09ee141fcf64c0b72f3d'],
  ['RFC 2202 SHA-1 case 1', 2, filled(0x0b, 20), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
  [
    'RFC 4868 PRF-1',
    5,
    filled(0x0b, 20),
    'Hi There',
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    'RFC 4868 PRF-5, a key longer than a block',
    5,
    filled(0xaa, 131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    'RFC 4868 PRF-1',
    6,
    filled(0x0b, 20),
    'Hi There',
    'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
  ],
  [
    'RFC 4868 PRF-1',
    7,
    filled(0x0b, 20),
    'Hi There',
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
];

describe('pseudorandom functions', () => {
  for (const provider of ['noble', 'node'] as const) {
    for (const [source, id, key, data, output] of vectors) {
      it(`${source} for number ${id}, by ${provider}`, () => {
        const prf = pseudorandomFunction(id, provider)!;
        expect(hex(prf.prf(key, fromText(data)))).to.equal(output);
        expect([prf.outputOctets, prf.keyOctets]).to.deep.equal([output.length / 2, output.length / 2]);
      });
    }
  }

  it('stretches as RFC 7296 section 2.13 writes it out', () => {
    const key = fromText('a key');
    const seed = fromText('a seed');
    const t = (previous: Uint8Array, round: number) =>
      new Uint8Array(createHmac('sha256', key).update(previous).update(seed).update(Uint8Array.of(round)).digest());
    const t1 = t(new Uint8Array(), 1);
    const t2 = t(t1, 2);
    const t3 = t(t2, 3);
    const stream = hex(t1) + hex(t2) + hex(t3);
    for (const length of [0, 1, 32, 33, 64, 96]) {
      expect(hex(pseudorandomFunction(5)!.prfPlus(key, seed, length))).to.equal(stream.slice(0, 2 * length));
    }
  });

  it('ends after 255 rounds', () => {
    const prf = pseudorandomFunction(2, 'node')!;
    expect(prf.prfPlus(fromText('k'), fromText('s'), 255 * 20).length).to.equal(5100);
    expect(() => prf.prfPlus(fromText('k'), fromText('s'), 255 * 20 + 1)).to.throw(RangeError);
  });

  it('has nothing for unknown numbers, and not HMAC-MD5', () => {
    expect(pseudorandomFunction(1)).to.equal(undefined);
    expect(pseudorandomFunction(0)).to.equal(undefined);
  });

  it('pads a shared key with the 17 characters of RFC 7296 section 2.15', () => {
    const secret = fromText('secret');
    const octets = fromText('octets');
    const inner = createHmac('sha1', secret).update('Key Pad for IKEv2').digest();
    const outer = createHmac('sha1', inner).update(octets).digest('hex');
    expect(hex(sharedKeyCode(pseudorandomFunction(2)!, secret, octets))).to.equal(outer);
  });
});

function filled(octet: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(octet);
}
