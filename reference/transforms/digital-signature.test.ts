import { expect } from 'chai';
import fc from 'fast-check';
import { hex, unhex } from '../wire/octets.ts';
import {
  decodeAlgorithmIdentifier,
  encodeAlgorithmIdentifier,
  type SignatureAlgorithm,
} from './algorithm-identifier.ts';
import { derElement, derElements } from './der.ts';
import {
  decodeDigitalSignature,
  decodeHashAlgorithms,
  encodeDigitalSignature,
  encodeHashAlgorithms,
  hashAlgorithmOf,
} from './digital-signature.ts';

/** RFC 7427 appendix A, and RFC 8410 section 3 for Ed25519. */
const published: readonly [SignatureAlgorithm, string][] = [
  [{ scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha1' }, '300d06092a864886f70d0101050500'],
  [{ scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha256' }, '300d06092a864886f70d01010b0500'],
  [{ scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha384' }, '300d06092a864886f70d01010c0500'],
  [{ scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha512' }, '300d06092a864886f70d01010d0500'],
  [{ scheme: 'ECDSA', hash: 'sha1', form: 'Ecdsa-Sig-Value' }, '300906072a8648ce3d0401'],
  [{ scheme: 'ECDSA', hash: 'sha256', form: 'Ecdsa-Sig-Value' }, '300a06082a8648ce3d040302'],
  [{ scheme: 'ECDSA', hash: 'sha384', form: 'Ecdsa-Sig-Value' }, '300a06082a8648ce3d040303'],
  [{ scheme: 'ECDSA', hash: 'sha512', form: 'Ecdsa-Sig-Value' }, '300a06082a8648ce3d040304'],
  [{ scheme: 'RSASSA-PSS', hash: 'sha1', maskHash: 'sha1', saltOctets: 20 }, '300d06092a864886f70d01010a3000'],
  [{ scheme: 'Ed25519' }, '300506032b6570'],
];

const pssSha256: SignatureAlgorithm = { scheme: 'RSASSA-PSS', hash: 'sha256', maskHash: 'sha256', saltOctets: 32 };

describe('digital signatures of RFC 7427', () => {
  for (const [algorithm, der] of published) {
    it(`${algorithm.scheme} ${'hash' in algorithm ? algorithm.hash : ''} both ways`, () => {
      expect(hex(encodeAlgorithmIdentifier(algorithm))).to.equal(der);
      expect(decodeAlgorithmIdentifier(unhex(der))).to.deep.equal(algorithm);
    });
  }

  it('reads PSS parameters with their defaults written out, as appendix A.4.2 and A.4.3 show them', () => {
    const defaults =
      '303e06092a864886f70d01010a3031a00b300906052b0e03021a0500a118301606092a864886f70d010108300906052b0e03021a0500a203020114a303020101';
    const sha256 =
      '304606092a864886f70d01010a3039a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500' +
      'a203020120a303020101';
    expect(decodeAlgorithmIdentifier(unhex(defaults))).to.deep.equal({
      ...pssSha256,
      hash: 'sha1',
      maskHash: 'sha1',
      saltOctets: 20,
    });
    expect(decodeAlgorithmIdentifier(unhex(sha256))).to.deep.equal(pssSha256);
    expect(decodeAlgorithmIdentifier(unhex(sha256.replace(/01$/, '02')))).to.equal(undefined);
  });

  it('writes PSS parameters as DER does, and reads them back', () => {
    for (const saltOctets of [0, 20, 32, 64, 127, 128, 222]) {
      const algorithm = { ...pssSha256, saltOctets } as SignatureAlgorithm;
      expect(decodeAlgorithmIdentifier(encodeAlgorithmIdentifier(algorithm))).to.deep.equal(algorithm);
    }
  });

  it('reads the encoding with absent parameters too', () => {
    expect(decodeAlgorithmIdentifier(unhex('300b06092a864886f70d01010b'))).to.deep.equal(published[1]![0]);
  });

  it('knows EdDSA by the identifiers of RFC 8410', () => {
    expect(decodeAlgorithmIdentifier(unhex('300506032b6570'))).to.deep.equal({ scheme: 'Ed25519' });
    expect(decodeAlgorithmIdentifier(unhex('300506032b6571'))).to.deep.equal({ scheme: 'Ed448' });
  });

  it('knows no other algorithm: DSA, X448', () => {
    expect(decodeAlgorithmIdentifier(unhex('300906072a8648ce380403'))).to.equal(undefined);
    expect(decodeAlgorithmIdentifier(unhex('300506032b656f'))).to.equal(undefined);
  });

  it('never throws at octets that are no AlgorithmIdentifier', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
        decodeAlgorithmIdentifier(octets);
        decodeDigitalSignature(octets);
      }),
    );
    const good = encodeAlgorithmIdentifier(pssSha256);
    for (let at = 0; at < good.length; at++) {
      expect(decodeAlgorithmIdentifier(good.subarray(0, at))).to.equal(undefined);
      for (const value of [0x00, 0x30, 0x80, 0xff]) decodeAlgorithmIdentifier(good.with(at, value));
    }
  });

  it('sets the identifier and its length before the signature', () => {
    const octets = encodeDigitalSignature({ scheme: 'Ed25519' }, unhex('aabbcc'));
    expect(hex(octets)).to.equal('07300506032b6570aabbcc');
    const { algorithm, algorithmIdentifier, signature } = decodeDigitalSignature(octets)!;
    expect([algorithm, hex(algorithmIdentifier), hex(signature)]).to.deep.equal([
      { scheme: 'Ed25519' },
      '300506032b6570',
      'aabbcc',
    ]);
    expect(decodeDigitalSignature(octets.subarray(0, 7))).to.equal(undefined);
    expect(decodeDigitalSignature(new Uint8Array())).to.equal(undefined);
  });

  it('lists hash algorithms in 16 bits each', () => {
    expect(hex(encodeHashAlgorithms([2, 3, 4, 5]))).to.equal('0002000300040005');
    expect(decodeHashAlgorithms(unhex('00020400'))).to.deep.equal([2, 1024]);
    expect(decodeHashAlgorithms(unhex('000204'))).to.equal(undefined);
    expect(published.map(([algorithm]) => hashAlgorithmOf(algorithm))).to.deep.equal([1, 2, 3, 4, 1, 2, 3, 4, 1, 5]);
  });

  it('reads DER strictly: the shortest length, and nothing left over', () => {
    expect(derElements(unhex('0401aa'))).to.have.length(1);
    for (const wrong of ['048101aa', '0480aa0000', '0402aa', '04', '0401aa04']) {
      expect(derElements(unhex(wrong)), wrong).to.equal(undefined);
    }
    const long = derElement(0x04, new Uint8Array(300));
    expect(hex(long.subarray(0, 4))).to.equal('0482012c');
    expect(derElements(long)![0]!.contents.length).to.equal(300);
  });
});
