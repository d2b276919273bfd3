/**
 * The seat of a product in a warm guest: booted once, wired to the harness by L2TPv3, and plugged into a new lab for each scenario run. A guest that dies
 * or hangs is a fault of the run it dies in; the next run gets a fresh one.
 */
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { attachWire } from '../lab/wire-station.ts';
import { freePorts, l2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import type { GuestProduct } from '../products/product.ts';
import { ensureImage, type Image, type Progress } from '../runtime/image.ts';
import { markAsked } from '../runtime/image-cache.ts';
import { describedIn, type NamedImage } from '../runtime/image-description.ts';
import type { Guest, Runtime } from '../runtime/runtime.ts';
import { type System, systemOf } from '../runtime/system.ts';
import type { Seat, SeatedNode } from './seat.ts';
import { type Site, siteOf } from './site.ts';

export interface GuestSeatOptions {
  readonly product: GuestProduct;
  readonly runtime: Runtime;
  /** Its image, where that is had already; else it is looked for in `cache`, and built if need be. */
  readonly image?: Image;
  /** Folder of built images. */
  readonly cache: string;
  /** Distinguishes the guests of one campaign. */
  readonly number?: number;
  /** Planted on purpose, by name. */
  readonly defect?: string;
  readonly progress?: Progress;
  /** Gives up a build or a boot that is under way. */
  readonly signal?: AbortSignal;
}

/** A site of one guest, for scenarios in which nobody else is tested. */
export async function guestSite(options: GuestSeatOptions): Promise<Site> {
  return siteOf(await guestSeat(options));
}

/** Rejects with a `HarnessFault` that says what is lacking. */
export async function imageFor({ product, cache, progress, signal }: GuestSeatOptions): Promise<Image> {
  return await ensureImage(imageOf(product), cache, progress, signal);
}

/** Boots the guest. Rejects with a `HarnessFault` that says what to install when the machine lacks something. */
export async function guestSeat(options: GuestSeatOptions): Promise<Seat> {
  const { product, runtime, number = 1, defect, progress, signal } = options;
  await runtime.available();
  const image = options.image ?? (await imageFor(options));
  const [guestPort] = (await freePorts(1)) as [number];
  const wire = await l2tpv3Wire({
    peerAddress: '127.0.0.1',
    peerPort: guestPort,
    session: 0x1000 + number,
  });
  const mac = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
  let guest: Guest | undefined;
  let lab: Lab | undefined;
  let system: System | undefined;
  const boot = async (): Promise<Guest> => {
    await markAsked(image.path);
    if (image.kernel !== undefined) await markAsked(image.kernel);
    await guest?.stop();
    guest = await runtime.boot({
      name: `${product.name}-${number}`,
      image,
      wires: [
        {
          name: 'eth0',
          mac,
          guestPort,
          peerAddress: wire.local.address,
          peerPort: wire.local.port,
          session: wire.session,
        },
      ],
      ...(progress && { progress }),
      ...(signal && { signal }),
    });
    void guest.died.then((fault) => lab?.fail(fault));
    system = await systemOf(guest);
    return guest;
  };
  let node: NodeUnderTest;
  try {
    node = await product.create(boot, defect);
  } catch (fault) {
    await guest?.stop();
    await wire.close();
    throw fault;
  }

  return {
    product: product.name,
    get version() {
      return node.version;
    },
    runtime: runtime.name,
    get kernel() {
      return node.kernel ?? 'unknown';
    },
    get system() {
      return system;
    },
    clock: 'real',
    enter: (entered, party, link): SeatedNode => {
      const attachment = attachWire(entered, link, party, wire);
      lab = entered;
      const watch = setInterval(() => {
        if (guest?.alive) answers(guest).catch((fault: HarnessFault) => abandon(entered, guest, fault));
      }, SIGN_OF_LIFE);
      return {
        node,
        plug: (to) => attachment.movesTo(to),
        settled: () => answers(guest),
        leave: () => {
          clearInterval(watch);
          attachment.detach();
          lab = undefined;
        },
      };
    },
    recover: async () => {
      if (await isWell(guest, node)) return;
      await node.stop().catch(() => {});
      node = await product.create(boot, defect);
    },
    close: async () => {
      await node.stop();
      await guest?.stop();
      await wire.close();
    },
  };
}

function imageOf({ name, image, release }: GuestProduct): NamedImage {
  return typeof image === 'string' ? describedIn(image, release) : { name, ...image, ...(release && { release }) };
}

/** Neither the lab nor whoever waits at the console waits for a guest that hangs; of one that died they have heard already. */
function abandon(lab: Lab, guest: Guest | undefined, fault: HarnessFault): void {
  if (fault.code !== 'guest-hangs') return;
  lab.fail(fault);
  guest?.abandon(fault);
}

/** Rejects with `guest-hangs`, or with what the guest died of. */
async function answers(guest: Guest | undefined): Promise<void> {
  try {
    await guest?.console.request('running', [], PATIENCE);
  } catch (fault) {
    if (!(fault instanceof HarnessFault) || fault.code !== 'console-deadline') throw fault;
    const says = `the guest ${guest?.name} has stopped answering: ${fault.message}`;
    throw new HarnessFault('guest-hangs', says, { lastLines: fault.lastLines, cause: fault });
  }
}

/** A guest that answers, and a product in it that tells its state. */
async function isWell(guest: Guest | undefined, node: NodeUnderTest): Promise<boolean> {
  return answers(guest)
    .then(() => node.state())
    .then(
      () => true,
      (fault) => !(fault instanceof HarnessFault),
    );
}

/** Milliseconds between two questions whether a guest still answers, and for an answer that takes one. */
const SIGN_OF_LIFE = 2_000;
const PATIENCE = 5_000;
