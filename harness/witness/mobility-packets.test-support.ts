/**
 * Packets with every structure of Mobile IPv6, each with what tshark and Scapy are to read in it (`mobility-words.test-support.ts`): told from
 * the values that were encoded, by no decoder of ours.
 */
import { encodeIcmpv6, type Icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { type ExtensionHeader, homeAddressHeader } from '../../reference/wire/ip/extension-headers.ts';
import { type IpPacket, ipPacket, pseudoHeaderEndpoints } from '../../reference/wire/ip/packet.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { aligned, encodeMobility, type MobilityMessage } from '../../reference/wire/mobility/message.ts';
import { everyMobilityMessage, everyMobilityOption } from '../../reference/wire/mobility/samples.ts';
import {
  icmpv6Words,
  inWords,
  messageWords,
  neighborDiscoveryWords,
  optionWords,
  type Shown,
  type Told,
} from './mobility-words.test-support.ts';

export interface WitnessedPacket {
  readonly what: string;
  readonly octets: Uint8Array;
  /** Whether all padding is the aligner's, so that Scapy's has to be the same. */
  readonly ownPadding: boolean;
  /** Layers after the IPv6 header. */
  readonly scapy: readonly Told[];
  /** Values of a field that occurs several times stand between bars, as tshark prints them. */
  readonly tshark: Shown;
}

/** Every message, every option in a Binding Update of its own, and what surrounds them. */
export function mobilityPackets(): readonly WitnessedPacket[] {
  const ofOptions = everyMobilityOption.map((option) => ({ ...update, options: [option] }));
  return [
    ...[...everyMobilityMessage, ...ofOptions].map((message) => mobilityPacket(message)),
    mobilityPacket(update, homeAddressHeader(home)),
    mobilityPacket(everyMobilityMessage.find(({ kind }) => kind === 'bindingAcknowledgement')!, {
      type: 'routing',
      routingType: 2,
      segmentsLeft: 1,
      addresses: [home],
    }),
    ...discoveries.map(discoveryPacket),
  ];
}

const careOf = '2001:db8:c0::1';
const home = '2001:db8::99';
const homeAgent = '2001:db8::2';
const update = { kind: 'bindingUpdate', sequenceNumber: 1, lifetime: 3, options: [] } as const;

/** A packet with the message, aligned or as it is. */
export function mobilityPacket(
  message: MobilityMessage,
  extension?: ExtensionHeader,
  align = aligned,
): WitnessedPacket {
  const laid = align(message);
  const given = 'options' in message ? message.options : [];
  const octets = packetWith(extension ? [extension] : [], protocols['Mobility Header'], (packet) =>
    encodeMobility(laid, pseudoHeaderEndpoints(packet)),
  );
  const options = ('options' in laid ? laid.options : []).map((option) => inWords(option, optionWords[option.type]));
  const [[name, fields], shown] = inWords(laid, messageWords[laid.kind]);
  const [before, shownBefore] = extension ? extensionInWords(extension) : [[], {}];
  return {
    what: [...(extension ? [extension.type] : []), message.kind, ...given.map(({ type }) => type)].join(' '),
    octets,
    ownPadding: !given.some(({ type }) => type === 'pad1' || type === 'padN'),
    scapy: [...before, [name, { ...fields, ...('options' in laid && { options: options.map(([told]) => told) }) }]],
    tshark: gathered([shownBefore, shown, ...options.map(([, each]) => each)]),
  };
}

const advertisement = {
  kind: 'routerAdvertisement',
  type: 134,
  code: 0,
  homeAgent: true,
  routerLifetime: 1800,
  options: [
    {
      type: 'prefixInformation',
      prefixLength: 64,
      onLink: true,
      autonomous: true,
      routerAddress: true,
      validLifetime: 7200,
      preferredLifetime: 3600,
      prefix: '2001:db8::1',
    },
    { type: 'advertisementInterval', advertisementInterval: 3000 },
    { type: 'homeAgentInformation', mobileRouterSupport: true, homeAgentPreference: 9, homeAgentLifetime: 1200 },
  ],
} as const;

const discoveries = [
  { kind: 'homeAgentAddressDiscoveryRequest', type: 144, code: 0, identifier: 77, mobileRouterSupport: true },
  {
    kind: 'homeAgentAddressDiscoveryReply',
    type: 145,
    code: 0,
    identifier: 77,
    homeAgentAddresses: [homeAgent, '2001:db8::3'],
  },
  { kind: 'mobilePrefixSolicitation', type: 146, code: 0, identifier: 78, options: [] },
  {
    kind: 'mobilePrefixAdvertisement',
    type: 147,
    code: 0,
    identifier: 78,
    managed: true,
    options: [advertisement.options[0]],
  },
  advertisement,
] as const satisfies readonly Icmpv6Message[];

function discoveryPacket(message: (typeof discoveries)[number]): WitnessedPacket {
  const options = ('options' in message ? message.options : []).map((option) =>
    inWords(option, neighborDiscoveryWords[option.type]),
  );
  const [told, shown] = inWords(message, icmpv6Words[message.kind]);
  return {
    what: message.kind,
    octets: packetWith([], protocols['IPv6-ICMP'], (packet) => encodeIcmpv6(message, pseudoHeaderEndpoints(packet))),
    ownPadding: false,
    scapy: [told, ...options.map(([option]) => option)],
    tshark: gathered([{ 'icmpv6.checksum.status': '1' }, shown, ...options.map(([, each]) => each)]),
  };
}

function packetWith(
  extensions: readonly ExtensionHeader[],
  protocol: number,
  payloadOf: (packet: IpPacket) => Uint8Array,
): Uint8Array {
  const ends = { source: careOf, destination: homeAgent };
  const packet = { version: 6, ...ends, extensions, protocol, payload: new Uint8Array() } as const;
  return ipPacket.encode({ ...packet, payload: payloadOf(packet) });
}

function extensionInWords(extension: ExtensionHeader): readonly [readonly Told[], Shown] {
  if (extension.type === 'routing')
    return [
      [['IPv6ExtHdrRouting', { type: 2, segleft: 1, addresses: extension.addresses }]],
      { 'ipv6.routing.mipv6.home_address': home },
    ];
  const options: readonly Told[] = [
    ['PadN', {}],
    ['HAO', { hoa: home }],
  ];
  return [[['IPv6ExtHdrDestOpt', { options }]], { 'ipv6.opt.mipv6.home_address': home }];
}

function gathered(shown: readonly Shown[]): Shown {
  const all: Record<string, string> = {};
  for (const each of shown)
    for (const [field, value] of Object.entries(each)) all[field] = field in all ? `${all[field]}|${value}` : value;
  return all;
}
