/** Conversations about transport mode through a NAT that turn when a rule of RFC 7296 section 2.23.1 is broken, and what holds of them anyhow. */
import { expect } from 'chai';
import type { IkeMessage } from '../wire/ike/message.ts';
import type { ChildConfiguration } from './configuration.ts';
import { Conversation, connection, netChild } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import type { NegotiatedSa, Path } from './interface.ts';
import { find } from './payloads.ts';
import { changed, describeRules, liveness, lying, type RuleConversation } from './rule-conversation.test-support.ts';

/** The client is behind one NAT and the server behind another, as in the figure of the section. */
const [IP1, IPN1, IPN2, IP2] = ['10.0.0.2', '192.0.2.20', '192.0.2.10', '10.9.0.1'];

type Side = 'initiator' | 'responder';
const ends: Record<Side, [local: string, remote: string]> = { initiator: [IP1, IPN2], responder: [IP2, IPN1] };

function node(
  side: Side,
  change: Partial<ChildConfiguration> = {},
  [local, remote] = ends[side],
): Partial<Ikev2Options> {
  const child = {
    ...netChild[side],
    mode: 'transport',
    local: [{ addresses: `${local}/32` }],
    remote: [{ addresses: `${remote}/32` }],
    ...change,
  } as const;
  return {
    connections: [connection(side, { localAddresses: [local], remoteAddresses: [remote], children: [child] })],
  };
}

/** Both NATs together. */
function translates({ localAddress, remoteAddress, ...ports }: Path): Path {
  const outside = { [IP1]: IPN1, [IP2]: IPN2 };
  const inside = { [IPN1]: IP1, [IPN2]: IP2 };
  return {
    ...ports,
    localAddress: outside[localAddress] ?? localAddress,
    remoteAddress: inside[remoteAddress] ?? remoteAddress,
  };
}

function talk(initiator: Partial<Ikev2Options>, responder: Partial<Ikev2Options>): Conversation {
  const talk = new Conversation({ ...node('initiator'), ...initiator }, { ...node('responder'), ...responder });
  talk.translates = translates;
  return talk.initiate();
}

/** Between whom a side has SAs, seen from it. */
const sas = (of: Conversation, side: Side) =>
  [...of.installed[side].values()].map(({ direction, source, destination }) => [direction, source, destination]);
const inbound = (of: Conversation, side: Side): NegotiatedSa | undefined =>
  [...of.installed[side].values()].find(({ direction }) => direction === 'in');
const fate = (of: Conversation, side: Side) => of.childEvents(side).at(-1) ?? of.refusals(side).at(-1);
const selectorsOf = (of: Conversation, side: Side) =>
  [inbound(of, side)?.local, inbound(of, side)?.remote].map((each) => each?.map(({ startAddress }) => startAddress));

/** Where TSr begins. */
function askedFor(initiator: Partial<Ikev2Options>): readonly string[] {
  const asked: string[] = [];
  const message = (said: IkeMessage): IkeMessage => {
    for (const selector of find(said.payloads, 'TSr')?.selectors ?? [])
      if ('startAddress' in selector) asked.push(selector.startAddress);
    return said;
  };
  talk({ ...initiator, seams: { message } }, {});
  return asked;
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'offeredOfTranslated',
    story: 'policy permits any server, and one is asked',
    broken: (permitted) => permitted,
    play: (nut) => askedFor({ ...node('initiator', { remote: [{ addresses: '0.0.0.0/0' }] }), ...nut }),
    lawful: [IPN2],
    turned: ['0.0.0.0'],
  },
  {
    rule: 'peerAddressSubstituted',
    story: 'a client behind a NAT is where its messages come from',
    broken: () => false,
    play: (nut) => fate(talk({}, nut), 'responder'),
    lawful: 'net established',
    turned: 'narrowing',
  },
  {
    rule: 'peerAddressSubstituted',
    story: 'a server behind a NAT is whom the client has asked',
    broken: () => false,
    play: (nut) => fate(talk(nut, {}), 'initiator'),
    lawful: 'net established',
    turned: 'net refused',
  },
  {
    rule: 'ownAddressSubstituted',
    story: 'a server behind a NAT is meant by the address before that',
    broken: () => false,
    play: (nut) => fate(talk({}, nut), 'responder'),
    lawful: 'net established',
    turned: 'narrowing',
  },
  {
    rule: 'ownAddressSubstituted',
    story: 'a client behind a NAT is meant by the address before that',
    broken: () => false,
    play: (nut) => fate(talk(nut, {}), 'initiator'),
    lawful: 'net established',
    turned: 'net refused',
  },
  {
    rule: 'substitutionUndone',
    story: 'policy has a tunnel for the addresses that the client has of itself and of the server',
    broken: () => false,
    play: (nut) => {
      const tunnel = { mode: 'tunnel', local: [{ addresses: IPN2 }], remote: [{ addresses: IP1 }] } as const;
      return talk({}, { ...node('responder', tunnel), ...nut }).transcript[3];
    },
    lawful: 'R: HDR, SK {IDr, AUTH, SAr2, TSi, TSr}',
    turned: 'R: HDR, SK {IDr, AUTH, N(TS_UNACCEPTABLE)}',
  },
  {
    rule: 'transportPortsFollow',
    story: 'a NAT that forgets its client gives it another port, and ESP goes there',
    broken: () => false,
    play: portAfterwards,
    lawful: 40_000,
    turned: 4500,
  },
];

