/** The evidence for what was found: where in the frames, buffers and reports of a transcript it stands. */
import type { Dissection } from '../../reference/wire/dissection.ts';
import { dissectPayloads } from '../../reference/wire/ike/payload-chain.ts';
import type { StateEntry } from '../capture/transcript.ts';
import type { Evidence } from './evidence.ts';
import type { FoundPacket, OpenedFrame } from './opened-frame.ts';
import { readable } from './readable.ts';

export function packetEvidence({ frame, packet }: FoundPacket, says: string): Evidence {
  const { buffer, start, end } = packet.range;
  return { kind: 'frame', frame: frame.entry.number, octets: { buffer, start, end }, says };
}

/** The payload of SK that says it, where the message could be opened; else the whole frame. */
export function ikeEvidence(
  frame: OpenedFrame,
  says: string,
  wanted: (payload: Dissection) => boolean = () => false,
): Evidence {
  const buffer = frame.buffers.find((each) => each.kind === 'ike-payloads');
  if (!buffer) return { kind: 'frame', frame: frame.entry.number, says };
  const payload = readable(() => dissectPayloads(buffer.firstProtocol, buffer.octets).children.find(wanted));
  const { start, end } = payload ?? { start: 0, end: buffer.octets.length };
  return { kind: 'frame', frame: frame.entry.number, octets: { buffer: buffer.name, start, end }, says };
}

/** `path` leads into the reported state, as in `delivered[0]`. */
export function stateEvidence(entry: StateEntry, path: string, says: string): Evidence {
  return { kind: 'state', place: entry.place, path, says };
}
