/**
 * The same question of an end node and of a security gateway, in either role: a child of transport mode between two hosts, or a tunnel between the networks
 * behind two gateways. The older catalogues ask each of the four by itself, in IPv6.
 */
import { type Negotiation, negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, type Control, post, pre } from '../../harness/vocabulary/judging.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { type Conversation, converses, type Role, roles } from '../identity/impersonation.ts';

export { type Role, roles };

export const nodes = ['end-node', 'gateway'] as const;
export type Node = (typeof nodes)[number];

/** A point of some dimensions, node and role among them. */
export type At = Readonly<Record<string, string>>;

export function between(node: Node, parts: Negotiation = {}) {
  return negotiated({ mode: node === 'gateway' ? 'tunnel' : 'transport', family: 'ipv6', ...parts });
}

/** Under which id the IPv6 Ready catalogue of IKEv2 asks this: `1.1.4.1` of an end node that answers is `IKEv2.EN.R.1.1.4.1`. */
function olderId({ node, role }: At, number: string): string {
  return `IKEv2.${node === 'gateway' ? 'SGW' : 'EN'}.${role === 'initiator' ? 'I' : 'R'}.${number}`;
}

/** Under which number, for each role. */
export type Numbers = Readonly<Partial<Record<Role, readonly string[]>>>;

export function olderIds(at: At, numbers: Numbers): readonly string[] {
  return (numbers[at.role as Role] ?? []).map((number) => olderId(at, number));
}

/** An honest conversation, the one that is asked about, and an honest one again: `before`, `claim`, `after`. */
export async function playAround(stage: Stage, role: Role, claim: Conversation = {}): Promise<void> {
  const face = peering.connection;
  await converses(stage, role, 'before', { face });
  await converses(stage, role, 'claim', { face, ...claim });
  await converses(stage, role, 'after', { face });
}

/** By its place in `playAround`. */
export const CLAIM = 2;

export function aroundControls(t: Account): readonly Control[] {
  return [
    pre('the two agree and speak', t.established('before', 'before echo')),
    post('they do again', t.established('after', 'after echo')),
  ];
}
