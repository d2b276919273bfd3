/** What a mark asked for, as a document of a bundle: octets are hex, numbers beyond the safe ones decimal text. */
import { z } from 'zod';
import { address, hex, octet, port, prefix, spi } from './scalars.ts';
import type { MarkedAct } from './transcript.ts';

const mobilityKinds = [
  'bindingRefreshRequest',
  'homeTestInit',
  'careOfTestInit',
  'homeTest',
  'careOfTest',
  'bindingUpdate',
  'bindingAcknowledgement',
  'bindingError',
  'other',
] as const;

const icmpv6Kinds = [
  'destinationUnreachable',
  'packetTooBig',
  'timeExceeded',
  'parameterProblem',
  'routerSolicitation',
  'routerAdvertisement',
  'homeAgentAddressDiscoveryRequest',
  'homeAgentAddressDiscoveryReply',
  'mobilePrefixSolicitation',
  'mobilePrefixAdvertisement',
] as const;

const tamper = z.looseObject({ name: z.string(), complaint: z.string().optional() });
const decimal = z.string().regex(/^\d{1,20}$/, 'a decimal number');
const child = { connection: z.string(), child: z.string() };
const connection = { connection: z.string() };
const ends = { from: address, to: address, inClear: z.boolean().optional() };

const command = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('echo'), ...ends, identifier: port, sequence: port, payload: hex }),
  z.looseObject({ kind: z.literal('udp'), ...ends, sourcePort: port, destinationPort: port, payload: hex }),
  z.looseObject({ kind: z.literal('tcp-syn'), ...ends, sourcePort: port, destinationPort: port }),
  z.looseObject({ kind: z.literal('packet'), octets: hex, tamper: tamper.optional() }),
  z.looseObject({
    kind: z.literal('esp'),
    packet: z.looseObject({
      securityAssociation: z.string(),
      direction: z.enum(['in', 'out']).optional(),
      announcedAs: z.string().optional(),
      packet: hex,
      sequenceNumber: decimal.optional(),
      counts: z.boolean().optional(),
      outerSource: address.optional(),
      outerDestination: address.optional(),
      outerHeader: z.looseObject({ dscp: octet.optional(), ecn: octet.optional(), hops: octet.optional() }).optional(),
      spi: spi.optional(),
      protocol: octet.optional(),
      encryptionKey: hex.optional(),
      integrityKey: hex.optional(),
      beforeSealing: tamper.optional(),
      afterSealing: tamper.optional(),
      onTheWay: tamper.optional(),
    }),
  }),
  z.looseObject({
    kind: z.literal('mobility'),
    order: z.looseObject({
      source: address,
      destination: address,
      message: hex,
      checksum: port.optional(),
      careOfAddress: address.optional(),
      by: address.optional(),
      tunnel: z.looseObject({ source: address, destination: address }).optional(),
      authorization: z
        .looseObject({
          careOfAddress: address,
          deletes: z.boolean().optional(),
          homeNonceAhead: port.optional(),
          careOfNonceAhead: port.optional(),
          homeKeygenToken: hex.optional(),
          careOfKeygenToken: hex.optional(),
          withoutNonceIndices: z.literal(true).optional(),
          withoutAuthorizationData: z.literal(true).optional(),
          authenticatorOctets: octet.optional(),
          followedBy: hex.optional(),
        })
        .optional(),
    }),
    inClear: z.boolean().optional(),
    tamper: tamper.optional(),
  }),
  z.looseObject({ kind: z.literal('initiate'), ...child, begun: z.literal(true).optional() }),
  z.looseObject({ kind: z.literal('rekey-child'), ...child }),
  z.looseObject({ kind: z.literal('rekey-ike'), ...connection }),
  z.looseObject({ kind: z.literal('close-child'), ...child, only: z.literal('oldest').optional() }),
  z.looseObject({ kind: z.literal('close'), ...connection }),
  z.looseObject({ kind: z.literal('liveness'), ...connection }),
  z.looseObject({ kind: z.literal('suspend'), ...connection }),
]);

export const markedAct: z.ZodType<MarkedAct> = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('command'), command }),
  z.looseObject({ kind: z.literal('moves'), to: z.string() }),
  z.looseObject({
    kind: z.literal('hears'),
    message: z.enum([...mobilityKinds, ...icmpv6Kinds]),
    of: z.string(),
    to: address.optional(),
    from: prefix.optional(),
    after: z.string().optional(),
  }),
  z.looseObject({ kind: z.literal('holds'), message: z.string(), from: z.string(), response: z.boolean().optional() }),
  z.looseObject({ kind: z.enum(['releases', 'loses', 'repeats']), held: z.string() }),
  z.looseObject({ kind: z.literal('moment') }),
]);
