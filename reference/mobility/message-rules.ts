/** What is decided about every Mobility Header before its type is looked at (RFC 6275 sections 6.1, 6.2 and 9.2). */
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
  /** Reserved fields are ignored. */
  reservedAcceptable(areZero: boolean): boolean;
  /** Options that a receiver does not know, and those that a message of this type does not have, are skipped. */
  optionsAcceptable(areOfThisType: boolean): boolean;
}

export const messageSections = {
  mobilityChecksumAcceptable: 'RFC 6275 9.2',
  mobilityTypeKnown: 'RFC 6275 9.2',
  payloadProtocolAcceptable: 'RFC 6275 9.2',
  headerLengthAcceptable: 'RFC 6275 9.2',
  reservedAcceptable: 'RFC 6275 6.1.1',
  optionsAcceptable: 'RFC 6275 6.2.1',
} as const satisfies Record<keyof MessageRules, string>;

export const messageRules: MessageRules = {
  mobilityChecksumAcceptable: (holds) => holds,
  mobilityTypeKnown: (known) => known,
  payloadProtocolAcceptable: (payloadProtocol) => payloadProtocol === protocols['IPv6-NoNxt'],
  headerLengthAcceptable: (octets, least) => octets >= least,
  reservedAcceptable: () => true,
  optionsAcceptable: () => true,
};
