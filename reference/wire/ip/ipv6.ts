/**
 * The IPv6 packet, RFC 8200 section 3: the fixed header, the chain of extension headers (structures in
 * `extension-headers.ts`) and the upper-layer packet as octets. After a Fragment header of a packet that is really a
 * fragment the chain ends, because what follows is a piece of the Fragmentable Part: `protocol` is then what the whole
 * would begin with. Reassembly is `reference/host`'s.
 *
 *     |Version| Traffic Class |           Flow Label                  |
 *     |         Payload Length        |  Next Header  |   Hop Limit   |
 *     |                         Source Address                        |
 *     |                      Destination Address                      |
 */
import { ipv6Address } from '../address-fields.ts';
import { bit, bits, fixedBits } from '../bit-fields.ts';
import { computed, surplus, u8, u16 } from '../fields.ts';
import { type Part, structure, type ValueOf } from '../kernel.ts';
import { briefHex, type Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { type ExtensionHeader, extensionHeaders, extensionProtocols } from './extension-headers.ts';
import { protocolName, protocols } from './protocols.ts';

export type Ipv6Packet = ValueOf<typeof ipv6Packet>;

export interface Ipv6Body {
  readonly extensions: readonly ExtensionHeader[];
  /** The number of the first upper-layer protocol. */
  readonly protocol: number;
  /** What follows the extension headers. */
  readonly payload: Uint8Array;
}

/** Reads a chain that begins with `first`; more than `longestChain` headers count as payload. */
export function readExtensions(reader: Reader, first: number): Pick<Ipv6Body, 'extensions' | 'protocol'> {
  const extensions: ExtensionHeader[] = [];
  let protocol = first;
  while (extensions.length < longestChain) {
    const extension = extensionHeaders.get(protocol)?.read(reader, extensions.length);
    if (!extension) break;
    extensions.push(extension);
    protocol = extension.nextHeader!;
    if (extension.type === 'fragment' && (extension.fragmentOffset > 0 || extension.moreFragments)) break;
  }
  return { extensions, protocol };
}

/** The octets of a chain, each Next Header naming its successor and the last one `protocol`, unless given. */
export function encodeExtensions(extensions: readonly ExtensionHeader[], protocol: number): Uint8Array {
  const writer = new Writer();
  writeExtensions(writer, extensions, protocol);
  return writer.finish();
}

const longestChain = 32;

const body: Part<Ipv6Body> = {
  read(reader, into) {
    const { payloadLength, nextHeader } = into as { payloadLength: number; nextHeader: number };
    if (payloadLength > reader.left) reader.remark(`${payloadLength - reader.left} octets of the payload are missing`);
    reader.within(Math.min(payloadLength, reader.left), 'payload', () => {
      Object.assign(into, readExtensions(reader, nextHeader));
      const held = reader.view(reader.left, 'payload');
      into.payload = held;
      if (reader.tracing) reader.leaf(reader.offset - held.length, 'payload', 'Payload', briefHex(held));
    });
  },
  write(writer, value) {
    writeExtensions(writer, value.extensions, value.protocol);
    writer.octets(value.payload);
  },
};

export const ipv6Packet = structure(
  'ipv6',
  'Internet Protocol version 6',
  [
    bits('versionClassFlow', 'Version, Traffic Class, Flow Label', 4, [
      fixedBits('version', 4, 'Version', 6),
      bit('dscp', 6, 'DSCP', () => 0),
      bit('ecn', 2, 'ECN', () => 0),
      bit('flowLabel', 20, 'Flow Label', () => 0),
    ]),
    computed(
      u16('payloadLength', 'Payload Length'),
      ({ trailer }: { trailer?: Uint8Array }, whole) => whole.length - 40 - (trailer?.length ?? 0),
    ),
    computed(u8('nextHeader', 'Next Header', { registry: protocols }), ({ extensions, protocol }: Ipv6Body) =>
      announce(extensions[0], protocol),
    ),
    computed(u8('hopLimit', 'Hop Limit'), () => 64),
    ipv6Address('source', 'Source Address'),
    ipv6Address('destination', 'Destination Address'),
    body,
    surplus('trailer', 'Octets after the packet'),
  ],
  (packet) => `${packet.source} → ${packet.destination}, ${protocolName(packet.protocol)}`,
);

function writeExtensions(writer: Writer, extensions: readonly ExtensionHeader[], protocol: number): void {
  extensions.forEach((extension, i) => {
    const nextHeader = extension.nextHeader ?? announce(extensions[i + 1], protocol);
    extensionHeaders.get(extensionProtocols[extension.type])!.write(writer, { ...extension, nextHeader });
  });
}

function announce(extension: ExtensionHeader | undefined, protocol: number): number {
  return extension ? extensionProtocols[extension.type] : protocol;
}
