/** Conversations that turn when a rule of session resumption is broken (RFC 5723), and what holds of them anyhow. */
import { expect } from 'chai';
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload, PayloadOf } from '../wire/ike/payload-chain.ts';
import { fromText } from '../wire/octets.ts';
import { addresses, Conversation, connection, type Datagram } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import {
  changed,
  describeRules,
  liveness,
  lying,
  type RuleConversation,
  rekeyIke,
  withPayload,
} from './rule-conversation.test-support.ts';
import { type Ikev2Rules, ikev2Rules } from './rules.ts';

type Side = 'initiator' | 'responder';

const side = (who: Side, rules: Partial<Ikev2Rules> = {}): Partial<Ikev2Options> => ({
  connections: [connection(who, { resumption: { ticketLifetime: 60 } })],
  rules: { ...ikev2Rules, ...rules },
});
const close = { kind: 'close', connection: 'peer' } as const;
const suspend = { kind: 'suspend', connection: 'peer' } as const;

/** Interrupted, and asked for again after some time. */
function again(talk: Conversation, milliseconds = 0): Conversation {
  return talk.command('initiator', suspend).pass(milliseconds).initiate();
}

const resumed = (initiator: Partial<Ikev2Options>, responder: Partial<Ikev2Options>): Conversation =>
  again(new Conversation(initiator, responder).initiate());

/** How the last IKE SA was asked for. */
function asked(talk: Conversation): string {
  const first = talk.transcript.findLast((line) => /^I: HDR, [^S]|^I: HDR, SAi1/.test(line));
  return first?.includes('TICKET_OPAQUE') ? 'by a ticket' : 'in full';
}

/** The same, and that it stands; or what is against it. */
function outcome(talk: Conversation): string {
  return talk.established && talk.childrenAgree() ? asked(talk) : (talk.refusals('responder').at(-1) ?? 'nothing');
}

/** A client whose ticket has another last octet. */
const forges = lying(
  'IKE_SESSION_RESUME',
  changed('N', (N) =>
    N.notifyType === notifyTypes.TICKET_OPAQUE ? { ...N, data: N.data.with(-1, N.data.at(-1)! ^ 1) } : N,
  ),
);

/** Who changes its second IKE_AUTH, and those after it. */
function later(change: (message: IkeMessage) => IkeMessage) {
  let before = 0;
  return lying('IKE_AUTH', (message) => (before++ === 0 ? message : change(message)));
}

/** One payload more, where there is one that proves something. */
const besides = (payload: Payload) => (message: IkeMessage) =>
  message.payloads.some(({ type }) => type === 'AUTH') ? withPayload(payload)(message) : message;

const another: PayloadOf<'IDr'> = { type: 'IDr', idType: 2, data: fromText('j.example') };
const CERT: PayloadOf<'CERT'> = { type: 'CERT', encoding: 4, data: fromText('of somebody') };

/** What the client held against it. */
const resumedBy = (initiator: Partial<Ikev2Options>, responder: Partial<Ikev2Options>): string[] =>
  resumed(initiator, responder).refusals('initiator');

const wantsNoTicket = (message: IkeMessage): IkeMessage => ({
  ...message,
  payloads: message.payloads.filter(({ type, ...rest }) => {
    return type !== 'N' || !('notifyType' in rest) || rest.notifyType !== notifyTypes.TICKET_REQUEST;
  }),
});

