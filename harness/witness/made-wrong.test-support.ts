/** What tshark says of packets that are wrong because somebody made them so. */
import { TAKEN_FOR_ANOTHER } from '../peers/tampers.ts';

/** In the middle of a packet that is not what it says; then it leaves its ICV unjudged too, which Scapy does not. */
export const GAVE_UP = TAKEN_FOR_ANOTHER;

/** By scenario: of headers, options and messages that it makes by hand so that they are wrong, or are none that anybody has defined. */
export const madeWrong: Readonly<Record<string, readonly string[]>> = {
  'arrivals-away': [
    'IPv6 Type 2 Routing Header extension header length must equal 2',
    'IPv6 Type 2 Routing Header segments left field must equal 1',
  ],
  'false-verification': [
    'Bad checksum',
    'Home Address must use a destination options header',
    'Home Address: Invalid length (15 bytes)',
    'Home Address: Invalid length (17 bytes)',
    'Unknown Data (not interpreted)',
  ],
  // It puts together what a receiver passes over: what is forged, and fragments of different sets.
  'fragments-received': [
    'Fragment number (4) must not be greater than total fragments (3)',
    'Fragment number must not be zero',
    'Payload (bogus)',
    GAVE_UP,
  ],
  'home-acknowledgements': ['IPv6 Type 2 Routing Header segments left field must equal 1'],
  'home-malformed': [GAVE_UP],
  'message-headers': ['IE data not dissected yet'],
  'prefix-advertisements': [
    'Dissector for ICMPv6 Option (251) code not implemented, Contact Wireshark developers if you want this supported',
  ],
  'routing-header': [
    'Bad checksum',
    'IPv6 Type 2 Routing Header extension header length must equal 2',
    'IPv6 Type 2 Routing Header segments left field must equal 1',
    'Routing header type is deprecated',
    'Undecoded IPv6 routing header field',
  ],
  // Beyond a NAT the checksums of TCP and UDP in transport mode are about addresses that the packet no longer has (RFC 3948 3.1.2).
  'translated-transport': ['Bad checksum'],
  'update-fields': ['IE data not dissected yet'],
};
