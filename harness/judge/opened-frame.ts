/** A frame with everything in it laid open: packets from the outermost inwards, the buffers that decrypting and reassembling made, and the IKE message if there is one. */
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';
import type { FrameEntry } from '../capture/transcript.ts';
import type { OctetRange } from './evidence.ts';

export interface OpenedFrame {
  readonly entry: FrameEntry;
  /** Outermost first. A packet inside ESP counts only if its ICV was good. */
  readonly packets: readonly OpenedPacket[];
  readonly buffers: readonly OpenedBuffer[];
  readonly ike?: OpenedIke;
  /** What protects it, ESP and AH, in the order they nest, whether or not they could be opened. */
  readonly esp: readonly OpenedEspHeader[];
  readonly destinationMac: string;
  readonly sourceMac: string;
}

export interface OpenedPacket {
  readonly packet: IpPacket;
  /** Where its octets lie. */
  readonly range: OctetRange;
  /** The ESP packet it came out of. */
  readonly esp?: OpenedEspHeader;
}

/** Of ESP, or of AH. */
export interface OpenedEspHeader {
  readonly protocol: 'ESP' | 'AH';
  readonly spi: number;
  readonly sequenceNumber: number;
  readonly state: 'opened' | 'bad-icv' | 'no-key';
  /** The packet that carried it. */
  readonly carrier: IpPacket;
  readonly encapsulated: boolean;
  /** Transport mode leaves the carrier's addresses, tunnel mode has a packet of its own inside. */
  readonly mode?: 'transport' | 'tunnel';
}

export interface OpenedIke {
  readonly message: IkeMessage;
  readonly octets: Uint8Array;
  /** The packet that carried it. */
  readonly carrier: IpPacket;
  /** `unprotected`: in clear where its IKE SA has keys, so that nobody may believe it (RFC 7296 2.21.1). */
  readonly state: 'clear' | 'unprotected' | 'opened' | 'bad-icv' | 'no-key';
  /** The payloads of SK when opened, of the message itself when clear; of SKF with the fragment that makes it whole. Absent when there is nothing to believe. */
  readonly payloads?: readonly Payload[];
  readonly buffer?: OpenedBuffer;
}

/** Octets that are not on the wire as such. `firstProtocol` is the IP protocol number, or the first payload type of an SK. */
export interface OpenedBuffer {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly kind: 'ip' | 'transport' | 'ike-payloads' | 'reassembled';
  readonly firstProtocol: number;
}

export interface FoundPacket {
  readonly frame: OpenedFrame;
  readonly packet: OpenedPacket;
}

export interface FoundEspHeader extends FoundPacket {
  readonly header: OpenedEspHeader;
}

export interface FoundMessage {
  readonly frame: OpenedFrame;
  readonly ike: OpenedIke;
}
