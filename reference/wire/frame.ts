/**
 * A whole frame, from the link layer through tunnels to IKE and ESP, as layers (values with their place in the buffer)
 * and as one dissection whose leaves partition the frame; which layer lies in which is `layers.ts`. A layer that is malformed ends the
 * layers, not the reading: the frame keeps the fault, and the tree shows as much as can be read. What is encrypted
 * stays closed.
 */
import { internetChecksum, pseudoHeaderChecksum } from './checksum.ts';
import { type Dissection, MalformedOctets, type Remark, replaceNode } from './dissection.ts';
import { type IpPacket, isFragment, pseudoHeaderEndpoints } from './ip/packet.ts';
import { protocols } from './ip/protocols.ts';
import { plainOctets } from './kernel.ts';
import { innerLayer, type Layer, type LayerName, layerOfLinkType, structures } from './layers.ts';
import { mobilityChecksum } from './mobility/message.ts';

export interface Frame {
  /** From the outermost inwards. */
  readonly layers: readonly Layer[];
  /** Remarks of all layers and on wrong checksums; offsets are those of the frame. */
  readonly remarks: readonly Remark[];
  /** The layer that could not be decoded, where there is one. */
  readonly unread?: {
    readonly layer: LayerName;
    readonly start: number;
    readonly end: number;
    readonly fault: MalformedOctets;
  };
}

/** The layers of an Ethernet frame. Throws `MalformedOctets` only where even the Ethernet header is missing. */
export function decodeFrame(octets: Uint8Array): Frame {
  return layersFrom('ethernet', octets);
}

/**
 * The same for a buffer that begins with an IP header: a decrypted or reassembled packet, a capture without link layer.
 */
export function decodePacket(octets: Uint8Array): Frame {
  return layersFrom('ip', octets);
}

/**
 * The same for a frame of a capture, which begins with what its link type says (LINKTYPE of the tcpdump registry). It
 * has no layers where the type is none of ours.
 */
export function decodeCaptured(octets: Uint8Array, linkType: number): Frame {
  const first = layerOfLinkType.get(linkType);
  return first ? layersFrom(first, octets) : { layers: [], remarks: [] };
}

/** One tree over an Ethernet frame; never throws. */
export function dissectFrame(octets: Uint8Array): Dissection {
  return dissectFrom('ethernet', octets);
}

/** One tree over a buffer that begins with an IP header; never throws. */
export function dissectPacket(octets: Uint8Array): Dissection {
  return dissectFrom('ip', octets);
}

/** One tree over a frame of a capture, a single leaf where the link type is none of ours; never throws. */
export function dissectCaptured(octets: Uint8Array, linkType: number): Dissection {
  const first = layerOfLinkType.get(linkType);
  if (first) return dissectFrom(first, octets);
  const end = octets.length;
  return { name: 'frame', label: `Link type ${linkType}`, start: 0, end, value: `${end} octets`, children: [] };
}

/** The outermost layer of a kind. */
export function layerOf<Name extends LayerName>(frame: Frame, name: Name): Layer<Name> | undefined {
  return frame.layers.find((layer): layer is Layer<Name> & Layer => layer.layer === name) as Layer<Name> | undefined;
}

function layersFrom(first: LayerName, octets: Uint8Array): Frame {
  const frame = walk(first, octets);
  if (frame.layers.length === 0 && frame.unread) throw frame.unread.fault;
  return frame;
}

function dissectFrom(first: LayerName, octets: Uint8Array): Dissection {
  const whole = plainOctets(octets);
  const { layers, unread, remarks } = walk(first, whole);
  const inner = [...layers.slice(1), ...(layers.length > 0 && unread ? [unread] : [])];
  let tree = structures[first].dissect(whole);
  for (const { layer, start, end } of inner) tree = graft(tree, structures[layer].dissect(whole, start, end));
  for (const { where, at, says } of remarks) if (says === wrongChecksum) tree = annotate(tree, where, at, says);
  return tree;
}

