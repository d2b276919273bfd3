/**
 * A laboratory: links, the stations plugged into them, and the one totally ordered log of what happened. Every frame between two
 * nodes passes through here, so it is recorded before anybody receives it. A lab owns its clock and knows no other lab;
 * what a station is (a reference host, the wire to a product) is the business of whoever plugs it in.
 */
import type { KeyRecord, NodeState } from '../../reference/host/interface.ts';
import type { Instant } from '../../reference/machine.ts';
import { hex } from '../../reference/wire/octets.ts';
import type { Entry, FrameEntry, MarkedAct, MarkedCommand, OrderedCommand } from '../capture/transcript.ts';
import { type Cancel, type Clock, realClock, virtualClock } from './clock.ts';
import { HarnessFault } from './harness-fault.ts';

export interface LabOptions {
  readonly clock: 'virtual' | 'real';
  /** What all entropy of the lab's stations comes from. */
  readonly seed: number;
  /** Milliseconds of lab time after which the lab is given up. Default two minutes. */
  readonly limit?: number;
  /** Octets the log may come to hold. Default a quarter of a gigabyte: half a million short frames. */
  readonly mostOctets?: number;
  /** Aborts every wait, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** What the tester did to a frame. */
export type Tampering = FrameEntry['tampers'][number];

/** A station's socket on a link. */
export interface Attachment {
  readonly link: string;
  /** `arrived` is when it was there, as `performance.now()` counts, where that is known: its time in the log, as far as the order of the log allows. */
  transmit(octets: Uint8Array, tampers?: readonly Tampering[], arrived?: number): void;
  /** Pulls the plug and puts it into another link. Frames on their way to the old place are lost. */
  movesTo(link: string): void;
  detach(): void;
}

/** A frame on its way over a link, recorded, before the others on that link receive it. */
export interface FrameInTransit {
  readonly entry: FrameEntry;
  /** To the others on its link, now or whenever it is called; again, if it is called again. What never goes on is lost. */
  goesOn(change?: Onwards): void;
}

export interface Onwards {
  /** What it was rewritten to. */
  readonly octets?: Uint8Array;
  /** In milliseconds. */
  readonly delay?: number;
}

/** Decides what becomes of a frame. */
export type Interceptor = (frame: FrameInTransit) => void;

export class Lab {
  readonly seed: number;
  readonly clock: Clock;
  /** Everything that happened, in order; `place` of an entry is its index. */
  readonly entries: Entry[] = [];
  readonly #mostOctets: number;
  #octets = 0;
  #frames = 0;
  readonly #keys = new Set<string>();
  #fault: HarnessFault | undefined;
  readonly #links = new Map<string, Link>();
  #interceptor: Interceptor = cable;
  readonly #waits = new Set<Wait>();
  readonly #signal: AbortSignal | undefined;

