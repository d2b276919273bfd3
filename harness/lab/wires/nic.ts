/**
 * The wire to a vendor's box: a network interface of this machine, with the box at the other end of the cable. A packet socket of Linux (packet(7)), which a small
 * program of its own holds (`nic.pl`): Node has no such socket, Perl needs no compiler, and a buffer of 256 MiB in the kernel lets neither of them be late. Each frame
 * comes with the time at which the kernel had it. What the kernel had to drop is a fault of the lab, and told by `settled`.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { shipped } from '../../installation.ts';
import { HarnessFault } from '../harness-fault.ts';
import type { Wire, WireCounters } from './wire.ts';

/** A wire whose other end nobody here holds: it may be pulled, and it may bring more than can be taken. */
export interface CableWire extends Wire {
  readonly interface: string;
  /** Resolves with `wire-lost` when the interface goes down, is taken away, or cannot be read any more; never rejects. */
  readonly lost: Promise<HarnessFault>;
  /** Resolves when everything that has arrived by now was given to listeners. Rejects with `frames-lost`, if any was dropped since it was last asked, or `wire-lost`. */
  settled(): Promise<void>;
}

export interface NicOptions {
  /** Octets that the kernel keeps of what was not read yet, each frame counted with what it takes beside it. */
  readonly room?: number;
}

/** Opens it; needs CAP_NET_RAW. Rejects with `wire-unavailable` or, for an interface that this machine itself speaks on, `interface-in-use`. */
export async function nicWire(name: string, { room = ROOM }: NicOptions = {}): Promise<CableWire> {
  requireFree(name);
  const helper = spawn('perl', [shipped('harness', 'lab', 'wires', 'nic.pl'), name, `${room}`], { stdio: 'pipe' });
  const listeners = new Set<(frame: Uint8Array, arrived: number) => void>();
  const counters: WireCounters = { sent: 0, received: 0, lost: 0, malformed: 0 };
  const asked: ((dropped: number) => void)[] = [];
  let told = 0;
  let open = true;
  const ended = endOf(helper);
  const lost = ended.then((says) =>
    open ? new HarnessFault('wire-lost', `the interface ${name} is lost: ${says}`) : new Promise<never>(() => {}),
  );

  helper.stdout.on(
    'data',
    records((frame, number) => {
      if (frame.length === 0) {
        asked.shift()?.(number);
        return;
      }
      counters.received++;
      for (const listener of listeners) listener(frame, number / 1e6 - monotonicAtOrigin);
    }),
  );
  const answer = () => new Promise<number>((resolve) => asked.push(resolve));

  const ready = await Promise.race([answer(), ended]);
  if (typeof ready === 'string') {
    const mend = /permitted/.test(ready)
      ? { mend: 'sudo -E npx touchstone … (it needs CAP_NET_RAW)' }
      : /perl does not start|Can't locate/.test(ready)
        ? { mend: 'apt-get install -y --no-install-recommends perl' }
        : {};
    throw new HarnessFault('wire-unavailable', `no packet socket on ${name}: ${ready}`, mend);
  }

  return {
    interface: name,
    counters,
    lost,
    send(frame) {
      if (helper.stdin.writableLength > mostQueued) {
        const says = `${mostQueued} octets wait for the interface ${name}: frames are sent faster than it takes them`;
        throw new HarnessFault('wire-full', says);
      }
      helper.stdin.write(recordOf(frame));
      counters.sent++;
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async settled() {
      helper.stdin.write(recordOf(new Uint8Array()));
      const dropped = await Promise.race([answer(), lost]);
      if (dropped instanceof HarnessFault) throw dropped;
      const now = dropped - told;
      told = dropped;
      counters.lost = dropped;
      if (now === 0) return;
      const says = `the kernel had no room for ${now} frames that came in at ${name}: what they were, nobody knows`;
      throw new HarnessFault('frames-lost', says);
    },
    async close() {
      if (!open) return;
      open = false;
      helper.stdin.end();
      helper.kill('SIGTERM');
      await ended;
    },
  };
}

/** A whole frame before it goes to the helper, as `nic.pl` reads it. */
function recordOf(frame: Uint8Array): Uint8Array {
  const record = Buffer.allocUnsafe(4 + frame.length);
  record.writeUInt32BE(frame.length);
  record.set(frame, 4);
  return record;
}

/** Takes the helper's octets as they come, in any pieces; `each` has a frame of its own, and the number before it. */
function records(each: (frame: Uint8Array, number: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const octets = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (octets.length - at >= recordHeader) {
      const length = octets.readUInt32BE(at);
      if (octets.length - at - recordHeader < length) break;
      const begins = at + recordHeader;
      each(new Uint8Array(octets.subarray(begins, begins + length)), Number(octets.readBigUInt64BE(at + 4)));
      at = begins + length;
    }
    rest = octets.subarray(at);
  };
}

/** Resolves with what it said last. */
function endOf(helper: ChildProcessWithoutNullStreams): Promise<string> {
  let said = '';
  helper.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-mostSaid)));
  helper.stdin.on('error', () => {}); // it has ended, which is told below
  return new Promise((resolve) => {
    helper.once('error', (cause) => resolve(`perl does not start: ${cause.message}`));
    helper.once('close', (code, signal) => resolve(said.trim() || `its helper ended with ${code ?? signal}`));
  });
}

/** Throws `HarnessFault` for an interface that is not there, leads nowhere, or is in use. */
export function requireFree(name: string): void {
  const unavailable = (says: string, mend?: string) =>
    new HarnessFault('wire-unavailable', says, mend === undefined ? {} : { mend });
  const known = interfaces();
  if (!known.includes(name)) throw unavailable(`there is no interface ${name}; there is ${known.join(', ')}`);
  if (!isUp(name)) throw unavailable(`the interface ${name} is down`, `ip link set ${name} up`);
  if (!hasCarrier(name)) throw unavailable(`the interface ${name} has no carrier: nothing is at the other end`);
  const addresses = networkInterfaces()[name] ?? [];
  if (addresses.length === 0) return;
  const says = `this machine itself speaks on ${name} (${addresses.map(({ address }) => address).join(', ')}), and would between the lab and the device`;
  const mend = `if it is the cable to the device: sysctl -w net.ipv6.conf.${name}.disable_ipv6=1; ip address flush dev ${name}`;
  throw new HarnessFault('interface-in-use', says, { mend });
}

function interfaces(): readonly string[] {
  try {
    return readdirSync('/sys/class/net');
  } catch {
    throw new HarnessFault('wire-unavailable', 'a device on a cable needs Linux: there is no /sys/class/net');
  }
}

const isUp = (name: string): boolean => (Number(attribute(name, 'flags')) & 1) === 1;

/** Whether something is at the other end. */
export const hasCarrier = (name: string): boolean => attribute(name, 'carrier') === '1';

/** How often the cable was pulled or put in; undefined where the interface is gone. */
export const carrierChanges = (name: string): string | undefined => attribute(name, 'carrier_changes');

/** Undefined where there is none; that of an interface which is down cannot be read either. */
function attribute(name: string, which: string): string | undefined {
  try {
    return readFileSync(`/sys/class/net/${name}/${which}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** 50,000 of the longest frames are 115 MiB. */
const ROOM = 256 << 20;
const recordHeader = 12;
/** Octets: a tenth of a second of a gigabit. */
const mostQueued = 16 << 20;
const mostSaid = 4096;
/** Milliseconds of CLOCK_MONOTONIC when `performance.now()` was zero. */
const monotonicAtOrigin = Number(process.hrtime.bigint()) / 1e6 - performance.now();
