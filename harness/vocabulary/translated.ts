/**
 * A translator of addresses between two nodes (RFC 3022 2.1): one of them is behind it, and has another address for its peer than for itself. IPv4
 * only; what IPv6 says passes by the same router as it is.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { NodeConfiguration, ProtectAction } from '../lab/node.ts';
import { nutAddresses, ONLY_INTERFACE, places, stationedAt, translatingRouter } from '../lab/topologies.ts';
import { saying } from './ike-intent.ts';
import { type Keying, keyedGateways, keyedHosts } from './keying.ts';
import type { Pair } from './pairs.ts';

/** The own address of whoever is behind, and the one that its peer knows. */
export const translation = { inside: places['other-prefix'].ipv4, outside: places['same-prefix'].ipv4 } as const;

/** Both sides of a pair are told of the far end as they see it. */
export function behindTranslator(
  keying: Keying,
  setting: 'hosts' | 'gateways',
  pairWith: (remote: string) => Pair,
): PolicyIntent {
  const told = (remote: string): PolicyIntent =>
    setting === 'hosts'
      ? keyedHosts(keying, 'ipv4', [pairWith(remote)])
      : keyedGateways(keying, { inner: 'ipv4', outer: 'ipv4' }, [pairWith(remote)]);
  const { parties, ends } = told(translation.outside);
  const intent = {
    parties: { nut: parties.nut!, tn: behind(told(translation.inside).parties.tn!) },
    ends: setting === 'hosts' ? { ...ends, tn: translation.inside } : ends,
    others: [translatingRouter],
  };
  return saying(intent, {
    nut: { remoteAddresses: [translation.outside, 'any'] },
    tn: { localAddresses: [translation.inside] },
  });
}

/** Who is behind the translator. */
export type Behind = 'tester' | 'node';

/** Both ends as either party sees them, `local` being that of the node under test. */
export const endsSeen: Readonly<Record<Behind, Readonly<Record<'nut' | 'tn', Pair['ends']>>>> = {
  tester: {
    nut: { local: nutAddresses.ipv4, remote: translation.outside },
    tn: { local: nutAddresses.ipv4, remote: translation.inside },
  },
  node: {
    nut: { local: translation.inside, remote: places.home.ipv4 },
    tn: { local: translation.outside, remote: places.home.ipv4 },
  },
};

/** Two hosts, either of them behind, keyed by IKEv2. */
export function hostsThroughTranslator(who: Behind, pairOf: (ends: Pair['ends']) => Pair): PolicyIntent {
  const { nut: seen, tn: seenByTester } = endsSeen[who];
  const told = (ends: Pair['ends']) => keyedHosts('ikev2', 'ipv4', [pairOf(ends)]).parties;
  const [nut, tn] = [told(seen).nut!, told(seenByTester).tn!];
  const intent = {
    parties: { nut: who === 'node' ? behind(nut) : nut, tn: who === 'tester' ? behind(tn) : tn },
    ends: { nut: seen.local, tn: seenByTester.remote },
    others: [translatingRouter],
  };
  return saying(intent, {
    nut: { localAddresses: [seen.local], remoteAddresses: [seen.remote, 'any'] },
    tn: { localAddresses: [seenByTester.remote], remoteAddresses: [seenByTester.local] },
  });
}

/** Two gateways as they were told of each other on one link; now the second one is behind, and both are told of the far end as they see it. */
export function withPeerBehind({ parties, ends }: PolicyIntent): PolicyIntent {
  const { nut, peer } = parties as Readonly<Record<'nut' | 'peer', NodeConfiguration>>;
  const seen = {
    tunnel: { remote: translation.outside },
    ike: { remoteAddresses: [translation.outside, 'any'] },
  } as const;
  const own = { tunnel: { local: translation.inside }, ike: { localAddresses: [translation.inside] } } as const;
  return {
    parties: { nut: toldOf(nut, seen), peer: behind(toldOf(peer, own)) },
    ends,
    others: [translatingRouter],
  };
}

type Told = {
  readonly tunnel: Partial<NonNullable<ProtectAction['tunnel']>>;
  readonly ike: Partial<NodeConfiguration['ike'][number]>;
};

function toldOf(party: NodeConfiguration, { tunnel, ike }: Told): NodeConfiguration {
  const spd = party.spd.map((entry) => {
    const { action } = entry;
    return typeof action === 'object' && action.tunnel
      ? { ...entry, action: { ...action, tunnel: { ...action.tunnel, ...tunnel } } }
      : entry;
  });
  return { ...party, spd, ike: party.ike.map((each) => ({ ...each, ...ike })) };
}

function behind(party: NodeConfiguration): NodeConfiguration {
  const { link } = places['other-prefix'];
  const { addresses, routes } = stationedAt(places['other-prefix']);
  return { ...party, interfaces: [{ name: ONLY_INTERFACE, link, addresses }], routes };
}
