/**
 * CREATE_CHILD_SA that replaces the IKE SA itself (RFC 7296 sections 1.3.2, 2.8 and 2.18), both sides: a new IKE SA with keys from the old SK_d
 * takes over the children, and whoever asked deletes the old one.
 */
import { keyExchangeMethod } from '../../transforms/key-exchange.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import type { Proposal } from '../../wire/ike/proposal.ts';
import { protocolIds } from '../../wire/ike/registry.ts';
import { u16 } from '../../wire/octets.ts';
import type { Answer, InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import { type Established, forgetsOwnRekeying, peersRekeyingOf, replace } from '../ike-sa-succession.ts';
import { keyedWith, refusalOfNonce, tellIkeKeys } from '../key-agreement.ts';
import { freshNonce, freshPrivateValue, groupSuggested, keyExchangePayload } from '../key-share.ts';
import { skeyseedOfRekeying } from '../keymat.ts';
import { LivingIkeSa } from '../living-ike-sa.ts';
import { find, findAll, findNotify, nonceIn, notifyName } from '../payloads.ts';
import { answerOf, type ChosenProposal, groupsOffered, offeredProposals } from '../proposal-selection.ts';
import { answerOfRefusal, type Refusal } from '../refusal.ts';
import { noRoomForIkeSa } from '../room.ts';
import { freshIkeSpi, tell, tellRefusal } from '../surroundings.ts';
import { secretOf } from './create-child-sa.ts';
import { answerThen, followUp, refusalOfMethods } from './ike-followup-ke.ts';
import { deleteIkeSa } from './informational.ts';

/** What has become of asking before. */
interface Goal {
  readonly groupsTried: readonly number[];
  /** The group the peer suggested. */
  readonly suggested?: number;
  /** How often the peer has said TEMPORARY_FAILURE. */
  readonly failures: number;
  /** How often it has said STATE_NOT_FOUND. */
  readonly lost?: number;
}

interface Attempt extends Goal {
  readonly SPIi: Uint8Array;
  readonly offered: readonly Proposal[];
  readonly group: number;
  readonly privateValue: Uint8Array;
  readonly Ni: Uint8Array;
}

export function rekeyIkeSa(ikeSa: IkeSa, goal: Goal = { groupsTried: [], failures: 0 }): InitiatedExchange {
  const { groupsTried, suggested } = goal;
  let attempt: Attempt | undefined;
  return {
    name: 'CREATE_CHILD_SA',
    purpose: 'rekeyIkeSa',
    build() {
      if (ikeSa.state.name !== 'established') return undefined;
      const { env, rules } = ikeSa.surroundings;
      const SPIi = freshIkeSpi(env);
      const offered = offeredProposals(
        rules.rekeyingProposals(ikeSa.state.connection.proposals),
        protocolIds.IKE,
        SPIi,
        'offered',
      );
      const group = suggested ?? groupsOffered(offered)[0] ?? 0;
      const privateValue = freshPrivateValue(ikeSa, group);
      const Ni = freshNonce(ikeSa);
      attempt = { ...goal, SPIi, offered, group, groupsTried: [...groupsTried, group], privateValue, Ni };
      return [
        { type: 'SA', proposals: offered },
        { type: 'Nonce', data: Ni },
        keyExchangePayload(ikeSa, group, privateValue),
      ];
    },
    sent(message) {
      const Ni = find(message.payloads, 'Nonce')?.data;
      if (attempt !== undefined && Ni !== undefined) attempt = { ...attempt, Ni };
    },
    process: (response) => attempt && processAnswer(ikeSa, response, attempt),
  };
}

function processAnswer(ikeSa: IkeSa, { payloads }: ReceivedMessage, attempt: Attempt): void {
  const { rules } = ikeSa.surroundings;
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
  const ingredients = ingredientsOf(ikeSa, payloads, attempt);
  if ('rule' in ingredients) {
    if (forgetsOwnRekeying(ikeSa)) return;
    tellRefusal(ikeSa.surroundings, ingredients.rule, ingredients.detail);
    return;
  }
  const goal = {
    purpose: 'rekeyIkeSa',
    chosen: ingredients.chosen,
    failures: attempt.lost ?? 0,
    make: (further: readonly Uint8Array[]) => succeed(ikeSa, { ...ingredients, further }),
    anew(failures: number) {
      if (!forgetsOwnRekeying(ikeSa)) ikeSa.begin(rekeyIkeSa(ikeSa, { groupsTried: [], failures: 0, lost: failures }));
    },
    refused: (reason: string) => refused(ikeSa, attempt, reason),
  } as const;
  followUp(ikeSa, goal, payloads);
}

/** What the answer adds to the attempt. */
function ingredientsOf(
  ikeSa: IkeSa,
  payloads: readonly Payload[],
  { SPIi, Ni, offered, privateValue }: Attempt,
): Omit<Ingredients, 'further'> | Refusal {
  const { surroundings } = ikeSa;
  const answer = find(payloads, 'SA')?.proposals[0];
  const Nr = nonceIn(payloads);
  const chosen = answer && surroundings.rules.acceptedProposal(offered, answer);
  if (chosen === undefined || answer?.spi.length !== 8)
    return { rule: 'acceptedProposal', detail: 'the answer is none of what was offered' };
  const unfit = refusalOfNonce(ikeSa, Nr, chosen) ?? refusalOfMethods(surroundings, chosen);
  if (unfit !== undefined) return unfit;
  const secret = secretOf(ikeSa, payloads, privateValue, chosen.group);
  if ('rule' in secret) return secret;
  return { chosen, SPIi, SPIr: answer.spi, Ni, Nr, g: secret.g ?? new Uint8Array() };
}

function tryAnotherGroup(ikeSa: IkeSa, { offered, groupsTried, failures }: Attempt, data: Uint8Array): void {
  if (forgetsOwnRekeying(ikeSa)) return;
  const suggested = groupSuggested(data);
  const taken = ikeSa.surroundings.rules.suggestedGroup(groupsOffered(offered), groupsTried, suggested);
  if (taken && keyExchangeMethod(suggested)) ikeSa.begin(rekeyIkeSa(ikeSa, { groupsTried, suggested, failures }));
  else tellRefusal(ikeSa.surroundings, 'suggestedGroup', `group ${suggested}`);
}

function succeed(ikeSa: IkeSa, ingredients: Ingredients): void {
  const { rules } = ikeSa.surroundings;
  const { Ni, Nr } = ingredients;
  const successor = successorOf(ikeSa, 'initiator', ingredients);
  const theirs = peersRekeyingOf(ikeSa);
  if (theirs !== undefined && rules.redundantRekeying([Ni, Nr], theirs.nonces) === 'mine') {
    replace(ikeSa, theirs.ikeSa);
    successor.begin(deleteIkeSa(successor, 'redundant'));
    return;
  }
  replace(ikeSa, successor);
  if (theirs !== undefined) replace(theirs.ikeSa, successor);
  if (rules.replacedIkeSa() === 'deleted') ikeSa.begin(deleteIkeSa(ikeSa, 'rekeyed'));
}

/** Section 2.25: a peer that is busy is asked again later; otherwise the old IKE SA just stays. Section 2.8.2: unless the peer has replaced it. */
function refused(ikeSa: IkeSa, { failures }: Attempt, reason: string): void {
  const { rules } = ikeSa.surroundings;
  if (forgetsOwnRekeying(ikeSa)) return;
  const again = (current: IkeSa) => rekeyIkeSa(current, { groupsTried: [], failures: failures + 1 });
  const then = reason === 'TEMPORARY_FAILURE' ? rules.temporaryFailure(failures) : 'giveUp';
  if (then === 'askLater') ikeSa.postpone(again);
  else if (then === 'askNow') ikeSa.begin(again(ikeSa));
  else tellRefusal(ikeSa.surroundings, 'notifyIsError', reason);
}

export function respondToIkeRekeying(ikeSa: IkeSa, { payloads }: ReceivedMessage): Answer {
  const { rules, env } = ikeSa.surroundings;
  const { state } = ikeSa;
  const running = ikeSa.window.outstanding.map(({ exchange }) => exchange.purpose);
  if (state.name !== 'established' || rules.ikeRekeyingRefusedDuring(running)) {
    return answerOfRefusal(ikeSa, {
      rule: 'ikeRekeyingRefusedDuring',
      notify: rules.collisionAnswer(),
      detail: running.join(', ') || state.name,
    });
  }
  const full = noRoomForIkeSa(ikeSa.surroundings, ikeSa.path.remoteAddress);
  if (full) return answerOfRefusal(ikeSa, { ...full, notify: 'TEMPORARY_FAILURE' });
  const offered = find(payloads, 'SA')?.proposals ?? [];
  const chosen = rules.chosenProposal(
    offered,
    rules.rekeyingProposals(state.connection.proposals),
    protocolIds.IKE,
    'offered',
  );
  if (chosen === undefined || chosen.spi.length !== 8) {
    return answerOfRefusal(ikeSa, {
      rule: 'chosenProposal',
      notify: 'NO_PROPOSAL_CHOSEN',
      detail: 'no proposal for IKE is acceptable',
    });
  }
  const twice = refusalOfMethods(ikeSa.surroundings, chosen);
  if (twice !== undefined) return answerOfRefusal(ikeSa, twice);
  const Ni = nonceIn(payloads);
  const nonce = refusalOfNonce(ikeSa, Ni, chosen);
  if (nonce !== undefined) return answerOfRefusal(ikeSa, { ...nonce, notify: 'INVALID_SYNTAX' });
  const group = chosen.group ?? 0;
  const privateValue = freshPrivateValue(ikeSa, group);
  const secret = secretOf(ikeSa, payloads, privateValue, group);
  if ('rule' in secret)
    return answerOfRefusal(ikeSa, secret.notify === 'INVALID_KE_PAYLOAD' ? { ...secret, data: u16(group) } : secret);
  const SPIr = freshIkeSpi(env);
  let Nr = freshNonce(ikeSa);
  const terms: Payload[] = [
    { type: 'SA', proposals: [answerOf(chosen, SPIr)] },
    { type: 'Nonce', data: Nr },
    keyExchangePayload(ikeSa, group, privateValue),
  ];
  const make = (further: readonly Uint8Array[]) => {
    const ingredients = { chosen, SPIi: chosen.spi, SPIr, Ni, Nr, g: secret.g ?? new Uint8Array(), further };
    const successor = successorOf(ikeSa, 'responder', ingredients);
    // Section 2.8.2: where this node has asked at the same time, its own answer will decide who inherits; what it has yet to ask is done by this.
    if (ikeSa.activity === 'rekeying') ikeSa.peersRekeying = { ikeSa: successor, nonces: [Ni, Nr] };
    else replace(ikeSa, successor);
  };
  return {
    ...answerThen(ikeSa, terms, chosen, { rekeysIkeSa: true, make }),
    sent(message) {
      Nr = find(message.payloads, 'Nonce')?.data ?? Nr;
    },
  };
}

interface Ingredients {
  readonly chosen: ChosenProposal;
  readonly SPIi: Uint8Array;
  readonly SPIr: Uint8Array;
  readonly Ni: Uint8Array;
  readonly Nr: Uint8Array;
  readonly g: Uint8Array;
  /** Of the exchanges of keys after the first. */
  readonly further: readonly Uint8Array[];
}

/** Section 2.18: born established, with Message IDs from 0; its original initiator is who asked for it. */
function successorOf(old: IkeSa, role: 'initiator' | 'responder', ingredients: Ingredients): IkeSa {
  const { surroundings, path, nat, mobike, fragmentation, state } = old;
  const { connection, keyed, peer } = state as Established;
  const { chosen, SPIi, SPIr, Ni, Nr, g, further } = ingredients;
  const SKEYSEED = skeyseedOfRekeying(keyed.prf, keyed.keys.SK_d, g, Ni, Nr, further);
  const successorKeyed = keyedWith(SKEYSEED, { Ni, Nr, SPIi, SPIr }, chosen, surroundings.settings.provider);
  const successor = new LivingIkeSa(surroundings, role, { initiatorSPI: SPIi, responderSPI: SPIr }, path);
  successor.nat = nat;
  successor.mobike = mobike;
  successor.fragmentation = fragmentation;
  successor.window.size = surroundings.rules.windowOfSuccessor(old.window.size);
  successor.window.peersSize = surroundings.rules.windowOfSuccessor(old.window.peersSize);
  successor.become('replaces an IKE SA', { name: 'established', connection, keyed: successorKeyed, peer });
  surroundings.adopt(successor);
  tellIkeKeys(successor, successorKeyed);
  tell(surroundings, { kind: 'ike', connection: connection.name, state: 'rekeyed', ...successor.spis });
  return successor;
}