/** Where ESP of the responder goes once the client's NAT has given it another port. */
function portAfterwards(responder: Partial<Ikev2Options>): number | undefined {
  const said = new Conversation(node('initiator'), { ...node('responder', {}, [IPN2, IPN1]), ...responder });
  const port = { fromClient: 4500 };
  said.translates = ({ localAddress, remoteAddress, localPort, remotePort }) =>
    localAddress === IP1
      ? { localAddress: IPN1, remoteAddress, localPort: localPort === 4500 ? port.fromClient : localPort, remotePort }
      : { localAddress, remoteAddress: IP1, localPort, remotePort: remotePort === port.fromClient ? 4500 : remotePort };
  said.initiate();
  port.fromClient = 40_000;
  said.command('initiator', liveness);
  const outbound = [...said.installed.responder.values()].find(({ direction }) => direction === 'out');
  return outbound?.protocol === 'ESP' ? outbound.encapsulation?.destinationPort : undefined;
}

describeRules('rules of transport mode through a NAT', conversations);

describe('transport mode through two NATs', () => {
  const said = talk({}, {});

  it('has SAs on either side between the addresses that are seen there', () => {
    expect(sas(said, 'initiator')).to.deep.equal([
      ['in', IPN2, IP1],
      ['out', IP1, IPN2],
    ]);
    expect(sas(said, 'responder')).to.deep.equal([
      ['in', IPN1, IP2],
      ['out', IP2, IPN1],
    ]);
    expect(selectorsOf(said, 'initiator')).to.deep.equal([[IP1], [IPN2]]);
    expect(selectorsOf(said, 'responder')).to.deep.equal([[IP2], [IPN1]]);
  });

  it('keeps the addresses that the other side sums', () => {
    expect(inbound(said, 'initiator')).to.deep.include({ realEnds: { source: IP2, destination: IPN1 } });
    expect(inbound(said, 'responder')).to.deep.include({ realEnds: { source: IP1, destination: IPN2 } });
  });

  it('is rekeyed from either side', () => {
    for (const side of ['initiator', 'responder'] as const) {
      const again = talk({}, {}).command(side, { kind: 'rekey-child', connection: 'peer', child: 'net' });
      expect(again.childEvents(side)).to.include('net rekeyed');
      expect(inbound(again, 'responder')).to.deep.include({ realEnds: { source: IP1, destination: IPN2 } });
      expect(again.childrenAgree()).to.equal(true);
    }
  });

  it('is for nobody who names several addresses', () => {
    const range = changed('TSi', (TSi) => ({
      ...TSi,
      selectors: TSi.selectors.map((one) => ({ ...one, startAddress: IP1, endAddress: '10.0.0.9' })),
    }));
    expect(fate(talk(lying('IKE_AUTH', range), {}), 'responder')).to.equal('narrowing');
  });
});
