/**
 * The seat of a device: the wire to it, which is there for a whole campaign and plugged into one lab after the other. A cable that is pulled, and frames that the kernel
 * had no room for, are faults of the run they happen in.
 */
import { release } from 'node:os';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Lab } from '../lab/lab.ts';
import { Unsupported } from '../lab/unsupported.ts';
import { attachWire } from '../lab/wire-station.ts';
import { type CableWire, carrierChanges, hasCarrier } from '../lab/wires/nic.ts';
import { type Configures, deviceNode } from '../products/device/device.ts';
import { materialOf } from '../products/device/device-material.ts';
import type { DeviceProduct } from '../products/product.ts';
import { told } from '../runtime/told-program.ts';
import type { Seat, SeatedNode } from './seat.ts';

export interface DeviceSeatOptions {
  readonly product: DeviceProduct;
  /** Opens the wire on an interface. Rejects with `HarnessFault`. */
  readonly opens: (nic: string) => Promise<CableWire>;
  /** Shows a page to a person, and resolves with what that one has typed: nothing, or why it cannot be so. */
  readonly asks: (page: string, signal?: AbortSignal) => Promise<string>;
  readonly signal?: AbortSignal;
}

export async function deviceSeat({ product, opens, asks, signal }: DeviceSeatOptions): Promise<Seat> {
  const { device } = product;
  const { nic } = device.interface;
  const { configure } = device;
  let wire = await opens(nic);
  let lab: Lab | undefined;
  const watch = (): void => void wire.lost.then((fault) => lab?.fail(fault));
  watch();
  const configures: Configures = async ({ configuration, page, inItsLanguage }) => {
    if (configure.by === 'person') {
      const cannot = await asks(page, signal);
      if (cannot !== '') throw new Unsupported(`${device.name}: ${cannot}`);
      return page;
    }
    const order = {
      schema: 'touchstone-device/1',
      device: device.name,
      configuration,
      material: materialOf(configuration),
      inItsLanguage,
    };
    const input = `${JSON.stringify(order, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}\n`;
    const { status, said } = await told({ ...configure, input, signal });
    const lastLines = said.split('\n').filter(Boolean);
    // What a command says of a device that it could not reach is no word of the device.
    if (!hasCarrier(nic))
      throw new HarnessFault('wire-lost', `the interface ${nic} is lost: it has no carrier`, { lastLines });
    if (status === CANNOT)
      throw new Unsupported(`${device.name}: ${lastLines.at(-1) ?? 'its configure command gives no reason'}`);
    if (status !== 0)
      throw new HarnessFault('not-configured', `the configure command of ${device.name} ended with ${status}`, {
        lastLines,
      });
    return said;
  };
  return {
    product: product.name,
    version: product.version,
    runtime: 'external',
    kernel: `none of ours; the wire is ${nic}, on ${release()}`,
    system: undefined,
    clock: 'real',
    takes: configure.by === 'person' ? PERSON : configure.within,
    enter: (entered, party, link): SeatedNode => {
      const attachment = attachWire(entered, link, party, wire);
      lab = entered;
      let changes = carrierChanges(nic);
      const node = deviceNode(device, async (what) => {
        const said = await configures(what);
        changes = carrierChanges(nic); // a device may take its port down while it is configured
        return said;
      });
      return {
        node,
        plug: (to) => attachment.movesTo(to),
        settled: async () => {
          await wire.settled();
          if (carrierChanges(nic) !== changes || !hasCarrier(nic))
            throw new HarnessFault('wire-lost', `the interface ${nic} was without carrier in the middle of the case`);
        },
        leave: () => {
          attachment.detach();
          lab = undefined;
        },
      };
    },
    recover: async () => {
      const fault = await Promise.race([wire.lost, Promise.resolve(undefined)]);
      if (fault === undefined && hasCarrier(nic)) return;
      await wire.close();
      wire = await opens(nic);
      watch();
    },
    close: () => wire.close(),
  };
}

/** What a configure command ends with when the device cannot be so; its last line says why. */
const CANNOT = 77;
/** Seconds. */
const PERSON = 3600;
