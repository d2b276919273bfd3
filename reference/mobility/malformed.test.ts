/**
 * What three roles say to what is malformed, each row with the sentence that says so: RFC 6275 sections 6.1 to 6.4, 9.2, 9.3 and 11.3.3 (10.2 and 11.2 bind home
 * agents and mobile nodes to section 9.2 too), RFC 8200 sections 4.1 to 4.5, RFC 4443 section 3.4. After each the node still answers.
 */
import { expect } from 'chai';
import { Cable, echoRequest, own6, peer6 } from '../host/cable.test-support.ts';
import { icmpv6Message } from '../wire/icmpv6.ts';
import {
  type ExtensionHeader,
  homeAddressHeader,
  type Ipv6Option,
  optionTypes,
  type RoutingHeader,
} from '../wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { mobilityMessage } from '../wire/mobility/message.ts';
import { correspondent, datagram } from './correspondent.test-support.ts';
import { homeAgentOnCable } from './home-agent.test-support.ts';
import { mobility } from './roaming-peer.test-support.ts';

const home = '2001:db8:9::1';

const roles = {
  'correspondent node': () => correspondent({ correspondentNode: { signalling: {} } }),
  'home agent': () => homeAgentOnCable(),
  'mobile node': () =>
    new Cable(
      {},
      {
        innerAddresses: [`${home}/128`],
        mobility: {
          mobileNode: {
            interface: 'eth0',
            homeAddress: `${home}/64`,
            homeAgent: '2001:db8:9::2',
            signalling: { lifetime: 60, routeOptimization: false },
          },
        },
      },
    ),
} as const;
type Role = keyof typeof roles;
const everyRole = Object.keys(roles) as Role[];

/** In words, by `saidBy`. */
type Said = string;

interface Row {
  readonly what: string;
  readonly section: string;
  readonly packet: Ipv6Packet;
  readonly said: Said | Readonly<Partial<Record<Role, Said>> & { readonly others: Said }>;
}

/** A Mobility Header: what its second octet says, and as many octets after its first eight. */
const message = (type: number, headerLen: number, more = 8 * headerLen, payloadProto = 59): Uint8Array =>
  Uint8Array.of(payloadProto, headerLen, type, 0, 0, 0, 0, 0, ...new Uint8Array(more));
const alone = (octets: Uint8Array): Ipv6Packet => mobility(octets, peer6);
const away = (octets: Uint8Array): Ipv6Packet => mobility(octets, peer6, [homeAddressHeader(OTHER)], OTHER);
const OTHER = '2001:db8:a2::1';

const types = {
  'Home Test Init': [1, 1],
  'Care-of Test Init': [2, 1],
  'Home Test': [3, 2],
  'Care-of Test': [4, 2],
  'Binding Update': [5, 1],
  'Binding Acknowledgement': [6, 1],
  'Binding Error': [7, 2],
} as const;

const messages: readonly Row[] = [
  ...Object.entries(types).flatMap(([name, [type, least]]): Row[] => [
    {
      what: `a ${name} whose Header Len is ${least - 1}`,
      section: 'RFC 6275 9.2',
      packet: alone(message(type, least - 1)),
      said: 'problem 0 at 41',
    },
    {
      what: `a ${name} whose Header Len is more than there is`,
      section: 'RFC 6275 9.2, 6.1.1: no checksum can hold',
      packet: alone(message(type, least + 3, 8 * least)),
      said: 'silence',
    },
    {
      what: `a ${name} with something behind it`,
      section: 'RFC 6275 9.2',
      packet: alone(message(type, least, 8 * least, protocols.UDP)),
      said: 'problem 0 at 40',
    },
    {
      what: `a ${name} with a wrong checksum`,
      section: 'RFC 6275 9.2',
      packet: spoiled(alone(message(type, least))),
      said: 'silence',
    },
    {
      what: `a ${name} that is too short and comes from a home address`,
      section: 'RFC 6275 9.2: to the source of the packet as it was',
      packet: away(message(type, least - 1)),
      said: `problem 0 at 65`,
    },
  ]),
  {
    what: 'a message of an unknown type',
    section: 'RFC 6275 9.2, 9.3.3',
    packet: alone(message(200, 0)),
    said: 'error 2 of ::',
  },
  {
    what: 'a message of an unknown type from a home address',
    section: 'RFC 6275 9.3.3',
    packet: away(message(200, 0)),
    said: `error 2 of ${OTHER}`,
  },
  {
    what: 'a message of an unknown type with something behind it',
    section: 'RFC 6275 9.2: the type comes first',
    packet: alone(message(200, 0, 0, protocols.UDP)),
    said: 'error 2 of ::',
  },
  {
    what: 'a message of an unknown type with a wrong checksum',
    section: 'RFC 6275 9.2: the checksum comes first',
    packet: spoiled(alone(message(200, 0))),
    said: 'silence',
  },
  {
    what: 'a message of four octets',
    section: 'RFC 6275 6.1.1: its header has six',
    packet: { ...alone(message(1, 1)), payload: new Uint8Array(4) },
    said: 'silence',
  },
];

