/**
 * What a Linux kernel lists of its SAs and policies, as its messages carry it (`linux/netlink.h`, `linux/xfrm.h`): a header, a fixed structure, attributes. Numbers are in
 * the order of the guest's machine, which is little-endian as x86-64 is; addresses, ports and SPIs are in network order. What is asked for stands at fixed places, so that a
 * kernel may append what it likes.
 */
import { HarnessFault } from '../../lab/harness-fault.ts';
import { type Address, addressText } from '../../lab/node.ts';

/** Whether a message is asked for or told: of SAs, and of policies. */
export const xfrmMessageTypes = { newSa: 0x10, getSa: 0x12, newPolicy: 0x13, getPolicy: 0x15 } as const;

/** `struct xfrm_usersa_info` with what is known of its attributes. */
export interface XfrmState {
  readonly source: Address;
  readonly destination: Address;
  /** Of the IP header: 50 ESP, 51 AH; mobility has 43 and 60. */
  readonly protocol: number;
  readonly spi: number;
  readonly requestId: number;
  readonly mode: number;
  readonly octets: number;
  readonly packets: number;
  readonly replayWindow: number;
  readonly extendedSequenceNumbers: boolean;
  /** Packets refused: left of the window, repeated, and with a wrong ICV. */
  readonly refused: { readonly outsideWindow: number; readonly replayed: number; readonly integrity: number };
  readonly aead?: XfrmAlgorithm;
  readonly encryption?: XfrmAlgorithm;
  readonly authentication?: XfrmAlgorithm;
  /** `UDP_ENCAP_ESPINUDP` is 2. */
  readonly encapsulation?: number;
  readonly careOfAddress?: Address;
}

export interface XfrmAlgorithm {
  /** Of the crypto interface: `cbc(aes)`. */
  readonly name: string;
  /** Lower-case hex. */
  readonly key: string;
  /** Of the ICV, in bits; a cipher has none. */
  readonly icv?: number;
}

/** `struct xfrm_userpolicy_info` with its templates. */
export interface XfrmPolicy {
  readonly selector: XfrmSelector;
  readonly priority: number;
  /** 0 in, 1 out, 2 forward; what is above belongs to single sockets. */
  readonly direction: number;
  /** 0 allow, 1 block. */
  readonly action: number;
  readonly templates: readonly XfrmTemplate[];
}

/** Ports with their masks; of ICMP type and code, of the mobility header its type, in their places. */
export interface XfrmSelector {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly sourcePort: MaskedPort;
  readonly destinationPort: MaskedPort;
}

export interface MaskedPort {
  readonly port: number;
  readonly mask: number;
}

export interface XfrmTemplate {
  readonly protocol: number;
  readonly requestId: number;
}

/** The SAs in these octets of a dump, in the kernel's order. Throws HarnessFault `kernel-message` for what is no list of messages. */
export const statesIn = (dump: readonly Uint8Array[]): XfrmState[] =>
  messagesIn(dump, xfrmMessageTypes.newSa, SA_INFO).map(stateOf);

/** The policies; as above. */
export const policiesIn = (dump: readonly Uint8Array[]): XfrmPolicy[] =>
  messagesIn(dump, xfrmMessageTypes.newPolicy, POLICY_INFO).map(policyOf);

