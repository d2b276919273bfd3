/** Conversations that turn when a rule of MOBIKE is broken (RFC 4555), or one of address updates without it (RFC 7296 section 2.23). */
import { addressOctets } from '../wire/address.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { concat, u16 } from '../wire/octets.ts';
import type { IkeConnection } from './configuration.ts';
import { addresses, Conversation, connection, notation } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { notify } from './payloads.ts';
import { changed, describeRules, liveness, lying, type RuleConversation } from './rule-conversation.test-support.ts';

const elsewhere = '198.51.100.2';
const others = { initiator: ['198.51.100.2', '198.51.100.3'], responder: ['198.51.100.1'] } as const;

const willing = (who: 'initiator' | 'responder', change: Partial<IkeConnection> = {}): Partial<Ikev2Options> => ({
  connections: [connection(who, { mobike: {}, remoteAddresses: ['any'], ...change })],
});
const initiator = willing('initiator', { remoteAddresses: [addresses.responder] });

/** The initiator's address becomes another. */
const moves = (talk: Conversation, to: string = elsewhere, from: string = addresses.initiator) =>
  talk.input('initiator', { kind: 'address-changed', from, to });

/** Where a side's ESP goes. */
const sendsTo = (talk: Conversation, side: 'initiator' | 'responder' = 'responder') =>
  [...talk.installed[side].values()].find(({ direction }) => direction === 'out')?.destination;

/** Where a side's next request goes, and from where. */
function asksAt(talk: Conversation, side: 'initiator' | 'responder' = 'responder'): string | undefined {
  const before = talk.datagrams.length;
  talk.command(side, liveness);
  return talk.datagrams.slice(before).find(({ from }) => from === side)?.path.remoteAddress;
}

const isUpdate = ({ payloads }: IkeMessage): boolean =>
  payloads.some((payload) => payload.type === 'N' && payload.notifyType === notifyTypes.UPDATE_SA_ADDRESSES);

/** Says besides, in its updates, that no NAT may be on the way from here. */
const allowingNoNats = (source: string) =>
  lying('INFORMATIONAL', (message) =>
    isUpdate(message)
      ? { ...message, payloads: [...message.payloads, notify(notifyTypes.NO_NATS_ALLOWED, noNats(source))] }
      : message,
  );
const noNats = (source: string) =>
  concat(addressOctets(source), addressOctets(addresses.responder), u16(4500), u16(4500));

/** Answers with a COOKIE2 of its own. */
const otherCookie: Partial<Ikev2Options> = {
  seams: {
    message: (message, { kind }) =>
      kind === 'response'
        ? changed('N', (payload) => (isCookie(payload) ? { ...payload, data: new Uint8Array(16) } : payload))(message)
        : message,
  },
};
const isCookie = ({ notifyType }: { readonly notifyType: number }): boolean => notifyType === notifyTypes.COOKIE2;
const withoutMobike = (who: 'initiator' | 'responder', change: Partial<IkeConnection> = {}) => ({
  connections: [connection(who, { remoteAddresses: [addresses.responder, 'any'], ...change })],
});

const feigningWithout = withoutMobike('initiator', { encapsulation: 'forced' });
const both = (nut: Partial<Ikev2Options>) =>
  new Conversation(initiator, { ...willing('responder'), ...nut }).initiate();

