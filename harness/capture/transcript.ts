/**
 * What happened in one scenario run, as one totally ordered log. Everything that is judged stands here, and a judgement is a pure
 * function of it: live, from a bundle years later, or on a stranger's capture. `place` is the position in the log; frames have a
 * number of their own (1-based, as Wireshark counts them in the bundle's capture).
 */
import type { NodeConfiguration } from '../../reference/host/configuration.ts';
import type { HostCommand, KeyRecord, NodeState } from '../../reference/host/interface.ts';
import type { Instant } from '../../reference/machine.ts';
import type { Address } from '../../reference/wire/address.ts';
import type { Icmpv6Message } from '../../reference/wire/icmpv6.ts';
import type { MobilityMessage } from '../../reference/wire/mobility/message.ts';

export interface Transcript {
  readonly scenario: string;
  readonly variant: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Who plays which part, by the names that the intent and the log use. */
  readonly cast: Cast;
  readonly intent: PolicyIntent;
  readonly entries: readonly Entry[];
}

/** The parties of a scenario, in the order of their lifelines. The first that is tested is the one that its cases are about. */
export type Cast = Readonly<Record<string, Part>>;

/**
 * `tested`: a product, told only what products understand · `tester`: a reference host that is the peer of a tested party and may be told
 * anything · `stranger`: a reference host that is nobody's peer, and has no SA of its own.
 */
export type Part = 'tested' | 'tester' | 'stranger';

/** What each party was told to be. Of a tested one it is what the product was configured with. */
export interface PolicyIntent {
  readonly parties: Readonly<Record<string, NodeConfiguration>>;
  /** The address that a party's echoes and probes come from, and go to, unless the scenario says otherwise. */
  readonly ends: Readonly<Record<string, Address>>;
  /** Reference nodes without a part: routers, hosts behind a gateway. */
  readonly others?: readonly NodeConfiguration[];
}

export type { HostCommand, KeyRecord, NodeState };

export type Entry = FrameEntry | MarkEntry | StateEntry | KeyEntry | EndedEntry | NoteEntry;

interface Placed {
  readonly place: number;
  readonly time: Instant;
}

export interface FrameEntry extends Placed {
  readonly kind: 'frame';
  readonly number: number;
  readonly link: string;
  /** The station that sent it. */
  readonly from: string;
  readonly octets: Uint8Array;
  /** What the tester did to this frame; an independent decoder must say `complaint` of it, and nothing of any other. */
  readonly tampers: readonly { readonly name: string; readonly complaint?: string }[];
}

/** A moment the scenario named, and what it asked for at that moment. */
export interface MarkEntry extends Placed {
  readonly kind: 'mark';
  readonly name: string;
  readonly by: string;
  readonly act: MarkedAct;
}

export type MarkedAct =
  /** A command given to the tester or to the node under test. Octets in it are hex. */
  | { readonly kind: 'command'; readonly command: MarkedCommand }
  | { readonly kind: 'moves'; readonly to: string }
  /** A message is listened for. */
  | ({ readonly kind: 'hears' } & Listening)
  /** The lab keeps messages of IKE that a notation names from going on. */
  | { readonly kind: 'holds'; readonly message: string; readonly from: string; readonly response?: boolean }
  /** What was held at a moment goes on, is lost, or goes on twice. */
  | { readonly kind: 'releases' | 'loses' | 'repeats'; readonly held: string }
  | { readonly kind: 'moment' };

/** For which message a tester listens. */
export interface Listening {
  readonly message: MobilityKind | Icmpv6Kind;
  /** The party that sends it. */
  readonly of: string;
  /** Where it goes; absent: wherever. Of a message in a tunnel the end beyond it. */
  readonly to?: Address;
  /** It comes from an address of this prefix, in the header on the wire. */
  readonly from?: string;
  /** Only what comes after this moment, or after the message that was heard there; absent: after this one. */
  readonly after?: string;
}

export type MobilityKind = MobilityMessage['kind'];

/** Of ICMPv6, without what probes are and what neighbors ask each other. No kind of this is one of Mobile IPv6, too. */
export type Icmpv6Kind = Exclude<
  Icmpv6Message['kind'],
  'echo' | 'neighborSolicitation' | 'neighborAdvertisement' | 'redirect' | 'other'
>;

/** What a scenario asks of a node; configuring and moving it are the stage's. */
export type OrderedCommand = Exclude<HostCommand, { readonly kind: 'configure' | 'move' }>;

export type MarkedCommand = JsonOf<OrderedCommand>;

/** The same data with octets as hex and bigints as decimal text, so that it survives JSON. */
export type JsonOf<T> = T extends Uint8Array
  ? string
  : T extends bigint
    ? string
    : T extends readonly (infer E)[]
      ? readonly JsonOf<E>[]
      : T extends object
        ? { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: JsonOf<T[K]> }
        : T;

export interface StateEntry extends Placed {
  readonly kind: 'state';
  readonly name: string;
  readonly node: string;
  readonly state: NodeState;
}

export interface KeyEntry extends Placed {
  readonly kind: 'keys';
  readonly record: KeyRecord;
}

/** A tested party's program ended, unasked: what it was and how, as in `charon ended: signal 11`. */
export interface EndedEntry extends Placed {
  readonly kind: 'ended';
  readonly node: string;
  readonly says: string;
}

/** For people and for evidence of cause; no verdict rests on its text. */
export interface NoteEntry extends Placed {
  readonly kind: 'note';
  readonly node: string;
  readonly says: string;
}
