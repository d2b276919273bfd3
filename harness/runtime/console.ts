/**
 * The harness's side of a guest's console: typed calls with deadlines, events, and octet streams to sockets of
 * the guest, all over one line to the agent. `console-line.ts` has the form of the lines; the verbs are those of
 * `docker/base/touchstone`. Nothing here knows how the guest runs.
 */
import { HarnessFault } from '../lab/harness-fault.ts';
import {
  type ConsoleLine,
  consoleLine,
  lineCutter,
  pacedWriter,
  requestLine,
  textOf,
  type Word,
} from './console-line.ts';

/** What the agent refused, in its words: a file that is not there, a verb that it does not know. */
export class ConsoleRefusal extends Error {
  readonly verb: string;
  constructor(verb: string, reason: string) {
    super(reason);
    this.name = 'ConsoleRefusal';
    this.verb = verb;
  }
}

/** One reply of `ip`: whether it did the line, and all it printed. */
export interface BatchReply {
  readonly line: string;
  readonly done: boolean;
  readonly printed: string;
}

/** What one of the guest's sinks was given. A TCP connection is one delivery without octets, and one for each piece read. */
export interface Delivery {
  readonly sequence: number;
  /** Milliseconds since 1970, by the guest's clock, which is the host's. */
  readonly at: number;
  readonly protocol: 'udp' | 'tcp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly octets: Uint8Array;
}

