/**
 * ICMP for IPv4, RFC 792, with the Next-Hop MTU of RFC 1191 section 4. Kinds without a declaration here are `other`:
 * octets behind the checksum.
 */
import { internetChecksum } from './checksum.ts';
import { computed, constant, reserved, rest, u8, u16 } from './fields.ts';
import { choice } from './groups.ts';
import { type Part, structure, type ValueOf } from './kernel.ts';

export type IcmpMessage = IcmpEcho | IcmpDestinationUnreachable | IcmpTimeExceeded | IcmpParameterProblem | IcmpOther;
export type IcmpEcho = ValueOf<typeof echo>;
export type IcmpDestinationUnreachable = ValueOf<typeof destinationUnreachable>;
export type IcmpTimeExceeded = ValueOf<typeof timeExceeded>;
export type IcmpParameterProblem = ValueOf<typeof parameterProblem>;
export type IcmpOther = ValueOf<typeof other>;

export const icmpTypes = {
  'Echo Reply': 0,
  'Destination Unreachable': 3,
  Redirect: 5,
  Echo: 8,
  'Router Advertisement': 9,
  'Router Solicitation': 10,
  'Time Exceeded': 11,
  'Parameter Problem': 12,
  Timestamp: 13,
  'Timestamp Reply': 14,
} as const;

/** Codes of Destination Unreachable. */
export const unreachableCodes = {
  'Net Unreachable': 0,
  'Host Unreachable': 1,
  'Protocol Unreachable': 2,
  'Port Unreachable': 3,
  'Fragmentation Needed and DF set': 4,
  'Source Route Failed': 5,
  'Communication Administratively Prohibited': 13,
} as const;

const echo = message('echo', 'Echo', [
  u16('identifier', 'Identifier'),
  u16('sequenceNumber', 'Sequence Number'),
  rest('data', 'Data'),
]);

const destinationUnreachable = message('destinationUnreachable', 'Destination Unreachable', [
  reserved(2),
  computed(u16('nextHopMtu', 'Next-Hop MTU'), () => 0),
  rest('originalDatagram', 'Original Datagram'),
]);

const timeExceeded = message('timeExceeded', 'Time Exceeded', [
  reserved(4),
  rest('originalDatagram', 'Original Datagram'),
]);

const parameterProblem = message('parameterProblem', 'Parameter Problem', [
  u8('pointer', 'Pointer'),
  reserved(3),
  rest('originalDatagram', 'Original Datagram'),
]);

const other = message('other', 'Message', [rest('body', 'Message Body')]);

export const icmpMessage = choice<IcmpMessage>(
  'icmp',
  'Internet Control Message Protocol',
  ({ octets, offset, left }) => (left > 0 ? kindOf(octets[offset]!) : other),
  ({ kind }) => ({ echo, destinationUnreachable, timeExceeded, parameterProblem, other })[kind],
);

function kindOf(type: number) {
  if (type === icmpTypes.Echo || type === icmpTypes['Echo Reply']) return echo;
  if (type === icmpTypes['Destination Unreachable']) return destinationUnreachable;
  if (type === icmpTypes['Time Exceeded']) return timeExceeded;
  return type === icmpTypes['Parameter Problem'] ? parameterProblem : other;
}

function message<const K extends string, const P extends readonly Part<never>[]>(kind: K, label: string, parts: P) {
  return structure('icmp', `ICMP ${label}`, [
    constant('kind', kind),
    u8('type', 'Type', { registry: icmpTypes }),
    u8('code', 'Code'),
    computed(u16('checksum', 'Checksum'), (_, whole) => internetChecksum(whole)),
    ...parts,
  ]);
}
