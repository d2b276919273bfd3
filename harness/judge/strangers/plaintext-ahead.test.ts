/** Packets that are opened ahead: with the key that was told, and only where their ICV is good. */
import { expect } from 'chai';
import { espKeys, espTrailer, openEsp, sealEspPayload } from '../../../reference/ipsec/esp.ts';
import { concat, unhex } from '../../../reference/wire/octets.ts';
import type { StrangersEsp } from '../../capture/keys/strangers-key.ts';
import { AheadOpener, takenFrom, UNOPENED } from './plaintext-ahead.ts';

const key: StrangersEsp = { kind: 'esp', spi: 7, encryption: { id: 20, keyLength: 128, key: '5a'.repeat(20) } };
const keys = espKeys({
  encryption: { ...key.encryption, key: unhex(key.encryption.key) },
  extendedSequenceNumbers: false,
});

const sealed = (number: bigint): Uint8Array =>
  sealEspPayload(
    {
      spi: 7,
      sequenceNumber: number,
      iv: new Uint8Array(8).fill(Number(number)),
      plaintext: concat(new Uint8Array(6).fill(9), espTrailer(new Uint8Array(), 59)),
    },
    keys,
  );

function order(packets: readonly Uint8Array[], places: readonly number[], told: readonly StrangersEsp[]) {
  const starts = Int32Array.from([0, ...packets.map((_, i) => concat(...packets.slice(0, i + 1)).length)]);
  return { octets: new Uint8Array(concat(...packets)), starts, keys: Int32Array.from(places), told };
}

describe('ESP that is opened ahead', () => {
  it('has the plaintext where the packet was, and is the packet that its turn would have opened', () => {
    const packets = [sealed(1n), sealed(2n).with(20, 0xff), sealed(3n)];
    const asked = order(packets, [0, 0, 0], [key]);
    const { octets, lengths } = new AheadOpener().opens(asked);
    expect([...lengths]).to.deep.equal([8, UNOPENED, 8]);
    for (const place of [0, 2]) {
      const plaintext = octets.subarray(asked.starts[place]!, asked.starts[place]! + lengths[place]!);
      const taken = takenFrom({ key, plaintext }, packets[place]!, keys);
      expect(taken).to.deep.equal(openEsp(packets[place]!, keys));
    }
  });

  it('knows the keys that it was told before, and opens nothing with one that is none', () => {
    const opener = new AheadOpener();
    const none: StrangersEsp = { ...key, encryption: { id: 4711, key: '00' } };
    expect([...opener.opens(order([sealed(1n)], [0], [none])).lengths]).to.deep.equal([UNOPENED]);
    expect([...opener.opens(order([sealed(1n)], [1], [key])).lengths]).to.deep.equal([8]);
    expect([...opener.opens(order([sealed(1n)], [0], [])).lengths]).to.deep.equal([UNOPENED]);
    expect([...opener.opens(order([sealed(1n)], [7], [])).lengths]).to.deep.equal([UNOPENED]);
  });

  it('without authentication is left to its turn', () => {
    const unchecked: StrangersEsp = { ...key, encryption: { id: 12, keyLength: 128, key: '01'.repeat(16) } };
    expect([...new AheadOpener().opens(order([sealed(1n)], [0], [unchecked])).lengths]).to.deep.equal([UNOPENED]);
  });
});
