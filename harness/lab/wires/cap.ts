/**
 * The wire to a vendor's box by libpcap, for a machine where a packet socket is not to be had and libpcap is: the package `cap`, which is not installed with Touchstone and is loaded when it is
 * asked for. It knows neither when a frame came nor how many it lost, so that whoever plays over it knows less; `nic.ts` is the wire to prefer.
 */
import { HarnessFault } from '../harness-fault.ts';
import { type CableWire, requireFree } from './nic.ts';
import type { WireCounters } from './wire.ts';

/** What of the package is used here, which has no types. */
interface CapPackage {
  readonly Cap: new () => {
    open(device: string, filter: string, bufferOctets: number, buffer: Buffer): string;
    on(event: 'packet', listener: (octets: number, truncated: boolean) => void): void;
    send(frame: Buffer, octets: number): void;
    close(): void;
  };
}

/** Opens it. Rejects with `missing-tool` where the package is not, `wire-unavailable` for what libpcap refuses, and as `nicWire` does. */
export async function capWire(name: string): Promise<CableWire> {
  requireFree(name);
  const { Cap } = await loaded();
  const cap = new Cap();
  const buffer = Buffer.alloc(longest);
  const counters: WireCounters = { sent: 0, received: 0, lost: 0, malformed: 0 };
  const listeners = new Set<(frame: Uint8Array) => void>();
  const refuses = (cause: unknown) =>
    new HarnessFault('wire-unavailable', `libpcap does not open ${name}: ${(cause as Error).message}`, { cause });
  let linkType: string;
  try {
    linkType = cap.open(name, 'inbound', bufferOctets, buffer);
  } catch (cause) {
    throw refuses(cause);
  }
  if (linkType !== 'ETHERNET') {
    cap.close();
    throw refuses(new Error(`it is ${linkType}, no Ethernet`));
  }
  let lose = (_: HarnessFault): void => {};
  const lost = new Promise<HarnessFault>((resolve) => {
    lose = resolve;
  });
  let open = true;

  cap.on('packet', (octets, truncated) => {
    if (truncated) {
      counters.malformed++;
      return;
    }
    counters.received++;
    for (const listener of listeners) listener(new Uint8Array(buffer.subarray(0, octets)));
  });

  return {
    interface: name,
    counters,
    lost,
    send(frame) {
      try {
        cap.send(Buffer.from(frame), frame.length);
        counters.sent++;
      } catch (cause) {
        lose(new HarnessFault('wire-lost', `the interface ${name} is lost: ${(cause as Error).message}`, { cause }));
      }
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settled: () => new Promise((turn) => setImmediate(turn)), // it has no count of what was dropped
    async close() {
      if (!open) return;
      open = false;
      cap.close();
    },
  };
}

async function loaded(): Promise<CapPackage> {
  const name = 'cap'; // not written in the import, which would have it be there when Touchstone is packed
  try {
    const { default: found } = (await import(name)) as { readonly default: CapPackage };
    return found;
  } catch (cause) {
    const says = `the package cap, for a wire by libpcap, does not load: ${(cause as Error).message.split('\n')[0]}`;
    const mend = 'apt-get install -y libpcap-dev g++ make && npm install cap';
    throw new HarnessFault('missing-tool', says, { cause, mend });
  }
}

/** A segment that a network interface has put together is no longer than this. */
const longest = 65_535;
/** What libpcap keeps of what was not read yet. */
const bufferOctets = 256 << 20;