/** An octet stream to a socket of the guest. */
export interface ConsoleStream {
  write(octets: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Everything that passed, for a transcript: requests, answers, refusals, events and noise. */
export type ConsoleRecord =
  | ConsoleLine
  | { readonly kind: 'request'; readonly number: number; readonly verb: string; readonly words: readonly Word[] };

export type EventListener = (words: readonly Uint8Array[]) => void;

interface Waiting {
  readonly verb: string;
  answered(words: readonly Uint8Array[]): void;
  failed(reason: Error): void;
}

export class ConsoleChannel {
  #last = 0;
  #lastStream = 0;
  #lastConnection = 0;
  #ended: HarnessFault | undefined;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<EventListener>>();
  readonly #streams = new Map<string, { received(octets: Uint8Array): void; closed(): void }>();
  readonly #observers = new Set<(record: ConsoleRecord) => void>();
  readonly #lastLines: () => readonly string[];
  readonly #writer: ReturnType<typeof pacedWriter>;
  readonly #lines = lineCutter(
    (line) => this.#take(consoleLine(line)),
    LONGEST_LINE,
    (beginning) => this.#overlong(beginning),
  );

  /**
   * `write` carries a line to the agent; what comes back is given to `receive`, in pieces of any size. `lastLines` is what a fault
   * of this channel is told with: the end of the kernel's own console.
   */
  constructor(write: (line: string) => void, lastLines: () => readonly string[] = () => []) {
    this.#lastLines = lastLines;
    this.#writer = pacedWriter(write);
    this.on('taken', ([total]) => this.#writer.taken(Number(textOf(total!))));
    this.on('stream', ([number, octets]) => this.#streams.get(textOf(number!))?.received(octets!));
    this.on('closed', ([number]) => {
      const stream = this.#streams.get(textOf(number!));
      this.#streams.delete(textOf(number!));
      stream?.closed();
    });
  }

  receive(piece: Uint8Array): void {
    this.#lines(piece);
  }

  /** The line is gone: whatever waits, and whatever is asked from now on, fails with this. */
  end(fault: HarnessFault): void {
    this.#ended = fault;
    for (const waiting of this.#waiting.values()) waiting.failed(fault);
    this.#waiting.clear();
    for (const stream of this.#streams.values()) stream.closed();
    this.#streams.clear();
  }

  /** Calls `listener` on each event of that name; the function that is returned ends it. */
  on(event: string, listener: EventListener): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Sees everything that passes, both ways; the function that is returned ends it. */
  observe(observer: (record: ConsoleRecord) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /**
   * Any verb. Throws ConsoleRefusal with the agent's reason, or HarnessFault `console-deadline` when no answer came within
   * so many milliseconds.
   */
  request(verb: string, words: readonly Word[] = [], deadline = 10_000): Promise<readonly Uint8Array[]> {
    if (this.#ended) return Promise.reject(this.#ended);
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(number);
        const says = `the guest did not answer \`${verb}\` within ${deadline} ms`;
        reject(new HarnessFault('console-deadline', says, { lastLines: this.#lastLines() }));
      }, deadline);
      this.#waiting.set(number, {
        verb,
        answered: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        failed: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      });
      for (const observer of this.#observers) observer({ kind: 'request', number, verb, words });
      this.#writer.write(requestLine(number, verb, words));
    });
  }

  /** Runs one program to its end. Forks in the guest: rare. */
  async exec(argv: readonly string[], deadline?: number): Promise<{ status: number; output: string }> {
    const [status, output] = await this.request('exec', argv, deadline);
    return { status: Number(textOf(status!)), output: textOf(output!) };
  }

  /** Lines for `ip`, without a fork; each may begin with options (`-6 route show`, `-s -j xfrm state list`). */
  async batch(lines: readonly string[], deadline?: number): Promise<BatchReply[]> {
    const words = (await this.request('batch', lines, deadline)).map(textOf);
    return lines.map((line, place) => ({ line, done: words[2 * place] === '0', printed: words[2 * place + 1]! }));
  }

  /** The text of one file of the guest, `/proc` and `/sys` included. */
  async read(path: string): Promise<string> {
    return textOf((await this.request('read', [path]))[0]!);
  }

  /** `mode` is octal, such as '600'. Folders above the file are made as needed. */
  async write(path: string, content: Uint8Array | string, mode?: string): Promise<void> {
    await this.request('write', mode === undefined ? [path, content] : [path, content, mode]);
  }

  /** Files and whole folders; one that is not there is no error. */
  async remove(...paths: string[]): Promise<void> {
    await this.request('remove', paths);
  }

  async list(folder: string): Promise<string[]> {
    return (await this.request('list', [folder])).map(textOf);
  }

  /** Starts a daemon under a name and returns its process id; its lines come as `output` events with name and line. */
  async start(name: string, argv: readonly string[]): Promise<number> {
    return Number(textOf((await this.request('start', [name, ...argv]))[0]!));
  }

  /** Sends the signal and waits until the daemon is gone; returns its exit status. */
  async stop(name: string, signal = 'TERM', deadline?: number): Promise<number> {
    return Number(textOf((await this.request('stop', [name, signal], deadline))[0]!));
  }

  /** Names of the daemons that run. */
  async running(): Promise<string[]> {
    return (await this.request('running')).map(textOf);
  }

  /** Connects to a UNIX socket of the guest, by its path, or to `address:port` of TCP over IPv4, waiting so many milliseconds for something to accept there. */
  async openStream(
    place: string,
    patience: number,
    ends: { received(octets: Uint8Array): void; closed(): void },
  ): Promise<ConsoleStream> {
    const number = String(++this.#lastStream);
    this.#streams.set(number, ends); // before the answer: the first octets may come with it
    await this.request('open', [number, place, patience], patience + 5_000).catch((reason) => {
      this.#streams.delete(number);
      throw reason;
    });
    return {
      write: async (octets) => void (await this.request('transmit', [number, octets])),
      close: async () => {
        this.#streams.delete(number);
        await this.request('close', [number]);
      },
    };
  }

  /** Listens at these ports, on every address of both families. A port already listened at is left as it is. */
  async sink(protocol: 'udp' | 'tcp', ports: readonly number[]): Promise<void> {
    await this.request('sink', [protocol, ...ports]);
  }

  /** Lets the guest's kernel take ESP out of the UDP datagrams that come to these ports (RFC 3948), as an IKE daemon would. */
  async decapsulate(ports: readonly number[]): Promise<void> {
    await this.request('decapsulate', ports);
  }

  /** Everything the sinks were given since they were last emptied. Throws HarnessFault `sink-overrun` when that is more than the agent keeps. */
  async deliveries(): Promise<Delivery[]> {
    const words = await this.request('deliveries').catch((refused: unknown) => {
      if (!(refused instanceof ConsoleRefusal)) throw refused;
      throw new HarnessFault('sink-overrun', `the guest's sinks: ${refused.message}`, { cause: refused });
    });
    return Array.from({ length: words.length / 8 }, (_, place) => deliveryOf(words.slice(8 * place, 8 * place + 8)));
  }

  async forgetDeliveries(): Promise<void> {
    await this.request('forget-deliveries');
  }

  /** Calls `listener` on each delivery as it happens. */
  onDelivery(listener: (delivery: Delivery) => void): () => void {
    return this.on('delivered', (words) => listener(deliveryOf(words)));
  }

  /** Calls `listener` whenever a program ends that was started: its name, and its status as a shell has it. */
  onExit(listener: (name: string, status: number) => void): () => void {
    return this.on('exited', ([name, status]) => listener(textOf(name!), Number(textOf(status!))));
  }

  /** Lets the guest send a datagram; resolves to `sent`, or to what its kernel objected. `source` may be '' and port 0. */
  async emitUdp(
    source: string,
    sourcePort: number,
    destination: string,
    port: number,
    octets: Uint8Array,
  ): Promise<string> {
    return textOf((await this.request('emit-udp', [source, sourcePort, destination, port, octets]))[0]!);
  }

  /**
   * Lets the guest begin a TCP connection; resolves as `emitUdp` does. `ended` is told `connected`, or why not, if the
   * connection ever gets that far.
   */
  async emitTcp(
    source: string,
    sourcePort: number,
    destination: string,
    port: number,
    ended: (how: string) => void = () => {},
  ) {
    const number = String(++this.#lastConnection);
    const forget = this.on('connect', ([which, how]) => {
      if (textOf(which!) !== number) return;
      forget();
      ended(textOf(how!));
    });
    return textOf((await this.request('emit-tcp', [number, source, sourcePort, destination, port]))[0]!);
  }

  /** Lets the guest send an ICMP or ICMPv6 echo request; resolves as `emitUdp` does. */
  async emitEcho(
    source: string,
    destination: string,
    identifier: number,
    sequence: number,
    octets: Uint8Array,
  ): Promise<string> {
    return textOf((await this.request('emit-echo', [source, destination, identifier, sequence, octets]))[0]!);
  }

  /**
   * Listens to the kernel's IPsec messages of these groups, a sum of XFRMGRP_* (1 acquire, 2 expire, 4 SA, 8 policy), in place of those
   * before; each comes to `listener` as the octets of one NETLINK_XFRM message. While any is listened to, the kernel
   * takes the harness for a key manager: a policy without SA raises an ACQUIRE instead of failing at once.
   */
  async monitor(groups: number, listener: (message: Uint8Array) => void): Promise<() => Promise<void>> {
    const forget = this.on('xfrm', ([message]) => listener(message!));
    await this.request('monitor', [groups]);
    return async () => {
      forget();
      await this.request('monitor', [0]);
    };
  }

  /**
   * What the kernel's IPsec lists when it is asked with this type of NETLINK_XFRM message (18 its SAs, 21 its policies): octets of whole messages, as many at a time as
   * the kernel told.
   */
  dump(type: number): Promise<readonly Uint8Array[]> {
    return this.request('dump', [type]);
  }

  /** No answer can be told from what comes after it. */
  #overlong(beginning: string): void {
    const says = `the guest sent more than ${LONGEST_LINE} octets without an end of line: ${beginning.slice(0, 60)}…`;
    this.end(new HarnessFault('console-line', says, { lastLines: this.#lastLines() }));
  }

  #take(line: ConsoleLine): void {
    for (const observer of this.#observers) observer(line);
    if (line.kind === 'event') for (const listener of this.#listeners.get(line.name) ?? []) listener(line.words);
    if (line.kind !== 'answer' && line.kind !== 'refusal') return;
    const waiting = this.#waiting.get(line.number);
    this.#waiting.delete(line.number);
    if (line.kind === 'answer') waiting?.answered(line.words);
    else waiting?.failed(new ConsoleRefusal(waiting.verb, line.reason));
  }
}

/** Octets of one line of the agent: four times what it answers at most, a file of four megabytes with each octet escaped. */
const LONGEST_LINE = 48 << 20;

function deliveryOf(words: readonly Uint8Array[]): Delivery {
  const [sequence, at, protocol, source, sourcePort, destination, destinationPort] = words.map(textOf);
  return {
    sequence: Number(sequence),
    at: Number(at),
    protocol: protocol === 'tcp' ? 'tcp' : 'udp',
    source: source!,
    sourcePort: Number(sourcePort),
    destination: destination!,
    destinationPort: Number(destinationPort),
    octets: words[7]!,
  };
}
