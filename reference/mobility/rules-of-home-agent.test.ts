/** For every rule of a home agent, a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import { connectionWith, negotiated } from '../host/keyed-peer.test-support.ts';
import { withHomeAddress } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { mobilityBounds } from './bounds.ts';
import {
  answered,
  careOfAddress,
  claim,
  echoTo,
  elapse,
  homeAddress,
  homeAgentOnCable,
  neighbor,
  onLink,
  otherCareOfAddress,
  own6,
  registered,
  sa,
  said,
  solicitation,
  type Told,
  throughTunnel,
  under,
  update,
} from './home-agent.test-support.ts';
import { type HomeAgentRules, homeAgentSections } from './home-agent-rules.ts';

type Cable = ReturnType<typeof homeAgentOnCable>;

const nonceIndices = { type: 'nonceIndices', homeNonceIndex: 1, careOfNonceIndex: 1 } as const;
/** One more home address than are tested at once. */
const many = Array.from(
  { length: mobilityBounds.registrationsUnderTest + 1 },
  (_, i) => `2001:db8:1::${(i + 16).toString(16)}`,
);
const alternate = { type: 'alternateCareOfAddress', alternateCareOfAddress: otherCareOfAddress } as const;
const signalling = sa('signalling', `${homeAddress}/128`);
const ofTheLink = sa('signalling', '2001:db8:1::/64');
const question = { kind: 'mobilePrefixSolicitation', type: 146, code: 0, identifier: 7, options: [] } as const;
const withIpsec = { requiresIpsec: true };