const padding: ExtensionHeader = { type: 'destinationOptions', options: [{ type: 'padN', data: new Uint8Array(4) }] };
const raw = (optionType: number, length: number): Ipv6Option => ({
  type: 'option',
  optionType,
  data: new Uint8Array(length).fill(0x20),
});
const optionsOf = (...options: readonly Ipv6Option[]): ExtensionHeader => ({ type: 'destinationOptions', options });
const aligning: Ipv6Option = { type: 'padN', data: new Uint8Array(2) };
const named = homeAddressHeader(OTHER) as { readonly options: readonly Ipv6Option[] };

const homeAddresses: readonly Row[] = [
  ...[0, 15, 17].map(
    (length): Row => ({
      what: `a home address option of ${length} octets`,
      section: 'RFC 6275 6.3, RFC 4443 3.4',
      packet: datagram([optionsOf(aligning, raw(optionTypes['Home Address'], length))]),
      said: 'problem 0 at 47',
    }),
  ),
  {
    what: 'a home address option that nothing vouches for',
    section: 'RFC 6275 9.3.1, 9.3.3',
    packet: datagram([homeAddressHeader(OTHER)]),
    said: `error 1 of ${OTHER}`,
  },
  ...['ff1e::1', 'fe80::1', '::', '::1', '::ffff:192.0.2.9'].map(
    (address): Row => ({
      what: `a home address ${address}`,
      section: 'RFC 6275 9.3.1: dropped; whether its sender is told is a matter of reading',
      packet: datagram([homeAddressHeader(address)]),
      said: 'silence',
    }),
  ),
  {
    what: "a home address of the node's own",
    section: 'RFC 6275 6.3: it is of the mobile node that sends',
    packet: datagram([homeAddressHeader(own6)]),
    said: 'silence',
  },
  {
    what: 'two home address options in one header',
    section: 'RFC 6275 6.3',
    packet: datagram([optionsOf(...named.options, ...named.options)]),
    said: 'silence',
  },
  {
    what: 'two headers with a home address option',
    section: 'RFC 6275 6.3',
    packet: datagram([homeAddressHeader(OTHER), homeAddressHeader(OTHER)]),
    said: 'silence',
  },
  {
    what: 'a home address option among hop-by-hop options',
    section: 'RFC 6275 6.3: it is a destination option; RFC 8200 4.2',
    packet: datagram([{ type: 'hopByHop', options: named.options }]),
    said: 'problem 2 at 46',
  },
];

const routing = (routingType: number, segmentsLeft: number, ...addresses: string[]): RoutingHeader => ({
  type: 'routing',
  routingType,
  segmentsLeft,
  addresses,
});

const routingHeaders: readonly Row[] = [
  {
    what: 'a type 2 routing header to the home address',
    section: 'RFC 6275 11.3.3, 6.4',
    packet: echo([routing(2, 1, home)], home),
    said: { 'mobile node': 'echoed', others: 'silence' },
  },
  ...[
    ['no segment left', routing(2, 0, home)],
    ['two segments left', routing(2, 2, home)],
    ['two addresses', routing(2, 1, home, home)],
    ['no address', routing(2, 1)],
    ['an address of somebody else', routing(2, 1, OTHER)],
    ['a group for its address', routing(2, 1, 'ff0e::1')],
    ['the address that it came to', routing(2, 1, own6)],
  ].map(
    ([what, header]): Row => ({
      what: `a type 2 routing header with ${what}`,
      section: 'RFC 6275 11.3.3, 6.4',
      packet: echo([header as RoutingHeader], home),
      said: 'silence',
    }),
  ),
  {
    what: 'a routing header of type 0',
    section: 'RFC 5095 3, RFC 8200 4.4',
    packet: echo([padding, routing(0, 1, own6)]),
    said: 'problem 0 at 50',
  },
  {
    what: 'a routing header of an unknown type',
    section: 'RFC 8200 4.4',
    packet: echo([routing(253, 1, own6)]),
    said: 'problem 0 at 42',
  },
  {
    what: 'a routing header of an unknown type without a segment left',
    section: 'RFC 8200 4.4',
    packet: echo([routing(253, 0, own6)]),
    said: 'echoed',
  },
];

