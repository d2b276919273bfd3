import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { acquire, expire, type KernelMessage, words } from './key-manager.ts';

/** What perl would send to the kernel, by the lengths and places of linux/xfrm.h on a machine of 64 bits. */
function octetsOf(message: KernelMessage): Buffer {
  const program = `${words}\nprint eval <STDIN> // die $@;`;
  const { stdout, stderr } = spawnSync('/usr/bin/perl', ['-MSocket=:DEFAULT,inet_pton', '-e', program], {
    input: `${message}\n`,
  });
  expect(stderr.toString()).to.equal('');
  return stdout;
}

describe('the kernel to its key managers', () => {
  it('wants an SA for a policy', () => {
    const flow = { index: 9, mode: 'tunnel', local: '192.0.2.1', peer: '192.0.2.2' } as const;
    const message = octetsOf(acquire({ ...flow, encapsulation: 'esp' }));
    expect([message.length, message.readUInt32LE(0), message.readUInt16LE(4)]).to.deep.equal([364, 364, 0x17]);
    const body = message.subarray(16);
    expect(body.subarray(0, 4).toString('hex')).to.equal('c0000202');
    expect(body[20]).to.equal(50);
    expect(body.subarray(24, 28).toString('hex')).to.equal('c0000201');
    expect([body.readUInt32LE(96 + 156), body[96 + 160]]).to.deep.equal([9, 1]);
    const attribute = body.subarray(280);
    expect([attribute.readUInt16LE(0), attribute.readUInt16LE(2), attribute[52]]).to.deep.equal([68, 5, 1]);
  });

  it('says that the lifetime of an SA is over', () => {
    const sa = { encapsulation: 'ah', spi: 0x12345678, destination: '2001:db8::2' } as const;
    for (const hard of [false, true]) {
      const message = octetsOf(expire(sa, hard));
      expect([message.length, message.readUInt16LE(4)]).to.deep.equal([248, 0x18]);
      const body = message.subarray(16);
      expect(body.subarray(56, 72).toString('hex')).to.equal('20010db8000000000000000000000002');
      expect([body.readUInt32BE(72), body[76], body.readUInt16LE(212)]).to.deep.equal([0x12345678, 51, 10]);
      expect(body[224]).to.equal(hard ? 1 : 0);
    }
  });
});