/** A gateway that says this first, and then what it should. */
function first(
  answer: 'TICKET_LT_OPAQUE' | 'TICKET_ACK',
  then: 'TICKET_LT_OPAQUE' | 'TICKET_NACK',
): Partial<Ikev2Rules> {
  let before = 0;
  return { ticketAnswer: () => (before++ === 0 ? answer : then) };
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'resumptionOffered',
    story: 'who was not told to resume gives no ticket',
    broken: () => true,
    play: (nut) => new Conversation(side('initiator'), nut).initiate().transcript[3],
    lawful: 'R: HDR, SK {IDr, AUTH, SAr2, TSi, TSr}',
    turned: 'R: HDR, SK {IDr, AUTH, N(TICKET_LT_OPAQUE), SAr2, TSi, TSr}',
  },
  {
    rule: 'ticketAnswer',
    story: 'who is asked for a ticket gives one',
    broken: () => 'TICKET_NACK',
    play: (nut) => outcome(resumed(side('initiator'), side('responder', nut.rules))),
    lawful: 'by a ticket',
    turned: 'in full',
  },
  {
    rule: 'ticketAskedLater',
    story: 'who was promised a ticket asks for it',
    broken: () => false,
    play: (nut) =>
      outcome(resumed(side('initiator', nut.rules), side('responder', first('TICKET_ACK', 'TICKET_LT_OPAQUE')))),
    lawful: 'by a ticket',
    turned: 'in full',
  },
  {
    rule: 'ticketAskedLater',
    story: 'who is promised a ticket and never given one stops asking',
    broken: (askedAgain) => askedAgain < 30,
    play: (nut) => {
      const promising = side('responder', { ticketAnswer: () => 'TICKET_ACK' });
      const talk = new Conversation(side('initiator', nut.rules), promising).initiate();
      return talk.transcript.filter((line) => line === 'I: HDR, SK {N(TICKET_REQUEST)}').length;
    },
    lawful: 3,
    turned: 30,
  },
  {
    rule: 'ticketRenewed',
    story: 'after rekeying the client has a ticket of the new IKE SA',
    broken: () => false,
    play: (nut) => {
      const talk = new Conversation(side('initiator', nut.rules), side('responder')).initiate();
      return outcome(again(talk.command('responder', rekeyIke)));
    },
    lawful: 'by a ticket',
    turned: 'in full',
  },
  {
    rule: 'ticketPresented',
    story: 'a ticket that has expired is not presented',
    broken: () => true,
    play: (nut) => {
      const talk = again(new Conversation(side('initiator', nut.rules), side('responder')).initiate(), 60_000);
      return talk.transcript.filter((line) => line.includes('TICKET_OPAQUE)')).length;
    },
    lawful: 0,
    turned: 1,
  },
  {
    rule: 'ticketSpent',
    story: 'a ticket is presented once',
    broken: () => false,
    play: (nut) => {
      const gateway = side('responder', first('TICKET_LT_OPAQUE', 'TICKET_NACK'));
      const talk = again(resumed(side('initiator', nut.rules), gateway));
      return talk.transcript.filter((line) => line.includes('TICKET_OPAQUE)')).length;
    },
    lawful: 1,
    turned: 2,
  },
  {
    rule: 'ticketOfDeleted',
    story: 'what was closed is not resumed',
    broken: () => 'kept',
    play: (nut) => {
      const talk = new Conversation(side('initiator', nut.rules), side('responder')).initiate();
      return talk.command('initiator', close).initiate().transcript[6]?.slice(0, 12);
    },
    lawful: 'I: HDR, SAi1',
    turned: 'I: HDR, Ni, ',
  },
  {
    rule: 'ticketGenuine',
    story: 'a ticket that was changed is none',
    broken: () => true,
    play: (nut) => outcome(resumed({ ...side('initiator'), ...forges }, side('responder', nut.rules))),
    lawful: 'in full',
    turned: 'by a ticket',
  },
  {
    rule: 'ticketInTime',
    story: 'a ticket that has expired is rejected',
    broken: () => true,
    play: (nut) => {
      const hopeful = side('initiator', { ticketPresented: () => true });
      return outcome(again(new Conversation(hopeful, side('responder', nut.rules)).initiate(), 60_000));
    },
    lawful: 'in full',
    turned: 'by a ticket',
  },
  {
    rule: 'ticketUnused',
    story: 'a ticket that was used is rejected',
    broken: () => true,
    play: (nut) => {
      const thrifty = { ...side('initiator', { ticketSpent: () => false }), ...later(wantsNoTicket) };
      return asked(again(resumed(thrifty, side('responder', nut.rules))));
    },
    lawful: 'in full',
    turned: 'by a ticket',
  },
  {
    rule: 'ticketReadAgain',
    story: 'one ticket makes one IKE SA, though two present it before either has the keys proven',
    broken: () => false,
    play: (nut) => {
      const talk = new Conversation(side('initiator', { ticketSpent: () => false }), side('responder', nut.rules));
      talk.initiate().command('initiator', suspend);
      const late: Datagram[] = [];
      talk.wire = (datagram) => {
        if (!datagram.notation.startsWith('HDR, SK {IDi, AUTH, N(TICKET')) return [datagram.octets];
        late.push(datagram);
        return [];
      };
      talk.initiate().command('initiator', close).initiate();
      for (const { octets } of late) talk.forge('responder', octets);
      return [late.length, talk.machines.responder.summaries().length, talk.refusals('responder')];
    },
    lawful: [2, 1, ['ticketUnused']],
    turned: [2, 2, []],
  },
  {
    rule: 'ticketReadAgain',
    story: 'a ticket that expires before the keys are proven makes no IKE SA',
    broken: () => false,
    play: (nut) => {
      const talk = new Conversation(side('initiator'), side('responder', nut.rules)).initiate();
      talk.command('initiator', suspend).pass(59_000);
      talk.wire = ({ notation, octets }) => (talk.now < 60_000 && notation.startsWith('HDR, SK {IDi') ? [] : [octets]);
      return outcome(talk.initiate().pass(5000));
    },
    lawful: 'ticketInTime',
    turned: 'by a ticket',
  },
  {
    rule: 'rejectedTicketAnswer',
    story: 'a client is told that its ticket is rejected',
    broken: () => 'silence',
    play: (nut) => resumed({ ...side('initiator'), ...forges }, side('responder', nut.rules)).transcript[5],
    lawful: 'R: HDR, N(TICKET_NACK)',
    turned: undefined,
  },
  {
    rule: 'afterRejectedTicket',
    story: 'a gateway has lost its tickets, and the client begins as if it had none',
    broken: () => 'givesUp',
    play: (nut) => {
      const talk = new Conversation(side('initiator', nut.rules), side('responder')).initiate();
      talk.machines.responder = new Conversation({}, side('responder')).machines.responder;
      return again(talk).ikeEvents('initiator').at(-1);
    },
    lawful: 'established',
    turned: 'failed',
  },
  {
    rule: 'resumptionLabel',
    story: 'the keys are made with the label, letter by letter',
    broken: (label) => label.toLowerCase(),
    play: (nut) => outcome(resumed(side('initiator'), side('responder', nut.rules))),
    lawful: 'by a ticket',
    turned: 'integrity',
  },
  {
    rule: 'resumedAuthentication',
    story: 'AUTH is made with SK_pi itself',
    broken: (_direct, padded) => padded(),
    play: (nut) => outcome(resumed(side('initiator'), side('responder', nut.rules))),
    lawful: 'by a ticket',
    turned: 'authenticationData',
  },
  {
    rule: 'resumedIdentity',
    story: 'nobody resumes as somebody else',
    broken: () => true,
    play: (nut) => {
      const another = later(changed('IDi', (IDi) => ({ ...IDi, data: fromText('j.example') })));
      return outcome(resumed({ ...side('initiator'), ...another }, side('responder', nut.rules)));
    },
    lawful: 'resumedIdentity',
    turned: 'by a ticket',
  },
  {
    rule: 'resumedIdentity',
    story: 'nor with somebody else',
    broken: () => true,
    play: (nut) => outcome(resumed({ ...side('initiator'), ...later(besides(another)) }, side('responder', nut.rules))),
    lawful: 'resumedIdentity',
    turned: 'by a ticket',
  },
  {
    rule: 'resumedIdentity',
    story: 'a gateway that has become another one resumes nothing',
    broken: () => true,
    play: (nut) => {
      const renamed = later(changed('IDr', (IDr) => ({ ...IDr, data: another.data })));
      return resumedBy(side('initiator', nut.rules), { ...side('responder'), ...renamed });
    },
    lawful: ['resumedIdentity'],
    turned: [],
  },
  {
    rule: 'resumedCertificate',
    story: 'a client that shows a certificate resumes nothing',
    broken: () => true,
    play: (nut) => outcome(resumed({ ...side('initiator'), ...later(besides(CERT)) }, side('responder', nut.rules))),
    lawful: 'resumedCertificate',
    turned: 'by a ticket',
  },
  {
    rule: 'resumedCertificate',
    story: 'nor does one that is shown one',
    broken: () => true,
    play: (nut) => resumedBy(side('initiator', nut.rules), { ...side('responder'), ...later(besides(CERT)) }),
    lawful: ['resumedCertificate'],
    turned: [],
  },
  {
    rule: 'resumedReplaces',
    story: 'what was interrupted on one side only goes when it is resumed',
    broken: () => 'never',
    play: (nut) => {
      const talk = resumed(side('initiator'), side('responder', nut.rules));
      return [talk.machines.responder.summaries().length, talk.installed.responder.size];
    },
    lawful: [1, 2],
    turned: [2, 4],
  },
];

