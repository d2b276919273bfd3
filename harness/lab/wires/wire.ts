/**
 * A wire: an Ethernet cable whose other end is somewhere else (a guest's kernel, a NIC, the other half of a pair). It
 * carries whole frames and keeps nothing back; what a frame means, and who may be cut off, is for the links of the lab.
 */

export interface Wire {
  /** Puts one Ethernet frame, from destination address to the end of its payload, on the wire. Throws HarnessFault `wire-full` when too many wait for it. */
  send(frame: Uint8Array): void;
  /**
   * Calls `listener` for each frame that comes in; the function that is returned ends it. The frame is the listener's to keep. `arrived`, where the wire knows it, is when
   * the kernel had the frame, in milliseconds as `performance.now()` counts them.
   */
  onFrame(listener: (frame: Uint8Array, arrived?: number) => void): () => void;
  /** Resolves when nothing of the wire is left open. What was not yet sent is dropped. */
  close(): Promise<void>;
  readonly counters: WireCounters;
}

export interface WireCounters {
  /** Frames given to the operating system. */
  sent: number;
  /** Frames given to listeners. */
  received: number;
  /** Frames the operating system would not take. What is lost behind it cannot be seen from one end. */
  lost: number;
  /** Datagrams ignored: too short, of another session, of another sender. */
  malformed: number;
}
