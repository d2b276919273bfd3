/** What the scenarios of this suite tell a correspondent, and the datagrams of a mobile node. */
import { type Account, post, pre } from '../../../harness/vocabulary/judging.ts';
import { type CorrespondentNodeConfiguration, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { udpPacket } from '../../../harness/vocabulary/packets.ts';
import { nutAddresses, sinkPort } from '../../../harness/vocabulary/places.ts';
import { ahSuites, espSuites } from '../../../harness/vocabulary/transforms.ts';

/** Of Mobile IPv6: nothing, to let IPsec verify options where it does not do so unasked, or where the mobile node is. */
export const told = {
  nothing: {},
  'to-verify': { verifiesByIpsec: true },
  binding: { bindings: [{ homeAddress: mobile.homeAddress, careOfAddress: mobile.careOfAddress }] },
} as const satisfies Record<string, CorrespondentNodeConfiguration>;

export type Told = keyof typeof told;
export const allTold = Object.keys(told) as Told[];

/** In clear between the addresses of ESP, so that a capture is read without keys. */
export const protections = { esp: espSuites['null-sha256'], ah: ahSuites['ah-sha256'] } as const;

export type Protection = keyof typeof protections;
export const allProtections = Object.keys(protections) as Protection[];

/** To the sink, its checksum that of the packet at home. A port for each datagram of a run. */
export function datagram(sourcePort: number, word: string, from: string = mobile.homeAddress): Uint8Array {
  const payload = new TextEncoder().encode(`touchstone ${word}`);
  return udpPacket({ from, to: nutAddresses.ipv6, sourcePort, destinationPort: sinkPort, payload });
}

/** The SA works without an option, before and after. */
export function worksFromHome(t: Account) {
  return [
    pre('the SA works from the home address itself', t.delivered('from home', 'report')),
    post('and again', t.delivered('from home again', 'report')),
  ];
}

/** A refusal leaves a trace in one of them: of IPsec, of IPv6 before it, or of the reference's rules. */
export const refusals = /^(XfrmIn|Ip6In|discarded:)/;
