import { expect } from 'chai';
import { fromText, hex, unhex } from '../wire/octets.ts';
import { md4 } from './md4.ts';
import { authenticatorResponse, type Challenges, masterSessionKey, ntResponse } from './ms-chap-v2.ts';

describe('MD4', () => {
  const vectors: [string, string][] = [
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ];
  for (const [text, digest] of vectors) {
    it(`RFC 1320 A.5: "${text}"`, () => expect(hex(md4(fromText(text)))).to.equal(digest));
  }
});

describe('MS-CHAP-V2', () => {
  const challenges: Challenges = {
    authenticator: unhex('5b5d7c7d7b3f2f3e3c2c602132262628'),
    peer: unhex('21402324255e262a28295f2b3a337c7e'),
    name: 'User',
  };
  const response = ntResponse(challenges, 'clientPass');

  it('answers as in RFC 2759 9.2', () => {
    expect(hex(response)).to.equal('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df');
    expect(authenticatorResponse(challenges, 'clientPass', response)).to.equal(
      'S=407A5589115FD0D6209F510FE9C04566932CDA56',
    );
  });

  it('makes the key of RFC 3079 3.5.3', () => {
    const key = masterSessionKey('clientPass', response);
    expect(key).to.have.lengthOf(64);
    expect(hex(key.subarray(16, 32))).to.equal('8b7cdc149b993a1ba118cb153f56dccb');
  });
});
