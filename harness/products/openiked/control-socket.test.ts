/** Messages of iked's control socket: as they are written, and cut out of whatever pieces they come in. */
import { expect } from 'chai';
import { hex } from '../../../reference/wire/octets.ts';
import { type ControlMessage, message, messageCutter } from './control-socket.ts';

describe('the control socket of iked', () => {
  const two = Buffer.concat([message(12, Buffer.from('iked_sas: one\n\0')), message(12, new Uint8Array())]);

  it('has its length before its data', () => {
    expect(hex(message(11, Buffer.from('FQDN/a')))).to.equal(
      '0b000000160000000000000000000000465144 4e2f61'.replace(' ', ''),
    );
  });

  it('is cut into messages, wherever the octets are parted', () => {
    for (let at = 0; at <= two.length; at++) {
      const found: ControlMessage[] = [];
      const cut = messageCutter((each) => found.push(each));
      expect([two.subarray(0, at), two.subarray(at)].every(cut)).to.equal(true);
      expect(found).to.deep.equal([
        { type: 12, data: 'iked_sas: one\n' },
        { type: 12, data: '' },
      ]);
    }
  });

  it('ends at a message shorter than its header', () => {
    const lying = Buffer.from(two);
    lying.writeUInt16LE(15, 4);
    expect(messageCutter(() => expect.fail('there is none'))(lying)).to.equal(false);
  });
});
