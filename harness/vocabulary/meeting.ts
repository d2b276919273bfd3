/**
 * Two products under test and nobody else: each is told its own half of one agreement, as two administrators would who have spoken to each other.
 * The party that the cases are about is `nut`, the other one `peer`.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { IkeConnection, ProposalConfiguration } from '../lab/node.ts';
import { inner } from '../lab/topologies.ts';
import { type Negotiation, negotiated, saying } from './ike-intent.ts';
import { sinks } from './intent.ts';
import { type Acquaintance, type Authentication, acquainted, byDefault } from './mutual-authentication.ts';
import { withPeerBehind } from './translated.ts';

/** The cast of such a scenario. */
export const twoProducts = { nut: 'tested', peer: 'tested' } as const;

export interface Meeting
  extends Pick<Negotiation, 'mode' | 'family' | 'innerFamily' | 'child' | 'children' | 'fragmentation'> {
  /** By certificates unless said. */
  readonly by?: Authentication;
  /** The rest of what the two say they are, where the way alone does not tell. */
  readonly as?: Acquaintance;
  /** Who is to begin, and is the client where the ways of the two differ; `nut` unless said. */
  readonly initiator?: keyof typeof twoProducts;
  /** Of both, for the IKE SA, where they are not the lab's. */
  readonly proposals?: readonly ProposalConfiguration[];
  /** What the peer permits of the children, where it is not what the node under test does. */
  readonly peersChild?: Negotiation['testerChild'];
  readonly peersChildren?: Negotiation['testerChildren'];
  /** The peer is behind a translator of IPv4 addresses; what IPv6 says passes by it as it is. */
  readonly translated?: true;
  /** What each is told of its connection besides. */
  readonly told?: Readonly<Partial<Record<keyof typeof twoProducts, Partial<IkeConnection>>>>;
}

/** A tunnel between two gateways for the networks behind them, unless something else is said; what no entry speaks of passes in clear. */
export function meeting(options: Meeting = {}): PolicyIntent {
  const {
    by = byDefault,
    as,
    initiator = 'nut',
    proposals,
    peersChild,
    peersChildren,
    translated,
    told = {},
    ...rest
  } = options;
  const { nut, tn } = acquainted(by, initiator === 'nut' ? 'nut' : 'tn');
  const { parties, ends, others } = negotiated({
    mode: 'tunnel',
    ...rest,
    nut: { ...nut, ...as?.nut },
    tn: { ...tn, ...as?.tn },
    ...(proposals && { proposals: { nut: proposals, tn: proposals } }),
    ...(peersChild && { testerChild: peersChild }),
    ...(peersChildren && { testerChildren: peersChildren }),
  });
  const other = parties.tn!;
  const innerAddresses = other.innerAddresses.filter(isOfPeer);
  const peer = { ...other, name: 'peer', sinks, forwarding: innerAddresses.length > 0, innerAddresses };
  const intent = { parties: { nut: parties.nut!, peer }, ends: { nut: ends.nut!, peer: ends.tn! } };
  const between = { ...intent, ...(others && { others }) };
  return saying(translated ? withPeerBehind(between) : between, told);
}

/** The tester's place in the topology plays an outsider too, and a product does not. */
const isOfPeer = (prefix: string): boolean =>
  Object.values(inner.tn).some((address) => prefix.startsWith(`${address}/`));
