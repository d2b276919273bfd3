import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto';
import { expect } from 'chai';
import { fromText, hex, unhex } from '../wire/octets.ts';
import type { SignatureAlgorithm, SignatureHash } from './algorithm-identifier.ts';
import { type PrivateKey, parsePrivateKey, parsePublicKey } from './asymmetric-key.ts';
import { algorithmForKey, algorithmOfAuthenticationMethod, sign, verify } from './signature.ts';

type PssAlgorithm = Extract<SignatureAlgorithm, { scheme: 'RSASSA-PSS' }>;

const hashes: readonly SignatureHash[] = ['sha1', 'sha256', 'sha384', 'sha512'];
const message = fromText('what is signed');

describe('signatures', () => {
  const rsa = keyPair(generateKeyPairSync('rsa', { modulusLength: 2048 }));
  /** 8n + 1 bits: the PSS encoding is one octet shorter than the modulus. */
  const oddRsa = keyPair(generateKeyPairSync('rsa', { modulusLength: 1025 }));
  const p256 = keyPair(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const p384 = keyPair(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
  const p521 = keyPair(generateKeyPairSync('ec', { namedCurve: 'P-521' }));
  const ed25519 = keyPair(generateKeyPairSync('ed25519'));
  const ed448 = keyPair(generateKeyPairSync('ed448'));

  it('RFC 6979 A.2.5: P-256 with SHA-256 over "sample"', () => {
    const key = fromJwk({
      kty: 'EC',
      crv: 'P-256',
      d: base64url('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'),
      x: base64url('60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6'),
      y: base64url('7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299'),
    });
    const signature = sign({ scheme: 'ECDSA', hash: 'sha256', form: 'r|s' }, key, fromText('sample'));
    expect(hex(signature)).to.equal(
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    );
  });

  it('RFC 8032 7.4: Ed448 over nothing', () => {
    const seed =
      '6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b';
    const key = parsePrivateKey(unhex(`3047020100300506032b6571043b0439${seed}`));
    expect(hex(sign({ scheme: 'Ed448' }, key, new Uint8Array()))).to.equal(
      '533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980' +
        'ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600',
    );
  });

  it('RFC 8032 7.1: Ed25519 over nothing', () => {
    const key = fromJwk({
      kty: 'OKP',
      crv: 'Ed25519',
      d: base64url('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
      x: base64url('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
    });
    expect(hex(sign({ scheme: 'Ed25519' }, key, new Uint8Array()))).to.equal(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  for (const hash of hashes) {
    it(`RSASSA-PKCS1-v1_5 with ${hash} is what node:crypto makes`, () => {
      for (const key of [rsa, oddRsa]) {
        const algorithm = algorithmForKey(key.value, hash);
        const signature = sign(algorithm, key.value, message);
        expect(hex(signature)).to.equal(nodeSign(hash, message, key.object).toString('hex'));
        expectVerdicts(algorithm, key.value, signature);
      }
    });

    it(`RSASSA-PSS with ${hash}: node:crypto accepts ours, and we accept its`, () => {
      for (const key of hash === 'sha512' ? [rsa] : [rsa, oddRsa]) {
        const algorithm = algorithmForKey(key.value, hash, 'RSASSA-PSS') as PssAlgorithm;
        const salt = new Uint8Array(algorithm.saltOctets).fill(0x33);
        const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltOctets };
        const signature = sign(algorithm, key.value, message, salt);
        expect(hex(sign(algorithm, key.value, message, salt))).to.equal(hex(signature));
        expect(nodeVerify(hash, message, { key: key.publicObject, ...options }, signature)).to.equal(true);
        expectVerdicts(algorithm, key.value, signature);
        const theirs = nodeSign(hash, message, { key: key.object, ...options });
        expect(verify(algorithm, key.value.publicKey, message, theirs)).to.equal(true);
        // Another length of salt is another algorithm.
        expect(
          verify({ ...algorithm, saltOctets: algorithm.saltOctets - 1 }, key.value.publicKey, message, theirs),
        ).to.equal(false);
      }
    });

    it(`ECDSA with ${hash}, on every curve and in both forms`, () => {
      for (const key of [p256, p384, p521]) {
        for (const form of ['Ecdsa-Sig-Value', 'r|s'] as const) {
          const algorithm: SignatureAlgorithm = { scheme: 'ECDSA', hash, form };
          const signature = sign(algorithm, key.value, message);
          expect(hex(sign(algorithm, key.value, message))).to.equal(hex(signature));
          expect(hex(sign(algorithm, key.value, message, undefined, 'node'))).to.equal(hex(signature));
          const entropy = new Uint8Array(32);
          const hedged = sign(algorithm, key.value, message, entropy);
          expect(hex(hedged)).not.to.equal(hex(signature));
          expect(hex(sign(algorithm, key.value, message, entropy, 'node'))).to.equal(hex(hedged));
          expectVerdicts(algorithm, key.value, signature);
          const dsaEncoding = form === 'r|s' ? 'ieee-p1363' : 'der';
          const theirs = nodeSign(hash, message, { key: key.object, dsaEncoding });
          expect(verify(algorithm, key.value.publicKey, message, theirs)).to.equal(true);
        }
      }
    });
  }

  for (const [curve, { value, object }] of Object.entries({ ed25519, ed448 })) {
    it(`${curve} is what node:crypto makes`, () => {
      const algorithm = algorithmForKey(value);
      const signature = sign(algorithm, value, message);
      expect(hex(signature)).to.equal(nodeSign(null, message, object).toString('hex'));
      expectVerdicts(algorithm, value, signature);
    });
  }

  it('a signature of one curve is none of the other', () => {
    expect(verify({ scheme: 'Ed448' }, ed25519.value.publicKey, message, new Uint8Array(114))).to.equal(false);
  });

  it('accepts an RSA signature in its canonical length only', () => {
    const algorithm = algorithmForKey(rsa.value);
    const signature = sign(algorithm, rsa.value, message);
    for (const wrong of [signature.subarray(1), Uint8Array.of(0, ...signature), new Uint8Array(256).fill(0xff)]) {
      expect(verify(algorithm, rsa.value.publicKey, message, wrong)).to.equal(false);
    }
  });

  it('never throws at what a peer may send, and says no', () => {
    for (const key of [rsa, p256, p384, p521, ed25519, ed448]) {
      for (const signature of [new Uint8Array(), new Uint8Array(64), new Uint8Array(256), fromText('nonsense')]) {
        for (const provider of ['noble', 'node'] as const) {
          const algorithm = algorithmForKey(key.value);
          expect(verify(algorithm, key.value.publicKey, message, signature, provider)).to.equal(false);
        }
      }
    }
    expect(verify({ scheme: 'Ed25519' }, rsa.value.publicKey, message, new Uint8Array(64))).to.equal(false);
  });

  it('refuses to sign with a key of another kind, or PSS with another salt', () => {
    expect(() => sign({ scheme: 'Ed25519' }, rsa.value, message)).to.throw(TypeError, 'RSA');
    const pss = algorithmForKey(rsa.value, 'sha256', 'RSASSA-PSS');
    expect(() => sign(pss, rsa.value, message, new Uint8Array(31))).to.throw(RangeError, '31');
    expect(() => sign(pss, rsa.value, message)).to.throw(RangeError);
  });

  it('maps the older authentication methods of IKEv2', () => {
    expect(algorithmOfAuthenticationMethod(1)).to.deep.equal({ scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha1' });
    expect(algorithmOfAuthenticationMethod(9)).to.deep.equal({
      scheme: 'ECDSA',
      hash: 'sha256',
      form: 'r|s',
      curve: 'P-256',
    });
    expect(algorithmOfAuthenticationMethod(10)).to.deep.equal({
      scheme: 'ECDSA',
      hash: 'sha384',
      form: 'r|s',
      curve: 'P-384',
    });
    expect(algorithmOfAuthenticationMethod(11)).to.deep.equal({
      scheme: 'ECDSA',
      hash: 'sha512',
      form: 'r|s',
      curve: 'P-521',
    });
    for (const method of [0, 2, 3, 14]) expect(algorithmOfAuthenticationMethod(method)).to.equal(undefined);
  });

  it('ties methods 9 to 11 to their curves (RFC 4754)', () => {
    const tied = algorithmOfAuthenticationMethod(9)!;
    const signature = sign({ scheme: 'ECDSA', hash: 'sha256', form: 'r|s' }, p384.value, message);
    expect(verify(tied, p384.value.publicKey, message, signature)).to.equal(false);
    expect(verify(tied, p256.value.publicKey, message, sign(tied, p256.value, message))).to.equal(true);
    expect(() => sign(tied, p384.value, message)).to.throw(TypeError, 'P-256');
  });

  it('reads no public key from other octets, or of another kind', () => {
    expect(parsePublicKey(fromText('no key'))).to.equal(undefined);
    const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    expect(parsePublicKey(Uint8Array.from(k256.export({ format: 'der', type: 'spki' })))).to.equal(undefined);
  });

  function expectVerdicts(algorithm: SignatureAlgorithm, key: PrivateKey, signature: Uint8Array): void {
    const altered = signature.slice();
    altered[altered.length - 2]! ^= 0x10;
    for (const provider of ['noble', 'node'] as const) {
      expect(verify(algorithm, key.publicKey, message, signature, provider), 'good').to.equal(true);
      expect(verify(algorithm, key.publicKey, message, altered, provider), 'altered').to.equal(false);
      expect(verify(algorithm, key.publicKey, fromText('other'), signature, provider), 'other').to.equal(false);
    }
  }
});

function keyPair({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }) {
  return { value: privateKeyOf(privateKey), object: privateKey, publicObject: publicKey };
}

function fromJwk(jwk: Record<string, string>): PrivateKey {
  return privateKeyOf(createPrivateKey({ key: jwk, format: 'jwk' }));
}

function privateKeyOf(object: KeyObject): PrivateKey {
  return parsePrivateKey(Uint8Array.from(object.export({ format: 'der', type: 'pkcs8' })));
}

function base64url(digits: string): string {
  return Buffer.from(unhex(digits)).toString('base64url');
}
