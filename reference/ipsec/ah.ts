/**
 * AH itself, RFC 4302 section 2: put into a packet with its ICV, and taken out again. Stateless, and judges nothing but the ICV, as `esp.ts`
 * does for ESP. Which SA, which sequence number and what follows from a wrong ICV is for who calls.
 */
import type { Provider } from '../transforms/cipher.ts';
import { equalInConstantTime, type IntegrityTransform, integrityTransform } from '../transforms/integrity.ts';
import { type AuthenticationHeader, ahPacket } from '../wire/ah.ts';
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { concat, readU32, u32 } from '../wire/octets.ts';
import type { KeyedTransform, OctetRange } from './esp.ts';
import { ahOffset, coveredForm } from './mutable-fields.ts';
import { visibleExtensions, withPayload } from './transport.ts';

export interface AhKeys {
  readonly integrity: IntegrityTransform;
  readonly integrityKey: Uint8Array;
  readonly extendedSequenceNumbers: boolean;
}

/** The keys of one direction. Throws `RangeError` when Touchstone lacks the transform. */
export function ahKeys(
  sa: { integrity: KeyedTransform; extendedSequenceNumbers: boolean },
  provider: Provider = 'noble',
): AhKeys {
  const integrity = integrityTransform(sa.integrity.id, provider);
  if (!integrity) throw new RangeError(`no integrity transform ${sa.integrity.id}`);
  return { integrity, integrityKey: sa.integrity.key, extendedSequenceNumbers: sa.extendedSequenceNumbers };
}

/** What decides octets, as a rule may have it. */
export interface AhForm {
  /** 3.3.3.2.1: octets of padding behind the ICV (IV included), so that the header ends on 32 bits in IPv4 and on 64 in IPv6. */
  icvPadding(icvOctets: number, version: 4 | 6): number;
  /** 3.3.3.1: the packet as the ICV sees it. */
  covered(packet: Uint8Array): Uint8Array;
}

export const ahForm: AhForm = {
  icvPadding: (icvOctets, version) => -(FIXED_FIELDS + icvOctets) & (version === 6 ? 7 : 3),
  covered: coveredForm,
};

/** What stands in the header beside the ICV. */
export interface AhNumbers {
  readonly spi: number;
  /** All 64 bits; only the lower 32 go onto the wire. */
  readonly sequenceNumber: bigint;
  /** Where the transform has one, its `ivOctets`; it stands before the ICV (RFC 4543 section 4). */
  readonly iv?: Uint8Array;
}

/** The packet, encoded, with AH in it: in IPv4 behind the header, in IPv6 behind what is for the hops on the way (3.1.1). */
export function sealAh(
  packet: IpPacket,
  { spi, sequenceNumber, iv = new Uint8Array() }: AhNumbers,
  keys: AhKeys,
  form = ahForm,
): Uint8Array {
  const { ivOctets, icvOctets } = keys.integrity;
  const icv = new Uint8Array(ivOctets + icvOctets + form.icvPadding(ivOctets + icvOctets, packet.version));
  icv.set(iv);
  const octets = ipPacket.encode(
    withHeader(packet, { spi, sequenceNumber: Number(sequenceNumber & 0xffff_ffffn), icv }),
  );
  const high = keys.extendedSequenceNumbers ? Number(sequenceNumber >> 32n) : undefined;
  octets.set(icvOf(octets, iv, keys, high, form), ahOffset(octets)! + FIXED_FIELDS + ivOctets);
  return octets;
}

export interface AhLayout {
  /** Where the header begins. */
  readonly offset: number;
  readonly spi: number;
  /** The 32 bits on the wire. */
  readonly sequenceNumber: number;
  /** Empty where the transform has none. */
  readonly iv: OctetRange;
  /** The ICV of this SA, without what pads it. */
  readonly icv: OctetRange;
}