/** Layers until one has no known successor or cannot be decoded. */
function walk(first: LayerName, octets: Uint8Array): Frame {
  const whole = plainOctets(octets);
  const layers: Layer[] = [];
  const remarks: Remark[] = [];
  let next: Successor | undefined = { layer: first, octets: whole };
  while (next && layers.length < deepest) {
    const { layer, octets } = next as Successor;
    const start = octets.byteOffset - whole.byteOffset;
    const end = start + octets.length;
    try {
      const decoded = structures[layer].decode(octets);
      layers.push({ layer, value: decoded.value, start, end } as Layer);
      for (const remark of decoded.remarks) remarks.push({ ...remark, at: remark.at + start });
    } catch (fault) {
      if (!(fault instanceof MalformedOctets)) throw fault;
      return { layers, remarks, unread: { layer, start, end, fault } };
    }
    checkSum(layers, octets, remarks);
    next = successor(layers.at(-1)!);
  }
  return { layers, remarks };
}

interface Successor {
  readonly layer: LayerName;
  readonly octets: Uint8Array;
}

function successor(outer: Layer): Successor | undefined {
  const inner = innerLayer(outer);
  const payload = 'payload' in outer.value ? outer.value.payload : undefined;
  return inner && payload && payload.length > 0 ? { layer: inner, octets: payload } : undefined;
}

/** Remarks a wrong checksum of the innermost layer, as far as its octets are all there. */
function checkSum(layers: readonly Layer[], octets: Uint8Array, remarks: Remark[]): void {
  const { layer, value, start } = layers.at(-1)!;
  if (layer === 'ip' && value.version === 4 && internetChecksum(octets.subarray(0, 4 * value.headerLength!)) !== 0) {
    remarks.push({ where: 'headerChecksum', at: start + 10, says: wrongChecksum });
  }
  const at = checksumOffsets[layer];
  const packet = layers.findLast((outer): outer is Layer<'ip'> => outer.layer === 'ip');
  if (at === undefined || !packet || isFragment(packet.value) || isCut(packet.value)) return;
  const absent = layer === 'udp' && value.checksum === 0;
  const endpoints = pseudoHeaderEndpoints(packet.value);
  const sum =
    layer === 'icmp'
      ? internetChecksum(octets)
      : layer === 'mobility'
        ? mobilityChecksum(octets, endpoints)
        : pseudoHeaderChecksum(octets, upperProtocols[layer]!, endpoints);
  if (!absent && sum !== 0) remarks.push({ where: 'checksum', at: start + at, says: wrongChecksum });
}

function isCut(packet: IpPacket): boolean {
  if (packet.version === 4) return packet.totalLength! > 4 * packet.headerLength! + packet.payload.length;
  return packet.payloadLength! < packet.payload.length;
}

/** The inner tree as the only child of the leaf that covers the same octets. */
function graft(tree: Dissection, inner: Dissection): Dissection {
  const leaf = leafAt(tree, inner.start, inner.end);
  return leaf ? replaceNode(tree, leaf, { ...leaf, value: '', children: [inner] }) : tree;
}

function leafAt(tree: Dissection, start: number, end: number): Dissection | undefined {
  if (tree.children.length === 0) return tree.start === start && tree.end === end ? tree : undefined;
  const around = tree.children.find((child) => child.start <= start && child.end >= end);
  return around && leafAt(around, start, end);
}

function annotate(tree: Dissection, name: string, at: number, remark: string): Dissection {
  if (at < tree.start || at >= tree.end) return tree;
  if (tree.name === name && tree.start === at) return { ...tree, remark };
  return { ...tree, children: tree.children.map((child) => annotate(child, name, at, remark)) };
}

const checksumOffsets: Readonly<Partial<Record<LayerName, number>>> = {
  udp: 6,
  tcp: 16,
  icmp: 2,
  icmpv6: 2,
  mobility: 4,
};

const upperProtocols: Readonly<Partial<Record<LayerName, number>>> = {
  udp: protocols.UDP,
  tcp: protocols.TCP,
  icmpv6: protocols['IPv6-ICMP'],
};

const wrongChecksum = 'the checksum is wrong';

/** Layers in one frame: a bound on tunnels inside tunnels. */
const deepest = 16;
