/** What a node says, by code and pointer, about headers that it does not know (RFC 8200 sections 4, 4.2 and 4.4, RFC 4443 section 3.4). */
import { expect } from 'chai';
import { icmpv6Message } from '../wire/icmpv6.ts';
import { type ExtensionHeader, optionTypes } from '../wire/ip/extension-headers.ts';
import { withHomeAddress } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { hex } from '../wire/octets.ts';
import { Cable, echoRequest, own6, peer6, udp } from './cable.test-support.ts';
import type { NodeConfiguration } from './configuration.ts';
import { fragmented } from './fragments.ts';
import { carried, carriers, protectedBy } from './protected-cable.test-support.ts';

const padding: ExtensionHeader = {
  type: 'destinationOptions',
  options: [{ type: 'padN', data: new Uint8Array(4) }],
};
const unknown = (optionType: number): ExtensionHeader => ({
  type: 'destinationOptions',
  options: [{ type: 'option', optionType, data: new Uint8Array(4) }],
});
const routing = (routingType: number, segmentsLeft: number): ExtensionHeader => ({
  type: 'routing',
  routingType,
  segmentsLeft,
  addresses: [peer6],
});

interface Row {
  readonly what: string;
  readonly headers?: readonly ExtensionHeader[];
  readonly protocol?: number;
  /** Code and pointer of the Parameter Problem; `reply`: the echo is answered; `silence`. */
  readonly said: readonly [code: number, pointer: number] | 'reply' | 'silence';
}

const table: readonly Row[] = [
  { what: 'an upper layer', protocol: protocols.SCTP, said: [1, 6] },
  { what: 'an upper layer behind options', headers: [padding], protocol: protocols.SCTP, said: [1, 40] },
  { what: 'one behind two headers', headers: [padding, padding], protocol: protocols.SCTP, said: [1, 48] },
  { what: 'a Mobility Header', protocol: protocols['Mobility Header'], said: [1, 6] },
  { what: 'no next header', protocol: protocols['IPv6-NoNxt'], said: 'silence' },
  { what: 'an option that may be skipped', headers: [unknown(0x1e)], said: 'reply' },
  { what: 'an option that discards', headers: [unknown(0x5e)], said: 'silence' },
  { what: 'an option that is reported', headers: [unknown(0x9e)], said: [2, 42] },
  { what: 'an option that is reported unless to a group', headers: [padding, unknown(0xde)], said: [2, 50] },
  { what: 'a home address option', headers: [unknown(0xc9)], said: [2, 42] },
  { what: 'a routing header with segments left', headers: [routing(7, 1)], said: [0, 42] },
  { what: 'a routing header of type 2', headers: [padding, routing(2, 1)], said: [0, 50] },
  { what: 'a routing header without segments left', headers: [routing(7, 0)], said: 'reply' },
];

const mobile = { mobility: { correspondentNode: {} } };
const homeAddress = '2001:db8:a2::1';
const option = (octets: number): ExtensionHeader => ({
  type: 'destinationOptions',
  options: [
    { type: 'padN', data: new Uint8Array(2) },
    { type: 'option', optionType: optionTypes['Home Address'], data: new Uint8Array(octets) },
  ],
});

describe('headers that a node without Mobile IPv6 does not know', () => {
  for (const { what, headers: extensions = [], protocol, said } of table) {
    const packet = { ...echoRequest(peer6, own6), extensions, ...(protocol && { protocol }) } as Ipv6Packet;
    const told = typeof said === 'string' ? said : `code ${said[0]}, pointer ${said[1]}`;
    const seen = said === 'reply' ? 'echo' : said === 'silence' ? undefined : [...said, hex(ipPacket.encode(packet))];

    it(`${what}: ${told}`, () => {
      expect(answerOf(new Cable(), packet)).to.deep.equal(seen);
    });

    for (const carrier of carriers) {
      it(`${what}, in ${carrier.protocol} of ${carrier.mode} mode: ${told}, about the packet as it came out`, () => {
        expect(answerOf(new Cable({}, protectedBy(carrier)), carried(packet, carrier))).to.deep.equal(seen);
      });
    }
  }
});