/** Where the first AH of a packet lies; undefined where it has none that can be read. */
export function ahLayout(packet: Uint8Array, keys: Pick<AhKeys, 'integrity'>): AhLayout | undefined {
  const offset = ahOffset(packet);
  if (offset === undefined) return undefined;
  const iv = offset + FIXED_FIELDS;
  const icv = iv + keys.integrity.ivOctets;
  const end = icv + keys.integrity.icvOctets;
  if (end > offset + 4 * (packet[offset + 1]! + 2)) return undefined;
  const [spi, sequenceNumber] = [readU32(packet, offset + 4), readU32(packet, offset + 8)];
  return { offset, spi, sequenceNumber, iv: [iv, icv], icv: [icv, end] };
}

/** The ICV that a packet that was received should have. */
export function computedAhIcv(
  packet: Uint8Array,
  { iv, icv }: AhLayout,
  keys: AhKeys,
  sequenceHigh: number,
  form = ahForm,
): Uint8Array {
  const zeroed = packet.slice().fill(0, ...icv);
  return icvOf(zeroed, packet.subarray(...iv), keys, keys.extendedSequenceNumbers ? sequenceHigh : undefined, form);
}

export interface OpenedAh extends Pick<AhLayout, 'spi' | 'sequenceNumber'> {
  readonly icvGood: boolean;
  /** Without AH. */
  readonly packet: IpPacket;
}

/**
 * Opens the first AH of a packet; undefined where it has none that can be read. `sequenceHigh` is the upper half of an extended sequence number
 * (0 unless told). Throws `MalformedOctets` where the octets are no IP packet.
 */
export function openAh(
  octets: Uint8Array,
  keys: AhKeys,
  { sequenceHigh = 0, form = ahForm }: { readonly sequenceHigh?: number; readonly form?: AhForm } = {},
): OpenedAh | undefined {
  const layout = ahLayout(octets, keys);
  if (!layout) return undefined;
  const computed = computedAhIcv(octets, layout, keys, sequenceHigh, form);
  return {
    spi: layout.spi,
    sequenceNumber: layout.sequenceNumber,
    icvGood: equalInConstantTime(computed, octets.subarray(...layout.icv)),
    packet: withoutHeader(ipPacket.decode(octets).value),
  };
}

/** 3.3.3.2.2: the upper half of an extended sequence number follows the packet, which is otherwise as the ICV sees it. */
function icvOf(
  packet: Uint8Array,
  iv: Uint8Array,
  { integrity, integrityKey }: AhKeys,
  high: number | undefined,
  form: AhForm,
): Uint8Array {
  const covered = form.covered(packet);
  return integrity.icv(integrityKey, high === undefined ? covered : concat(covered, u32(high)), iv);
}

function withHeader(packet: IpPacket, header: Pick<AuthenticationHeader, 'spi' | 'sequenceNumber' | 'icv'>): IpPacket {
  if (packet.version === 4) {
    const payload = ahPacket.encode({ ...header, nextHeader: packet.protocol, payload: packet.payload });
    return withPayload(packet, protocols.AH, payload);
  }
  const visible = visibleExtensions(packet.extensions);
  const extensions: ExtensionHeader[] = packet.extensions.toSpliced(visible, 0, { type: 'authentication', ...header });
  return withPayload({ ...packet, extensions }, packet.protocol, packet.payload);
}

/** The packet as it was before AH was put in. Throws `MalformedOctets`. */
export function withoutHeader(packet: IpPacket): IpPacket {
  if (packet.version === 4) {
    const { nextHeader, payload } = ahPacket.decode(packet.payload).value;
    return withPayload(packet, nextHeader!, payload);
  }
  const place = packet.extensions.findIndex(({ type }) => type === 'authentication');
  return withPayload({ ...packet, extensions: packet.extensions.toSpliced(place, 1) }, packet.protocol, packet.payload);
}

/** Next Header, Payload Len, reserved, SPI and Sequence Number, in octets. */
const FIXED_FIELDS = 12;
