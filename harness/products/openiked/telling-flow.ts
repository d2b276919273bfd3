/** Which policies iked can be asked for by an SADB_ACQUIRE (RFC 2367 3.1.6), as its Linux side reads one; the others are told to be active, and begin two seconds later. */
import { isSame } from '../authentication-material.ts';
import { familyOf } from '../prefix.ts';
import { DYNAMIC } from './internal-addresses.ts';
import type { Flow, Policy } from './render.ts';

/**
 * A flow by which iked, asked for an SA, makes out the policy: it reads the first 64 bits of an IPv6 address, and no protocol, and takes the first policy that has
 * the flow.
 */
export function tellingFlow(policy: Policy, all: readonly Policy[]): Flow | undefined {
  if (policy.protocol !== undefined) return undefined;
  return policy.flows.find((flow) => {
    const first = all.find(({ peer, flows }) => peer === policy.peer && flows.some((each) => isSame(each, flow)));
    return (
      [flow.from, flow.to].every(isReadWhole) &&
      isSame({ ...first, name: '', child: '' }, { ...policy, name: '', child: '' })
    );
  });
}

/** IPv4, or a prefix that says nothing of the last 64 bits. */
const isReadWhole = (end: string): boolean =>
  end !== DYNAMIC && (familyOf(end) === 'ipv4' || (end.includes('/') && Number(end.split('/')[1]) <= 64));
