/**
 * IKE_FOLLOWUP_KE (RFC 9370 section 2.2.4), both sides: what CREATE_CHILD_SA has agreed on is made when the additional keys are exchanged as well, one exchange
 * for each, all under the keys of the IKE SA there is. The responder's data in ADDITIONAL_KEY_EXCHANGE ties each exchange to the one before.
 *
 *     HDR, SK {KEi(n), N(ADDITIONAL_KEY_EXCHANGE)(link n)}  -->
 *                       <--  HDR, SK {KEr(n) [, N(ADDITIONAL_KEY_EXCHANGE)(link n+1)]}
 */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { ikev2Bounds } from '../bounds.ts';
import type { Answer, InitiatedExchange, Purpose, ReceivedMessage } from '../exchange.ts';
import type { FollowUp, IkeSa, Surroundings } from '../ike-sa.ts';
import {
  answeredWith,
  freshPrivateValue,
  keyExchangePayload,
  noSecret,
  refusalOfShare,
  sharedSecretWith,
} from '../key-share.ts';
import { find, findAll, findNotify, notify, notifyName } from '../payloads.ts';
import type { ChosenProposal } from '../proposal-selection.ts';
import { answerOfRefusal, type NotifiedRefusal } from '../refusal.ts';
import { tellRefusal } from '../surroundings.ts';
import { deleteIkeSa } from './informational.ts';

/** What the side that asks is about. */
export interface FurtherKeys {
  readonly purpose: Purpose;
  readonly chosen: ChosenProposal;
  /** How often it had to begin anew. */
  readonly failures: number;
  make(furtherSecrets: readonly Uint8Array[]): void;
  /** Asks for the same thing from the start, if it is still wanted. */
  anew(failures: number): void;
  refused(reason: string): void;
}

/** Exchanges what keys are still to be exchanged after this answer, and makes what was agreed on. */
export function followUp(
  ikeSa: IkeSa,
  goal: FurtherKeys,
  answer: readonly Payload[],
  secrets: readonly Uint8Array[] = [],
): void {
  const { rules } = ikeSa.surroundings;
  const methods = methodsOf(goal.chosen);
  if (rules.keyExchangesComplete(secrets.length, methods.length)) {
    goal.make(rules.followUpInKeys(secrets));
    return;
  }
  const next = ikeFollowUpKe(ikeSa, goal, methods[secrets.length]!, rules.linkReturned(linkIn(answer)), secrets);
  ikeSa.begin(next, rules.followUpTurn());
}

function ikeFollowUpKe(
  ikeSa: IkeSa,
  goal: FurtherKeys,
  method: number,
  link: Uint8Array,
  secrets: readonly Uint8Array[],
): InitiatedExchange {
  const privateValue = freshPrivateValue(ikeSa, method);
  return {
    name: 'IKE_FOLLOWUP_KE',
    purpose: goal.purpose,
    build: () => [keyExchangePayload(ikeSa, method, privateValue), linkNotify(link)],
    process({ payloads }) {
      const { rules } = ikeSa.surroundings;
      const error = findAll(payloads, 'N').find(({ notifyType }) => rules.notifyIsError(notifyType));
      if (error !== undefined) {
        refused(ikeSa, goal, notifyName(error.notifyType));
        return;
      }
      const KE = find(payloads, 'KE');
      const secret = KE && sharedSecretWith(ikeSa, method, privateValue, KE.keyExchangeData);
      const refusal = refusalOfShare(ikeSa, method, KE?.group, secret);
      if (refusal === undefined && secret !== undefined) {
        followUp(ikeSa, goal, payloads, [...secrets, secret]);
        return;
      }
      const { rule, detail } = refusal ?? noSecret(method);
      tellRefusal(ikeSa.surroundings, rule, detail);
      goal.refused(`${rule}: ${detail}`);
    },
  };
}

function refused(ikeSa: IkeSa, goal: FurtherKeys, reason: string): void {
  if (reason !== 'STATE_NOT_FOUND') goal.refused(reason);
  else if (ikeSa.surroundings.rules.stateNotFound(goal.failures) === 'beginAnew') goal.anew(goal.failures + 1);
  else ikeSa.begin(deleteIkeSa(ikeSa, reason));
}