const conversations: readonly {
  readonly rule: keyof HomeAgentRules;
  readonly story: string;
  readonly told?: Told;
  readonly broken: Partial<HomeAgentRules>;
  readonly seen: (cable: Cable) => unknown;
}[] = [
  {
    rule: 'registrationAuthenticated',
    story: 'an update that nothing vouches for is passed over',
    told: { homeAgent: withIpsec },
    broken: { registrationAuthenticated: () => true },
    seen: (cable) => answered(cable, update()),
  },
  {
    rule: 'registrationOfItsHomeAddress',
    story: 'an SA of the whole home link vouches for no home address',
    told: { homeAgent: withIpsec, more: { manual: [ofTheLink] } },
    broken: { registrationOfItsHomeAddress: () => true },
    seen: (cable) => answered(cable, under(update(), ofTheLink)),
  },
  {
    rule: 'nonceIndicesAcceptable',
    story: 'a home registration with Nonce Indices is passed over',
    broken: { nonceIndicesAcceptable: () => true },
    seen: (cable) => answered(cable, update({ options: [nonceIndices] })),
  },
  {
    rule: 'sequenceNumberGreater',
    story: 'an old sequence number is refused with status 135',
    broken: { sequenceNumberGreater: () => true },
    seen: (cable) => answered(registered(cable, { sequenceNumber: 5 }), update({ sequenceNumber: 4 })),
  },
  {
    rule: 'sequenceNumberOfRefusal',
    story: 'the refusal tells the last number',
    broken: { sequenceNumberOfRefusal: (received) => received },
    seen: (cable) => answered(registered(cable, { sequenceNumber: 5 }), update({ sequenceNumber: 4 })),
  },
  {
    rule: 'registrationTypeKept',
    story: 'an update without H does not change a home registration',
    broken: { registrationTypeKept: () => true },
    seen: (cable) => answered(registered(cable), update({ sequenceNumber: 2, homeRegistration: false })),
  },
  {
    rule: 'homeAddressOptionAcceptable',
    story: 'a registration without the option is passed over',
    broken: { homeAddressOptionAcceptable: () => true },
    seen: (cable) => answered(cable, update({ withoutOption: true, options: [alternate] })),
  },
  {
    rule: 'homeAddressOnHomeLink',
    story: 'a home address of another prefix is refused with status 132',
    broken: { homeAddressOnHomeLink: () => true },
    seen: (cable) => answered(cable, update({ home: '2001:db8:9::9' })),
  },
  {
    rule: 'homeAddressServed',
    story: 'a home address that it was not told is refused with status 133',
    broken: { homeAddressServed: () => true },
    seen: (cable) => answered(cable, update({ home: '2001:db8:1::8' })),
  },
  {
    rule: 'registrationAllowed',
    story: 'who is not to be registered for now is refused with status 129',
    told: { homeAgent: { prohibited: [homeAddress] } },
    broken: { registrationAllowed: () => true },
    seen: (cable) => answered(cable, update()),
  },
  {
    rule: 'testMayBegin',
    story: 'who asks while too many others are tested is refused with status 130',
    broken: { testMayBegin: () => true },
    told: { homeAgent: { homeAddresses: many } },
    seen: (cable) => many.map((home) => said(cable.receive(update({ home })))).at(-1),
  },
  {
    rule: 'careOfAddressOf',
    story: 'the option says where the mobile node is',
    broken: { careOfAddressOf: (_, source) => source },
    seen: (cable) => said(registered(cable, { options: [alternate] }).receive(echoTo(homeAddress))),
  },
  {
    rule: 'careOfAddressAcceptable',
    story: 'a care-of address need not be in an option',
    broken: { careOfAddressAcceptable: (isAuthenticated) => isAuthenticated },
    seen: (cable) => answered(cable, update()),
  },
  {
    rule: 'deregisters',
    story: 'a lifetime of zero ends the binding',
    broken: { deregisters: () => false },
    seen: (cable) =>
      answered(registered(cable), update({ sequenceNumber: 2, lifetime: 0 }), solicitation(homeAddress) as Ipv6Packet),
  },
  {
    rule: 'deregistrationAcceptable',
    story: 'what never began cannot be ended',
    broken: { deregistrationAcceptable: () => true },
    seen: (cable) => answered(cable, update({ lifetime: 0 })),
  },
  {
    rule: 'deregistrationWithdraws',
    story: 'what is being tested is not registered after a deregistration',
    broken: { deregistrationWithdraws: () => false },
    seen: (cable) => answered(cable, update(), update({ sequenceNumber: 2, lifetime: 0 })),
  },
  {
    rule: 'addressesDefended',
    story: 'with L both addresses are tested',
    broken: { addressesDefended: (address) => [address] },
    seen: (cable) => said(cable.receive(update({ linkLocalAddressCompatibility: true }))),
  },
  {
    rule: 'needsDetection',
    story: 'a binding that is renewed is acknowledged at once',
    broken: { needsDetection: () => true },
    seen: (cable) => said(registered(cable).receive(update({ sequenceNumber: 2 }))),
  },
  {
    rule: 'acknowledgementWaits',
    story: 'nothing is acknowledged before the address was tested',
    broken: { acknowledgementWaits: () => false },
    seen: (cable) => said(cable.receive(update())),
  },
  {
    rule: 'duplicateRefuses',
    story: 'an address that somebody has is refused with status 134',
    broken: { duplicateRefuses: () => false },
    seen: (cable) => answered(cable, update(), claim(homeAddress) as Ipv6Packet),
  },
  {
    rule: 'lifetimeGranted',
    story: 'no more is granted than the policy lets',
    told: { homeAgent: { longestBinding: 20 } },
    broken: { lifetimeGranted: (asked) => asked },
    seen: (cable) => answered(cable, update()),
  },
  {
    rule: 'prefixDiscoveryNecessary',
    story: 'a prefix that is deprecated before the binding ends is told of by status 1',
    told: { homeAgent: { prefixLifetimes: { valid: 1000, preferred: 8 } } },
    broken: { prefixDiscoveryNecessary: () => false },
    seen: (cable) => answered(cable, update()),
  },
  {
    rule: 'discoveryAnswered',
    story: 'a question for home agents is answered',
    broken: { discoveryAnswered: () => false },
    seen: (cable) =>
      said(
        cable.receive(
          onLink(neighbor, '2001:db8:1:0:fdff:ffff:ffff:fffe', {
            kind: 'homeAgentAddressDiscoveryRequest',
            type: 144,
            code: 0,
            identifier: 7,
          }),
        ),
      ),
  },
  {
    rule: 'prefixSolicitationAnswered',
    story: 'a question for prefixes is answered, by way of the care-of address',
    broken: { prefixSolicitationAnswered: () => false },
    seen: (cable) => {
      const asking = onLink(homeAddress, own6, question) as Ipv6Packet;
      return said(registered(cable).receive(withHomeAddress(asking, careOfAddress)));
    },
  },
  {
    rule: 'prefixSolicitationVouchedFor',
    story: 'where IPsec is required a question for prefixes that nothing vouches for is passed over',
    told: { homeAgent: withIpsec, more: { manual: [signalling] } },
    broken: { prefixSolicitationVouchedFor: () => true },
    seen: (cable) => {
      cable.receive(under(update(), signalling));
      elapse(cable, 2);
      const asking = onLink(homeAddress, own6, question) as Ipv6Packet;
      return said(cable.receive(withHomeAddress(asking, careOfAddress)));
    },
  },
  {
    rule: 'keyManagementMoves',
    story: 'K is clear where keys came by hand',
    broken: { keyManagementMoves: () => true },
    seen: (cable) => {
      cable.receive(update({ keyManagementMobilityCapability: true }));
      return elapse(cable, 2);
    },
  },
  {
    rule: 'keyManagementAfterBinding',
    story: 'without K what IKE has with the old care-of address is discarded',
    told: { more: { ike: [connectionWith(homeAddress)] } },
    broken: { keyManagementAfterBinding: () => 'stays' },
    seen: (cable) => {
      negotiated(cable, homeAddress, careOfAddress);
      registered(cable, { from: otherCareOfAddress });
      return cable.host.state().ikeSas;
    },
  },
  {
    rule: 'acknowledges',
    story: 'an acknowledgement comes unasked',
    broken: { acknowledges: (asked) => asked },
    seen: (cable) => answered(cable, update({ acknowledge: false })),
  },
  {
    rule: 'acknowledgementAddress',
    story: 'the acknowledgement goes where the update came from',
    broken: { acknowledgementAddress: (source, former) => former ?? source },
    seen: (cable) => answered(registered(cable), update({ sequenceNumber: 2, from: otherCareOfAddress })),
  },
  {
    rule: 'acknowledgementRouted',
    story: 'the acknowledgement has a routing header',
    broken: { acknowledgementRouted: () => false },
    seen: (cable) => answered(cable, update()),
  },
  {
    rule: 'deregisteredRemembered',
    story: 'a late update from the foreign link is refused after a deregistration',
    broken: { deregisteredRemembered: () => 0 },
    seen: (cable) => {
      registered(cable, { sequenceNumber: 7 });
      cable.receive(update({ sequenceNumber: 9, lifetime: 0 }));
      elapse(cable, 5);
      return said(cable.receive(update({ sequenceNumber: 8 })));
    },
  },
];

