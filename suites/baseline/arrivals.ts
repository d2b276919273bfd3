/**
 * The wrong ways of AURA-SPD-2 in which traffic can arrive: the policy, which of the tester's SAs carries the stimulus, and the one check
 * that keeps it out. Where it is not the entry's own list of SAs that is asked for, the entry takes any SA that fits, so that nothing
 * else can drop the packet.
 */
import {
  host,
  type ManualPair,
  manualGateways,
  orderedHosts,
  servedByAny,
  transportPair,
  tunnelPair,
} from '../../harness/vocabulary/intent.ts';
import { type NodeMutant, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, innerPrefixes, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import type { Ends } from '../../harness/vocabulary/stage.ts';
import { espSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';

export interface Arrival {
  readonly intent: () => ReturnType<typeof orderedHosts>;
  /** The SA of the stimulus, or the way in which traffic without a policy comes through in clear where the stimulus does not. */
  readonly stimulus: string | { readonly clear: Ends };
  /** Of RFC 4301: selectors are checked with those of the SA, and how the policy wants it with the policy. */
  readonly section: string;
  readonly turnedBy: NodeMutant;
}

const four = { inner: 'ipv4', outer: 'ipv4' } as const;
const hosts = { local: host(nutAddresses.ipv4), remote: host(places.home.ipv4) };

export const arrivals: Readonly<Record<string, Arrival>> = {
  'plaintext-transport': {
    intent: () => policy([transportPair('right', 'ipv4')]),
    stimulus: { clear: { from: places.home.ipv6, to: nutAddresses.ipv6 } },
    section: '5.2 3b',
    turnedBy: policyMutants.admitsPlaintext,
  },
  'plaintext-tunnel': {
    intent: () => manualGateways('ipv4', [tunnelPair('right', four)]),
    stimulus: { clear: { from: inner.outsider.ipv4, to: inner.nut.ipv4 } },
    section: '5.2 3b',
    turnedBy: policyMutants.admitsPlaintext,
  },
  'other-selectors-transport': {
    intent: () =>
      policy([transportPair('right', 'ipv4'), transportPair('wrong', 'ipv4', { spi: 0x2000, selector: udpOnly })]),
    stimulus: 'wrong-in',
    section: '5.2 5',
    turnedBy: policyMutants.ignoresSaSelectors,
  },
  'other-selectors-tunnel': {
    intent: () => {
      const selector = { remote: innerPrefixes.outsider.ipv4 };
      const pairs = [tunnelPair('right', four), tunnelPair('wrong', four, { spi: 0x2000, selector })];
      return manualGateways('ipv4', pairs.map(servedByAny));
    },
    stimulus: 'wrong-in',
    section: '5.2 5',
    turnedBy: policyMutants.ignoresSaSelectors,
  },
  'transport-for-tunnel': {
    intent: () =>
      policy([tunnelPair('right', four, { selector: hosts }), transportPair('wrong', 'ipv4', { spi: 0x2000 })]),
    stimulus: 'wrong-in',
    section: '4.4.1',
    turnedBy: policyMutants.ignoresMode,
  },
  'tunnel-for-transport': {
    intent: () => policy([transportPair('right', 'ipv4'), tunnelPair('wrong', four, { spi: 0x2000, selector: hosts })]),
    stimulus: 'wrong-in',
    section: '4.4.1',
    turnedBy: policyMutants.ignoresMode,
  },
  'weaker-sa': {
    intent: () => {
      const strong = transportPair('right', 'ipv4', { selector: icmpOnly });
      const weak = transportPair('wrong', 'ipv4', { spi: 0x2000, suite: espSuites['null-sha256'] });
      const spd = [strong.entry, weak.entry];
      return orderedHosts('ipv4', spd, [...strong.securityAssociations, ...weak.securityAssociations]);
    },
    stimulus: 'wrong-in',
    section: '4.4.1',
    turnedBy: policyMutants.takesAnySa,
  },
};

/** Only the first pair's entry, which takes any SA that fits. */
function policy(pairs: readonly [ManualPair, ...ManualPair[]]) {
  const { entry } = servedByAny(pairs[0]);
  return orderedHosts(
    'ipv4',
    [entry],
    pairs.flatMap(({ securityAssociations }) => securityAssociations),
  );
}

const udpOnly = { protocol: protocols.UDP };
const icmpOnly = { protocol: protocols.ICMP };