/** The responder's side: an answer of CREATE_CHILD_SA, after which `make` follows at once or when all keys are exchanged. */
export function answerThen(
  ikeSa: IkeSa,
  payloads: readonly Payload[],
  chosen: ChosenProposal,
  of: Pick<FollowUp, 'rekeysIkeSa' | 'make'>,
): Required<Pick<Answer, 'payloads' | 'afterwards'>> {
  return answerOrAwait(ikeSa, payloads, { ...of, methods: methodsOf(chosen), secrets: [] });
}

function answerOrAwait(
  ikeSa: IkeSa,
  payloads: readonly Payload[],
  next: Omit<FollowUp, 'link'>,
): Required<Pick<Answer, 'payloads' | 'afterwards'>> {
  const { rules, env } = ikeSa.surroundings;
  const { methods, secrets, make } = next;
  if (rules.keyExchangesComplete(secrets.length, methods.length))
    return { payloads, afterwards: () => make(rules.followUpInKeys(secrets)) };
  const link = env.octets('identifier', LINK_OCTETS).slice();
  return {
    payloads: [...payloads, linkNotify(link)],
    afterwards() {
      const beyond = ikeSa.followUps.length + 1 - ikev2Bounds.followUps;
      if (beyond > 0) tellRefusal(ikeSa.surroundings, 'followUps', `${beyond} forgotten`);
      ikeSa.followUps = [...ikeSa.followUps, { ...next, link }].slice(-ikev2Bounds.followUps);
    },
  };
}

export function respondToFollowUp(ikeSa: IkeSa, { payloads }: ReceivedMessage): Answer {
  const { rules } = ikeSa.surroundings;
  const known = ikeSa.followUps.find(({ link }) => rules.linkKnown(link, linkIn(payloads)));
  if (known === undefined)
    return answerOfRefusal(ikeSa, { rule: 'linkKnown', notify: 'STATE_NOT_FOUND', detail: 'nothing waits for this' });
  ikeSa.followUps = ikeSa.followUps.filter((one) => one !== known);
  if (ikeSa.state.name !== 'established') {
    const { activity } = ikeSa;
    return answerOfRefusal(ikeSa, { rule: 'childrenRefusedWhile', notify: rules.collisionAnswer(), detail: activity });
  }
  const running = ikeSa.window.outstanding.map(({ exchange }) => exchange.purpose);
  if (known.rekeysIkeSa && rules.followUpRefusedDuring(running)) {
    const detail = running.join(', ');
    return answerOfRefusal(ikeSa, { rule: 'followUpRefusedDuring', notify: rules.collisionAnswer(), detail });
  }
  const method = known.methods[known.secrets.length]!;
  const KE = find(payloads, 'KE');
  const answered = KE && answeredWith(ikeSa, method, freshPrivateValue(ikeSa, method), KE.keyExchangeData);
  const refusal = refusalOfShare(ikeSa, method, KE?.group, answered?.secret);
  if (refusal || answered?.secret === undefined)
    return answerOfRefusal(ikeSa, { ...(refusal ?? noSecret(method)), notify: 'INVALID_SYNTAX' });
  const secrets = [...known.secrets, answered.secret];
  return answerOrAwait(ikeSa, [answered.payload], { ...known, secrets });
}

/** RFC 9370 section 2.2.2: a method that is chosen twice makes the proposal no choice. */
export function refusalOfMethods({ rules }: Surroundings, chosen: ChosenProposal): NotifiedRefusal | undefined {
  const methods = methodsOf(chosen);
  if (rules.additionalMethodsDiffer(methods)) return undefined;
  return { rule: 'additionalMethodsDiffer', notify: 'NO_PROPOSAL_CHOSEN', detail: methods.join(', ') };
}

function methodsOf({ additional = [] }: ChosenProposal): number[] {
  return additional.map(({ method }) => method);
}

function linkNotify(link: Uint8Array): Payload {
  return notify(notifyTypes.ADDITIONAL_KEY_EXCHANGE, link);
}

function linkIn(payloads: readonly Payload[]): Uint8Array {
  return findNotify(payloads, 'ADDITIONAL_KEY_EXCHANGE')?.data ?? new Uint8Array();
}

const LINK_OCTETS = 8;
