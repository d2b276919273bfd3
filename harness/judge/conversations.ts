/**
 * What passed between the stations of a log, without any regard to what a scenario wanted: packets by who sent them and by what they are
 * recognised by, ESP by the SA it names, IKE by its SAs and exchanges. All of it is filed in one pass as frames are opened, and looked up afterwards. A
 * capture of strangers has no more than this; moments and probes stand on it (`account.ts`).
 */
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import { type FlowConversation, Flows } from './flows.ts';
import { IkeConversations } from './ike-conversations.ts';
import type { FoundEspHeader, FoundPacket, OpenedFrame } from './opened-frame.ts';
import { type FrameReader, OpenedLog } from './opened-log.ts';
import { keysOfPacket } from './probe.ts';
import { Files } from './timeline.ts';

export class Conversations implements FrameReader {
  readonly #log: OpenedLog;
  readonly #packets = new Files<FoundPacket>();
  readonly #recognised = new Files<FoundPacket>();
  readonly #espHeaders = new Files<FoundEspHeader>();
  readonly #flows = new Flows();
  readonly #ike = new IkeConversations();

  constructor(source: Pick<Transcript, 'intent' | 'entries'>) {
    this.#log = new OpenedLog(source, this);
  }

  /** Undefined for a frame of another log. */
  frame(entry: FrameEntry): OpenedFrame | undefined {
    return this.#log.frame(entry);
  }

  /** Every packet that a station sent after this place, from the outermost inwards, in order. */
  packetsFrom(station: string, after: number): readonly FoundPacket[] {
    this.#log.readOn();
    return this.#packets.after(station, after);
  }

  /** The first packet of a station after this place that is filed under a key of `probe.ts` and fits. */
  recognised(
    station: string,
    key: string,
    after: number,
    fits: (found: FoundPacket) => boolean = () => true,
  ): FoundPacket | undefined {
    this.#log.readOn();
    const name = `${station} ${key}`;
    const first = this.#recognised.firstAfter(name, after);
    return first === undefined || fits(first) ? first : this.#recognised.after(name, after).find(fits);
  }

  /** The ESP packets that a station sent after this place, in order, outermost header only. Needs no key. */
  espFrom(station: string, after: number): readonly FoundEspHeader[] {
    this.#log.readOn();
    return this.#espHeaders.after(station, after);
  }

  /** What each station sent under each SPI. */
  flows(): readonly FlowConversation[] {
    this.#log.readOn();
    return this.#flows.all();
  }

  get ike(): IkeConversations {
    this.#log.readOn();
    return this.#ike;
  }

  opened(frame: OpenedFrame): void {
    const { place, from } = frame.entry;
    for (const packet of frame.packets) {
      const found = { frame, packet };
      this.#packets.add(from, place, found);
      for (const key of keysOfPacket(packet.packet)) this.#recognised.add(`${from} ${key}`, place, found);
    }
    const header = outermostEsp(frame);
    if (header) {
      this.#espHeaders.add(from, place, header);
      this.#flows.add(header);
    }
    if (frame.ike) this.#ike.add({ frame, ike: frame.ike });
  }

  openedFurther(before: OpenedFrame, now: OpenedFrame): void {
    this.#forget(before);
    this.opened(now);
  }

  #forget(frame: OpenedFrame): void {
    const { place, from } = frame.entry;
    this.#packets.remove(from, place);
    this.#espHeaders.remove(from, place);
    for (const { packet } of frame.packets)
      for (const key of keysOfPacket(packet)) this.#recognised.remove(`${from} ${key}`, place);
    const header = outermostEsp(frame);
    if (header) this.#flows.remove(header);
    if (frame.ike) this.#ike.remove({ frame, ike: frame.ike });
  }
}

/** What an observer without keys sees of ESP. */
function outermostEsp(frame: OpenedFrame): FoundEspHeader | undefined {
  const [header] = frame.esp;
  const packet = frame.packets.find((each) => each.packet === header?.carrier);
  return header && packet ? { frame, packet, header } : undefined;
}
