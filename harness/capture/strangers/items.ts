/**
 * What the capture of a stranger comes to, one after another: records, and everything else that it says of itself or that is wrong with it. `at` is an offset in
 * octets from the start of the capture, of what comes out where it is compressed.
 */
export type CaptureItem = StrangerRecord | CaptureFault | CapturedSecrets | InterfaceStatistics | PassedBlock;

export interface StrangerRecord {
  readonly kind: 'record';
  /** 1 for the first that was read, as analysers count. */
  readonly number: number;
  readonly at: number;
  readonly interface: CapturedInterface;
  /** Since 1970-01-01T00:00Z, cut to whole ones; undefined in a Simple Packet Block. */
  readonly nanoseconds: bigint | undefined;
  /**
   * A view of what was read: it stays as it is, and keeps about a megabyte around it in memory. Whoever holds few records for long takes a copy.
   */
  readonly octets: Uint8Array;
  /** Octets on the wire, as the capture says; more than `octets` has where a snap length cut it. */
  readonly originalLength: number;
  readonly comments: readonly string[];
  /** Packets that the capture says it lost on this interface since the record before, where it says. */
  readonly dropped: bigint | undefined;
}

export interface CapturedInterface {
  /** 1 for the first of the file; a classic capture has one. */
  readonly section: number;
  /** Index in its section. */
  readonly id: number;
  /** Empty where it has none; of a long one the first `MOST_NAME` characters. */
  readonly name: string;
  /** LINKTYPE of the tcpdump registry. */
  readonly linkType: number;
  /** Octets kept of a packet at most; zero where there is no limit. */
  readonly snapLength: number;
}

/** Something wrong: what, where, what was expected there. Records before it stand, and those after it if reading goes on. */
export interface CaptureFault {
  readonly kind: 'fault';
  readonly where: string;
  readonly at: number;
  readonly wanted: string;
  readonly had: string;
  /** Octets that could not be read for it; absent where nobody knows how many would have followed. */
  readonly lost?: number;
  /** The offset at which reading goes on; absent where it ends. */
  readonly resumes?: number;
}

/** For people, in one line. */
export function inWords({ where, at, wanted, had, lost, resumes }: CaptureFault): string {
  const octets = lost === undefined ? 'what follows' : `${lost} octets`;
  const end = resumes === undefined ? `${octets} could not be read` : `read on at octet ${resumes}, ${octets} lost`;
  return `${where} at octet ${at}: wanted ${wanted}, had ${had}; ${end}`;
}

/** A Decryption Secrets Block, unread. */
export interface CapturedSecrets {
  readonly kind: 'secrets';
  readonly at: number;
  /** Its number, and its name where pcapng gives it one. */
  readonly type: number;
  readonly name?: string;
  readonly octets: Uint8Array;
}

/** What an interface says at its end: packets that never came into the capture. Absent where it does not say. */
export interface InterfaceStatistics {
  readonly kind: 'statistics';
  readonly at: number;
  readonly interface: CapturedInterface;
  readonly received?: bigint;
  /** Lost for want of room, by the interface and by the system. */
  readonly dropped?: bigint;
}

/** A block that holds no packet, or one of no known kind: nothing is wrong with it. */
export interface PassedBlock {
  readonly kind: 'passed';
  readonly at: number;
  readonly type: number;
  readonly name?: string;
  readonly octets: number;
}

/** What a reader of pieces says where it can go on only with more of them. */
export const MORE = 'more';

/** Goes on at each `next()`; after `MORE` it wants the window to have grown, or to be at its end. */
export type ItemReader = Generator<CaptureItem | typeof MORE, void, void>;

/** Linux has 16, Windows about 50 (a GUID). */
export const MOST_NAME = 128;
