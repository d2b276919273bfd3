/** What is decided about every Mobility Header before its type is looked at (RFC 6275 section 9.2). */
import { protocols } from '../wire/ip/protocols.ts';

export interface MessageRules {
  /** What comes with a wrong checksum is silently discarded. */
  mobilityChecksumAcceptable(holds: boolean): boolean;
  /** An unknown MH type is answered by a Binding Error of status 2. */
  mobilityTypeKnown(known: boolean): boolean;
  /** Payload Proto is 59; anything else is answered by a Parameter Problem that points at it. */
  payloadProtocolAcceptable(payloadProtocol: number): boolean;
  /** Header Len is no less than what the type asks for, options aside; less is answered by a Parameter Problem that points at it. In octets. */
  headerLengthAcceptable(octets: number, least: number): boolean;
}

export const messageSections = {
  mobilityChecksumAcceptable: 'RFC 6275 9.2',
  mobilityTypeKnown: 'RFC 6275 9.2',
  payloadProtocolAcceptable: 'RFC 6275 9.2',
  headerLengthAcceptable: 'RFC 6275 9.2',
} as const satisfies Record<keyof MessageRules, string>;

export const messageRules: MessageRules = {
  mobilityChecksumAcceptable: (holds) => holds,
  mobilityTypeKnown: (known) => known,
  payloadProtocolAcceptable: (payloadProtocol) => payloadProtocol === protocols['IPv6-NoNxt'],
  headerLengthAcceptable: (octets, least) => octets >= least,
};
