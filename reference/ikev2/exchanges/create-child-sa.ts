/**
 * CREATE_CHILD_SA (RFC 7296 sections 1.3, 2.8 and 2.17), the side that asks: a further child, a child in place of another, or an IKE SA in place of
 * this one. The side that is asked is `create-child-sa-response.ts`.
 *
 *     HDR, SK {[N(REKEY_SA),] SA, Ni, [KEi,] TSi, TSr}  -->
 *                         <--  HDR, SK {SA, Nr, [KEr,] TSi, TSr}
 *     HDR, SK {SA, Ni, KEi}  -->
 *                         <--  HDR, SK {SA, Nr, KEr}
 */
import { keyExchangeMethod } from '../../transforms/key-exchange.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { installChild, removeChild, yieldToSuccessor } from '../child-installation.ts';
import { type ChildOffer, type ChildTerms, offerChild, payloadsOfOffer, termsOfAnswer } from '../child-negotiation.ts';
import { type ChildSa, inboundName } from '../child-sa.ts';
import type { ReceivedMessage } from '../exchange.ts';
import type { IkeSa, MovableExchange } from '../ike-sa.ts';
import type { ChildWish, Keyed } from '../ike-sa-state.ts';
import { refusalOfNonce } from '../key-agreement.ts';
import { freshNonce, freshPrivateValue, groupSuggested, keyExchangePayload, sharedSecretWith } from '../key-share.ts';
import { find, findAll, findNotify, nonceIn, notifyAboutChild, notifyName } from '../payloads.ts';
import { groupsOffered } from '../proposal-selection.ts';
import { isRefusal, type NotifiedRefusal } from '../refusal.ts';
import { tellRefusal } from '../surroundings.ts';
import { refuseChild } from './ike-auth-outcome.ts';
import { type FurtherKeys, followUp, refusalOfMethods } from './ike-followup-ke.ts';
import { deleteChild, deleteChildByName } from './informational.ts';

export function furtherChild(ikeSa: IkeSa, wish: ChildWish): MovableExchange {
  return askForChild(ikeSa, { wish, old: undefined, groupsTried: [], failures: 0 });
}

/** Section 2.8: the successor is made first, then the old one is deleted. */
export function rekeyChild(ikeSa: IkeSa, old: ChildSa): MovableExchange {
  return askForChild(ikeSa, { wish: { child: old.configuration }, old, groupsTried: [], failures: 0 });
}

/** What is asked for, and what has become of asking before. */
interface Goal {
  readonly wish: ChildWish;
  readonly old: ChildSa | undefined;
  readonly groupsTried: readonly number[];
  /** The group the peer suggested. */
  readonly suggested?: number;
  /** How often the peer has said TEMPORARY_FAILURE. */
  readonly failures: number;
  /** How often it has said STATE_NOT_FOUND. */
  readonly lost?: number;
}

/** One attempt at a child: what was offered with which nonce and private value. */
interface Attempt extends Goal {
  readonly offer: ChildOffer;
  readonly group: number | undefined;
  readonly privateValue: Uint8Array;
  readonly Ni: Uint8Array;
}

function askForChild(ikeSa: IkeSa, goal: Goal): MovableExchange {
  const { wish, old, groupsTried, suggested } = goal;
  let attempt: Attempt | undefined;
  return {
    name: 'CREATE_CHILD_SA',
    purpose: old === undefined ? 'furtherChild' : 'rekeyChild',
    ...(old && { about: old }),
    build() {
      if (old !== undefined && (!ikeSa.children.includes(old) || old.deleting || old.replacedByPeer)) return undefined;
      const offer = offerChild(ikeSa, wish, 'offered');
      if (offer === undefined) return undefined;
      const group = suggested ?? groupsOffered(offer.proposals)[0];
      const privateValue = group === undefined ? new Uint8Array() : freshPrivateValue(ikeSa, group);
      const Ni = freshNonce(ikeSa);
      const tried = group === undefined ? groupsTried : [...groupsTried, group];
      attempt = { ...goal, offer, group, groupsTried: tried, privateValue, Ni };
      const between: Payload[] = [{ type: 'Nonce', data: Ni }];
      if (group !== undefined) between.push(keyExchangePayload(ikeSa, group, privateValue));
      const rekeying = old ? [notifyAboutChild(notifyTypes.REKEY_SA, inboundName(old))] : [];
      return [...rekeying, ...payloadsOfOffer(offer, between)];
    },
    sent(message) {
      const Ni = find(message.payloads, 'Nonce')?.data;
      if (attempt !== undefined && Ni !== undefined) attempt = { ...attempt, Ni };
    },
    process: (response) => attempt && processAnswer(ikeSa, response, attempt),
    onSuccessor: (successor) => askForChild(successor, goal),
  };
}

