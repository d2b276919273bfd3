/**
 * The wrong ways of AURA-SPD-2 in which traffic can arrive: the policy, which of the tester's SAs carries the stimulus, and the one check
 * that keeps it out. Where it is not the entry's own list of SAs that is asked for, the entry takes any SA that fits, so that nothing
 * else can drop the packet.
 */
import { host } from '../../harness/vocabulary/intent.ts';
import { type Keying, keyedGateways, keyedHosts, protect } from '../../harness/vocabulary/keying.ts';
import { type NodeMutant, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { type Pair, transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { inner, innerPrefixes, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import type { Ends } from '../../harness/vocabulary/stage.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';

export interface Arrival {
  readonly intent: (keying: Keying) => ReturnType<typeof keyedHosts>;
  /** The pair whose SA carries the stimulus, or the way in which traffic without a policy comes through in clear where the stimulus does not. */
  readonly stimulus: string | { readonly clear: Ends };
  /** Of RFC 4301: selectors are checked with those of the SA, and how the policy wants it with the policy. */
  readonly section: string;
  readonly turnedBy: NodeMutant;
}

const four = { inner: 'ipv4', outer: 'ipv4' } as const;
const hosts = { local: host(nutAddresses.ipv4), remote: host(places.home.ipv4) };

const right = transportPair('right', 'ipv4');
const rightTunnel = tunnelPair('right', four);

export const arrivals: Readonly<Record<string, Arrival>> = {
  'plaintext-transport': {
    intent: (keying) => hostsUnder(keying, right),
    stimulus: { clear: { from: places.home.ipv6, to: nutAddresses.ipv6 } },
    section: '5.2 3b',
    turnedBy: policyMutants.admitsPlaintext,
  },
  'plaintext-tunnel': {
    intent: (keying) => keyedGateways(keying, four, [rightTunnel]),
    stimulus: { clear: { from: inner.outsider.ipv4, to: inner.nut.ipv4 } },
    section: '5.2 3b',
    turnedBy: policyMutants.admitsPlaintext,
  },
  'other-selectors-transport': {
    intent: (keying) => hostsUnder(keying, right, transportPair('wrong', 'ipv4', { spi: 0x2000, selector: udpOnly })),
    stimulus: 'wrong',
    section: '5.2 5',
    turnedBy: policyMutants.ignoresSaSelectors,
  },
  'other-selectors-tunnel': {
    intent: (keying) => {
      const wrong = tunnelPair('wrong', four, { spi: 0x2000, selector: { remote: innerPrefixes.outsider.ipv4 } });
      const pairs = [rightTunnel, wrong];
      return keyedGateways(keying, four, pairs, { policy: pairs.map((pair) => protect(pair, 'any')), knowsPeer: true });
    },
    stimulus: 'wrong',
    section: '5.2 5',
    turnedBy: policyMutants.ignoresSaSelectors,
  },
  'transport-for-tunnel': {
    intent: (keying) =>
      hostsUnder(
        keying,
        tunnelPair('right', four, { selector: hosts }),
        transportPair('wrong', 'ipv4', { spi: 0x2000 }),
      ),
    stimulus: 'wrong',
    section: '4.4.1',
    turnedBy: policyMutants.ignoresMode,
  },
  'tunnel-for-transport': {
    intent: (keying) => hostsUnder(keying, right, tunnelPair('wrong', four, { spi: 0x2000, selector: hosts })),
    stimulus: 'wrong',
    section: '4.4.1',
    turnedBy: policyMutants.ignoresMode,
  },
  'ah-for-esp': {
    intent: (keying) => hostsUnder(keying, right, transportPair('wrong', 'ipv4', underAh)),
    stimulus: 'wrong',
    section: '4.4.1',
    turnedBy: policyMutants.ignoresProtocol,
  },
  'esp-for-ah': {
    intent: (keying) =>
      hostsUnder(
        keying,
        transportPair('right', 'ipv4', { ...underAh, spi: 0x1000 }),
        transportPair('wrong', 'ipv4', { spi: 0x2000 }),
      ),
    stimulus: 'wrong',
    section: '4.4.1',
    turnedBy: policyMutants.ignoresProtocol,
  },
  'weaker-sa': {
    intent: (keying) => {
      const strong = transportPair('right', 'ipv4', { selector: icmpOnly });
      const weak = transportPair('wrong', 'ipv4', { spi: 0x2000, suite: espSuites['null-sha256'] });
      return keyedHosts(keying, 'ipv4', [strong, weak], { knowsPeer: true });
    },
    stimulus: 'wrong',
    section: '4.4.1',
    turnedBy: policyMutants.takesAnySa,
  },
};

/** The pairs of an arrival. */
export function pairsOf({ stimulus }: Arrival): readonly string[] {
  return typeof stimulus === 'string' ? ['right', stimulus] : ['right'];
}

/** The policy speaks of the first pair, and takes any SA that fits. */
function hostsUnder(keying: Keying, ...pairs: readonly [Pair, ...Pair[]]) {
  return keyedHosts(keying, 'ipv4', pairs, { policy: [protect(pairs[0], 'any')], knowsPeer: true });
}

const underAh = { suite: ahSuites['ah-sha256'], spi: 0x2000 };
const udpOnly = { protocol: protocols.UDP };
const icmpOnly = { protocol: protocols.ICMP };
