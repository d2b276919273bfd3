/**
 * Where a product runs, as the rest of the harness sees it: a runtime boots guests, a guest has wires and a console. The
 * same guest (image, agent) has a kernel of its own as a plain process (`uml.ts`) or inside a container (`docker.ts`), or shares this machine's in namespaces
 * (`namespace.ts`).
 */
import type { HarnessFault } from '../lab/harness-fault.ts';
import type { ConsoleChannel } from './console.ts';
import type { Image, Progress } from './image.ts';

export type RuntimeName = 'uml' | 'docker' | 'namespace';

export interface Runtime {
  readonly name: RuntimeName;
  /** Of a guest: one of its own, or this machine's. */
  readonly kernel: 'own' | 'shared';
  /** Rejects with HarnessFault where this machine lacks what it takes. Asked before an image is built for it. */
  available(): Promise<void>;
  /** Resolves when the agent inside has said that it is ready. Throws HarnessFault. */
  boot(spec: GuestSpec): Promise<Guest>;
}

export interface GuestSpec {
  /** Names the guest in messages. */
  readonly name: string;
  readonly image: Image;
  readonly wires: readonly GuestWire[];
  /** Mebioctets; 256 unless given. */
  readonly memory?: number;
  /** Further kernel modules beside those of the image. */
  readonly modules?: readonly string[];
  /** Told of what takes long, such as a container that must first be built. */
  readonly progress?: Progress;
  /** Gives up a boot that is under way: HarnessFault `aborted`. A guest that has booted takes no notice. */
  readonly signal?: AbortSignal;
}

/** One Ethernet interface of the guest: its end of an L2TPv3-over-UDP wire, whose other end the harness holds. */
export interface GuestWire {
  /** The interface's name in the guest, such as `eth0`. */
  readonly name: string;
  readonly mac: string;
  /** UDP port where the guest's kernel receives. */
  readonly guestPort: number;
  /** UDP address and port of the harness's end. */
  readonly peerAddress: string;
  readonly peerPort: number;
  /** Session identifier, the same in both directions, 32 bits. */
  readonly session: number;
}

export interface Guest {
  readonly name: string;
  readonly image: Image;
  readonly wires: readonly GuestWire[];
  /** Release of the guest's kernel, as uname(2) has it. */
  readonly kernel: string;
  readonly console: ConsoleChannel;
  /** False once the guest was stopped, powered off, panicked or was killed. */
  readonly alive: boolean;
  /** Resolves when the guest ends without having been asked to; never rejects. */
  readonly died: Promise<HarnessFault>;
  /** The kernel's own console, newest last; at most a few hundred lines. */
  lastConsoleLines(): string[];
  /** Kills a guest that hangs: whoever waits at its console hears this. `stop` is still wanted. */
  abandon(fault: HarnessFault): void;
  /** Powers off, and leaves no process, folder or socket behind. Safe to call twice, and on a dead guest. */
  stop(): Promise<void>;
}