function processAnswer(ikeSa: IkeSa, { payloads }: ReceivedMessage, attempt: Attempt): void {
  const { rules } = ikeSa.surroundings;
  const { offer, old } = attempt;
  const invalidKe = findNotify(payloads, 'INVALID_KE_PAYLOAD');
  if (invalidKe !== undefined) {
    tryAnotherGroup(ikeSa, attempt, invalidKe.data);
    return;
  }
  const error = findAll(payloads, 'N').find(({ notifyType }) => rules.notifyIsError(notifyType));
  if (error !== undefined) {
    refused(ikeSa, attempt, notifyName(error.notifyType));
    return;
  }
  const made = agreementOf(ikeSa, payloads, attempt);
  if (isRefusal(made)) {
    tellRefusal(ikeSa.surroundings, made.rule, made.detail);
    ikeSa.begin(deleteChildByName(inboundName(offer)));
    refuseChild(ikeSa, offer, `${made.rule}: ${made.detail}`);
    return;
  }
  const { keyed, terms, Nr, sharedSecret } = made;
  const { Ni, wish, lost = 0 } = attempt;
  const further: FurtherKeys = {
    purpose: old === undefined ? 'furtherChild' : 'rekeyChild',
    chosen: terms.chosen,
    failures: lost,
    make(furtherSecrets) {
      const outbound = { protocolId: terms.chosen.protocolId, spi: terms.outboundSpi };
      if (rules.deletedBeforeMade(outbound, ikeSa.deletedMeanwhile)) {
        refuseChild(ikeSa, offer, 'deleted by the peer');
        return;
      }
      const agreement = { ...terms, exchangeRole: 'initiator', Ni, Nr, sharedSecret, furtherSecrets } as const;
      const child = installChild(ikeSa, keyed, agreement, old === undefined ? 'established' : 'rekeyed');
      if (old !== undefined) succeed(ikeSa, old, child, [Ni, Nr]);
    },
    anew: (failures) => ikeSa.begin(askForChild(ikeSa, { wish, old, groupsTried: [], failures: 0, lost: failures })),
    refused: (reason) => refuseChild(ikeSa, offer, reason),
  };
  followUp(ikeSa, further, payloads);
}

/** Section 2.8: the old child goes; section 2.8.1: unless the peer has rekeyed it too, and one of the successors is redundant. */
function succeed(ikeSa: IkeSa, old: ChildSa, successor: ChildSa, nonces: readonly Uint8Array[]): void {
  const { rules } = ikeSa.surroundings;
  if (!rules.successorStays(ikeSa.children.includes(old))) {
    ikeSa.begin(deleteChild(ikeSa, successor, 'its predecessor has gone'));
    return;
  }
  const theirs = old.replacedByPeer;
  const redundant = theirs && rules.redundantRekeying(nonces, theirs.nonces) === 'mine' ? successor : old;
  if (redundant === successor) ikeSa.begin(deleteChild(ikeSa, successor, 'redundant'));
  else if (rules.replacedChild() === 'deleted') ikeSa.begin(deleteChild(ikeSa, old, 'rekeyed'));
}

