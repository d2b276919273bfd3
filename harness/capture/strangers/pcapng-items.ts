/**
 * pcapng (draft-ietf-opsawg-pcapng), piece by piece: sections in either byte order one after another, their interfaces, packets in the three kinds of blocks
 * that hold them, secrets, statistics. A damaged block is lost, and no other: `block-extent.ts` finds where the next begins. The interfaces of a section are
 * numbered by their blocks, so one that cannot be read keeps its number; where a whole block is lost, those behind it are numbered as if it had been none.
 */
import { MalformedOctets } from '../../../reference/wire/dissection.ts';
import {
  blockTypes,
  commentsOf,
  type DescribedInterface,
  interfaceOptions,
  nanosecondsOf,
  type Options,
  type PacketBlock,
  readEnhancedPacket,
  readInterface,
  readObsoletePacket,
  readOptions,
  readSimplePacket,
  requireBody,
  type Span,
} from '../pcapng-blocks.ts';
import { agreedEnd, byteOrderAt, extentOf, nextSection } from './block-extent.ts';
import type { CaptureWindow } from './capture-window.ts';
import {
  type CapturedInterface,
  type CaptureFault,
  type CaptureItem,
  type ItemReader,
  MOST_NAME,
  type StrangerRecord,
} from './items.ts';

export function* pcapngItems(window: CaptureWindow): ItemReader {
  const reader = new SectionReader(window);
  for (;;) {
    const at = window.start;
    let end = agreedEnd(window, at);
    let whole = true;
    if (end === undefined) {
      const extent = yield* extentOf(window);
      if (!extent) return;
      if (extent.fault) yield extent.fault;
      ({ end, whole } = extent);
    }
    if (whole) {
      const type = window.u32(at, 'block type');
      if (type === blockTypes['Section Header Block']) {
        window.littleEndian = byteOrderAt(window, at)!;
        const major = window.u16(at + 12, 'major version');
        if (major !== 1) {
          const wrong = { where: 'major version', at: at + 12, wanted: '1', had: String(major) };
          const extent = yield* nextSection(window, wrong);
          yield extent.fault!;
          end = extent.end;
        } else reader.begins();
      } else {
        for (const item of reader.read(type, { start: at + 8, end: end - 4 })) yield item;
      }
    }
    window.release(end);
  }
}

interface KnownInterface {
  readonly captured: CapturedInterface;
  readonly clock: DescribedInterface;
  /** Where they are a whole number of nanoseconds, which is quicker to reckon with. */
  readonly nanosecondsPerTick?: bigint;
}

/** The blocks of one section after another. */
class SectionReader {
  private readonly window: CaptureWindow;
  private section = 0;
  private records = 0;
  /** In the order of their blocks; undefined where one could not be read. */
  private interfaces: (KnownInterface | undefined)[] = [];

  constructor(window: CaptureWindow) {
    this.window = window;
  }

  begins(): void {
    this.section++;
    this.interfaces = [];
  }