  constructor(options: LabOptions) {
    this.seed = options.seed;
    this.#mostOctets = options.mostOctets ?? MOST_LOG_OCTETS;
    this.#signal = options.signal;
    this.clock =
      options.clock === 'real'
        ? realClock()
        : virtualClock(() =>
            this.fail(
              new HarnessFault('lab-stuck', 'somebody waits, and nothing is left to happen or time does not pass'),
            ),
          );
    const limit = options.limit ?? LAB_LIMIT;
    this.at(limit, () =>
      this.fail(new HarnessFault('lab-deadline', `the lab did not come to an end in ${limit} ms of its time`)),
    );
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
    if (this.#signal?.aborted) this.#abort();
  }

  now(): Instant {
    return this.clock.now();
  }

  /** On all links, in place of the last one; without an argument they are plain cables again. */
  intercept(interceptor: Interceptor = cable): void {
    this.#interceptor = interceptor;
  }

  /** Plugs a station into a link; `receive` is called with every frame that another station sends there. */
  attach(link: string, station: string, receive: (octets: Uint8Array) => void): Attachment {
    const port: Port = { station, receive };
    let at = this.#link(link).join(port);
    return {
      get link() {
        return at.name;
      },
      transmit: (octets, tampers = [], arrived) =>
        this.#transmit(at, port, { link: at.name, from: station, octets, tampers }, arrived),
      movesTo: (to) => {
        at.leave(port);
        at = this.#link(to).join(port);
      },
      detach: () => at.leave(port),
    };
  }

  /** Has `act` called at `time`, and looks afterwards whether a wait is over. What it throws ends the lab. */
  at(time: Instant, act: () => void): Cancel {
    return this.clock.at(time, () => this.act(act));
  }

  /** Does something in the lab now, and looks afterwards whether a wait is over. What it throws ends the lab. */
  act(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.fail(asFault(error));
    }
    for (const wait of [...this.#waits]) settle(wait);
  }

  /**
   * Waits until `condition` holds over what was recorded: true when it does, false when it does not `within` so many milliseconds of
   * lab time. Rejects with a `HarnessFault` when the lab fails or is given up.
   */
  until(condition: () => boolean, { within }: { readonly within: number }): Promise<boolean> {
    if (this.#fault) return Promise.reject(this.#fault);
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const over = this.clock.wait();
      const close = (): void => {
        this.#waits.delete(wait);
        cancel();
        over();
      };
      const wait: Wait = {
        holds: condition,
        end: (held) => {
          close();
          resolve(held);
        },
        fail: (fault) => {
          close();
          reject(fault);
        },
      };
      const cancel = this.at(this.now() + within, () => {
        settle(wait);
        if (this.#waits.has(wait)) wait.end(false);
      });
      this.#waits.add(wait);
    });
  }

  /** Waits for something outside the lab (a guest's answer); virtual time stands still meanwhile. Rejects when the lab fails. */
  async outside<T>(answer: Promise<T>): Promise<T> {
    if (this.#fault) throw this.#fault;
    const release = this.clock.hold();
    let wait: Wait | undefined;
    const failed = new Promise<never>((_, reject) => {
      wait = { holds: () => false, end: () => {}, fail: reject };
      this.#waits.add(wait);
    });
    try {
      return await Promise.race([answer, failed]);
    } finally {
      this.#waits.delete(wait!);
      release();
    }
  }

  /** Names this moment of the log. */
  mark(name: string, by: string, act: MarkedAct = { kind: 'moment' }): void {
    this.#record({ kind: 'mark', ...this.#placed(), name, by, act });
  }

  recordState(name: string, node: string, state: NodeState): void {
    this.#record({ kind: 'state', ...this.#placed(), name, node, state });
  }

  /** Both ends of an SA tell its keys; they are recorded once. */
  recordKeys(record: KeyRecord): void {
    const { since: _since, ...keys } = { since: 0, ...record };
    const known = JSON.stringify(keys);
    if (this.#keys.has(known)) return;
    this.#keys.add(known);
    this.#record({ kind: 'keys', ...this.#placed(), record });
  }

  /** A party's program is not there any more, and nobody has asked it to end. */
  recordEnd(node: string, says: string): void {
    this.#record({ kind: 'ended', ...this.#placed(), node, says });
  }

  note(node: string, says: string): void {
    this.#record({ kind: 'note', ...this.#placed(), node, says }, says.length);
  }

  /** Ends every wait, now and later, with this fault. The first one counts. */
  fail(fault: HarnessFault): void {
    this.#fault ??= fault;
    for (const wait of [...this.#waits]) wait.fail(this.#fault);
  }

  /** No appointment is kept after this, and every wait that is left is rejected. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.fail(new HarnessFault('lab-closed', 'the lab is closed'));
    this.clock.stop();
  }

  #transmit(link: Link, sender: Port, frame: Sent, arrived?: number): void {
    const entry = this.#recordFrame(frame, arrived);
    if (!entry) return;
    let times = 0;
    const goesOn = ({ octets = frame.octets, delay = 0 }: Onwards = {}): void => {
      times++;
      // What a link made of a frame, or repeats, was sent by the link.
      const isItself = octets === frame.octets && times === 1;
      if (!isItself && !this.#recordFrame({ ...frame, from: `${link.name} (link)`, octets })) return;
      this.at(this.now() + this.clock.latency + delay, () => {
        for (const port of [...link.ports]) if (port !== sender) port.receive(octets);
      });
    };
    this.#interceptor({ entry, goesOn });
  }

  #recordFrame(sent: Sent, arrived?: number): FrameEntry | undefined {
    const entry: FrameEntry = { kind: 'frame', ...this.#placed(arrived), number: this.#frames + 1, ...sent };
    if (!this.#record(entry, sent.octets.length)) return undefined;
    this.#frames = entry.number;
    return entry;
  }

  /** Into the log, unless that is full: then the lab is over, nothing more is recorded, and no frame passes. */
  #record(entry: Entry, octets = 0): boolean {
    this.#octets += ENTRY_OCTETS + octets;
    if (this.#octets <= this.#mostOctets) {
      this.entries.push(entry);
      return true;
    }
    const held = `${this.#frames} frames and ${this.entries.length - this.#frames} other entries`;
    const says = `the log is full: ${held} are the ${this.#mostOctets} octets that a case may record`;
    this.fail(
      new HarnessFault('log-full', entry.kind === 'frame' ? `${says}; the last was sent by ${entry.from}` : says),
    );
    return false;
  }

  /** What `arrived` before the last entry was recorded has the time of that: the log is in order of time, too. */
  #placed(arrived?: number): { readonly place: number; readonly time: Instant } {
    const now = this.now();
    const last = this.entries.at(-1)?.time ?? 0;
    const time = arrived === undefined ? now : Math.min(now, Math.max(last, this.clock.instantOf(arrived)));
    return { place: this.entries.length, time };
  }

  #link(name: string): Link {
    let link = this.#links.get(name);
    if (!link) {
      link = new Link(name);
      this.#links.set(name, link);
    }
    return link;
  }

  readonly #abort = (): void => this.fail(new HarnessFault('aborted', 'stopped on request'));
}

/** A command as it stands in a mark: octets as hex, bigints as decimal text, functions left out. */
export function jsonOf(command: OrderedCommand): MarkedCommand {
  return plain(command) as MarkedCommand;
}

/** Milliseconds that no case comes near, unless it lets time pass. */
export const LAB_LIMIT = 120_000;
/** All of it stays in memory until its bundle is written, beside what is opened of it. */
const MOST_LOG_OCTETS = 256 << 20;
/** What an entry takes besides its octets, or its text. */
const ENTRY_OCTETS = 512;

type Sent = Pick<FrameEntry, 'link' | 'from' | 'octets' | 'tampers'>;

interface Port {
  readonly station: string;
  readonly receive: (octets: Uint8Array) => void;
}

interface Wait {
  readonly holds: () => boolean;
  readonly end: (held: boolean) => void;
  readonly fail: (fault: HarnessFault) => void;
}

/** A broadcast domain: a cable with a hub in its middle. */
class Link {
  readonly name: string;
  readonly ports = new Set<Port>();

  constructor(name: string) {
    this.name = name;
  }

  join(port: Port): this {
    this.ports.add(port);
    return this;
  }

  leave(port: Port): void {
    this.ports.delete(port);
  }
}

const cable: Interceptor = ({ goesOn }) => goesOn();

/** Ends a wait whose condition holds. A condition that throws is a fault of whoever waits, and of nobody else. */
function settle(wait: Wait): void {
  try {
    if (wait.holds()) wait.end(true);
  } catch (error) {
    wait.fail(asFault(error));
  }
}

function asFault(error: unknown): HarnessFault {
  if (error instanceof HarnessFault) return error;
  const says = error instanceof Error ? error.message : String(error);
  return new HarnessFault('machine-fault', `something in the lab threw: ${says}`, { cause: error });
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([, member]) => typeof member !== 'function' && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
