/**
 * What a host does with a packet that is delivered to it: echo (RFC 792, RFC 4443 section 4), UDP and TCP sinks that report what
 * arrived, and errors for what nobody reads. Of TCP there is a connection's opening and its end only (RFC 9293 sections
 * 3.5 and 3.6): a sink reports it when it is open, as a program sees it. IKE's ports are taken before anything comes here.
 */
import { beyond, type Discarded } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { echoOf, encodeEcho } from '../wire/echo.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { type TcpSegment, tcpSegment } from '../wire/tcp.ts';
import { udpDatagram } from '../wire/udp.ts';
import { hostBounds } from './bounds.ts';
import type { Sink } from './configuration.ts';
import type { ErrorReason } from './icmp-errors.ts';
import type { HostEvent } from './interface.ts';
import { ipPacketBetween, tcpPacket } from './probes.ts';
import type { HostRules } from './rules.ts';

export interface Delivery {
  readonly events: readonly HostEvent[];
  readonly replies: readonly IpPacket[];
  /** The packet is to be reported to its sender. */
  readonly error?: ErrorReason;
}

export class UpperLayers {
  readonly #sinks: readonly Sink[];
  readonly #rules: HostRules;
  readonly #discarded: (refusal: Discarded) => void;
  /** Sequence numbers of SYNs of ours that wait for an answer, by both ends: one for each command. */
  readonly #asked = new Map<string, number>();
  /** By both ends. */
  readonly #connections = new Map<string, Connection>();

  constructor(sinks: readonly Sink[], rules: HostRules, discarded: (refusal: Discarded) => void = () => {}) {
    this.#sinks = sinks;
    this.#rules = rules;
    this.#discarded = discarded;
  }

  /** Remembers a SYN of ours, so that its answer is understood. */
  expectAnswer(
    from: Address,
    to: Address,
    ports: { sourcePort: number; destinationPort: number },
    sequenceNumber: number,
  ): void {
    this.#asked.set(endsKey(to, ports.destinationPort, from, ports.sourcePort), sequenceNumber);
  }

  /** Throws `MalformedOctets` where the upper layer cannot be read. */
  deliver(packet: IpPacket): Delivery {
    const echo = echoOf(packet);
    if (echo) return this.#deliverEcho(packet, echo);
    if (packet.protocol === protocols.UDP) return this.#deliverUdp(packet);
    if (packet.protocol === protocols.TCP) return this.#deliverTcp(packet);
    return NOTHING;
  }

  #deliverEcho(packet: IpPacket, echo: NonNullable<ReturnType<typeof echoOf>>): Delivery {
    const { version, source, destination } = packet;
    const { identifier, sequence, data } = echo;
    if (echo.kind === 'reply') {
      return events({ kind: 'echo-reply', source, destination, identifier, sequence, payload: data.slice() });
    }
    if (!this.#rules.echoIsAnswered(source, destination)) return NOTHING;
    const from = this.#rules.echoReplySource(destination);
    const { protocol, payload } = encodeEcho(
      { ...echo, kind: 'reply' },
      { version, source: from, destination: source },
    );
    const traffic = this.#rules.echoReplyTrafficClass({ dscp: packet.dscp ?? 0, ecn: packet.ecn ?? 0 });
    return replies({ ...ipPacketBetween(from, source, protocol, payload), ...traffic });
  }