  /** What a whole block comes to; its own damage is an item. */
  read(type: number, body: Span): readonly CaptureItem[] {
    try {
      switch (type) {
        case blockTypes['Enhanced Packet Block']:
          return this.record(readEnhancedPacket(this.window, body), body);
        case blockTypes['Packet Block']:
          return this.record(readObsoletePacket(this.window, body), body);
        case blockTypes['Simple Packet Block']: {
          const { captured } = this.interfaceAt(0, body);
          return this.record(readSimplePacket(this.window, body, captured.snapLength), body);
        }
        case blockTypes['Interface Description Block']:
          return this.describes(body);
        case blockTypes['Decryption Secrets Block']:
          return [this.secrets(body)];
        case blockTypes['Interface Statistics Block']:
          return this.statistics(body);
        default:
          return [passed(type, body)];
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedOctets)) throw thrown;
      return [damaged(thrown, body, blockOctets(body))];
    }
  }

  private describes(body: Span): readonly CaptureItem[] {
    if (this.interfaces.length >= MOST_INTERFACES)
      throw new MalformedOctets('interface', body.start, `at most ${MOST_INTERFACES} in a section`, 'one more');
    const id = this.interfaces.length;
    this.interfaces.push(undefined);
    const options = readOptions(this.window, interfaceOptions(body));
    const clock = readInterface(this.window, body, options);
    const nanoseconds = 1_000_000_000n / clock.ticksPerSecond;
    const { linkType, snapLength } = clock;
    this.interfaces[id] = {
      captured: { section: this.section, id, name: clock.name.slice(0, MOST_NAME), linkType, snapLength },
      clock: { ...clock, name: '' },
      ...(nanoseconds * clock.ticksPerSecond === 1_000_000_000n && { nanosecondsPerTick: nanoseconds }),
    };
    return optionFaults(options, body);
  }

  private record(packet: PacketBlock, body: Span): readonly CaptureItem[] {
    const known = this.interfaceAt(packet.interface, body);
    const { ticks, octets, originalLength } = packet;
    const nanoseconds = ticks === undefined ? undefined : timeOf(ticks, known);
    const number = ++this.records;
    const at = body.start - 8;
    const hasOptions = packet.options.start < packet.options.end;
    const options = hasOptions ? readOptions(this.window, packet.options) : NO_OPTIONS;
    const record: StrangerRecord = {
      kind: 'record',
      number,
      at,
      interface: known.captured,
      nanoseconds,
      octets,
      originalLength,
      comments: hasOptions ? commentsOf(options) : NO_COMMENTS,
      dropped: packet.dropped ?? (hasOptions ? this.counter(options, PACKET_DROP_COUNT) : undefined),
    };
    return options.fault ? [record, ...optionFaults(options, body)] : [record];
  }

  private secrets(body: Span): CaptureItem {
    requireBody(body, 8, 'Decryption Secrets Block');
    const type = this.window.u32(body.start, 'secrets type');
    const length = this.window.u32(body.start + 4, 'secrets length');
    const most = body.end - body.start - 8;
    if (length > most) throw new MalformedOctets('secrets length', body.start + 4, `at most ${most}`, String(length));
    const name = secretsTypes.get(type);
    const octets = this.window.slice(body.start + 8, length, 'secrets data');
    return { kind: 'secrets', at: body.start - 8, type, ...(name && { name }), octets };
  }

  private statistics(body: Span): readonly CaptureItem[] {
    requireBody(body, 12, 'Interface Statistics Block');
    const { captured } = this.interfaceAt(this.window.u32(body.start, 'interface'), body);
    const options = readOptions(this.window, { start: body.start + 12, end: body.end });
    const received = this.counter(options, INTERFACE_RECEIVED);
    const drops = [INTERFACE_DROPPED, SYSTEM_DROPPED]
      .map((code) => this.counter(options, code))
      .filter((dropped) => dropped !== undefined);
    const item: CaptureItem = {
      kind: 'statistics',
      at: body.start - 8,
      interface: captured,
      ...(received !== undefined && { received }),
      ...(drops.length > 0 && { dropped: drops.reduce((sum, dropped) => sum + dropped) }),
    };
    return [item, ...optionFaults(options, body)];
  }

  /** The value of an option that counts packets. */
  private counter(options: Options, code: number): bigint | undefined {
    const value = options.values.get(code)?.[0];
    return value?.octets.length === 8 ? this.window.u64(value.at, 'counter') : undefined;
  }

  private interfaceAt(id: number, body: Span): KnownInterface {
    const known = this.interfaces[id];
    if (known) return known;
    const described = `one of the ${this.interfaces.length} described before`;
    const wanted = id < this.interfaces.length ? 'one whose block could be read' : described;
    throw new MalformedOctets('interface', body.start, wanted, String(id));
  }
}

function timeOf(ticks: bigint, { clock, nanosecondsPerTick }: KnownInterface): bigint {
  if (nanosecondsPerTick === undefined) return nanosecondsOf(ticks, clock);
  const nanoseconds = ticks * nanosecondsPerTick;
  return clock.offsetSeconds === 0n ? nanoseconds : nanoseconds + clock.offsetSeconds * 1_000_000_000n;
}

/** Options up to the damage count; the packet or interface they are about stands. */
function optionFaults({ fault }: Options, body: Span): readonly CaptureFault[] {
  return fault ? [damaged(fault, body, body.end - fault.at + 2)] : [];
}

/** What is wrong inside one block; reading goes on behind it. */
function damaged({ where, at, wanted, had }: MalformedOctets, body: Span, lost: number): CaptureFault {
  return { kind: 'fault', where, at, wanted, had, lost, resumes: body.end + 4 };
}

function passed(type: number, body: Span): CaptureItem {
  const name = blockNames.get(type);
  return { kind: 'passed', at: body.start - 8, type, ...(name && { name }), octets: blockOctets(body) };
}

/** With its type and its lengths. */
const blockOctets = ({ start, end }: Span): number => end + 4 - (start - 8);

const blockNames: ReadonlyMap<number, string> = new Map(Object.entries(blockTypes).map(([name, type]) => [type, name]));

/** Section 4.7. */
const secretsTypes: ReadonlyMap<number, string> = new Map([
  [0x544c534b, 'TLS Key Log'],
  [0x5353484b, 'SSH Key Log'],
  [0x57474b4c, 'WireGuard Key Log'],
  [0x5a4e574b, 'ZigBee NWK Key'],
  [0x5a415053, 'ZigBee APS Key'],
]);

const NO_OPTIONS: Options = { values: new Map() };
const NO_COMMENTS: readonly string[] = [];
const PACKET_DROP_COUNT = 4;
const INTERFACE_RECEIVED = 4;
const INTERFACE_DROPPED = 5;
const SYSTEM_DROPPED = 7;
/** What mergecap makes of some thousand files; each takes less than a kilobyte. */
const MOST_INTERFACES = 2 ** 16;
