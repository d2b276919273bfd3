/**
 * What a captured frame begins with: the link types of the tcpdump registry (LINKTYPE_…) that this house reads, and the
 * headers that stand in captures and on no wire, BSD loopback and Linux cooked in both versions. What lies in them is
 * `layers.ts`'s concern.
 */
import { etherTypes } from './ethernet.ts';
import { octets, reserved, rest, u8, u16, u32 } from './fields.ts';
import { structure, type ValueOf } from './kernel.ts';

export type LoopbackFrame = ValueOf<typeof loopbackFrame>;
export type LinuxCookedFrame = ValueOf<typeof linuxCookedFrame>;
export type LinuxCookedFrame2 = ValueOf<typeof linuxCookedFrame2>;

export const linkTypes = {
  NULL: 0,
  ETHERNET: 1,
  PPP: 9,
  /** RAW, as some systems number it in files of their own. */
  DLT_RAW: 12,
  /** The same of OpenBSD. */
  DLT_RAW_OPENBSD: 14,
  PPP_HDLC: 50,
  PPP_ETHER: 51,
  RAW: 101,
  LOOP: 108,
  LINUX_SLL: 113,
  IPV4: 228,
  IPV6: 229,
  LINUX_SLL2: 276,
} as const;

/** Which way a cooked frame went. */
export const packetTypes = {
  'to us': 0,
  broadcast: 1,
  multicast: 2,
  'to somebody else': 3,
  'from us': 4,
} as const;

/**
 * The protocol family is in the byte order of the host that captured, IPv6 in the numbering of its system. The value
 * holds it as it stands, most significant octet first.
 */
export const loopbackFrame = structure('loopback', 'BSD loopback', [
  u32('family', 'Protocol Family', { display: (family) => `${family}${isIpFamily(family) ? ' (IP)' : ''}` }),
  rest('payload', 'Payload'),
]);

/** Whether a family, in either byte order, is IPv4 or IPv6 of any system. */
export function isIpFamily(family: number): boolean {
  const swapped = ((family & 0xff) << 24) | ((family & 0xff00) << 8) | ((family >>> 8) & 0xff00) | (family >>> 24);
  return ipFamilies.has(family) || ipFamilies.has(swapped);
}

const packetType = { registry: packetTypes };
const hardwareType = u16('hardwareType', 'ARPHRD Type');
const linkLayerAddress = octets('linkLayerAddress', 'Link-Layer Address', 8);
const protocolType = u16('protocolType', 'Protocol Type', { registry: etherTypes });

export const linuxCookedFrame = structure('linuxCooked', 'Linux cooked capture', [
  u16('packetType', 'Packet Type', packetType),
  hardwareType,
  u16('linkLayerAddressLength', 'Link-Layer Address Length'),
  linkLayerAddress,
  protocolType,
  rest('payload', 'Payload'),
]);

export const linuxCookedFrame2 = structure('linuxCooked2', 'Linux cooked capture v2', [
  protocolType,
  reserved(2),
  u32('interfaceIndex', 'Interface Index'),
  hardwareType,
  u8('packetType', 'Packet Type', packetType),
  u8('linkLayerAddressLength', 'Link-Layer Address Length'),
  linkLayerAddress,
  rest('payload', 'Payload'),
]);

/** AF_INET, and AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, Darwin. */
const ipFamilies: ReadonlySet<number> = new Set([2, 10, 24, 28, 30]);
