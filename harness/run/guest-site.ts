/**
 * A product in a warm guest: booted once, wired to the harness by L2TPv3, and plugged into a new lab for each scenario run. A guest that dies
 * or hangs is a fault of the run it dies in; the next run gets a fresh one.
 */
import { HarnessFault } from '../lab/harness-fault.ts';
import { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { attachWire } from '../lab/wire-station.ts';
import { freePorts, l2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import type { ProductEntry } from '../products/catalogue.ts';
import { ensureImage, type Progress } from '../runtime/image.ts';
import type { Guest, Runtime } from '../runtime/runtime.ts';
import type { OpenSite, Site } from './site.ts';

export interface GuestSiteOptions {
  readonly product: ProductEntry;
  readonly runtime: Runtime;
  /** Folder of built images. */
  readonly cache: string;
  /** Distinguishes the guests of one campaign. */
  readonly number?: number;
  /** Planted on purpose, by name. */
  readonly defect?: string;
  readonly progress?: Progress;
}

/** Boots the guest. Rejects with a `HarnessFault` that says what to install when the machine lacks something. */
export async function guestSite(options: GuestSiteOptions): Promise<Site> {
  const { product, runtime, cache, number = 1, defect, progress } = options;
  const image = await ensureImage(product.image, cache, progress);
  const [guestPort] = (await freePorts(1)) as [number];
  const wire = await l2tpv3Wire({
    peerAddress: '127.0.0.1',
    peerPort: guestPort,
    session: 0x1000 + number,
  });
  const mac = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
  let guest: Guest | undefined;
  const boot = async (): Promise<Guest> => {
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
    });
    return guest;
  };
  let node: NodeUnderTest;
  try {
    node = await product.create(boot, defect);
  } catch (fault) {
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
    node: product,
    open: async (seed, signal): Promise<OpenSite> => {
      const lab = new Lab({ clock: 'real', seed, ...(signal && { signal }) });
      const attachment = attachWire(lab, 'home', 'nut', wire);
      void guest?.died.then((fault) => lab.fail(fault));
      return {
        lab,
        node,
        close: () => {
          attachment.detach();
          lab.close();
        },
      };
    },
    recover: async () => {
      if (guest?.alive && (await answers(node))) return;
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

/** A guest that does not tell its state in time is as good as dead. */
async function answers(node: NodeUnderTest): Promise<boolean> {
  return node.state().then(
    () => true,
    (fault) => !(fault instanceof HarnessFault),
  );
}
