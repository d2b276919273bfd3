/**
 * Two products under test and nobody else: each is told its own half of one agreement, as two administrators would who have spoken to each other.
 * The party that the cases are about is `nut`, the other one `peer`.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { Identity } from '../lab/node.ts';
import { inner } from '../lab/topologies.ts';
import { fqdn, hexOf, sharedKey } from './credentials.ts';
import { negotiated, nutName, only, type Party, tnName } from './ike-intent.ts';
import { type Family, sinks } from './intent.ts';

/** The cast of such a scenario. */
export const twoProducts = { nut: 'tested', peer: 'tested' } as const;

export type Authentication = 'shared-key' | 'certificate';

/** A tunnel between two gateways for the networks behind them; what no entry speaks of passes in clear. */
export function meeting(authentication: Authentication, family: Family): PolicyIntent {
  const [nut, peer] = [fqdn(nutName), fqdn(tnName)];
  const { parties, ends, others } = negotiated({
    mode: 'tunnel',
    family,
    nut: knowing(authentication, nut, peer),
    tn: knowing(authentication, peer, nut),
  });
  const tn = parties.tn!;
  return {
    parties: {
      nut: parties.nut!,
      peer: { ...tn, name: 'peer', sinks, forwarding: true, innerAddresses: tn.innerAddresses.filter(isOfPeer) },
    },
    ends: { nut: ends.nut!, peer: ends.tn! },
    ...(others && { others }),
  };
}

/** Each is a name, proven by a key that both were told, or by a certificate of the authority that both trust. */
function knowing(authentication: Authentication, self: Identity, other: Identity): Partial<Party> {
  if (authentication === 'certificate') return { identity: self, expects: only(other) };
  const sharedKeys = [{ identity: other, key: hexOf(secret) }];
  return {
    identity: self,
    credential: sharedKey(secret),
    expects: { identity: other, authentication: 'shared-key', trustAnchors: [], sharedKeys },
  };
}

/** The tester's place in the topology plays an outsider too, and a product does not. */
const isOfPeer = (prefix: string): boolean =>
  Object.values(inner.tn).some((address) => prefix.startsWith(`${address}/`));

const secret = 'what the two administrators agreed on';
