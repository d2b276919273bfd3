/** For every rule about the list of home agents, a conversation that turns when it is broken; and what nobody can make a home agent keep. */
import { expect } from 'chai';
import type { Cable } from '../host/cable.test-support.ts';
import { icmpv6Message, type RouterAdvertisement } from '../wire/icmpv6.ts';
import type { NeighborDiscoveryOption, PrefixInformation } from '../wire/neighbor-discovery-options.ts';
import { mobilityBounds } from './bounds.ts';
import { careOfAddress, elapse, homeAgentOnCable, onLink, own6, packetsOf } from './home-agent.test-support.ts';
import { HomeAgentsList } from './home-agents-list.ts';
import { type HomeAgentsListRules, homeAgentsListSections } from './home-agents-list-rules.ts';
import { itTurns, type RuleConversation } from './rule-conversations.test-support.ts';
import { mobilityRules } from './rules.ts';

const ANYCAST = '2001:db8:1:0:fdff:ffff:ffff:fffe';
const [first, second] = ['2001:db8:1::a1', '2001:db8:1::a2'] as const;

interface Saying extends Partial<Pick<RouterAdvertisement, 'homeAgent' | 'routerLifetime'>> {
  readonly addresses?: readonly string[];
  readonly prefix?: Partial<PrefixInformation>;
  readonly information?: { readonly preference: number; readonly lifetime: number };
}

/** What another router of the link says of itself. */
function advertisement({
  addresses = [first],
  prefix = {},
  information,
  homeAgent = true,
  routerLifetime = 30,
}: Saying = {}): RouterAdvertisement {
  const options: NeighborDiscoveryOption[] = addresses.map((address) => ({
    type: 'prefixInformation',
    prefixLength: 64,
    onLink: true,
    routerAddress: true,
    validLifetime: 3_600,
    preferredLifetime: 1_800,
    prefix: address,
    ...prefix,
  }));
  if (information) {
    const { preference: homeAgentPreference, lifetime: homeAgentLifetime } = information;
    options.push({ type: 'homeAgentInformation', homeAgentPreference, homeAgentLifetime });
  }
  return {
    kind: 'routerAdvertisement',
    type: 134,
    code: 0,
    curHopLimit: 64,
    homeAgent,
    preference: 0,
    routerLifetime,
    reachableTime: 0,
    retransTimer: 0,
    options,
  };
}

function heard(cable: Cable, { from = 'fe80::a1', ...saying }: Saying & { readonly from?: string } = {}): Cable {
  cable.receive(onLink(from, 'ff02::1', advertisement(saying)));
  return cable;
}

/** The addresses of the reply to somebody who asks. */
function listed(cable: Cable): readonly string[] {
  const request = { kind: 'homeAgentAddressDiscoveryRequest', type: 144, code: 0, identifier: 7 } as const;
  const [reply] = packetsOf(cable.receive(onLink(careOfAddress, ANYCAST, request))).map(
    ({ payload }) => icmpv6Message.decode(payload).value,
  );
  return reply?.kind === 'homeAgentAddressDiscoveryReply' ? reply.homeAgentAddresses : [];
}

const many = Array.from({ length: 40 }, (_, place) => `2001:db8:1::b:${(place + 1).toString(16)}`);
const more = Array.from({ length: 40 }, (_, place) => `2001:db8:1::c:${(place + 1).toString(16)}`);

