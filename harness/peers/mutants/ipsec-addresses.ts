/** Broken twins of IPsec processing that take the wrong address, of the wrong header, or copy between the headers what they should not. */
import { addressOctets, familyOf } from '../../../reference/wire/address.ts';
import { mutant } from '../mutant.ts';

export const carriesWhateverArrives = mutant(
  'carriesWhateverArrives',
  'ipsec',
  'packetFitsSa',
  'a packet that decrypts is trusted, and its inner addresses are never matched with the SA again',
  () => () => true,
);

export const checksTransportOnly = mutant(
  'checksTransportOnly',
  'ipsec',
  'packetFitsSa',
  'the check of what came out of a tunnel waits for another day, so policy alone is asked',
  () =>
    (matches, { sa }) =>
      matches || sa.mode === 'tunnel',
);

export const checksTunnelsOnly = mutant(
  'checksTunnelsOnly',
  'ipsec',
  'packetFitsSa',
  'selectors are a matter of tunnels, and in transport mode the header is believed',
  () =>
    (matches, { sa }) =>
      matches || sa.mode === 'transport',
);

export const boundsSelectorsByClass = mutant(
  'boundsSelectorsByClass',
  'ipsec',
  'addressMatches',
  'the mask of an IPv4 selector is that of its class, as in code older than CIDR',
  (lawful) => (selector, address) => {
    if (familyOf(address) === 6 || familyOf(selector.startAddress) === 6) return lawful(selector, address);
    const [first, last, octets] = [selector.startAddress, selector.endAddress, address].map(addressOctets);
    const classOctets = first![0]! < 128 ? 1 : first![0]! < 192 ? 2 : 3;
    return octets!.subarray(0, classOctets).every((octet, i) => first![i]! <= octet && octet <= last![i]!);
  },
);

export const excludesLastAddress = mutant(
  'excludesLastAddress',
  'ipsec',
  'addressMatches',
  'a range of addresses is read as half open, so its last one is outside',
  (lawful) => (selector, address) =>
    lawful(selector, address) && (selector.startAddress === selector.endAddress || address !== selector.endAddress),
);

export const followsEspSource = mutant(
  'followsEspSource',
  'ipsec',
  'tunnelDestination',
  'the SA that leaves is sent to wherever its peer was last heard from, without any question',
  () => (sa, lastHeardFrom) => lastHeardFrom ?? sa.destination,
);

export const looksUpBySpi = mutant(
  'looksUpBySpi',
  'ipsec',
  'inboundSa',
  'the SPI alone names an SA, so of one for ESP and one for AH the first is taken for both',
  () =>
    (sad, { spi }) =>
      sad.find(({ sa }) => sa.direction === 'in' && sa.spi === spi),
);

export const looksUpByDestination = mutant(
  'looksUpByDestination',
  'ipsec',
  'inboundSa',
  'the triple of RFC 2401 names an SA: destination, protocol and SPI',
  () => (sad, packet) =>
    sad.find(
      ({ sa, destination }) =>
        sa.direction === 'in' &&
        sa.spi === packet.spi &&
        sa.protocol === packet.protocol &&
        destination === packet.destination,
    ),
);

export const looksUpByPair = mutant(
  'looksUpByPair',
  'ipsec',
  'inboundSa',
  'both outer addresses are hashed with the SPI, so a packet from elsewhere or to elsewhere finds nothing',
  () => (sad, packet) =>
    sad.find(
      ({ sa, source, destination }) =>
        sa.direction === 'in' &&
        sa.spi === packet.spi &&
        sa.protocol === packet.protocol &&
        source === packet.source &&
        destination === packet.destination,
    ),
);

export const tunnelsOwnFamily = mutant(
  'tunnelsOwnFamily',
  'ipsec',
  'familiesMayMix',
  'the input routine of a family hands its payload to the same family again',
  () => (inner, outer) => inner === outer,
);

export const tunnelsNoIpv4 = mutant(
  'tunnelsNoIpv4',
  'ipsec',
  'familiesMayMix',
  'written for Mobile IPv6: whatever is or carries IPv4 is left out',
  () => (inner, outer) => inner === 6 && outer === 6,
);

export const tunnelsNoIpv6 = mutant(
  'tunnelsNoIpv6',
  'ipsec',
  'familiesMayMix',
  'IPv6 has not arrived in the tunnels yet',
  () => (inner, outer) => inner === 4 && outer === 4,
);

export const tellsOfMismatches = mutant(
  'tellsOfMismatches',
  'ipsec',
  'notifiesInvalidSelectors',
  'the management control of RFC 4301 is on, as a lawful node may have it',
  () => () => true,
);

export const believesEveryError = mutant(
  'believesEveryError',
  'ipsec',
  'icmpErrorFitsSa',
  'an ICMP error on an SA is believed, whatever it quotes',
  () => () => true,
);

export const refusesForeignErrors = mutant(
  'refusesForeignErrors',
  'ipsec',
  'icmpErrorFitsSa',
  'errors are traffic like any other: what no selector allows by its own header is dropped, whatever it quotes',
  () => () => false,
);

export const checksSourceOfTunnels = mutant(
  'checksSourceOfTunnels',
  'ipsec',
  'outerSourceAcceptable',
  'a tunnel has two ends, and its packets have to come from the other one',
  () => (entry, outerSource) => entry.sa.mode === 'transport' || entry.source === outerSource,
);
