/**
 * The packets of a stranger's capture, and a count of everything else in it, so that nothing is passed over in silence: what is no IP, by its name; copies of a
 * packet, which is one; what was cut, lost, or cannot be read.
 */
import { Copies, type Copy } from './copies.ts';
import { type CarriedPacket, ipPacketOf } from './ip-packet.ts';
import {
  type CapturedSecrets,
  type CaptureFault,
  type CaptureItem,
  type InterfaceStatistics,
  inWords,
  type StrangerRecord,
} from './items.ts';

export interface StrangerPacket {
  readonly record: StrangerRecord;
  readonly packet: CarriedPacket;
}

export interface CaptureCount {
  readonly records: number;
  /** Each once, however often it was captured. */
  readonly packets: number;
  /** Records of a packet that another record holds, and those of them that a router had forwarded. */
  readonly copies: number;
  readonly forwarded: number;
  /** Packets with octets missing, by the reason. */
  readonly cut: Readonly<Record<NonNullable<CarriedPacket['missingFor']>, number>>;
  /** Records whose headers cannot be read. */
  readonly broken: number;
  /** Records that hold no IP, and blocks that hold no packet, by name; the last of these may stand for many. */
  readonly others: ReadonlyMap<string, number>;
  /** What the capture itself says it lost. */
  readonly dropped: bigint;
  readonly faults: number;
}

/** Items of one capture in their order. */
export class StrangerPackets {
  private readonly seen = new Copies();
  private readonly counted = { records: 0, packets: 0, copies: 0, forwarded: 0, broken: 0, faults: 0 };
  private readonly cut = { 'snap length': 0, packet: 0 };
  private readonly others = new Map<string, number>();
  private droppedByRecords = 0n;
  /** By section and interface: what was said last holds all before. */
  private readonly droppedByInterface = new Map<string, bigint>();
  /** The first of them; `count.faults` says how many there are. */
  readonly faults: CaptureFault[] = [];
  readonly secrets: CapturedSecrets[] = [];

  /** The packet of an item that holds one no record before did. */
  take(item: CaptureItem): StrangerPacket | undefined {
    switch (item.kind) {
      case 'record':
        return this.packetOf(item);
      case 'fault':
        if (++this.counted.faults <= MOST_KEPT) this.faults.push(item);
        return undefined;
      case 'secrets':
        if (this.secrets.length < MOST_KEPT) this.secrets.push(item);
        return undefined;
      case 'statistics':
        this.countDropped(item);
        return undefined;
      case 'passed':
        this.countOther(item.name ?? `block of type ${item.type}`);
        return undefined;
    }
  }

  get count(): CaptureCount {
    let dropped = 0n;
    for (const ofInterface of this.droppedByInterface.values()) dropped += ofInterface;
    if (dropped < this.droppedByRecords) dropped = this.droppedByRecords; // the same ones, said beside each packet
    return { ...this.counted, cut: { ...this.cut }, others: new Map(this.others), dropped };
  }

  /** For people, one line each. */
  remarks(): readonly string[] {
    const { copies, forwarded, cut, broken, others, dropped, faults } = this.count;
    const counts: readonly (readonly [number | bigint, string])[] = [
      [copies, `records are copies of packets in others, ${forwarded} of them forwarded`],
      [cut['snap length'], 'packets were cut when they were captured'],
      [cut.packet, 'packets are shorter than they say'],
      [broken, 'records have headers that cannot be read'],
      ...Array.from(others, ([name, times]) => [times, name] as const),
      [dropped, 'packets never came into the capture, as it says itself'],
      [faults > MOST_KEPT ? faults - MOST_KEPT : 0, 'more faults'],
    ];
    return [...this.faults.map(inWords), ...counts.flatMap(([times, what]) => (times > 0 ? [`${times} ${what}`] : []))];
  }

  private packetOf(record: StrangerRecord): StrangerPacket | undefined {
    this.counted.records++;
    this.droppedByRecords += record.dropped ?? 0n;
    const contents = ipPacketOf(record);
    if (contents.kind === 'other') this.countOther(contents.name);
    if (contents.kind === 'broken') this.counted.broken++;
    if (contents.kind !== 'packet') return undefined;
    const copy = this.seen.copyOf(record, contents);
    if (copy) return this.countCopy(copy);
    this.counted.packets++;
    if (contents.missingFor) this.cut[contents.missingFor]++;
    return { record, packet: contents };
  }

  private countCopy({ hops }: Copy): undefined {
    this.counted.copies++;
    if (hops !== 0) this.counted.forwarded++;
  }

  private countDropped({ interface: { section, id }, dropped }: InterfaceStatistics): void {
    const key = `${section}/${id}`;
    if (dropped === undefined) return;
    if (this.droppedByInterface.has(key) || this.droppedByInterface.size < MOST_KINDS)
      this.droppedByInterface.set(key, dropped);
  }

  private countOther(name: string): void {
    const kind = this.others.has(name) || this.others.size < MOST_KINDS ? name : 'of further kinds';
    this.others.set(kind, (this.others.get(kind) ?? 0) + 1);
  }
}

/** Of faults and of secrets: more say nothing new, and whoever makes a capture decides how many there are. */
const MOST_KEPT = 100;
/** A segment has a dozen; the numbers that names are made of have thousands of millions. */
const MOST_KINDS = 64;
