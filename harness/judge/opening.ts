/**
 * Opens the frames of a transcript with the keys that stand in it: ESP in whatever it is carried (UDP, fragments, ESP again), IKE messages
 * with SK. Checksums and integrity are checked before anything inside counts, so a frame altered afterwards opens to nothing. Each frame is
 * opened once, and again only when new keys might open more of it.
 */
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import { FrameOpener } from './frame-opener.ts';
import { KeyRing } from './key-ring.ts';
import { LogIndex, streamName } from './log-index.ts';
import type { OpenedFrame } from './opened-frame.ts';
import { StreamReassembly } from './reassembly.ts';

export class Opening {
  readonly #log: LogIndex;
  readonly #keys: KeyRing;
  #marksRead = 0;
  readonly #known = new Map<FrameEntry, KnownFrame>();
  readonly #streams = new Map<string, Stream>();

  constructor(transcript: Transcript, log: LogIndex = new LogIndex(transcript.entries)) {
    this.#log = log;
    this.#keys = new KeyRing(transcript.intent);
  }

  /** Never throws: what cannot be read is left out. */
  open(entry: FrameEntry): OpenedFrame {
    this.#learn();
    if (this.#isFresh(entry)) return this.#known.get(entry)!.frame;
    let inPieces = false;
    const frame = new FrameOpener(this.#keys, () => {
      inPieces = true;
      return undefined;
    }).open(entry);
    return inPieces ? this.#openInItsStream(entry) : this.#keep(entry, frame, false);
  }

  /** The log grows while a scenario runs. */
  #learn(): void {
    const records = this.#log.keys();
    for (let i = this.#keys.size; i < records.length; i++) this.#keys.learn(records[i]!);
    const marks = this.#log.marks();
    for (; this.#marksRead < marks.length; this.#marksRead++) this.#keys.learnOrder(marks[this.#marksRead]!);
  }

  /** A piece is understood by what came before it: everything its sender put onto the link, in order. */
  #openInItsStream(entry: FrameEntry): OpenedFrame {
    const stream = this.#streamBefore(entry);
    const frames = this.#log.streamOf(entry);
    for (; stream.next < frames.length && frames[stream.next]!.place < entry.place; stream.next++)
      this.#openPieces(frames[stream.next]!, stream);
    if (frames[stream.next] === entry) stream.next += 1;
    stream.place = entry.place;
    return this.#openPieces(entry, stream);
  }

  /** As far as it was read, unless new keys show more of what came before, or it was read past this frame. */
  #streamBefore(entry: FrameEntry): Stream {
    const known = this.#streams.get(streamName(entry));
    if (known && known.keys === this.#keys.size && known.place < entry.place) return known;
    const stream = { keys: this.#keys.size, next: 0, place: -1, reassembly: new StreamReassembly() };
    this.#streams.set(streamName(entry), stream);
    return stream;
  }

  #openPieces(entry: FrameEntry, { reassembly }: Stream): OpenedFrame {
    const known = this.#known.get(entry);
    if (known && !known.inPieces && this.#isFresh(entry)) return known.frame;
    let inPieces = false;
    const frame = new FrameOpener(this.#keys, (piece, layer) => {
      inPieces = true;
      return reassembly.take(entry.time, layer, piece);
    }).open(entry);
    return this.#keep(entry, frame, inPieces);
  }

  #isFresh(entry: FrameEntry): boolean {
    const known = this.#known.get(entry);
    return known !== undefined && (known.isComplete || known.keys === this.#keys.size);
  }

  #keep(entry: FrameEntry, frame: OpenedFrame, inPieces: boolean): OpenedFrame {
    this.#known.set(entry, { frame, inPieces, keys: this.#keys.size, isComplete: !inPieces && isComplete(frame) });
    return frame;
  }
}

interface KnownFrame {
  readonly frame: OpenedFrame;
  readonly inPieces: boolean;
  /** How many keys were known when it was opened. */
  readonly keys: number;
  readonly isComplete: boolean;
}

interface Stream {
  readonly keys: number;
  /** Of its frames, the first that was not read yet. */
  next: number;
  /** Of the last frame read. */
  place: number;
  readonly reassembly: StreamReassembly;
}

function isComplete(frame: OpenedFrame): boolean {
  return (
    frame.esp.every((esp) => esp.state === 'opened') &&
    (frame.ike === undefined || frame.ike.state === 'clear' || frame.ike.state === 'opened')
  );
}
