import { expect } from 'chai';
import { decodePacket, encodePacket, packetCutter, type ViciMessage } from './vici-message.ts';

describe('VICI messages', () => {
  it("encode as the protocol's own description has it", () => {
    const octets = encodePacket('commandRequest', 'v', { k: 'a', l: ['b'], s: { k: '' } });
    expect(hex(octets)).to.equal(
      ['0000001a', '00', '0176', '03016b000161', '04016c', '05000162', '06', '010173', '03016b0000', '02'].join(''),
    );
  });

  it('give back what went in, whatever the nesting', () => {
    const message: ViciMessage = { a: { b: { c: ['1', '2'], d: 'x'.repeat(70_000 % 65_536) }, e: [] }, f: '' };
    expect(decodePacket(encodePacket('event', 'list-sa', message).subarray(4))).to.deep.equal({
      type: 'event',
      name: 'list-sa',
      message,
    });
    expect(decodePacket(encodePacket('commandUnknown').subarray(4))).to.deep.equal({
      type: 'commandUnknown',
      message: {},
    });
  });

  it('throw RangeError, and nothing else, for every cut and every flipped octet', () => {
    const whole = encodePacket('event', 'list-sa', { a: { b: ['1', '2'] }, c: 'd' }).subarray(4);
    for (let place = 0; place < whole.length; place++) {
      const flipped = Uint8Array.from(whole, (octet, at) => (at === place ? octet ^ 0x5a : octet));
      for (const octets of [whole.subarray(0, place), flipped]) {
        try {
          decodePacket(octets);
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }
    }
    expect(() => decodePacket(whole.subarray(0, whole.length - 4))).to.throw(RangeError, 'ends at');
    expect(() => encodePacket('event', 'n', { v: 'x'.repeat(65_536) })).to.throw(RangeError, 'do not fit');
  });

  it('are refused where sections lie deeper within each other than any that is sent', () => {
    const nested = (depth: number) =>
      Uint8Array.from([7, 1, 0x65, ...Array(depth).fill([1, 1, 0x73]).flat(), ...Array(depth).fill(2)]);
    expect(() => decodePacket(nested(16))).to.not.throw();
    expect(() => decodePacket(nested(17))).to.throw(RangeError, 'more than 16');
    expect(() => decodePacket(nested(100_000))).to.throw(RangeError, 'more than 16');
  });

  it('are refused by their length, before it is waited for', () => {
    const cut = packetCutter(() => {});
    cut(Uint8Array.of(0, 8, 0, 0));
    expect(() => packetCutter(() => {})(Uint8Array.of(0, 8, 0, 1))).to.throw(RangeError, '524289 octets');
  });

  it('are cut from a stream in pieces of any size', () => {
    const stream = [encodePacket('event', 'a'), encodePacket('eventConfirm'), encodePacket('event', 'b')].flatMap(
      (one) => [...one],
    );
    for (const size of [1, 2, 3, 7, stream.length]) {
      const names: (string | undefined)[] = [];
      const cut = packetCutter((packet) => names.push(decodePacket(packet).name));
      for (let at = 0; at < stream.length; at += size) cut(Uint8Array.from(stream.slice(at, at + size)));
      expect(names, `pieces of ${size}`).to.deep.equal(['a', undefined, 'b']);
    }
  });
});

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
