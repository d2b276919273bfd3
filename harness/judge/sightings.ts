/**
 * What whoever stands beside a path sees go by, one thing after another: packets in clear and those that came out of an SA, what ESP and AH show of themselves, and IKE.
 * The capture of a stranger and the log of a case are read to these in one way (`strangers/packet-walk.ts`), so that a question which needs nobody's cooperation is
 * asked once, of either.
 */
import type { Address } from '../../reference/wire/address.ts';
import type { OpenedIke } from './opened-frame.ts';

/** Who is told, in the order of the frames. What is handed over may be views of octets: whoever keeps any keeps a copy. */
export interface Observer {
  packet(seen: SeenPacket): void;
  protection(seen: SeenProtection): void;
  ike(seen: SeenIke): void;
}

/** Where in the log or capture. */
export interface Seen {
  /** Of the frame, from 1. */
  readonly number: number;
  /** Seconds since the first frame; undefined where a capture does not say. */
  readonly time: number | undefined;
}

/** A whole packet that is neither IKE nor protected further: in clear, or what came out of an SA. */
export interface SeenPacket extends Seen {
  readonly source: Address;
  readonly destination: Address;
  /** Of the upper layer, as IANA numbers them. */
  readonly protocol: number;
  /** Behind all IP headers. */
  readonly payload: Uint8Array;
  /** From the IP header on, where it stood so on the wire; of what transport mode carried the carrier's headers are not among them. */
  readonly whole: Uint8Array | undefined;
  /** Of what transport mode carried: the packet around it, with the headers that are its own, too. */
  readonly outer?: Uint8Array | undefined;
  /** The innermost SA that it came out of, `verified` or not; undefined in clear. */
  readonly within: SeenProtection | undefined;
}

/** One ESP or AH packet. */
export interface SeenProtection extends Seen {
  readonly protocol: 'ESP' | 'AH';
  readonly spi: number;
  /** The 32 bits on the wire. */
  readonly sequenceNumber: number;
  /** Of the packet that carried it. */
  readonly source: Address;
  readonly destination: Address;
  readonly encapsulated: boolean;
  /** `unverified`: opened, with an ICV that nobody can check. `cut`: octets are missing. */
  readonly state: ProtectionState;
  /** From the SPI of ESP, or the header of AH, to the end of the packet. */
  readonly octets: Uint8Array;
  /** Only where it was opened. */
  readonly opened?: OpenedProtection;
}

export type ProtectionState = 'opened' | 'unverified' | 'bad-icv' | 'no-key' | 'cut';

export interface OpenedProtection {
  /** One for each key: two packets of it are of one SA, wherever they went. */
  readonly key: object;
  readonly extendedSequenceNumbers: boolean;
  readonly mode: 'transport' | 'tunnel';
  /** Of ESP. */
  readonly iv?: Uint8Array;
  readonly padding?: Uint8Array;
}

export interface SeenIke extends Seen {
  readonly ike: OpenedIke;
}

/** For people: which frame, and when. */
export function placeText({ number, time }: Seen): string {
  return time === undefined ? `frame ${number}` : `frame ${number} (${time.toFixed(3)} s)`;
}
