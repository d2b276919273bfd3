/**
 * What the scenarios of configuration payloads share (RFC 7296 2.19, 3.15): a gateway that gives out addresses behind it and a client that asks for
 * one, either of which is under test, and what is found of their answers.
 */
import type { negotiated } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Finding } from '../../harness/vocabulary/judging.ts';
import { inner, innerPrefixes } from '../../harness/vocabulary/places.ts';
import { addressIn, familyOfInternalAddress } from '../../reference/wire/ike/configuration-values.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { type Face, type Impersonation, impersonation } from '../identity/impersonation.ts';

export type Family = 'ipv4' | 'ipv6';
export const families = ['ipv4', 'ipv6'] as const;

type Connection = NonNullable<ReturnType<typeof negotiated>['parties'][string]>['ike'][number];
export type InternalAddresses = NonNullable<Connection['internalAddresses']>;

export const everything = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;
export const unspecified = { ipv4: '0.0.0.0', ipv6: '::' } as const;

/** The client's address behind the gateway and the one after it. */
export const addressesOfClient = {
  ipv4: [inner.tn.ipv4, '10.2.0.2'],
  ipv6: [inner.tn.ipv6, '2001:db8:a2::2'],
} as const;

/** Who gives and who asks, each told its own; by the names of the tester's faces where those differ. */
export interface Configured {
  readonly family: Family;
  readonly gateway: 'nut' | 'tn';
  readonly nut: InternalAddresses;
  readonly tn: InternalAddresses;
  readonly faces?: Readonly<Record<string, InternalAddresses | undefined>>;
  readonly claim?: Face;
  readonly children?: Impersonation['testerChildren'];
}

/** A client's side is whatever address it is given: nothing in its policy names one, and its child brings the entries that it needs. */
export function configured({ family, gateway, nut, tn, faces = {}, claim = {}, children }: Configured) {
  const client = everything[family];
  const networks = { nut: innerPrefixes.nut[family], tn: innerPrefixes.tn[family] };
  const between = gateway === 'nut' ? { local: networks.nut, remote: client } : { local: client, remote: networks.tn };
  const intent = impersonation({
    mode: 'tunnel',
    innerFamily: family,
    child: { local: [{ addresses: between.local }], remote: [{ addresses: between.remote }] },
    ...(children && { testerChildren: children }),
    claim,
  });
  const told = (connection: Connection, by: InternalAddresses | undefined): Connection =>
    by ? { ...connection, internalAddresses: by } : connection;
  const { nut: tested, tn: tester } = intent.parties;
  return {
    ...intent,
    parties: {
      nut: { ...tested, spd: [], ike: tested.ike.map((each) => told(each, nut)) },
      tn: {
        ...tester,
        spd: [],
        ike: tester.ike.map((each) => told(each, each.name in faces ? faces[each.name] : tn)),
      },
    },
  };
}

/** What an answer of IKE_AUTH gives, and which selectors its client has in it. */
export interface Grant {
  readonly says: Finding;
  readonly addresses: readonly string[];
  /** Types of all attributes. */
  readonly attributes: readonly number[];
  /** `first-last`. */
  readonly selectors: readonly string[];
}

/** In the answer of the node under test to IKE_AUTH between two moments. */
export function grantBetween(t: Account, moment: string, next: string): Grant | undefined {
  const end = t.mark(next)?.place ?? Number.POSITIVE_INFINITY;
  const answer = t.ike
    .messages(moment)
    .find(
      ({ frame, ike: { message, payloads = [] } }) =>
        frame.entry.place < end &&
        frame.entry.from === 'nut' &&
        message.header.exchangeType === exchangeTypes.IKE_AUTH &&
        message.header.flags.response &&
        payloads.some(({ type }) => type === 'TSi'),
    );
  const payloads = answer?.ike.payloads;
  if (!answer || !payloads) return undefined;
  const attributes = payloads.flatMap((payload) => (payload.type === 'CP' ? payload.attributes : []));
  const addresses = attributes
    .filter((attribute) => familyOfInternalAddress(attribute) !== undefined)
    .flatMap((attribute) => addressIn(attribute) ?? []);
  const selectors = payloads.flatMap((payload) => (payload.type === 'TSi' ? payload.selectors : []));
  const ranges = selectors.flatMap((selector) =>
    'startAddress' in selector ? [`${selector.startAddress}-${selector.endAddress}`] : [],
  );
  const says = `gives ${addresses.join(', ') || 'no address'}, for ${ranges.join(', ')}`;
  return {
    says: t.ike.said(answer, says),
    addresses,
    attributes: attributes.map(({ type }) => type),
    selectors: ranges,
  };
}