  #deliverUdp({ source, destination, payload: octets }: IpPacket): Delivery {
    const { sourcePort, destinationPort, payload } = udpDatagram.decode(octets).value;
    if (this.#isOpen('udp', destinationPort)) {
      return events({
        kind: 'delivered',
        protocol: 'udp',
        source,
        destination,
        sourcePort,
        destinationPort,
        payload: payload.slice(),
      });
    }
    return this.#rules.closedPortIsReported() ? { ...NOTHING, error: { kind: 'port-unreachable' } } : NOTHING;
  }

  #deliverTcp({ source, destination, payload: octets }: IpPacket): Delivery {
    const segment = tcpSegment.decode(octets).value;
    const { sourcePort, destinationPort } = segment;
    const key = endsKey(source, sourcePort, destination, destinationPort);
    const asked = this.#asked.get(key);
    const connection = this.#connections.get(key);
    const reply = (flags: Partial<TcpSegment>): IpPacket =>
      tcpPacket(destination, source, { ...answering(segment), ...flags });
    if (asked !== undefined) return this.#deliverAnswer(segment, asked, key, { source, destination });
    if (segment.rst) {
      this.#connections.delete(key);
      return NOTHING;
    }
    if (connection && segment.fin) {
      this.#connections.delete(key);
      return replies(reply({ ack: true, ...(connection.state === 'open' && { fin: true }) }));
    }
    if (connection?.state === 'closing') return NOTHING;
    if (this.#isOpen('tcp', destinationPort)) {
      if (segment.syn && !segment.ack) {
        this.#remember(key, { state: 'answered' });
        return replies(reply({ syn: true, ack: true }));
      }
      if (connection?.state !== 'answered' || !segment.ack) return NOTHING;
      this.#remember(key, { state: 'open' });
      const payload = segment.payload.slice();
      return events({ kind: 'delivered', protocol: 'tcp', source, destination, sourcePort, destinationPort, payload });
    }
    if (!this.#rules.closedPortIsReset()) return NOTHING;
    return replies(reply({ rst: true, ack: !segment.ack }));
  }

  /**
   * To a SYN of ours. An open connection is closed at once, as it has shown what it was opened for; an acknowledgment of something else comes
   * from a connection the peer has left over, which is reset and asked again (RFC 9293 section 3.10.7.3).
   */
  #deliverAnswer(
    segment: TcpSegment,
    sequenceNumber: number,
    key: string,
    { source, destination }: { readonly source: Address; readonly destination: Address },
  ): Delivery {
    const { sourcePort, destinationPort } = segment;
    const answer = answering(segment);
    if (!segment.rst && !segment.syn) {
      const again = { sourcePort: destinationPort, destinationPort: sourcePort, sequenceNumber, syn: true };
      return replies(tcpPacket(destination, source, { ...answer, rst: true }), tcpPacket(destination, source, again));
    }
    this.#asked.delete(key);
    const flags = segment.rst ? 'RST' : 'SYN-ACK';
    const answered: HostEvent = { kind: 'tcp-answer', source, destination, sourcePort, destinationPort, flags };
    if (segment.rst) return events(answered);
    this.#remember(key, { state: 'closing' });
    const acknowledgment = tcpPacket(destination, source, { ...answer, ack: true });
    const end = tcpPacket(destination, source, { ...answer, ack: true, fin: true });
    return { events: [answered], replies: [acknowledgment, end] };
  }

  #isOpen(protocol: Sink['protocol'], port: number): boolean {
    return this.#sinks.some((sink) => sink.protocol === protocol && sink.port === port);
  }

  #remember(key: string, connection: Connection): void {
    if (!this.#connections.has(key) && this.#connections.size === hostBounds.connections) {
      const oldest = this.#connections.keys().next().value!;
      this.#connections.delete(oldest);
      this.#discarded(beyond(hostBounds, 'connections', `the connection ${oldest} gives way`));
    }
    this.#connections.set(key, connection);
  }
}

/** What is known of a connection: this node answered a SYN, saw it open, or has sent its end. */
interface Connection {
  readonly state: 'answered' | 'open' | 'closing';
}

/** Ports and numbers of the segment that answers another (RFC 9293 sections 3.5.2 and 3.10.7.1). */
function answering(segment: TcpSegment): Omit<TcpSegment, 'payload'> {
  const length = segment.payload.length + (segment.syn ? 1 : 0) + (segment.fin ? 1 : 0);
  return {
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequenceNumber: segment.acknowledgmentNumber ?? 0,
    acknowledgmentNumber: (segment.sequenceNumber + length) >>> 0,
  };
}

function endsKey(source: Address, sourcePort: number, destination: Address, destinationPort: number): string {
  return `${source} ${sourcePort} ${destination} ${destinationPort}`;
}

function events(...happened: HostEvent[]): Delivery {
  return { events: happened, replies: [] };
}

function replies(...packets: IpPacket[]): Delivery {
  return { events: [], replies: packets };
}

const NOTHING: Delivery = { events: [], replies: [] };
