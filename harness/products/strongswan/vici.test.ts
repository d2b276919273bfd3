import { expect } from 'chai';
import { HarnessFault } from '../../lab/harness-fault.ts';
import { ConsoleChannel } from '../../runtime/console.ts';
import { Vici } from './vici.ts';
import { encodePacket } from './vici-message.ts';

/** A client of a daemon that answers its first command with these octets. */
async function answeredWith(octets: Uint8Array): Promise<{ vici: Vici; asked: string[] }> {
  const asked: string[] = [];
  const word = [...octets].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
  const console: ConsoleChannel = new ConsoleChannel((line) => {
    const [, number, verb] = /^\?(\d+) (\S+)/.exec(line)!;
    asked.push(verb!);
    const says = verb === 'transmit' ? `*stream 1 ${word}\n=${number}\n` : `=${number}\n`;
    queueMicrotask(() => console.receive(new TextEncoder().encode(says)));
  });
  return { vici: await Vici.connected(console, 100, 20), asked };
}

const malformed: readonly (readonly [story: string, octets: Uint8Array])[] = [
  ['a length that no daemon sends', Uint8Array.of(0x7f, 0xff, 0xff, 0xff)],
  ['a packet of a type that there is not', Uint8Array.of(0, 0, 0, 1, 99)],
  ['sections without an end', Uint8Array.of(0, 0, 0, 4, 1, 1, 1, 0x61)],
];

describe('VICI', () => {
  it('hands on the answer', async () => {
    const { vici } = await answeredWith(encodePacket('commandResponse', undefined, { version: '5' }));
    expect(await vici.command('version')).to.deep.equal({ version: '5' });
  });

  it('does not wait for ever', async () => {
    const { vici } = await answeredWith(new Uint8Array());
    const fault = await vici.command('version').catch((reason: unknown) => reason);
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'vici-deadline');
  });

  for (const [story, octets] of malformed) {
    it(`is a fault of the harness when it meets ${story}, and its stream is closed`, async () => {
      const { vici, asked } = await answeredWith(octets);
      const fault = await vici.command('version').catch((reason: unknown) => reason);
      expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'vici-malformed');
      expect(asked).to.deep.equal(['open', 'transmit', 'close']);
    });
  }
});
