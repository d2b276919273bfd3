/**
 * The runtime `namespace`: a guest without a kernel of its own, for products that bring their IPsec with them. It is processes of this machine in namespaces of
 * their own (network, mounts, processes, names), on the image that any guest has, with the same agent; its Ethernet interfaces are TAP devices whose frames are
 * carried as a user-mode kernel carries them. `docker/base/namespace` is what runs before the agent does.
 */

import { constants, rmSync } from 'node:fs';
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { atExit } from './at-exit.ts';
import { readyGuest } from './guest.ts';
import { guestProcess } from './guest-process.ts';
import { dockerFolder } from './image-description.ts';
import { run } from './program.ts';
import type { Guest, GuestSpec, GuestWire, Runtime } from './runtime.ts';

export const namespace: Runtime = { name: 'namespace', kernel: 'shared', available: requireNamespaces, boot };

async function boot(spec: GuestSpec): Promise<Guest> {
  const folder = await mkdtemp(join(tmpdir(), 'touchstone-guest-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const atEnd = atExit(remove);
  try {
    const enter = join(dockerFolder, 'base', 'namespace', 'enter');
    return await readyGuest(
      spec,
      guestProcess({
        program: 'unshare',
        argv: [...apart, '--kill-child', 'sh', enter, spec.image.path, folder],
        environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', WIRES: spec.wires.map(wireWord).join(',') },
      }),
    );
  } finally {
    remove(); // the image is mounted there for the guest alone, which has made it its root by now
    atEnd.calledOff();
  }
}

/** As `wires.pl` takes it apart. */
const wireWord = ({ name, mac, guestPort, peerAddress, peerPort, session }: GuestWire): string =>
  [name, mac, guestPort, peerAddress, peerPort, session].join('/');

/** Of the network, the guest is set apart only once it has the sockets of its wires. */
const apart: readonly string[] = ['--mount', '--pid', '--ipc', '--uts', '--fork'];

async function requireNamespaces(): Promise<void> {
  const lacks = (says: string, mend?: string): HarnessFault =>
    new HarnessFault(
      'missing-tool',
      `a guest on this machine's own kernel ${says}`,
      mend === undefined ? {} : { mend },
    );
  if (process.getuid?.() !== 0)
    throw lacks('needs root, which mounts its image and makes its network', 'sudo -E npx touchstone …');
  await access('/dev/net/tun', constants.R_OK | constants.W_OK).catch(() => {
    throw lacks('needs /dev/net/tun for its wires', 'modprobe tun (in a container: --device /dev/net/tun)');
  });
  await access('/dev/loop-control').catch(() => {
    throw lacks('needs loop devices for its image', 'modprobe loop (in a container: --privileged)');
  });
  const { status, lines } = await run('unshare', [...apart, '--net', 'true']);
  if (status !== 0) throw lacks(`needs namespaces: ${lines.join(' ')}`, 'in a container: --privileged');
}