describe('what AH and ESP let out', () => {
  for (const carrier of carriers) {
    const told = protectedBy(carrier);
    const request = echoRequest(peer6, own6, new Uint8Array(64)) as Ipv6Packet;

    it(`by ${carrier.protocol} of ${carrier.mode} mode has hop-by-hop options only in a tunnel (RFC 8200 4)`, () => {
      const packet = { ...request, extensions: [{ type: 'hopByHop', options: [] } as const] };
      const seen = carrier.mode === 'tunnel' ? 'echo' : [1, 6, hex(ipPacket.encode(packet))];
      expect(answerOf(new Cable({}, told), carried(packet, carrier))).to.deep.equal(seen);
    });

    describe(`by ${carrier.protocol} of ${carrier.mode} mode`, () => {
      it('in pieces is delivered once it is whole (RFC 8200 4.5)', () => {
        const cable = new Cable({}, told);
        const [first, ...more] = fragmented(request, 96, 1) as Ipv6Packet[];
        expect(cable.answers(carried(first!, carrier))).to.deep.equal([]);
        expect(cable.answers(...more.map((piece) => carried(piece, carrier)))).to.have.length(1);
      });

      it('in pieces of pieces too', () => {
        const pieces = fragmented({ ...request, extensions: [atomicFragment] }, 120, 1).flatMap((piece) =>
          fragmented(piece, 112, 2),
        ) as Ipv6Packet[];
        expect(new Cable({}, told).answers(...pieces.map((piece) => carried(piece, carrier)))).to.have.length(1);
      });

      it('is not made whole by pieces that came in clear (RFC 4301 5.2)', () => {
        const [first, ...more] = fragmented(request, 96, 1) as Ipv6Packet[];
        expect(new Cable({}, told).answers(first!, ...more.map((piece) => carried(piece, carrier)))).to.deep.equal([]);
      });

      it('is read no further where a home address option is not 16 octets long (RFC 6275 6.3, RFC 4443 3.4)', () => {
        const packet = { ...request, extensions: [padding, option(15)] };
        const seen = [0, 55, hex(ipPacket.encode(packet))];
        expect(answerOf(new Cable({}, { ...told, ...mobile }), carried(packet, carrier))).to.deep.equal(seen);
      });
    });
  }

  const tunnelled = (packet: Ipv6Packet, more: Partial<NodeConfiguration>) => {
    const carrier = { protocol: 'ESP', mode: 'tunnel' } as const;
    const [event] = new Cable({}, { ...protectedBy(carrier), ...more }).events(carried(packet, carrier));
    return event;
  };

  it('of tunnel mode has a home address option of its own, which needs its own binding (RFC 6275 6.3, 9.3.1)', () => {
    const packet = withHomeAddress(udp(9, { source: homeAddress, destination: own6 }) as Ipv6Packet, peer6);
    const bindings = [{ homeAddress, careOfAddress: peer6 }];
    const bound = { mobility: { correspondentNode: { bindings } } };
    expect(tunnelled(packet, bound)).to.include({ kind: 'delivered', source: homeAddress });
    expect(tunnelled(packet, mobile)).to.include({ rule: 'bindingVouches' });
  });

  it('comes from no group (RFC 4291 2.7)', () => {
    const packet = echoRequest('ff0e::1', own6) as Ipv6Packet;
    expect(tunnelled(packet, {})).to.include({ rule: 'sourceAcceptable' });
  });
});

describe('what stands behind AH', () => {
  it('is nothing until AH is verified (RFC 4302 3.4)', () => {
    const carrier = { protocol: 'AH', mode: 'transport' } as const;
    const packet = { ...echoRequest(peer6, own6), extensions: [unknown(0x9e), routing(7, 1)] } as Ipv6Packet;
    const forged = carried(packet, carrier);
    const payload = forged.payload.with(-1, forged.payload.at(-1)! ^ 1);
    const cable = new Cable({}, protectedBy(carrier));
    const told = cable.events({ ...forged, payload }).map((event) => event.kind === 'discarded' && event.rule);
    expect(told).to.deep.equal(['icvMatches']);
  });
});

/** What is said to one packet: code, pointer and what is quoted of a Parameter Problem, or what else it is. */
function answerOf(cable: Cable, packet: Ipv6Packet): unknown {
  const [answer, ...more] = cable.answers(packet).map(({ payload }) => icmpv6Message.decode(payload).value);
  expect(more).to.deep.equal([]);
  if (answer?.kind !== 'parameterProblem') return answer?.kind;
  return [answer.code, answer.pointer, hex(answer.originalPacket)];
}

const atomicFragment = { type: 'fragment', fragmentOffset: 0, moreFragments: false, identification: 7 } as const;
