/**
 * A conversation that a broken rule turns: played once with an honest node under test and once with that rule replaced in it. The titles,
 * `rule NAME: story`, tie a rule to the test that breaks it. The tester misbehaves through its seams, never the node under test.
 */
import { expect } from 'chai';
import type { IkeMessage } from '../wire/ike/message.ts';
import type { Payload, PayloadOf } from '../wire/ike/payload-chain.ts';
import type { Conversation } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import type { ExchangeName, IkeSeams } from './interface.ts';
import { type Ikev2Rules, ikev2Rules } from './rules.ts';

/** The rules of the node under test, to be given to whichever side it is. */
export type NodeUnderTest = Required<Pick<Ikev2Options, 'rules'>>;

interface ConversationAbout<Name extends keyof Ikev2Rules> {
  readonly rule: Name;
  readonly story: string;
  readonly broken: Ikev2Rules[Name];
  play(nut: NodeUnderTest): unknown;
  readonly lawful: unknown;
  readonly turned: unknown;
}

export type RuleConversation = { [Name in keyof Ikev2Rules]: ConversationAbout<Name> }[keyof Ikev2Rules];

export function describeRules(title: string, conversations: readonly RuleConversation[]): void {
  describe(title, () => {
    for (const { rule, story, broken, play, lawful, turned } of conversations) {
      it(`rule ${rule}: ${story}`, () => {
        expect(play({ rules: ikev2Rules }), 'lawful').to.deep.equal(lawful);
        expect(play({ rules: { ...ikev2Rules, [rule]: broken } }), 'broken').to.deep.equal(turned);
      });
    }
  });
}

/** A tester who changes its messages of one exchange, consistently. */
export function lying(
  exchange: ExchangeName,
  change: (message: IkeMessage) => IkeMessage,
): { seams: Partial<IkeSeams> } {
  return {
    seams: { message: (message, context) => (context.exchange === exchange ? change(message) : message) },
  };
}

/** Changes every payload of a type. */
export function changed<Type extends Payload['type']>(
  type: Type,
  change: (payload: PayloadOf<Type>) => PayloadOf<Type>,
): (message: IkeMessage) => IkeMessage {
  return (message) => ({
    ...message,
    payloads: message.payloads.map((payload) => (payload.type === type ? change(payload as PayloadOf<Type>) : payload)),
  });
}

export function without(type: Payload['type']): (message: IkeMessage) => IkeMessage {
  return (message) => ({ ...message, payloads: message.payloads.filter((payload) => payload.type !== type) });
}

export function withPayload(payload: Payload): (message: IkeMessage) => IkeMessage {
  return (message) => ({ ...message, payloads: [...message.payloads, payload] });
}

export function withHeader(header: Partial<IkeMessage['header']>): (message: IkeMessage) => IkeMessage {
  return (message) => ({ ...message, header: { ...message.header, ...header } });
}

/** What the responder said at that place of the transcript, or that it was silent. */
export function said(talk: Conversation, place: number): string {
  return talk.transcript.at(place) ?? 'silence';
}

/** Whether the IKE SA came up, or what a side held against it. */
export function fate(talk: Conversation, by: 'initiator' | 'responder' = 'responder'): string {
  return talk.established ? 'established' : talk.refusals(by).join(', ');
}

export const liveness = { kind: 'liveness', connection: 'peer' } as const;
export const rekeyNet = { kind: 'rekey-child', connection: 'peer', child: 'net' } as const;
export const rekeyIke = { kind: 'rekey-ike', connection: 'peer' } as const;
