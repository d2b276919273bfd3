/**
 * A VICI client over an octet stream: commands, answered in the order asked, and the events that some of them stream before they
 * are answered. How a message is written stands in `vici-message.ts`, what the commands mean in strongSwan's own README.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import type { ConsoleChannel, ConsoleStream } from '../../runtime/console.ts';
import {
  decodePacket,
  encodePacket,
  joined,
  packetCutter,
  type ViciMessage,
  type ViciPacket,
  type ViciTree,
} from './vici-message.ts';

/** One command of several that go out together. */
export interface ViciCommand {
  readonly name: string;
  readonly message?: ViciMessage;
}

interface Waiting {
  settle(packet: ViciPacket): void;
  fail(reason: Error): void;
}

type EventListener = (packet: ViciPacket) => void;

export class Vici {
  readonly #stream: ConsoleStream;
  readonly #waiting: Waiting[];
  readonly #events: Set<EventListener>;
  readonly #deadline: number;

  private constructor(stream: ConsoleStream, waiting: Waiting[], events: Set<EventListener>, deadline: number) {
    this.#stream = stream;
    this.#waiting = waiting;
    this.#events = events;
    this.#deadline = deadline;
  }

  /** Waits at most `patience` milliseconds until the daemon listens at its socket, and for each of its answers at most `deadline`. */
  static async connected(console: ConsoleChannel, patience: number, deadline = DEADLINE): Promise<Vici> {
    const waiting: Waiting[] = [];
    const events: Set<EventListener> = new Set();
    const cut = packetCutter((octets) => {
      const packet = decodePacket(octets);
      if (packet.type === 'event') for (const listener of events) listener(packet);
      else waiting.shift()?.settle(packet);
    });
    const fails = (fault: HarnessFault) => {
      for (const { fail } of waiting.splice(0)) fail(fault);
    };
    let stream: ConsoleStream | undefined;
    let lost: HarnessFault | undefined;
    const received = (octets: Uint8Array) => {
      try {
        if (!lost) cut(octets);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        lost = new HarnessFault('vici-malformed', `what charon sent is no VICI: ${cause.message}`, { cause });
      }
      if (!lost) return;
      fails(lost);
      void stream?.close().catch(() => {}); // where the next packet begins is not known any more
    };
    const closed = () => fails(lost ?? new HarnessFault('vici-closed', 'charon closed its control socket'));
    stream = await console.openStream(socketPath, patience, { received, closed });
    return new Vici(stream, waiting, events, deadline);
  }

  /** The answer. One with `success = no` is an answer too; a command that the daemon does not know throws HarnessFault `vici-unknown`. */
  async command(name: string, message?: ViciMessage): Promise<ViciTree> {
    return (await this.commands([{ name, message }]))[0]!;
  }

  /** All of them in one write; the answers in the order asked. */
  async commands(commands: readonly ViciCommand[]): Promise<ViciTree[]> {
    const packets = commands.map(({ name, message }) => encodePacket('commandRequest', name, message));
    const answers = await this.#exchanged(packets);
    return answers.map(({ type, message }, place) => {
      if (type === 'commandResponse') return message;
      throw new HarnessFault('vici-unknown', `charon knows no command ${commands[place]!.name}`);
    });
  }

  /** A command that streams its findings as events of that name; what was streamed before its answer, in order. */
  async streamed(name: string, event: string, message?: ViciMessage): Promise<ViciTree[]> {
    const found: ViciTree[] = [];
    const listener = (packet: ViciPacket) => {
      if (packet.name === event) found.push(packet.message);
    };
    this.#events.add(listener);
    try {
      await this.#exchanged([
        encodePacket('eventRegister', event),
        encodePacket('commandRequest', name, message),
        encodePacket('eventUnregister', event),
      ]);
    } finally {
      this.#events.delete(listener);
    }
    return found;
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  async #exchanged(packets: readonly Uint8Array[]): Promise<ViciPacket[]> {
    const answers = packets.map(() => new Promise<ViciPacket>((settle, fail) => this.#waiting.push({ settle, fail })));
    const asked = this.#waiting.slice(-packets.length);
    const patience = setTimeout(() => {
      const says = `charon did not answer on its control socket within ${this.#deadline} ms`;
      for (const { fail } of asked) fail(new HarnessFault('vici-deadline', says));
    }, this.#deadline);
    try {
      await this.#stream.write(joined(packets));
      return await Promise.all(answers);
    } finally {
      clearTimeout(patience);
    }
  }
}

/** Milliseconds: several times what charon may take to bring up a child, which it answers last. */
const DEADLINE = 30_000;

const socketPath = '/run/charon.vici';
