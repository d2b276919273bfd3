/** For this folder's tests: a mobile node by the second implementation, that speaks with a correspondent on a bare cable. */
import { type Cable, echoRequest, own6, peer6 } from '../host/cable.test-support.ts';
import { ipPacketBetween } from '../host/probes.ts';
import { pseudoHeaderChecksum } from '../wire/checksum.ts';
import { encodeIcmpv6 } from '../wire/icmpv6.ts';
import { homeAddressHeader } from '../wire/ip/extension-headers.ts';
import { routingHeaderOf, withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { writeNumber } from '../wire/writer.ts';
import { careOfAddress, homeAddress } from './correspondent.test-support.ts';
import {
  acknowledgementHolds,
  authenticator,
  bindingUpdate,
  kbm,
  token,
  type UpdateFields,
} from './second-implementation.test-support.ts';

export interface Where {
  readonly home?: string;
  readonly careOf?: string;
}

export interface Sent extends UpdateFields, Where {
  /** Of the packet; the care-of address unless given. */
  readonly from?: string;
  readonly withoutOption?: true;
  /** Another key than that of the tests. */
  readonly key?: Uint8Array;
  readonly indices?: { readonly home?: number; readonly careOf?: number };
  /** On the message after it was signed. */
  readonly change?: (octets: Buffer) => Buffer;
}

export class RoamingPeer {
  readonly cable: Cable;
  readonly #tokens = new Map<string, { readonly token: Buffer; readonly index: number }>();

  constructor(cable: Cable) {
    this.cable = cable;
  }

  /** Both; what was learnt is used from then on. */
  tests({ home = homeAddress, careOf = careOfAddress }: Where = {}): this {
    this.test('home', home);
    this.test('care-of', careOf);
    return this;
  }

  test(which: 'home' | 'care-of', from: string, extensions: Ipv6Packet['extensions'] = []): IpPacket[] {
    const octets = Buffer.from([59, 1, which === 'home' ? 1 : 2, 0, 0, 0, 0, 0, ...COOKIE]);
    const home = extensions.length === 0 ? from : homeAddress;
    const answers = this.cable.answers(mobility(octets, from, extensions, home));
    const [test] = answers;
    if (test?.protocol === protocols['Mobility Header']) {
      const { payload } = test;
      this.#tokens.set(`${which} ${from}`, {
        index: 256 * payload[6]! + payload[7]!,
        token: Buffer.from(payload.subarray(16, 24)),
      });
    }
    return answers;
  }

  /**
   * The care-of token of an address that cannot be answered at, worked out from what the correspondent drew: the cable's entropy counts, the first index comes
   * first, then its nonce, then the node key.
   */
  knows(careOf: string): this {
    const index = this.index('home');
    const drawn = (index - 1) / 257;
    const [nonce, Kcn] = [Buffer.alloc(8, drawn + 1), Buffer.alloc(20, drawn + 2)];
    this.#tokens.set(`care-of ${careOf}`, { index, token: token(Kcn, careOf, nonce, 1) });
    return this;
  }

  token(which: 'home' | 'care-of', of: string = which === 'home' ? homeAddress : careOfAddress): Buffer {
    return this.#tokens.get(`${which} ${of}`)!.token;
  }

  index(which: 'home' | 'care-of', of: string = which === 'home' ? homeAddress : careOfAddress): number {
    return this.#tokens.get(`${which} ${of}`)!.index;
  }

  /** Of a registration; of the home token alone for a deletion. */
  key({ home = homeAddress, careOf = careOfAddress, lifetime }: Sent = {}): Buffer {
    return lifetime === 0 || careOf === home
      ? kbm(this.token('home', home))
      : kbm(this.token('home', home), this.token('care-of', careOf));
  }

  packet(sent: Sent = {}): Ipv6Packet {
    const {
      home = homeAddress,
      careOf = careOfAddress,
      from = careOf,
      withoutOption,
      change = (same) => same,
      ...fields
    } = sent;
    const key = sent.key ?? this.key(sent);
    const signedFor = sent.lifetime === 0 ? home : careOf;
    const indices = {
      home: sent.indices?.home ?? this.index('home', home),
      careOf: sent.indices?.careOf ?? this.#tokens.get(`care-of ${careOf}`)?.index ?? 0,
    };
    const octets = bindingUpdate(fields, indices, (before, behind) =>
      authenticator(key, signedFor, own6, before, behind),
    );
    return mobility(change(octets), withoutOption ? home : from, withoutOption ? [] : [homeAddressHeader(home)], home);
  }

  /** What is said to an update: status, sequence number, lifetime, to whom, and whether the authenticator is that of the key. */
  update(sent: Sent = {}): readonly unknown[] {
    const { home = homeAddress, careOf = careOfAddress } = sent;
    return this.cable.answers(this.packet(sent)).map((answer) => {
      const { payload, destination } = answer;
      if (answer.protocol !== protocols['Mobility Header']) return answer.protocol;
      if (payload[2] !== ACKNOWLEDGEMENT) return `MH ${payload[2]}, ${payload[6]}`;
      const key = sent.key ?? this.key(sent);
      const isSigned = acknowledgementHolds(payload, key, sent.lifetime === 0 ? home : careOf, own6);
      const to = routingHeaderOf(answer as Ipv6Packet)?.addresses?.[0];
      const [sequenceNumber, lifetime] = [8, 10].map((at) => 256 * payload[at]! + payload[at + 1]!);
      return { status: payload[6], sequenceNumber, lifetime, destination, ...(to !== undefined && { to }), isSigned };
    });
  }

  /** The status alone. */
  status(sent: Sent = {}): unknown {
    return this.update(sent).map((answer) => (answer as { status?: number }).status ?? answer)[0];
  }

  get bindings(): readonly (readonly [home: string, careOf: string])[] {
    return this.cable.host.state().bindings!.map(({ homeAddress: home, careOfAddress: careOf }) => [home, careOf]);
  }

  /** So many seconds later, with whatever was due by then. */
  /** The correspondent answers the home address, and its answer comes back as undeliverable. */
  missed(home = homeAddress, careOf = careOfAddress): this {
    const [answer] = this.cable.answers(echoRequest(home, own6));
    this.cable.receive(unreachable(home, careOf, answer as Ipv6Packet));
    return this;
  }

  later(seconds: number): this {
    const until = this.cable.now + 1000 * seconds;
    for (let due = this.cable.host.deadline(); due !== undefined && due <= until; due = this.cable.host.deadline()) {
      this.cable.now = due;
      this.cable.host.step(due, { kind: 'timeout' });
    }
    this.cable.now = until;
    return this;
  }
}

