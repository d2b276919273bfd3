/**
 * iked's control socket, as ikectl(8) speaks with it, without a process for each word: messages of imsg_init(3), of which only `show sa` is answered, by its text in
 * pieces and an empty one. The process that speaks IKE says it between two of its deeds, so that an answer tells that what it was at is done.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import { type ConsoleChannel, ConsoleRefusal, type ConsoleStream } from '../../runtime/console.ts';

export class ControlSocket {
  readonly #stream: ConsoleStream;
  readonly #waiting: Waiting[];

  private constructor(stream: ConsoleStream, waiting: Waiting[]) {
    this.#stream = stream;
    this.#waiting = waiting;
  }

  /** Waits at most so many milliseconds until iked listens. */
  static async connected(console: ConsoleChannel, patience: number): Promise<ControlSocket> {
    const waiting: Waiting[] = [];
    let text = '';
    const cut = messageCutter(({ type, data }) => {
      if (type !== types.showSa || data === ASKED) return;
      text += data;
      if (data !== '') return;
      waiting.shift()?.settle(text);
      text = '';
    });
    const received = (octets: Uint8Array) => {
      if (cut(octets)) return;
      const malformed = new HarnessFault('control-malformed', 'what iked sent is no message of imsg_init(3)');
      for (const { fail } of waiting.splice(0)) fail(malformed);
    };
    const closed = () => {
      for (const { settle } of waiting.splice(0)) settle(undefined);
    };
    return new ControlSocket(await console.openStream(socketPath, patience, { received, closed }), waiting);
  }

  /** Undefined where iked ends meanwhile. */
  async showsSas(): Promise<string | undefined> {
    let late: NodeJS.Timeout | undefined;
    const answer = new Promise<string | undefined>((settle, fail) => {
      this.#waiting.push({ settle, fail });
      late = setTimeout(() => fail(new HarnessFault('control-deadline', 'iked does not show its SAs')), DEADLINE);
    });
    try {
      await this.#tells(types.showSa, Buffer.from(ASKED));
      return await answer;
    } finally {
      clearTimeout(late);
    }
  }

  /** Every SA, flow and policy is gone, and no peer hears of it. */
  resets(): Promise<void> {
    return this.#tells(types.reset, Uint8Array.of(ALL, 0, 0, 0));
  }

  /** Configuration, keys and certificates are read anew. */
  reloads(): Promise<void> {
    return this.#tells(types.reload);
  }

  /** The IKE SAs with this peer, as `show sa` names it, are closed. */
  resetsIdentity(identity: string): Promise<void> {
    return this.#tells(types.resetId, Buffer.from(identity));
  }

  /** Who has closed the socket hears nothing, and has given up everything that was asked. */
  async #tells(type: number, data: Uint8Array = new Uint8Array()): Promise<void> {
    try {
      await this.#stream.write(message(type, data));
    } catch (refused) {
      if (!(refused instanceof ConsoleRefusal)) throw refused;
      for (const { settle } of this.#waiting.splice(0)) settle(undefined);
    }
  }
}

interface Waiting {
  settle(text: string | undefined): void;
  fail(fault: HarnessFault): void;
}

/** Of iked 7.2 and 7.4 (`enum imsg_type`). */
const types = { reload: 5, reset: 6, resetId: 11, showSa: 12 } as const;

/** Who has asked before is told of every message that comes in, its own among them. */
const ASKED = 'asked';

/** `RESET_ALL`, an int. */
const ALL = 1;

/** Type, length, flags, peer and process, in the order of octets of the guest, which is little-endian. */
const HEADER = 16;

/** For the control socket. */
export function message(type: number, data: Uint8Array): Uint8Array {
  const octets = Buffer.alloc(HEADER + data.length);
  octets.writeUInt32LE(type, 0);
  octets.writeUInt16LE(octets.length, 4);
  octets.set(data, HEADER);
  return octets;
}

/** Hands on each message as soon as it is whole. False once one says that it is shorter than its header: where the next one begins is not known. */
export function messageCutter(whole: (message: ControlMessage) => void): (octets: Uint8Array) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (octets) => {
    rest = Buffer.concat([rest, octets]);
    while (rest.length >= HEADER) {
      const length = rest.readUInt16LE(4);
      if (length < HEADER) return false;
      if (rest.length < length) break;
      const data = rest.subarray(HEADER, length).toString('utf8').replaceAll('\0', '');
      const type = rest.readUInt32LE(0);
      rest = rest.subarray(length);
      whole({ type, data });
    }
    return true;
  };
}

export interface ControlMessage {
  readonly type: number;
  /** Without the zero octets at its end. */
  readonly data: string;
}

/** Milliseconds: of a process that is at most busy with one message. */
const DEADLINE = 20_000;

const socketPath = '/run/iked.sock';
