/**
 * A frame in one line, as the ladder shows it: `ESP 0x00001001 #7 → [ICMP Echo]`. It is told from the dissection, so a frame that is cut or
 * lies about itself still has one. What was decrypted stands in brackets.
 */
import type { Dissection } from '../../../reference/wire/dissection.ts';

export interface FrameSummary {
  readonly says: string;
  /** Between whom, as the headers say it: of the outermost packet first, then of what is tunnelled in it. */
  readonly ends: readonly Ends[];
  /** Address resolution and neighbour discovery: needed by every case, decisive in none. */
  readonly isNoise: boolean;
}

export interface Ends {
  readonly source: string;
  readonly destination: string;
}

/** What an address is to the parties, where that is known. */
export type Naming = (address: string) => string | undefined;

export function frameSummary(
  frame: Dissection,
  buffers: readonly Dissection[],
  naming: Naming = () => undefined,
): FrameSummary {
  const nodes = outline(frame);
  const inside = buffers.map((buffer) => (buffer.end === 0 ? '' : lineWithHomes(outline(buffer), naming)));
  const line = protocolLine(nodes);
  return {
    says: `${withInside(line, inside)}${homes(nodes, naming)}`,
    ends: [frame, ...buffers]
      .flatMap(packetsIn)
      .map((ip) => ({ source: field(ip, 'source'), destination: field(ip, 'destination') })),
    isNoise: nodes.some(({ name }) => name === 'arp') || /^ICMPv6 .*(Neighbor|Router|Listener|Multicast)/.test(line),
  };
}

/** IKE has its own notation for what is inside: `SK {IDi, AUTH}`. */
function withInside(line: string, inside: readonly string[]): string {
  if (inside.length === 0) return line;
  if (/\bSKF?$/.test(line)) return `${line} {${inside.join(', ')}}`;
  return `${line} → ${inside.map((each) => `[${each}]`).join(' → ')}`;
}

/** The IP packets of a tree, outermost first; what an ICMP error quotes is none. */
function packetsIn(node: Dissection): Dissection[] {
  if (node.name === 'icmp' || node.name === 'icmpv6') return [];
  const inside = node.children.flatMap(packetsIn);
  return node.name === 'ipv4' || node.name === 'ipv6' ? [node, ...inside] : inside;
}

/** Every structure of the tree, outermost first. */
function outline(node: Dissection): Dissection[] {
  return node.children.length === 0 ? [] : [node, ...node.children.flatMap(outline)];
}

function protocolLine(nodes: readonly Dissection[]): string {
  const innermost = nodes.findLast(({ name }) => name in lines);
  if (!innermost) return nodes[0]?.label ?? 'octets';
  return lines[innermost.name]!(innermost);
}

function lineWithHomes(nodes: readonly Dissection[], naming: Naming): string {
  return `${protocolLine(nodes)}${homes(nodes, naming)}`;
}

/** Home addresses that stand for the source (RFC 6275 6.3) or the destination (6.4) of what carries them. */
function homes(nodes: readonly Dissection[], naming: Naming): string {
  return nodes.map((node) => homeOf(node, naming)).join('');
}

function homeOf(node: Dissection, naming: Naming): string {
  const isOption = /^homeAddress\b/.test(node.name);
  const isType2 = /^routing\b/.test(node.name) && /^2\b/.test(field(node, 'routingType'));
  const address = isOption ? field(node, 'homeAddress') : isType2 ? field(node, 'addresses[0]') : '';
  const name = naming(address);
  return address && `, ${isOption ? '' : 'to '}home address ${address}${name === undefined ? '' : ` (${name})`}`;
}

const lines: Readonly<Record<string, (node: Dissection) => string>> = {
  arp: (node) => `ARP ${node.value}`,
  ipv4: (node) => `IPv4, ${lastWord(node.value)}`,
  ipv6: (node) => `IPv6, ${lastWord(node.value)}`,
  icmp: (node) => `ICMP ${named(field(node, 'type'))}${codeOf(node)}`,
  icmpv6: (node) => `ICMPv6 ${named(field(node, 'type'))}${codeOf(node)}${aboutOf(node)}`,
  mobility: (node) => node.value || messageName(field(node, 'mhType')),
  udp: (node) => `UDP ${field(node, 'sourcePort')} → ${field(node, 'destinationPort')}`,
  tcp: (node) => `TCP ${field(node, 'sourcePort')} → ${field(node, 'destinationPort')}`,
  esp: (node) => `ESP ${field(node, 'spi')} #${field(node, 'sequenceNumber')}`,
  ah: (node) => `AH ${field(node, 'spi')} #${field(node, 'sequenceNumber')}`,
  keepalive: () => 'NAT-keepalive',
  ike: (node) => {
    const header = node.children.find(({ name }) => name === 'header');
    return `${header?.value || 'IKE'}: ${payloadNames(node)}`;
  },
  payloads: (node) => payloadNames(node),
};

/** Of neighbor discovery: the prefix that is advertised, the address that is asked for or told. */
function aboutOf(node: Dissection): string {
  const [prefix, target] = [field(node, 'prefix'), field(node, 'targetAddress')];
  return prefix ? `, prefix ${prefix}/${field(node, 'prefixLength')}` : target && `, ${target}`;
}

/** Of a message that cannot be read to its end. */
function messageName(mhType: string): string {
  return /^\d+$/.test(mhType) ? `MH Type ${mhType}` : named(mhType) || 'Mobility Header';
}

/** `SA, KE, Nonce, N(COOKIE)`. */
function payloadNames(node: Dissection): string {
  const payloads = node.children.flatMap((child) => (child.name === 'payloads' ? child.children : [child]));
  const shown = payloads.filter(({ name, children }) => name !== 'header' && children.length > 0);
  return shown.map((payload) => payloadName(payload)).join(', ') || 'no payloads';
}

function payloadName(payload: Dissection): string {
  const name = payload.name.replace(/\[\d+\]$/, '');
  const notifyType = name === 'N' ? named(field(payload, 'notifyType')) : '';
  return notifyType ? `N(${notifyType})` : name;
}

function codeOf(node: Dissection): string {
  const code = named(field(node, 'code'));
  return code === '' || code === '0' ? '' : `, ${code}`;
}

/** The value of a field of this structure, however deep among its groups. */
function field(node: Dissection, name: string): string {
  for (const child of node.children) {
    if (child.name === name && child.children.length === 0) return child.value;
    const found = child.name in lines ? '' : field(child, name);
    if (found !== '') return found;
  }
  return '';
}

/** `8 (Echo)` is `Echo`. */
function named(value: string): string {
  return /\((.+)\)$/.exec(value)?.[1] ?? value;
}

function lastWord(value: string): string {
  return value.split(', ').at(-1) ?? value;
}
