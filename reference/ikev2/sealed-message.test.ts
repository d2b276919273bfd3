/** The SK payload with each kind of protection (RFC 7296 section 3.14, RFC 5282), and what an attacker changes in it. */
import { expect } from 'chai';
import { ikeMessage } from '../wire/ike/message.ts';
import { find } from './payloads.ts';
import { openMessage, type Protection, protectionOf, sealMessage } from './sealed-message.ts';

const kinds = {
  'AES-CBC and HMAC-SHA-256': { encryption: { id: 12, keyLength: 128 }, integrity: 12, keys: [16, 32] },
  '3DES and HMAC-SHA-1': { encryption: { id: 3 }, integrity: 2, keys: [24, 20] },
  'AES-GCM': { encryption: { id: 20, keyLength: 256 }, keys: [36, 0] },
  'ChaCha20-Poly1305': { encryption: { id: 28 }, keys: [36, 0] },
} as const;

const header = {
  initiatorSPI: new Uint8Array(8).fill(1),
  responderSPI: new Uint8Array(8).fill(2),
  exchangeType: 37,
  flags: { initiator: true, response: false, version: false },
  messageId: 7,
};

function protection(kind: (typeof kinds)[keyof typeof kinds]): Protection {
  const { keys, ...algorithms } = kind;
  const chosen = { number: 1, protocolId: 1, spi: new Uint8Array(), ...algorithms };
  return protectionOf(chosen, new Uint8Array(keys[0]).fill(3), new Uint8Array(keys[1]).fill(4), 'noble');
}

function opened(octets: Uint8Array, by: Protection): Uint8Array | undefined {
  const SK = find(ikeMessage.decode(octets).value.payloads, 'SK');
  return openMessage(octets, SK?.body.length ?? 0, by, (sameIcv) => sameIcv());
}

describe('sealed message', () => {
  for (const [name, kind] of Object.entries(kinds)) {
    const by = protection(kind);
    const iv = new Uint8Array(by.cipher.ivOctets).fill(5);

    it(`opens with ${name}, for every length of plaintext`, () => {
      for (let length = 0; length < 40; length++) {
        const plaintext = new Uint8Array(length).fill(9);
        expect(opened(sealMessage(header, 42, plaintext, iv, by), by)).to.deep.equal(plaintext);
      }
    });

    it(`does not open with ${name} when any octet is changed`, () => {
      const octets = sealMessage(header, 42, new Uint8Array(20), iv, by);
      for (const place of [0, 20, 23, octets.length - 30, octets.length - 1]) {
        const bent = octets.with(place, octets[place]! ^ 1);
        expect(
          openMessage(bent, octets.length - 32, by, (sameIcv) => sameIcv()),
          `octet ${place}`,
        ).to.equal(undefined);
      }
    });

    it(`does not open with ${name} when cut short`, () => {
      const octets = sealMessage(header, 42, new Uint8Array(20), iv, by);
      for (const body of [0, 1, 8, 20]) {
        expect(openMessage(octets.subarray(0, 32 + body), body, by, () => true)).to.equal(undefined);
      }
    });
  }
});