interface Made {
  readonly keyed: Keyed;
  readonly terms: ChildTerms;
  readonly Nr: Uint8Array;
  readonly sharedSecret: Uint8Array;
}

function agreementOf(ikeSa: IkeSa, payloads: readonly Payload[], attempt: Attempt): Made | NotifiedRefusal {
  const { rules } = ikeSa.surroundings;
  const keyed = ikeSa.keyed!;
  const Nr = nonceIn(payloads);
  const nonce = refusalOfNonce(ikeSa, Nr, keyed.chosen);
  if (nonce !== undefined) return { ...nonce, notify: 'INVALID_SYNTAX' };
  const terms = termsOfAnswer(ikeSa, attempt.offer, payloads);
  if (isRefusal(terms)) return terms;
  const twice = refusalOfMethods(ikeSa.surroundings, terms.chosen);
  if (twice !== undefined) return twice;
  const secret = secretOf(ikeSa, payloads, attempt.privateValue, terms.chosen.group);
  if ('rule' in secret) return secret;
  return { keyed, terms, Nr, sharedSecret: rules.perfectForwardSecrecy(secret.g) };
}

/** Section 2.17: g^ir where a group was chosen, for either side; a value of the wrong group or none is refused. */
export function secretOf(
  ikeSa: IkeSa,
  payloads: readonly Payload[],
  privateValue: Uint8Array,
  group: number | undefined,
): { readonly g: Uint8Array | undefined } | NotifiedRefusal {
  if (group === undefined) return { g: undefined };
  const KE = find(payloads, 'KE');
  if (KE === undefined || !ikeSa.surroundings.rules.keyExchangeGroup(KE.group, group)) {
    return {
      rule: 'keyExchangeGroup',
      notify: 'INVALID_KE_PAYLOAD',
      detail: `group ${KE?.group ?? 'none'}, chosen ${group}`,
    };
  }
  const g = sharedSecretWith(ikeSa, group, privateValue, KE.keyExchangeData);
  if (g === undefined)
    return { rule: 'sharedSecret', notify: 'INVALID_SYNTAX', detail: `a value that group ${group} has not` };
  return { g };
}

function tryAnotherGroup(ikeSa: IkeSa, attempt: Attempt, data: Uint8Array): void {
  const { rules } = ikeSa.surroundings;
  const suggested = groupSuggested(data);
  const offered = groupsOffered(attempt.offer.proposals);
  if (!rules.suggestedGroup(offered, attempt.groupsTried, suggested) || !keyExchangeMethod(suggested)) {
    tellRefusal(ikeSa.surroundings, 'suggestedGroup', `group ${suggested}`);
    refuseChild(ikeSa, attempt.offer, 'INVALID_KE_PAYLOAD');
    return;
  }
  const { wish, old, groupsTried, failures } = attempt;
  ikeSa.begin(askForChild(ikeSa, { wish, old, groupsTried, suggested, failures }));
}

/** Section 2.25: a peer that is busy is asked again later; one that does not have the child any more says so, and then it is gone here too. */
function refused(ikeSa: IkeSa, { wish, offer, old, failures }: Attempt, reason: string): void {
  const again = (current: IkeSa) => askForChild(current, { wish, old, groupsTried: [], failures: failures + 1 });
  const then = reason === 'TEMPORARY_FAILURE' ? ikeSa.surroundings.rules.temporaryFailure(failures) : 'giveUp';
  if (then !== 'giveUp') {
    if (then === 'askLater') ikeSa.postpone(again);
    else ikeSa.begin(again(ikeSa));
    return;
  }
  refuseChild(ikeSa, offer, reason);
  if (reason !== 'CHILD_SA_NOT_FOUND' || old === undefined) return;
  if (ikeSa.children.includes(old)) {
    yieldToSuccessor(ikeSa, old);
    removeChild(ikeSa, old, reason);
  }
  if (ikeSa.surroundings.rules.childAskedAnew(old.replacedByPeer !== undefined)) ikeSa.begin(furtherChild(ikeSa, wish));
}
