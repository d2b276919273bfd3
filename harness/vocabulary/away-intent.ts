/**
 * Intents in which the node under test is a mobile node that is away from home for good and was told so by hand (RFC 6275 section 11.3.1): what it sends from its
 * home address goes through the tunnel to its home agent, or straight to a correspondent that holds a binding. Both of them are testers that were told where it is.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import { correspondentNode, homeAgentNode, mobileIpv6, mobileNodeAt, mobileRouter } from '../lab/mobility-topology.ts';
import type { NodeConfiguration } from '../lab/node.ts';
import { ONLY_INTERFACE } from '../lab/topologies.ts';
import { sinks } from './intent.ts';

/** By which way the home address speaks to the correspondent. */
export const ways = ['home-agent', 'option'] as const;

export const away = {
  homeAddress: mobileIpv6.homeAddress,
  careOfAddress: mobileIpv6.careOfAddresses['foreign-1'],
  homeAgent: mobileIpv6.homeAgent,
  correspondent: mobileIpv6.correspondent,
} as const;

type Told = Partial<Pick<NodeConfiguration, 'spd' | 'manual' | 'ike'>>;

/** What each of the cast of `moving-intent.ts` is told beside. */
export function awayByHand(
  way: (typeof ways)[number],
  told: { readonly nut?: Told; readonly ha?: Told; readonly cn?: Told } = {},
): PolicyIntent {
  const { homeAddress, careOfAddress, homeAgent, correspondent } = away;
  const binding = { homeAddress, careOfAddress };
  const isOptimised = way === 'option';
  const mobileNode = {
    interface: ONLY_INTERFACE,
    homeAddress: `${homeAddress}/64`,
    ...(!isOptimised && { homeAgent }),
    byHand: { careOfAddress, correspondents: isOptimised ? [correspondent] : [] },
  };
  const served = { address: homeAgent, homeAddresses: [homeAddress], registrations: [binding], requiresIpsec: false };
  return {
    parties: {
      nut: { ...mobileNodeAt('nut', 'foreign-1'), sinks, mobility: { mobileNode }, ...told.nut },
      ha: { ...homeAgentNode('ha'), mobility: { homeAgent: { interface: ONLY_INTERFACE, ...served } }, ...told.ha },
      cn: {
        ...correspondentNode('cn'),
        ...(isOptimised && { mobility: { correspondentNode: { bindings: [binding] } } }),
        ...told.cn,
      },
    },
    ends: { nut: homeAddress, ha: homeAgent, cn: correspondent },
    others: [mobileRouter],
  };
}