/** A Mobility Header with its checksum, which is that of the home address where there is one. */
export function mobility(
  message: Uint8Array,
  source: string,
  extensions: Ipv6Packet['extensions'] = [],
  home = source,
): Ipv6Packet {
  const payload = message.slice();
  const protocol = protocols['Mobility Header'];
  writeNumber(payload, 4, 0, 2);
  writeNumber(payload, 4, pseudoHeaderChecksum(payload, protocol, { source: home, destination: own6 }), 2);
  return { version: 6, source, destination: own6, extensions, protocol, payload };
}

/** An error about a packet by way of a binding; about one that was never sent unless it is given. */
export function unreachable(home: string, careOf: string, sent?: Ipv6Packet): Ipv6Packet {
  const madeUp = ipPacketBetween(own6, home, protocols.UDP, new Uint8Array(8)) as Ipv6Packet;
  const originalPacket = ipPacket.encode(sent ?? withRoutingHeader(madeUp, careOf));
  const endpoints = { source: peer6, destination: own6 };
  const payload = encodeIcmpv6({ kind: 'destinationUnreachable', type: 1, code: 3, originalPacket }, endpoints);
  return ipPacketBetween(peer6, own6, protocols['IPv6-ICMP'], payload) as Ipv6Packet;
}

export const COOKIE = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const ACKNOWLEDGEMENT = 6;