const hopByHop = (...options: readonly Ipv6Option[]): ExtensionHeader => ({ type: 'hopByHop', options });

const others: readonly Row[] = [
  {
    what: 'hop-by-hop options behind another header',
    section: 'RFC 8200 4, 4.1',
    packet: echo([padding, hopByHop(aligning)]),
    said: 'problem 1 at 40',
  },
  {
    what: 'hop-by-hop options twice',
    section: 'RFC 8200 4, 4.1',
    packet: echo([hopByHop(aligning), hopByHop(aligning)]),
    said: 'problem 1 at 40',
  },
  {
    what: 'hop-by-hop options third',
    section: 'RFC 8200 4, 4.1',
    packet: echo([hopByHop(aligning), padding, hopByHop(aligning)]),
    said: 'problem 1 at 48',
  },
  {
    what: 'destination options twice, and before a routing header',
    section: 'RFC 8200 4.1: in any order, any number of times',
    packet: echo([padding, padding, routing(253, 0, own6), padding]),
    said: 'echoed',
  },
  {
    what: 'padding that is not zero',
    section: 'RFC 8200 4.2: nobody is to look at it',
    packet: echo([optionsOf({ type: 'padN', data: Uint8Array.of(1, 2, 3, 4) })]),
    said: 'echoed',
  },
  {
    what: 'a jumbo payload of a packet that is none',
    section: 'RFC 8200 4.2: no link here carries one, so nobody knows the option (RFC 2675 1)',
    packet: echo([hopByHop(raw(optionTypes['Jumbo Payload'], 4))]),
    said: 'problem 2 at 42',
  },
  {
    what: 'an option that nobody knows, ahead of a message',
    section: 'RFC 8200 4.2',
    packet: { ...alone(message(200, 0)), extensions: [optionsOf(raw(0x9e, 4))] },
    said: 'problem 2 at 42',
  },
  {
    what: 'an upper layer that nobody knows',
    section: 'RFC 8200 4, RFC 4443 3.4',
    packet: { ...echo([padding]), protocol: protocols.SCTP },
    said: 'problem 1 at 40',
  },
];

describe('what is malformed', () => {
  const tables = {
    'Mobility Headers': messages,
    'home address options': homeAddresses,
    'routing headers': routingHeaders,
    'other headers': others,
  };
  for (const [name, table] of Object.entries(tables)) {
    describe(name, () => {
      for (const { what, section, packet, said } of table) {
        for (const role of everyRole) {
          const lawful = typeof said === 'string' ? said : (said[role] ?? said.others);
          it(`${what}, to a ${role}: ${lawful} (${section})`, () => {
            const cable = roles[role]();
            expect(cable.answers(packet).map(saidBy)).to.deep.equal(lawful === 'silence' ? [] : [lawful]);
            expect(cable.answers(echoRequest(peer6, own6)).map(saidBy), 'and goes on').to.deep.equal(['echoed']);
          });
        }
      }
    });
  }
});

/** Code and pointer of a Parameter Problem, status and home address of a Binding Error. */
function saidBy({ protocol, payload, destination }: IpPacket): Said {
  expect(destination).to.equal(peer6);
  if (protocol === protocols['Mobility Header']) {
    const said = mobilityMessage.decode(payload).value;
    return said.kind === 'bindingError' ? `error ${said.status} of ${said.homeAddress}` : said.kind;
  }
  const said = icmpv6Message.decode(payload).value;
  if (said.kind === 'parameterProblem') return `problem ${said.code} at ${said.pointer}`;
  return said.kind === 'echo' ? 'echoed' : said.kind;
}

/** Its checksum is that of where it is read. */
function echo(extensions: readonly ExtensionHeader[], readAt = own6): Ipv6Packet {
  return { ...(echoRequest(peer6, readAt) as Ipv6Packet), destination: own6, extensions };
}

function spoiled({ payload, ...packet }: Ipv6Packet): Ipv6Packet {
  return { ...packet, payload: payload.with(5, payload[5]! ^ 1) };
}