interface Message {
  readonly fixed: Uint8Array;
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

/** Of this type, each with at least `length` octets of its structure. */
function messagesIn(dump: readonly Uint8Array[], type: number, length: number): Message[] {
  return dump
    .flatMap((octets) => chained(octets, NETLINK_HEADER, (at) => little32(octets, at)))
    .filter((message) => little16(message, 4) === type)
    .map((message) => {
      const fixed = message.subarray(NETLINK_HEADER, NETLINK_HEADER + length);
      if (fixed.length < length) throw damaged(`a structure of ${length} octets`, fixed.length);
      const rest = message.subarray(NETLINK_HEADER + length);
      const attributes = chained(rest, ATTRIBUTE_HEADER, (at) => little16(rest, at));
      return { fixed, attributes: new Map(attributes.map((each) => [little16(each, 2), each.subarray(4)])) };
    });
}

/** Pieces one after another, each of which begins with its own length and ends at a multiple of four octets. */
function chained(octets: Uint8Array, least: number, lengthAt: (at: number) => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = octets.length - at < least ? 0 : lengthAt(at);
    if (length < least || length > octets.length - at) throw damaged(`${least} octets or more`, octets.length - at);
    pieces.push(octets.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return pieces;
}

function stateOf({ fixed, attributes }: Message): XfrmState {
  const family = little16(fixed, 212);
  const window = attributes.get(attribute.replayEsn);
  const aead = attributes.get(attribute.aead);
  const encryption = attributes.get(attribute.encryption);
  const authentication = attributes.get(attribute.authentication);
  const encapsulation = attributes.get(attribute.encapsulation);
  const careOf = attributes.get(attribute.careOfAddress);
  return {
    destination: addressAt(fixed, 56, family),
    spi: big32(fixed, 72),
    protocol: fixed[76]!,
    source: addressAt(fixed, 80, family),
    octets: little64(fixed, 160),
    packets: little64(fixed, 168),
    refused: {
      outsideWindow: little32(fixed, 192),
      replayed: little32(fixed, 196),
      integrity: little32(fixed, 200),
    },
    requestId: little32(fixed, 208),
    mode: fixed[214]!,
    replayWindow: window ? little32(complete(window, 24), 20) : fixed[215]!,
    extendedSequenceNumbers: (fixed[216]! & ESN) !== 0,
    ...(aead && { aead: { ...algorithm(aead, 72), icv: little32(aead, 68) } }),
    ...(encryption && { encryption: algorithm(encryption, 68) }),
    ...(authentication && { authentication: { ...algorithm(authentication, 72), icv: little32(authentication, 68) } }),
    ...(encapsulation && { encapsulation: little16(complete(encapsulation, 24), 0) }),
    ...(careOf && { careOfAddress: addressText(complete(careOf, 16).subarray(0, 16)) }),
  };
}

function policyOf({ fixed, attributes }: Message): XfrmPolicy {
  const templates = attributes.get(attribute.templates) ?? new Uint8Array();
  return {
    selector: selectorOf(fixed),
    priority: little32(fixed, 152),
    direction: fixed[160]!,
    action: fixed[161]!,
    templates: Array.from({ length: Math.floor(templates.length / TEMPLATE) }, (_, place) => {
      const template = templates.subarray(place * TEMPLATE);
      return { protocol: template[20]!, requestId: little32(template, 44) };
    }),
  };
}

function selectorOf(fixed: Uint8Array): XfrmSelector {
  const family = little16(fixed, 40);
  return {
    destination: `${addressAt(fixed, 0, family)}/${fixed[42]}`,
    source: `${addressAt(fixed, 16, family)}/${fixed[43]}`,
    destinationPort: { port: big16(fixed, 32), mask: big16(fixed, 34) },
    sourcePort: { port: big16(fixed, 36), mask: big16(fixed, 38) },
    protocol: fixed[44]!,
  };
}

/** A name of 64 octets, the length of the key in bits, perhaps that of the ICV, the key. */
function algorithm(octets: Uint8Array, keyAt: number): XfrmAlgorithm {
  const name = Buffer.from(complete(octets, keyAt).subarray(0, 64)).toString('latin1');
  const length = Math.ceil(little32(octets, 64) / 8);
  return {
    name: name.replace(/\0.*$/s, ''),
    key: Buffer.from(complete(octets, keyAt + length).subarray(keyAt, keyAt + length)).toString('hex'),
  };
}

const addressAt = (octets: Uint8Array, at: number, family: number): Address =>
  addressText(octets.subarray(at, at + (family === AF_INET6 ? 16 : 4)));

function complete(octets: Uint8Array, least: number): Uint8Array {
  if (octets.length < least) throw damaged(`an attribute of ${least} octets`, octets.length);
  return octets;
}

const damaged = (expected: string, found: number): HarnessFault =>
  new HarnessFault('kernel-message', `the guest's kernel lists its IPsec: expected ${expected}, found ${found} left`);

const big16 = (octets: Uint8Array, at: number): number => (octets[at]! << 8) | octets[at + 1]!;
const big32 = (octets: Uint8Array, at: number): number => ((big16(octets, at) << 16) | big16(octets, at + 2)) >>> 0;
const little16 = (octets: Uint8Array, at: number): number => octets[at]! | (octets[at + 1]! << 8);
const little32 = (octets: Uint8Array, at: number): number =>
  (little16(octets, at) | (little16(octets, at + 2) << 16)) >>> 0;
/** As far as a number goes. */
const little64 = (octets: Uint8Array, at: number): number => little32(octets, at) + 2 ** 32 * little32(octets, at + 4);

const NETLINK_HEADER = 16;
const ATTRIBUTE_HEADER = 4;
const SA_INFO = 224;
const POLICY_INFO = 168;
const TEMPLATE = 64;
const AF_INET6 = 10;
/** `XFRM_STATE_ESN`. */
const ESN = 128;

/** `XFRMA_*`. An authenticator comes in both of its forms, and the longer one says how long the ICV is. */
const attribute = {
  encryption: 2,
  encapsulation: 4,
  templates: 5,
  careOfAddress: 14,
  aead: 18,
  authentication: 20,
  replayEsn: 23,
} as const;
