/** Return routability by two implementations: tokens, keys and authenticators on random and on edge values, and whole exchanges between them. */
import { expect } from 'chai';
import { own6 } from '../host/cable.test-support.ts';
import { hex } from '../wire/octets.ts';
import { careOfAddress, correspondent, homeAddress } from './correspondent.test-support.ts';
import { bindingAuthenticator, bindingManagementKey, keygenToken } from './return-routability.ts';
import { COOKIE, RoamingPeer } from './roaming-peer.test-support.ts';
import {
  acknowledgementHolds,
  authenticator,
  bindingUpdate,
  kbm,
  token,
} from './second-implementation.test-support.ts';

const signalling = { correspondentNode: { signalling: {} } };
const peer = () => new RoamingPeer(correspondent(signalling));

/** Numerical Recipes' generator: the same values in every run. */
function values(seed: number): (length: number) => Uint8Array {
  let state = seed;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

const addressOf = (octets: Uint8Array): string =>
  Array.from({ length: 8 }, (_, i) => ((octets[2 * i]! << 8) | octets[2 * i + 1]! | 1).toString(16)).join(':');

describe('return routability by two implementations', () => {
  it('agrees on tokens, keys and authenticators of random values', () => {
    const draw = values(6275);
    for (let round = 0; round < 200; round++) {
      const [Kcn, nonce, message] = [draw(20), draw(1 + (draw(1)[0]! % 32)), draw(24 + 8 * (draw(1)[0]! % 40))];
      const [home, careOf, correspondentNode] = [addressOf(draw(16)), addressOf(draw(16)), addressOf(draw(16))];
      const tokens = [keygenToken(Kcn, home, nonce, 0), keygenToken(Kcn, careOf, nonce, 1)] as const;
      expect(tokens.map(hex)).to.deep.equal([hex(token(Kcn, home, nonce, 0)), hex(token(Kcn, careOf, nonce, 1))]);
      expect(hex(bindingManagementKey(...tokens))).to.equal(hex(kbm(...tokens)));
      expect(hex(bindingManagementKey(tokens[0]))).to.equal(hex(kbm(tokens[0])));
      const Kbm = kbm(...tokens);
      expect(hex(bindingAuthenticator(Kbm, careOf, correspondentNode, message))).to.equal(
        hex(authenticator(Kbm, careOf, correspondentNode, message.subarray(0, -12))),
      );
      const at = 8 + 8 * (draw(1)[0]! % 3);
      const place = { at, octets: 4 };
      expect(
        hex(bindingAuthenticator(Kbm, careOf, correspondentNode, Buffer.concat([message, draw(24)]), place)),
      ).to.have.length(24);
    }
  });

  it('agrees on edge values', () => {
    const edges = [new Uint8Array(20), new Uint8Array(20).fill(255)];
    for (const Kcn of edges) {
      for (const nonce of [new Uint8Array(0), new Uint8Array(8), new Uint8Array(64).fill(255), new Uint8Array(200)]) {
        for (const address of ['::', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::']) {
          for (const which of [0, 1] as const) {
            expect(hex(keygenToken(Kcn, address, nonce, which))).to.equal(hex(token(Kcn, address, nonce, which)));
          }
        }
      }
    }
    const zero = new Uint8Array(8);
    expect(hex(bindingManagementKey(zero))).to.not.equal(hex(bindingManagementKey(zero, zero)));
  });

  it('leaves the checksum and the authenticator out of what is covered, wherever it stands', () => {
    const message = values(1)(64);
    const other = message.slice();
    other.set([9, 9], 4);
    other.set(values(2)(12), 52);
    const key = new Uint8Array(20);
    const over = (octets: Uint8Array) => hex(bindingAuthenticator(key, homeAddress, own6, octets));
    expect(over(other)).to.equal(over(message));
    expect(over(other.with(20, other[20]! ^ 1))).to.not.equal(over(message));
    const inside = { at: 30, octets: 12 };
    const [before, after] = [message.subarray(0, 30), message.subarray(42)];
    expect(hex(bindingAuthenticator(key, homeAddress, own6, message, inside))).to.equal(
      hex(authenticator(key, homeAddress, own6, before, after)),
    );
  });

  it('makes the tokens that the formulas give, of the key and the nonce that were drawn', () => {
    const mobileNode = peer().tests();
    // The cable's entropy counts what is drawn: the first index, two octets, then the nonce, then the node key.
    const drawn = (mobileNode.index('home') - 1) / 257;
    const [nonce, Kcn] = [new Uint8Array(8).fill(drawn + 1), new Uint8Array(20).fill(drawn + 2)];
    expect(hex(mobileNode.token('home'))).to.equal(hex(token(Kcn, homeAddress, nonce, 0)));
    expect(hex(mobileNode.token('care-of'))).to.equal(hex(token(Kcn, careOfAddress, nonce, 1)));
  });

  it('returns the cookies, to where they came from', () => {
    for (const [which, from] of [
      ['home', homeAddress],
      ['care-of', careOfAddress],
    ] as const) {
      const [answer] = peer().test(which, from);
      expect([...answer!.payload.subarray(8, 16)]).to.deep.equal([...COOKIE]);
      expect([answer!.source, answer!.destination, answer!.payload[2]]).to.deep.equal([
        own6,
        from,
        which === 'home' ? 3 : 4,
      ]);
    }
  });

  it('registers, moves, renews and deletes by updates of the other', () => {
    const elsewhere = '2001:db8:2::2';
    const mobileNode = peer().tests();
    const accepted = { status: 0, isSigned: true, to: homeAddress };
    expect(mobileNode.update({ sequenceNumber: 9 })).to.deep.equal([
      { ...accepted, sequenceNumber: 9, lifetime: 60, destination: careOfAddress },
    ]);
    expect(mobileNode.update({ sequenceNumber: 10, lifetime: 9000 })).to.deep.equal([
      { ...accepted, sequenceNumber: 10, lifetime: 105, destination: careOfAddress },
    ]);
    mobileNode.test('care-of', elsewhere);
    expect(mobileNode.update({ sequenceNumber: 11, careOf: elsewhere })).to.deep.equal([
      { ...accepted, sequenceNumber: 11, lifetime: 60, destination: elsewhere },
    ]);
    expect(mobileNode.bindings).to.deep.equal([[homeAddress, elsewhere]]);
    expect(mobileNode.update({ sequenceNumber: 12, careOf: elsewhere, lifetime: 0 })).to.deep.equal([
      { ...accepted, sequenceNumber: 12, lifetime: 0, destination: elsewhere },
    ]);
    expect(mobileNode.bindings).to.deep.equal([]);
  });

  it('writes an update to the octet as the figures have it', () => {
    const octets = bindingUpdate({}, { home: 1, careOf: 2 }, () => new Uint8Array(12));
    expect(hex(octets)).to.equal(
      `3b03050000000001 8000003c 0404 0001 0002 050c ${'00'.repeat(12)}`.replaceAll(' ', ''),
    );
    expect(acknowledgementHolds(octets, new Uint8Array(20), homeAddress, own6)).to.equal(false);
  });
});