const conversations: readonly RuleConversation<HomeAgentsListRules, Cable>[] = [
  {
    rule: 'listsRouter',
    story: 'a router that is no home agent any more is listed no longer',
    broken: { listsRouter: () => true },
    seen: (cable) => listed(heard(heard(cable), { homeAgent: false })),
    lawful: [own6],
  },
  {
    rule: 'homeAgentPreference',
    story: 'who says no preference has 0, and comes after 10',
    broken: { homeAgentPreference: (option) => option?.homeAgentPreference ?? 11 },
    seen: (cable) => listed(heard(cable)),
    lawful: [own6, first],
  },
  {
    rule: 'homeAgentLifetime',
    story: 'its own lifetime counts before that of the router',
    broken: { homeAgentLifetime: (_option, routerLifetime) => routerLifetime },
    seen: (cable) => {
      heard(cable, { information: { preference: 20, lifetime: 2 } });
      const before = listed(cable);
      elapse(cable, 3);
      return [before, listed(cable)];
    },
    lawful: [[first, own6], [own6]],
  },
  {
    rule: 'homeAgentAddresses',
    story: 'a prefix without the R bit is no address of a home agent',
    broken: { homeAgentAddresses: (prefixes) => prefixes },
    seen: (cable) => listed(heard(cable, { prefix: { routerAddress: false } })),
    lawful: [own6],
  },
  {
    rule: 'homeAgentAddressValid',
    story: 'an address whose prefix has ended is told no longer',
    broken: { homeAgentAddressValid: () => true },
    seen: (cable) => {
      heard(cable, { prefix: { validLifetime: 2 } });
      elapse(cable, 3);
      return listed(cable);
    },
    lawful: [own6],
  },
  {
    rule: 'orderOfReply',
    story: 'the most preferred comes first',
    broken: { orderOfReply: (drawn) => drawn.toSorted((one, other) => one.preference - other.preference) },
    seen: (cable) => {
      heard(cable, { information: { preference: 5, lifetime: 60 } });
      heard(cable, { from: 'fe80::a2', addresses: [second], information: { preference: 20, lifetime: 60 } });
      return listed(cable);
    },
    lawful: [second, own6, first],
  },
  {
    rule: 'addressesInReply',
    story: 'a reply fits into the minimum MTU',
    broken: { addressesInReply: (addresses) => addresses },
    seen: (cable) => {
      heard(cable, { addresses: many });
      heard(cable, { from: 'fe80::a2', addresses: more });
      return listed(cable).length;
    },
    lawful: 77,
  },
];

describe('the list of home agents', () => {
  itTurns(homeAgentsListSections, conversations, (broken) =>
    homeAgentOnCable({ homeAgent: { preference: 10 }, broken }),
  );

  it('draws another order among equals each time', () => {
    let drawn = 0;
    const octets = (_: string, length: number) => {
      drawn += 97;
      return new Uint8Array(length).fill(drawn % 256);
    };
    const env = { octets };
    const list = new HomeAgentsList(mobilityRules, env, () => {});
    for (const [place, address] of [first, second].entries()) {
      list.advertised(0, `fe80::${place + 1}`, advertisement({ addresses: [address] }));
    }
    const orders = Array.from({ length: 40 }, () => list.addressesWith(0, { preference: 0, addresses: [own6] }));
    expect(new Set(orders.map(([preferred]) => preferred))).to.deep.equal(new Set([own6, first, second]));
  });

  it('is bounded, in home agents and in addresses of each', () => {
    const refused: string[] = [];
    const rules = { ...mobilityRules, addressesInReply: (addresses: readonly string[]) => addresses };
    const env = { octets: (_: string, length: number) => new Uint8Array(length) };
    const list = new HomeAgentsList(rules, env, ({ rule }) => refused.push(rule));
    for (let router = 1; router <= 20; router++) {
      list.advertised(0, `fe80::${router}`, advertisement({ addresses: [`2001:db8:1::d:${router}`] }));
    }
    const own = { preference: 0, addresses: [own6] };
    expect(list.addressesWith(0, own)).to.have.lengthOf(mobilityBounds.homeAgentsListed + 1);
    for (const addresses of [many, more]) list.advertised(0, 'fe80::20', advertisement({ addresses }));
    const others = mobilityBounds.homeAgentsListed - 1;
    expect(list.addressesWith(0, own)).to.have.lengthOf(1 + others + mobilityBounds.addressesOfHomeAgent);
    expect(new Set(refused)).to.deep.equal(new Set(['homeAgentsListed', 'addressesOfHomeAgent']));
  });
});
