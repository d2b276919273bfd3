/**
 * For this folder's end-to-end tests: two guests of one image on one link, so that a product can be seen to talk with itself before any
 * tester exists, or one whose other end is the test. Every frame passes through here.
 */
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePorts, l2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import { ensureImage } from '../runtime/image.ts';
import type { Guest, Runtime } from '../runtime/runtime.ts';
import { uml } from '../runtime/uml.ts';
import { wiredGuest } from '../runtime/wired-guest.test-support.ts';
import { guestProductNamed } from './catalogue.ts';
import type { Boot } from './guest-host.ts';
import type { QuestionedNode } from './honesty.ts';

export interface GuestPair {
  readonly left: Boot;
  readonly right: Boot;
  /** Ethernet frames seen on the link, in order. */
  readonly frames: Uint8Array[];
  close(): Promise<void>;
}

export async function guestPair(imageName: string, runtime: Runtime = uml): Promise<GuestPair> {
  const image = await ensureImage(imageName, join(homedir(), '.cache', 'touchstone'));
  const [leftPort, rightPort] = (await freePorts(2)) as [number, number];
  const end = (peerPort: number, session: number) => l2tpv3Wire({ peerAddress: '127.0.0.1', peerPort, session });
  const [left, right] = await Promise.all([end(leftPort, 1), end(rightPort, 2)]);
  const frames: Uint8Array[] = [];
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.onFrame((frame) => {
      frames.push(frame);
      to.send(frame);
    });
  }
  const boot = (name: string, guestPort: number, { local, session }: typeof left): Boot => {
    const mac = `02:00:00:00:00:0${session}`;
    const wire = { name: 'eth0', mac, guestPort, peerAddress: local.address, peerPort: local.port, session };
    return () => runtime.boot({ name, image, wires: [wire] });
  };
  return {
    left: boot('left', leftPort, left),
    right: boot('right', rightPort, right),
    frames,
    close: async () => void (await Promise.all([left.close(), right.close()])),
  };
}

export interface TwoNodes {
  left: QuestionedNode;
  right: QuestionedNode;
  /** The left one's, whichever it has now. */
  guest: Guest;
}

/** In a `before`: where no guest can run, the tests are skipped, and say why. */
export async function skipWithoutGuests(test: { skip(): never }): Promise<void> {
  if (await canRunGuests()) return;
  console.error('skipped: no /usr/bin/linux.uml on this machine (apt-get install -y user-mode-linux)');
  test.skip();
}

/** A product on each of two guests, for the tests of one `describe`: what is given is filled before the first of them, which are skipped where no guest can run. */
export function twoNodes(product: string): TwoNodes {
  const two = {} as TwoNodes;
  let pair: GuestPair | undefined;

  before(async function () {
    await skipWithoutGuests(this);
    const guests = await guestPair(product);
    pair = guests;
    const { create } = guestProductNamed(product)!;
    const leftGuest = async () => {
      two.guest = await guests.left();
      return two.guest;
    };
    [two.left, two.right] = await Promise.all([create(leftGuest), create(guests.right)]);
  });

  after(async () => {
    await Promise.all([two.left?.stop(), two.right?.stop()]);
    await pair?.close();
  });

  return two;
}

export interface GuestOnWire {
  readonly boot: Boot;
  /** Towards the guest, whose interface is `eth0`. */
  send(frame: Uint8Array): void;
  onFrame(listener: (frame: Uint8Array) => void): void;
  close(): Promise<void>;
}

/** One guest, and a test at the other end of its wire. */
export async function guestOnWire(imageName: string, mac: string): Promise<GuestOnWire> {
  const { wire, spec } = await wiredGuest(imageName, mac);
  return {
    boot: () => uml.boot({ ...spec, name: imageName }),
    send: (frame) => wire.send(frame),
    onFrame: (listener) => void wire.onFrame(listener),
    close: () => wire.close(),
  };
}

/** Whether this machine can run a guest at all. */
export const canRunGuests = (): Promise<boolean> =>
  access('/usr/bin/linux.uml').then(
    () => true,
    () => false,
  );

/** Waits until `seen` says so; it is asked again every few milliseconds, and at most for so long. */
export async function until(seen: () => Promise<boolean> | boolean, milliseconds = 4_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await seen())) {
    if (performance.now() > deadline) throw new Error(`not seen within ${milliseconds} ms: ${seen}`);
    await new Promise((again) => setTimeout(again, 5));
  }
}
