/**
 * A translator of addresses between two nodes (RFC 3022 2.1): the tester is behind it, and has another address for the node under test than for itself. IPv4
 * only; what IPv6 says passes by the same router as it is.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import { ONLY_INTERFACE, places, stationedAt, translatingRouter } from '../lab/topologies.ts';
import { saying } from './ike-intent.ts';
import { type Keying, keyedGateways, keyedHosts } from './keying.ts';
import type { Pair } from './pairs.ts';

/** The tester's own address, and the one that it has for the node under test. */
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
  const { link } = places['other-prefix'];
  const { addresses, routes } = stationedAt(places['other-prefix']);
  const tn = {
    ...told(translation.inside).parties.tn!,
    interfaces: [{ name: ONLY_INTERFACE, link, addresses }],
    routes,
  };
  const intent = {
    parties: { nut: parties.nut!, tn },
    ends: setting === 'hosts' ? { ...ends, tn: translation.inside } : ends,
    others: [translatingRouter],
  };
  return saying(intent, {
    nut: { remoteAddresses: [translation.outside, 'any'] },
    tn: { localAddresses: [translation.inside] },
  });
}
