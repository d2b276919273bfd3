/**
 * Ports of other transports as selectors (ARKKO 3.1 wants them; RFC 4301 4.4.1.1): SCTP and UDP-Lite have theirs where UDP has. The node need not speak them: that a packet passed
 * its policy shows in what it says to a protocol, or to a port, that nobody serves (RFC 8200 4, RFC 4443 3.1).
 */
import { cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings, protect, type Ruling } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { encoded } from '../../harness/vocabulary/packets.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places, sinkPort } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { pseudoHeaderChecksum } from '../../reference/wire/checksum.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { concat, u16, u32 } from '../../reference/wire/octets.ts';
import { ARKKO, RFC4301 } from '../requirements/documents.ts';
import { agreedOn } from './agreed.ts';

const PORT = 1_179;
const OTHER = 1_180;
const ends = { from: places.home.ipv6, to: nutAddresses.ipv6 };

/** As the peer sends them from a port. */
const transports = {
  sctp: { protocol: protocols.SCTP, segment: sctpInit },
  'udp-lite': { protocol: protocols.UDPLite, segment: udpLite },
} as const;
type Transport = keyof typeof transports;

/** How a packet comes, and what becomes of all that has no entry: in clear what is missed is taken, under ESP it is dropped. */
const arrivals = {
  'in-clear': { unmatched: 'BYPASS', lawful: 'dropped', turn: policyMutants.readsNoPort },
  protected: { unmatched: 'DISCARD', lawful: 'taken', turn: policyMutants.readsNoPort },
  'from-another-port': { unmatched: 'BYPASS', lawful: 'taken', turn: policyMutants.ignoresPorts },
} as const;
type Arrival = keyof typeof arrivals;

const ported = (transport: Transport) =>
  transportPair('ported', 'ipv6', { selector: { protocol: transports[transport].protocol, remotePort: PORT } });
const life = transportPair('life', 'ipv6', { spi: 0x3000, selector: { protocol: protocols.UDP } });
/** Of neighbors, and errors. */
const icmp: Ruling = {
  name: 'icmp',
  direction: 'both',
  selector: { local: '::/0', remote: '::/0', protocol: protocols['IPv6-ICMP'] },
  action: 'BYPASS',
};

export const otherTransports = scenario({
  name: 'other-transports',
  title: 'A policy for one port of another transport',
  dimensions: {
    transport: Object.keys(transports) as Transport[],
    arrival: Object.keys(arrivals) as Arrival[],
    keying: keyings,
  },
  // Which side began shows nothing here, but that the selectors were agreed on.
  where: ({ arrival, keying }) => keying !== 'ikev2-nut-initiates' || arrival === 'protected',
  given: ({ transport, arrival, keying }) =>
    keyedHosts(keying, 'ipv6', [ported(transport), life], {
      policy: [protect(ported(transport)), protect(life), icmp],
      unmatched: arrivals[arrival].unmatched,
    }),
  async play(stage, { transport, arrival, keying }) {
    const { tn, nut } = stage;
    const packet = packetOf(transport, arrival === 'from-another-port' ? OTHER : PORT);
    await establish(stage, keying, ['ported', 'life']);
    await tn.pingInClear('alive');
    await tn.esp('before', { under: 'life', carries: 'udp' });
    if (arrival === 'protected') await tn.esp('stimulus', { under: 'ported', carries: packet });
    else await tn.packet('stimulus', packet);
    if (arrival === 'in-clear') await tn.packet('path', packetOf(transport, OTHER));
    await tn.esp('later', { under: 'life', carries: 'udp' });
    await tn.pingInClear('after');
    await nut.reports('report', { until: ({ delivered }) => delivered.length > 1 });
  },
  questions: {
    'ARKKO-3.1a': question(
      'Does an entry for a port of another transport decide about that port, and about no other?',
      {
        outcomes: ['taken', 'dropped'],
        controls: (t, { arrival, keying }) => [
          ...agreedOn(t, keying!, ['ported']),
          pre('the node is alive', t.answered('alive')),
          pre('what another entry protects is delivered', t.delivered('before', 'report')),
          post('and again', t.delivered('later', 'report')),
          post('it still is alive', t.answered('after')),
          ...(arrival === 'in-clear'
            ? [cause('what comes from another port in clear reaches its upper layer', t.objection('path')?.shown)]
            : []),
        ],
        judge: (t) => t.objection('stimulus')?.shown.as('taken') ?? t.unobjected('stimulus', 'after')?.as('dropped'),
        plays: 'receiver',
        reads: ({ arrival }) => {
          const { lawful } = arrivals[arrival as Arrival];
          return [
            reads(ARKKO, '3.1', 'obs', 'receiver', {
              taken: observed(lawful === 'taken' ? 'its ports are selectors' : 'its ports are no selectors'),
              dropped: observed(lawful === 'dropped' ? 'its ports are selectors' : 'its ports are no selectors'),
            }),
            reads(RFC4301, '4.4.1.1', 'MUST', 'receiver', { taken: fail, dropped: fail, [lawful]: pass }),
          ];
        },
        lawful: ({ arrival }) => arrivals[arrival as Arrival].lawful,
        turnedBy: ({ arrival }): readonly Turn<'taken' | 'dropped'>[] => {
          const { lawful, turn } = arrivals[arrival as Arrival];
          return [[turn, lawful === 'taken' ? 'dropped' : 'taken']];
        },
      },
    ),
  },
});

function packetOf(transport: Transport, port: number): Uint8Array {
  const { protocol, segment } = transports[transport];
  return encoded(ends, { protocol, payload: segment(port) });
}

/** An INIT chunk (RFC 9260 3.3.2), one stream each way. */
function sctpInit(port: number): Uint8Array {
  const chunk = concat(Uint8Array.of(1, 0), u16(20), u32(0x5453), u32(65_536), u16(1), u16(1), u32(1));
  const segment = concat(u16(port), u16(sinkPort), u32(0), u32(0), chunk);
  new DataView(segment.buffer).setUint32(8, crc32c(segment), true);
  return segment;
}

/** The checksum covers it all (RFC 3828 3.1). */
function udpLite(port: number): Uint8Array {
  const datagram = concat(u16(port), u16(sinkPort), u16(0), u16(0), new TextEncoder().encode('touchstone'));
  const checksum = pseudoHeaderChecksum(datagram, protocols.UDPLite, { source: ends.from, destination: ends.to });
  datagram.set(u16(checksum || 0xffff), 6);
  return datagram;
}

/** RFC 9260 appendix A. */
function crc32c(octets: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