describeRules('IKEv2, rules of session resumption', conversations);

describe('IKEv2 resumed', () => {
  it('takes two exchanges without any exchange of keys, and has a ticket for the next time', () => {
    const talk = new Conversation(side('initiator'), side('responder')).initiate();
    for (let time = 0; time < 3; time++) {
      const before = talk.transcript.length;
      again(talk);
      expect(talk.transcript.slice(before)).to.deep.equal([
        'I: HDR, Ni, N(TICKET_OPAQUE), N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP)',
        'R: HDR, Nr, N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP)',
        'I: HDR, SK {IDi, AUTH, N(TICKET_REQUEST), SAi2, TSi, TSr}',
        'R: HDR, SK {IDr, AUTH, N(TICKET_LT_OPAQUE), SAr2, TSi, TSr}',
      ]);
      expect(talk.childrenAgree()).to.equal(true);
    }
  });

  it('stays on port 4500 where there is a NAT', () => {
    const talk = new Conversation(side('initiator'), {
      ...side('responder'),
      connections: [connection('responder', { resumption: {}, remoteAddresses: [translated] })],
    });
    talk.translates = (path) =>
      path.localAddress === addresses.initiator
        ? { ...path, localAddress: translated, localPort: 10_000 + path.localPort }
        : { ...path, remoteAddress: addresses.initiator, remotePort: path.remotePort - 10_000 };
    again(talk.initiate());
    expect(outcome(talk)).to.equal('by a ticket');
    const { path } = talk.command('responder', liveness).datagrams.at(-2)!;
    expect(path).to.include({ localPort: 4500, remoteAddress: translated, remotePort: 14_500 });
    const encapsulated = [...talk.installed.responder.values()].map((sa) => sa.protocol === 'ESP' && sa.encapsulation);
    expect(encapsulated).to.deep.equal([
      { sourcePort: 14_500, destinationPort: 4500 },
      { sourcePort: 4500, destinationPort: 14_500 },
    ]);
  });

  it('can be rekeyed and closed like any other', () => {
    const talk = resumed(side('initiator'), side('responder'));
    talk.command('initiator', rekeyIke).command('responder', { kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(talk.childrenAgree()).to.equal(true);
    talk.command('responder', close);
    expect(talk.installed.initiator.size).to.equal(0);
  });

  it('comes about though every datagram is lost once, and a cookie is asked for', () => {
    const gateway = side('responder', { cookieRequired: () => true });
    const talk = new Conversation(side('initiator'), gateway);
    const seen = new Set<string>();
    talk.wire = ({ octets }) => {
      const isFirst = !seen.has(octets.join());
      seen.add(octets.join());
      return isFirst ? [] : [octets];
    };
    talk.initiate().pass(20_000);
    again(talk).pass(20_000);
    expect(outcome(talk)).to.equal('by a ticket');
    expect(talk.transcript.some((line) => line.startsWith('I: HDR, N(COOKIE), Ni'))).to.equal(true);
  });

  it('is nothing to who holds a ticket and not the keys of its session', () => {
    const thief = side('initiator', { resumptionLabel: () => 'a guess' });
    expect(outcome(resumed(thief, side('responder')))).to.equal('integrity');
  });
});

/** Of the initiator, as the NAT has it. */
const translated = '203.0.113.9';
