/** For end-to-end tests: a guest that is about to be booted on one end of a wire, whose other end is the test. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { freePorts, type L2tpv3Wire, l2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import { ensureImage, type Progress } from './image.ts';
import type { GuestSpec } from './runtime.ts';

export interface WiredGuest {
  readonly wire: L2tpv3Wire;
  /** What a runtime boots; its interface is `eth0`. */
  readonly spec: GuestSpec;
}

/** The image is built where there is none. */
export async function wiredGuest(imageName: string, mac: string, progress?: Progress): Promise<WiredGuest> {
  const image = await ensureImage(imageName, join(homedir(), '.cache', 'touchstone'), progress);
  const [guestPort] = (await freePorts(1)) as [number];
  const wire = await l2tpv3Wire({ peerAddress: '127.0.0.1', peerPort: guestPort, session: SESSION });
  const { address: peerAddress, port: peerPort } = wire.local;
  const wires = [{ name: 'eth0', mac, guestPort, peerAddress, peerPort, session: SESSION }];
  return { wire, spec: { name: 'guest', image, wires } };
}

/** Rejected with: what this machine lacks has the tests skipped, and says so. */
export const skipping =
  (test: { skip(): never }) =>
  (fault: unknown): never => {
    if (!(fault instanceof HarnessFault) || fault.code !== 'missing-tool') throw fault;
    console.log(`      skipped: ${fault.message}`);
    return test.skip();
  };

const SESSION = 0x11;
