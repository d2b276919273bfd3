/** For every rule of a home agent about the home link and the tunnel of a mobile node that is away, a conversation that turns when the rule is broken. */
import {
  answered,
  careOfAddress,
  echoTo,
  elapse,
  homeAddress,
  homeAgentOnCable,
  linkLocal,
  neighbor,
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
import { type InterceptionRules, interceptionSections } from './interception-rules.ts';
import { itTurns, type RuleConversation } from './rule-conversations.test-support.ts';

type Cable = ReturnType<typeof homeAgentOnCable>;

const signalling = sa('signalling', `${homeAddress}/128`);
const tunnel = {
  ...sa('tunnel', `${homeAddress}/128`, 'tunnel'),
  direction: 'out' as const,
  source: own6,
  destination: careOfAddress,
};

function protectedEntry() {
  const selector = { local: '::/0', remote: `${homeAddress}/128` };
  return {
    name: 'payload',
    direction: 'out',
    selector,
    action: { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', securityAssociations: ['tunnel'] },
  } as const;
}

const endsOf = (cable: Cable): readonly string[] =>
  cable.host.state().sad.map(({ source, destination }) => `${source} ${destination}`);

const conversations: readonly RuleConversation<InterceptionRules, Cable, Told>[] = [
  {
    rule: 'announcesInterception',
    story: 'the home link is told',
    broken: { announcesInterception: () => false },
    seen: (cable) => answered(cable, update()),
    lawful: [
      ['asks', homeAddress],
      ['advertises', homeAddress, 'ff02::1', true],
      ['acknowledged', 0, 1, 15, careOfAddress, homeAddress],
    ],
  },
  {
    rule: 'intercepts',
    story: 'questions for the home address are answered',
    broken: { intercepts: () => false },
    seen: (cable) => said(registered(cable).receive(solicitation(homeAddress))),
    lawful: [['advertises', homeAddress, neighbor, false]],
  },
  {
    rule: 'tunnelledTo',
    story: 'what is for the link-local address is unreachable',
    broken: { tunnelledTo: () => true },
    seen: (cable) => said(registered(cable, { linkLocalAddressCompatibility: true }).receive(echoTo(linkLocal))),
    lawful: [['unreachable', 3, neighbor]],
  },
  {
    rule: 'encapsulatesAgain',
    story: 'what IPsec tunnels is not tunnelled again',
    told: { more: { manual: [tunnel], spd: [protectedEntry()] } },
    broken: { encapsulatesAgain: () => true },
    seen: (cable) => said(registered(cable).receive(echoTo(homeAddress))),
    lawful: [[50, careOfAddress]],
  },
  {
    rule: 'tunnelsItsOwn',
    story: 'the home agent looks on the home link for a mobile node at home that it answers, and tunnels nothing',
    broken: { tunnelsItsOwn: () => true },
    seen: (cable) =>
      answered(
        registered(cable, { sequenceNumber: 5 }),
        update({ sequenceNumber: 4, withoutOption: true, lifetime: 0 }),
      ),
    lawful: Array.from({ length: 3 }, () => ['asks', homeAddress]),
  },
  {
    rule: 'tunnelDestination',
    story: 'a packet for the home address goes to the care-of address',
    broken: { tunnelDestination: () => otherCareOfAddress },
    seen: (cable) => said(registered(cable).receive(echoTo(homeAddress))),
    lawful: [['tunnel', careOfAddress, ['echo', homeAddress]]],
  },
  {
    rule: 'innerSourceAcceptable',
    story: 'nobody else is let out of a tunnel',
    broken: { innerSourceAcceptable: () => true },
    seen: (cable) => said(registered(cable).receive(throughTunnel(echoTo(neighbor, '2001:db8:1::8'), careOfAddress))),
    lawful: [],
  },
  {
    rule: 'outerSourceAcceptable',
    story: 'a tunnel begins at the care-of address',
    broken: { outerSourceAcceptable: () => true },
    seen: (cable) => said(registered(cable).receive(throughTunnel(echoTo(neighbor, homeAddress), otherCareOfAddress))),
    lawful: [],
  },
  {
    rule: 'tunnelFollows',
    story: 'the tunnel SA ends where the mobile node is now',
    told: { homeAgent: { requiresIpsec: true }, more: { manual: [signalling, tunnel] } },
    broken: { tunnelFollows: () => false },
    seen: (cable) => {
      cable.receive(under(update({ from: otherCareOfAddress }), signalling));
      elapse(cable, 2);
      return endsOf(cable);
    },
    lawful: [`${homeAddress} ${own6}`, `${own6} ${otherCareOfAddress}`],
  },
];

describe('rules of interception', () =>
  itTurns(interceptionSections, conversations, (broken, told = {}) =>
    homeAgentOnCable({ ...told, broken: { ...told.broken, ...broken } }),
  ));
