import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import { freePorts, l2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import { docker } from './docker.ts';
import { ensureImage } from './image.ts';
import { run } from './program.ts';

const notHere = ['missing-tool', 'docker-daemon'];

describe('a guest in a container', function () {
  this.timeout(120_000); // the first time, its image and the container are built

  it('boots, is wired and commanded as any guest is, and leaves no container behind', async function () {
    const cannot = (fault: unknown): never => {
      if (!(fault instanceof HarnessFault) || !notHere.includes(fault.code)) throw fault;
      console.log(`      skipped: ${fault.message}`);
      return this.skip();
    };
    const image = await ensureImage('linux', join(homedir(), '.cache', 'touchstone'), console.log).catch(cannot);
    const [guestPort] = (await freePorts(1)) as [number];
    const wire = await l2tpv3Wire({ peerAddress: '127.0.0.1', peerPort: guestPort, session: 7 });
    try {
      const ends = { guestPort, peerAddress: '127.0.0.1', peerPort: wire.local.port, session: 7 };
      const wires = [{ name: 'eth0', mac: '02:00:00:00:00:02', ...ends }];
      const spec = { name: 'contained', image, wires, progress: console.log };
      const guest = await docker.boot(spec).catch(cannot);
      const frame = new Promise<Uint8Array>((resolve) => wire.onFrame(resolve));
      await guest.console.batch(['addr add 10.0.0.2/24 dev eth0']);
      await guest.console.emitUdp('', 0, '10.0.0.1', 9, new Uint8Array(1));
      expect(Buffer.from(await frame).toString('hex', 6, 12)).to.equal('020000000002');
      expect(await guest.console.read('/proc/sys/kernel/osrelease')).to.equal(`${guest.kernel}\n`);
      await guest.stop();
      const { lines } = await run('docker', ['ps', '--all', '--filter', 'name=contained', '--quiet']);
      expect(lines).to.deep.equal([]);
    } finally {
      await wire.close();
    }
  });
});