describe('rules of a home agent', () => {
  for (const { rule, story, told = {}, broken, seen } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      const lawful = seen(homeAgentOnCable(told));
      expect(seen(homeAgentOnCable({ ...told, broken: { ...told.broken, ...broken } }))).to.not.deep.equal(lawful);
    });
  }

  it('every rule has its conversation', () => {
    const rules = Object.keys(homeAgentSections).sort();
    expect(conversations.map(({ rule }) => rule).sort()).to.deep.equal(rules);
  });

  it('a first registration goes its way: test, advertisement, acknowledgement, tunnel, and back', () => {
    const cable = homeAgentOnCable();
    expect(said(cable.receive(update()))).to.deep.equal([['asks', homeAddress]]);
    expect(said(elapse(cable, 2))).to.deep.equal([
      ['advertises', homeAddress, 'ff02::1', true],
      ['acknowledged', 0, 1, 15, careOfAddress, homeAddress],
    ]);
    expect(said(cable.receive(echoTo(homeAddress)))).to.deep.equal([['tunnel', careOfAddress, ['echo', homeAddress]]]);
    expect(said(cable.receive(throughTunnel(echoTo(neighbor, homeAddress), careOfAddress)))).to.deep.equal([
      ['echo', neighbor],
    ]);
    expect(cable.host.state().bindings).to.deep.equal([{ homeAddress, careOfAddress, homeRegistration: true }]);
    elapse(cable, 60);
    expect(cable.host.state().bindings).to.deep.equal([]);
    expect(cable.host.deadline()).to.equal(undefined);
  });

  it('where IPsec is required, who has no SA learns of no binding by an update without H', () => {
    const asked = (broken: Partial<HomeAgentRules>) => {
      const cable = homeAgentOnCable({ homeAgent: withIpsec, more: { manual: [signalling] }, broken });
      cable.receive(under(update(), signalling));
      elapse(cable, 2);
      const bare = update({ sequenceNumber: 2, homeRegistration: false });
      return [answered(cable, bare), answered(cable, under(bare, signalling))];
    };
    const refused = [['acknowledged', 139, 2, 0, careOfAddress, homeAddress]];
    expect(asked({})).to.deep.equal([[], refused]);
    expect(asked({ registrationAuthenticated: () => true })).to.deep.equal([refused, refused]);
  });

  it('a deregistration leaves nothing of a registration whose addresses are tested yet', () => {
    const cable = homeAgentOnCable();
    expect(answered(cable, update({ sequenceNumber: 4 }), update({ sequenceNumber: 5, lifetime: 0 }))).to.deep.equal([
      ['asks', homeAddress],
      ['acknowledged', 133, 5, 0, careOfAddress, homeAddress],
    ]);
    expect(cable.host.state().bindings).to.deep.equal([]);
    expect(answered(cable, update({ sequenceNumber: 4 })), 'the first one once more, late').to.deep.equal([
      ['acknowledged', 135, 5, 0, careOfAddress, homeAddress],
    ]);
  });

  it('where IPsec is required, a question for prefixes in clear acknowledges none', () => {
    const prefixLifetimes = { valid: 3_000, preferred: 2 };
    const told = { requiresIpsec: true, prefixDeliveries: { shortest: 1, longest: 10_000 }, prefixLifetimes };
    const repeated = (broken: Partial<HomeAgentRules>) => {
      const cable = homeAgentOnCable({ homeAgent: told, more: { manual: [signalling] }, broken });
      cable.receive(under(update({ lifetime: 1_000 }), signalling));
      elapse(cable, 3);
      cable.receive(withHomeAddress(onLink(homeAddress, own6, question) as Ipv6Packet, careOfAddress));
      return said(elapse(cable, 5));
    };
    expect(repeated({})).to.deep.equal([['mobilePrefixAdvertisement', careOfAddress]]);
    expect(repeated({ prefixSolicitationVouchedFor: () => true })).to.deep.equal([]);
  });
});
