/** What is brought into a guest is tried before it is believed; the guest is an object here that answers as one would. */
import { expect } from 'chai';
import type { ConsoleChannel } from '../../runtime/console.ts';
import { Mip6d } from './mip6d.ts';

const file = { name: 'mip6d', octets: Uint8Array.of(1) };
const usage = 'Usage: mip6d [options]\n --vt-service <service>\n';

/** A guest in which `-V` and `-h` print this. */
function guestThatSays(output: string): ConsoleChannel {
  const guest = {
    request: async () => [],
    write: async () => undefined,
    batch: async (lines: readonly string[]) => lines.map((line) => ({ done: true, line, printed: '' })),
    exec: async () => ({ output, status: 1 }),
    list: async () => [],
  };
  return guest as Partial<ConsoleChannel> as ConsoleChannel;
}

const brought = (output: string) => Mip6d.brought(guestThatSays(output), [file], '/a/folder');

describe('a mip6d that was brought', () => {
  it('is named by the version that it says', async () => {
    expect((await brought(`umip (UMIP Mobile IPv6 for Linux) 1.0\n${usage}`)).version).to.equal('umip 1.0');
    expect((await brought(`mipl (another one) 2.0.2\n${usage}`)).version).to.equal('mipl 2.0.2');
  });

  const table: readonly [title: string, output: string, says: RegExp][] = [
    ['that does not start', 'mip6d: error while loading shared libraries: libnone.so.1\n', /does not run there/],
    ['that is something else', 'hello\n', /does not run there, or does not name itself/],
    ['without a terminal', 'umip (UMIP Mobile IPv6 for Linux) 1.0\nUsage: mip6d\n', /has no virtual terminal/],
  ];
  for (const [title, output, says] of table) {
    it(`is unfit: one ${title}, told with what was tried and what it said`, async () => {
      const fault: unknown = await brought(output).catch((thrown: unknown) => thrown);
      expect(fault).to.have.property('code', 'mip6d-unfit');
      expect(String(fault))
        .to.match(says)
        .and.to.match(/--umip \/a\/folder: .*tried in the guest: .*mip6d -V/);
      expect(fault).to.have.property('lastLines').that.includes(output.split('\n')[0]);
    });
  }
});