const conversations: readonly RuleConversation[] = [
  {
    rule: 'mobikeAgreed',
    story: 'who was told nothing of MOBIKE says nothing of it',
    broken: () => true,
    play: (nut) =>
      moves(new Conversation({ ...withoutMobike('initiator'), ...nut }, willing('responder')).initiate()).datagrams
        .length,
    lawful: 4,
    turned: 6,
  },
  {
    rule: 'mobikePorts',
    story: 'IKE_AUTH goes to port 4500, so that a NAT found later needs no other ports',
    broken: (path) => path,
    play: (nut) =>
      new Conversation({ ...initiator, ...nut }, willing('responder')).initiate().datagrams[2]?.path.remotePort,
    lawful: 4500,
    turned: 500,
  },
  {
    rule: 'afterLosingAddress',
    story: 'an initiator whose address is another takes its SAs there',
    broken: () => 'announces',
    play: (nut) => sendsTo(moves(new Conversation({ ...initiator, ...nut }, willing('responder')).initiate())),
    lawful: elsewhere,
    turned: addresses.initiator,
  },
  {
    rule: 'updateObeyed',
    story: 'the original responder says nothing about where SAs go',
    broken: () => true,
    play(nut) {
      const update = lying('INFORMATIONAL', (message) => ({
        ...message,
        payloads: [...message.payloads, notify(notifyTypes.UPDATE_SA_ADDRESSES)],
      }));
      const anywhere = willing('initiator', { remoteAddresses: [addresses.responder, 'any'] });
      const talk = new Conversation({ ...anywhere, ...nut }, { ...willing('responder'), ...update }).initiate();
      talk.input('responder', { kind: 'address-changed', from: addresses.responder, to: elsewhere });
      return sendsTo(talk, 'initiator');
    },
    lawful: addresses.responder,
    turned: elsewhere,
  },
  {
    rule: 'addressesAcceptable',
    story: 'a peer goes nowhere that its PAD entry does not name',
    broken: () => true,
    play(nut) {
      const strict = willing('responder', { remoteAddresses: [addresses.initiator] });
      return sendsTo(moves(new Conversation(initiator, { ...strict, ...nut }).initiate()));
    },
    lawful: addresses.initiator,
    turned: elsewhere,
  },
  {
    rule: 'natsAbsent',
    story: 'an update whose addresses somebody has changed is refused, where that is forbidden',
    broken: () => true,
    play: (nut) =>
      sendsTo(
        moves(
          new Conversation(
            { ...initiator, ...allowingNoNats('198.51.100.77') },
            { ...willing('responder'), ...nut },
          ).initiate(),
        ),
      ),
    lawful: addresses.initiator,
    turned: elsewhere,
  },
  {
    rule: 'updateRetried',
    story: 'what may have been one forged packet does not end an update',
    broken: () => false,
    play(nut) {
      const talk = new Conversation(
        { ...initiator, ...allowingNoNats('198.51.100.77'), ...nut },
        willing('responder'),
      ).initiate();
      return moves(talk).datagrams.length;
    },
    lawful: 12,
    turned: 6,
  },
  {
    rule: 'returnRoutabilityChecked',
    story: 'SAs go nowhere that nobody answers from',
    broken: () => false,
    play(nut) {
      const talk = both(nut);
      talk.wire = ({ from, octets }) => (from === 'responder' ? [] : [octets]);
      return sendsTo(moves(talk));
    },
    lawful: addresses.initiator,
    turned: elsewhere,
  },
  {
    rule: 'cookie2Answer',
    story: 'who is asked for its COOKIE2 back gives that one',
    broken: (sent) => sent.map((octet) => octet ^ 1),
    play: (nut) => moves(both(nut)).established,
    lawful: true,
    turned: false,
  },
  {
    rule: 'cookie2Verified',
    story: 'another COOKIE2 comes from somebody who has not seen the request',
    broken: () => true,
    play: (nut) =>
      moves(
        new Conversation({ ...initiator, ...otherCookie }, { ...willing('responder'), ...nut }).initiate(),
      ).ikeEvents('responder'),
    lawful: ['established', 'failed'],
    turned: ['established'],
  },
  {
    rule: 'natDetectionAnswered',
    story: 'a mover learns from the answer whether it is behind a NAT now',
    broken: () => false,
    play(nut) {
      const said: string[] = [];
      const message = (sent: IkeMessage) => {
        said.push(notation(sent, true));
        return sent;
      };
      moves(new Conversation(initiator, { ...willing('responder'), ...nut, seams: { message } }).initiate());
      return said[2];
    },
    lawful: 'HDR, SK {N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP), N(COOKIE2)}',
    turned: 'HDR, SK {N(COOKIE2)}',
  },
  {
    rule: 'updateOvertaken',
    story: 'the answer to an update is of no use that came after another move',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({ ...initiator, ...nut }, willing('responder')).initiate();
      talk.wire = () => [];
      moves(talk);
      moves(talk, others.initiator[1], elsewhere);
      let answers = 0;
      talk.wire = ({ from, octets }) => (from === 'initiator' || answers++ === 0 ? [octets] : []);
      talk.pass(600);
      return [...talk.installed.initiator.values()].find(({ direction }) => direction === 'out')?.source;
    },
    lawful: addresses.initiator,
    turned: others.initiator[1],
  },
  {
    rule: 'addressesAreNewest',
    story: 'a list of addresses that comes after a newer one changes nothing',
    broken: () => true,
    play(nut) {
      const [one, other] = ['198.51.100.1', '198.51.100.4'] as const;
      const wide = willing('initiator', { remoteAddresses: [addresses.responder], windowSize: 3 });
      const known = willing('responder', { mobike: { additionalAddresses: [one, other] } });
      const talk = new Conversation({ ...wide, ...nut }, known).initiate();
      talk.wire = () => [];
      talk.input('responder', { kind: 'address-changed', from: addresses.responder, to: one });
      talk.wire = ({ octets }) => [octets];
      talk.input('responder', { kind: 'address-changed', from: one, to: other }).pass(600);
      talk.wire = () => [];
      return triedAddresses(talk);
    },
    lawful: [addresses.responder, '198.51.100.1'],
    turned: [addresses.responder, '198.51.100.4'],
  },
  {
    rule: 'additionalAddresses',
    story: 'a list of addresses replaces the one before',
    broken: (known) => known,
    play(nut) {
      const known = willing('responder', { mobike: { additionalAddresses: [...others.responder] } });
      const talk = new Conversation({ ...initiator, ...nut }, known).initiate();
      talk.input('responder', { kind: 'address-changed', from: addresses.responder, to: others.responder[0] });
      talk.wire = () => [];
      return triedAddresses(talk);
    },
    lawful: [addresses.responder],
    turned: [addresses.responder, others.responder[0]],
  },
  {
    rule: 'nextRemoteAddress',
    story: 'where a peer answers no more, another of its addresses is tried',
    broken: () => undefined,
    play(nut) {
      const known = willing('responder', { mobike: { additionalAddresses: [...others.responder] } });
      const talk = new Conversation({ ...initiator, ...nut }, known).initiate();
      talk.wire = () => [];
      return triedAddresses(talk);
    },
    lawful: [addresses.responder, others.responder[0]],
    turned: [addresses.responder],
  },
  {
    rule: 'followedDynamically',
    story: 'a peer behind a NAT is followed to where it is heard from',
    broken: () => false,
    play: (nut) => {
      const talk = new Conversation(feigningWithout, { ...withoutMobike('responder'), ...nut }).initiate();
      return asksAt(moves(talk).command('initiator', liveness));
    },
    lawful: elsewhere,
    turned: addresses.initiator,
  },
  {
    rule: 'childrenFollow',
    story: 'and not by IKE alone',
    broken: () => false,
    play: (nut) => {
      const talk = new Conversation(feigningWithout, { ...withoutMobike('responder'), ...nut }).initiate();
      return sendsTo(moves(talk).command('initiator', liveness));
    },
    lawful: elsewhere,
    turned: addresses.initiator,
  },
];

describeRules('IKEv2, rules of MOBIKE', conversations);

/** Where the initiator asks, again and again, without an answer. */
function triedAddresses(talk: Conversation): readonly string[] {
  const before = talk.datagrams.length;
  talk.command('initiator', liveness).pass(6_000);
  return [...new Set(talk.datagrams.slice(before).map(({ path }) => path.remoteAddress))];
}
