/** A frame's octets as the page shows them: the wire, and each buffer that was opened from it, with their dissections. */
import { type Dissection, findNode, replaceNode } from '../../../reference/wire/dissection.ts';
import { espPacket, espPlaintext } from '../../../reference/wire/esp.ts';
import { dissectFrame, dissectPacket } from '../../../reference/wire/frame.ts';
import { icmpMessage } from '../../../reference/wire/icmp.ts';
import { icmpv6Message } from '../../../reference/wire/icmpv6.ts';
import { dissectPayloads } from '../../../reference/wire/ike/payload-chain.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import type { Structure } from '../../../reference/wire/kernel.ts';
import { mobilityMessage } from '../../../reference/wire/mobility/message.ts';
import { tcpSegment } from '../../../reference/wire/tcp.ts';
import { udpDatagram } from '../../../reference/wire/udp.ts';
import type { PageBuffer, PageFrame } from '../page-data.ts';
import { octetsOf } from './base64.ts';
import { type FrameSummary, frameSummary, type Naming } from './frame-summary.ts';

export interface ShownBuffer {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly dissection: Dissection;
}

export interface ShownFrame {
  readonly frame: PageFrame;
  /** The wire first. */
  readonly buffers: readonly ShownBuffer[];
  readonly summary: FrameSummary;
}

export function shownFrame(frame: PageFrame, naming?: Naming): ShownFrame {
  const wire = octetsOf(frame.octets);
  const opened = frame.buffers.map(shownBuffer);
  const dissection = dissectFrame(wire);
  const summary = frameSummary(
    dissection,
    opened.map((buffer) => buffer.dissection),
    naming,
  );
  const isNoise = summary.isNoise && frame.notices === undefined;
  return { frame, buffers: [{ name: 'wire', octets: wire, dissection }, ...opened], summary: { ...summary, isNoise } };
}

function shownBuffer(buffer: PageBuffer): ShownBuffer {
  const octets = octetsOf(buffer.octets);
  return { name: buffer.name, octets, dissection: dissected(buffer, octets) };
}

function dissected({ kind, firstProtocol }: PageBuffer, octets: Uint8Array): Dissection {
  if (kind === 'ike-payloads') return dissectPayloads(firstProtocol, octets);
  if (kind === 'reassembled') return upperLayer(firstProtocol, octets, octets.length);
  const plaintext = espPlaintext.dissect(octets);
  const payload = findNode(plaintext, ({ name, children }) => name === 'payload' && children.length === 0);
  if (!payload) return plaintext;
  const inner = upperLayer(firstProtocol, octets, payload.end);
  return replaceNode(plaintext, payload, { ...payload, value: '', children: [inner] });
}

/** The tree of an upper-layer packet, or of a tunnelled one, that fills a buffer up to `end`. */
function upperLayer(protocol: number, octets: Uint8Array, end: number): Dissection {
  if (protocol === protocols.IPv4 || protocol === protocols.IPv6) return dissectPacket(octets.subarray(0, end));
  const structure = structures.get(protocol);
  if (structure && end > 0) return structure.dissect(octets, 0, end);
  return { name: 'data', label: `Protocol ${protocol}`, start: 0, end, value: `${end} octets`, children: [] };
}

const structures: ReadonlyMap<number, Pick<Structure<unknown>, 'dissect'>> = new Map<
  number,
  Pick<Structure<unknown>, 'dissect'>
>([
  [protocols.ICMP, icmpMessage],
  [protocols.TCP, tcpSegment],
  [protocols.UDP, udpDatagram],
  [protocols.ESP, espPacket],
  [protocols['IPv6-ICMP'], icmpv6Message],
  [protocols['Mobility Header'], mobilityMessage],
]);
