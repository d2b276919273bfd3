/**
 * IKE_SA_INIT (RFC 7296 sections 1.2, 2.6, 2.7 and 2.14): two messages in clear that agree on algorithms and make keys, without yet knowing
 * with whom. This file is the initiator's side; the responder's is `ike-sa-init-response.ts`.
 *
 *     HDR, SAi1, KEi, Ni  -->
 *                         <--  HDR, SAr1, KEr, Nr, [CERTREQ]
 */
import { encodeHashAlgorithms } from '../../transforms/digital-signature.ts';
import { keyExchangeMethod } from '../../transforms/key-exchange.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import type { Proposal } from '../../wire/ike/proposal.ts';
import { protocolIds } from '../../wire/ike/registry.ts';
import type { IkeConnection, IkeSettings, ProposalConfiguration } from '../configuration.ts';
import type { InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa, Surroundings } from '../ike-sa.ts';
import type { ChildWish, IkeSaState, Keyed } from '../ike-sa-state.ts';
import { announcedHashAlgorithms, detectNat, keyedFrom, tellIkeKeys } from '../key-agreement.ts';
import { freshNonce, freshPrivateValue, groupSuggested, keyExchangePayload } from '../key-share.ts';
import { natDetectionNotifies } from '../nat-detection.ts';
import { find, findAll, findNotify, notify, notifyName } from '../payloads.ts';
import { agreesOnPpk, usePpkNotify } from '../ppk.ts';
import { type ChosenProposal, groupsOffered, offeredProposals } from '../proposal-selection.ts';
import { fail, type Refusal } from '../refusal.ts';
import { tellRefusal } from '../surroundings.ts';
import { nextExchange } from './ike-intermediate.ts';

type InitSent = Extract<IkeSaState, { name: 'initSent' }>;

/** What an attempt takes over from the one before it. */
interface Attempt {
  readonly group: number;
  readonly groupsTried: readonly number[];
  readonly Ni: Uint8Array;
  readonly privateValue: Uint8Array;
  /** All that were given; the last is returned. */
  readonly cookies: readonly Uint8Array[];
}

/** The first exchange of a new IKE SA, which is to bring up a child. */
export function ikeSaInit(ikeSa: IkeSa, connection: IkeConnection, wish: ChildWish): InitiatedExchange {
  const offered = offeredProposals(connection.proposals, protocolIds.IKE, new Uint8Array(), 'offered');
  const group = groupsOffered(offered)[0] ?? 0;
  ikeSa.nat = { ...ikeSa.nat, feigned: feignsNat(ikeSa, [connection]) };
  const attempt: Attempt = {
    group,
    groupsTried: [group],
    Ni: freshNonce(ikeSa),
    privateValue: freshPrivateValue(ikeSa, group),
    cookies: [],
  };
  return attemptWith(ikeSa, connection, wish, offered, attempt);
}

/** The notifications that both sides add to their first message. */
export function firstMessageNotifies(ikeSa: IkeSa, { signatureHashAlgorithms: hashes }: IkeSettings): Payload[] {
  return [
    ...natDetectionNotifies(ikeSa, ikeSa.path),
    ...(hashes.length > 0 ? [notify(notifyTypes.SIGNATURE_HASH_ALGORITHMS, encodeHashAlgorithms(hashes))] : []),
  ];
}

/** Whether this node feigns a NAT, as far as it knows by now which connection this will be. */
export function feignsNat({ surroundings }: IkeSa, candidates: readonly IkeConnection[]): boolean {
  return surroundings.settings.forceEncapsulation || candidates.some(({ encapsulation }) => encapsulation === 'forced');
}

/** Whether this node would like fragments, as far as it knows by now which connection this will be. */
export function wantsFragments({ surroundings }: IkeSa, candidates: readonly IkeConnection[]): boolean {
  return surroundings.rules.fragmentationWanted(candidates.some(({ fragmentation }) => fragmentation !== undefined));
}

/** RFC 7383 section 2.3: both have to be willing; what the other side said of it is among these payloads. */
export function agreeOnFragments(
  ikeSa: IkeSa,
  candidates: readonly IkeConnection[],
  payloads: ReceivedMessage['payloads'],
): void {
  const isWilling = findNotify(payloads, 'IKEV2_FRAGMENTATION_SUPPORTED') !== undefined;
  ikeSa.fragmentation = ikeSa.surroundings.rules.fragmentationAgreed(wantsFragments(ikeSa, candidates), isWilling);
}

/** RFC 7383 section 2.3: said by an initiator that is willing, and answered by a responder that is. */
export function fragmentationNotify(isSaid: boolean): Payload[] {
  return isSaid ? [notify(notifyTypes.IKEV2_FRAGMENTATION_SUPPORTED)] : [];
}

/** RFC 9242 section 3.1: said where there is a use for the exchange. */
export function intermediateNotify(isSaid: boolean): Payload[] {
  return isSaid ? [notify(notifyTypes.INTERMEDIATE_EXCHANGE_SUPPORTED)] : [];
}

export function hasAdditional(proposals: readonly ProposalConfiguration[]): boolean {
  return proposals.some(({ additionalKeyExchanges = [] }) => additionalKeyExchanges.length > 0);
}

/** Why the additional key exchanges of a proposal cannot be (RFC 9242 section 3.1, RFC 9370 section 2.2.2). */
export function refusalOfAdditional(
  { rules }: Surroundings,
  { additional = [] }: ChosenProposal,
  payloads: readonly Payload[],
): Refusal | undefined {
  if (additional.length === 0) return undefined;
  const isWilling = findNotify(payloads, 'INTERMEDIATE_EXCHANGE_SUPPORTED') !== undefined;
  if (!rules.intermediateAgreed(true, isWilling))
    return { rule: 'intermediateAgreed', detail: 'the peer knows no exchange between IKE_SA_INIT and IKE_AUTH' };
  const methods = additional.map(({ method }) => method);
  return rules.additionalMethodsDiffer(methods)
    ? undefined
    : { rule: 'additionalMethodsDiffer', detail: methods.join(', ') };
}

function attemptWith(
  ikeSa: IkeSa,
  connection: IkeConnection,
  wish: ChildWish,
  offered: readonly Proposal[],
  attempt: Attempt,
): InitiatedExchange {
  const { group, privateValue, Ni, cookies } = attempt;
  return {
    name: 'IKE_SA_INIT',
    purpose: 'ikeSaInit',
    build: () => [
      ...cookies.slice(-1).map((cookie) => notify(notifyTypes.COOKIE, cookie)),
      { type: 'SA', proposals: offered },
      keyExchangePayload(ikeSa, group, privateValue),
      { type: 'Nonce', data: Ni },
      ...firstMessageNotifies(ikeSa, ikeSa.surroundings.settings),
      ...fragmentationNotify(wantsFragments(ikeSa, [connection])),
      ...intermediateNotify(hasAdditional(connection.proposals)),
      ...usePpkNotify(connection.ppk !== undefined),
    ],
    sent(message, request) {
      const sentNonce = find(message.payloads, 'Nonce')?.data ?? Ni;
      const occasion = ikeSa.state.name === 'idle' ? 'asks for an IKE SA' : 'is asked to ask again';
      ikeSa.become(occasion, { name: 'initSent', connection, wish, offered, ...attempt, Ni: sentNonce, request });
    },
    awaits: (response) => isAwaited(ikeSa, response),
    process: (response) => processAnswer(ikeSa, response),
  };
}

/** Section 2.21.1: nothing protects this response; an error that could be anybody's is passed over, and the wait goes on. */
function isAwaited(ikeSa: IkeSa, { payloads }: ReceivedMessage): boolean {
  const { rules } = ikeSa.surroundings;
  const present = payloads.map(({ type }) => type);
  if (rules.requiredPayloads(['SA', 'KE', 'Nonce'], present)) return true;
  if (findNotify(payloads, 'COOKIE')) return true;
  const invalidKe = findNotify(payloads, 'INVALID_KE_PAYLOAD');
  if (invalidKe) {
    const suggested = groupSuggested(invalidKe.data);
    if (rules.suggestionIsNew(suggested, (ikeSa.state as InitSent).group)) return true;
    tellRefusal(ikeSa.surroundings, 'suggestionIsNew', `group ${suggested}, which is in use`);
    return false;
  }
  const error = findAll(payloads, 'N').find(({ notifyType }) => rules.notifyIsError(notifyType));
  if (error !== undefined && rules.unprotectedErrorEnds(error.notifyType)) return true;
  tellRefusal(
    ikeSa.surroundings,
    'unprotectedErrorEnds',
    `${error ? notifyName(error.notifyType) : 'no answer'} in clear`,
  );
  return false;
}

function processAnswer(ikeSa: IkeSa, response: ReceivedMessage): void {
  const state = ikeSa.state as InitSent;
  const { payloads } = response;
  const cookie = findNotify(payloads, 'COOKIE');
  const invalidKe = findNotify(payloads, 'INVALID_KE_PAYLOAD');
  if (cookie !== undefined) returnCookie(ikeSa, state, cookie.data);
  else if (invalidKe !== undefined) tryAnotherGroup(ikeSa, state, invalidKe.data);
  else agree(ikeSa, state, response);
}

function agree(ikeSa: IkeSa, state: InitSent, response: ReceivedMessage): void {
  const { payloads } = response;
  const agreed = agreementOf(ikeSa, state, response);
  if ('rule' in agreed) {
    fail(ikeSa, agreed);
    return;
  }
  ikeSa.responderSPI = response.message.header.responderSPI;
  detectNat(ikeSa, response);
  agreeOnFragments(ikeSa, [state.connection], payloads);
  const { rules } = ikeSa.surroundings;
  const detectsNats = findNotify(payloads, 'NAT_DETECTION_SOURCE_IP') !== undefined;
  const path = rules.natTraversalPorts(ikeSa.path, ikeSa.nat.detected);
  ikeSa.path = rules.mobikePorts(path, state.connection.mobike !== undefined, detectsNats);
  const { connection, wish, request } = state;
  const usesPpk = agreesOnPpk(ikeSa, [connection], payloads);
  if (!usesPpk && !rules.withoutPpk(connection.ppk?.mandatory ?? false)) {
    fail(ikeSa, { rule: 'withoutPpk', detail: 'the responder has no PPK' });
    return;
  }
  const peerHashAlgorithms = announcedHashAlgorithms(payloads);
  const first = { request, response: response.octets, peerHashAlgorithms, usesPpk };
  ikeSa.become('is answered IKE_SA_INIT', { name: 'authSent', connection, keyed: agreed, first, wish });
  tellIkeKeys(ikeSa, agreed);
  ikeSa.begin(nextExchange(ikeSa));
}

function agreementOf(ikeSa: IkeSa, state: InitSent, { message, payloads }: ReceivedMessage): Keyed | Refusal {
  const { rules } = ikeSa.surroundings;
  const [SAr1, KEr, Nr] = [find(payloads, 'SA'), find(payloads, 'KE'), find(payloads, 'Nonce')];
  if (SAr1 === undefined || KEr === undefined || Nr === undefined) {
    const error = findAll(payloads, 'N').find(({ notifyType }) => rules.notifyIsError(notifyType));
    return { rule: 'unprotectedErrorEnds', detail: error ? notifyName(error.notifyType) : 'INVALID_SYNTAX' };
  }
  const chosen = SAr1.proposals[0] && rules.acceptedProposal(state.offered, SAr1.proposals[0]);
  if (chosen === undefined) return { rule: 'acceptedProposal', detail: 'the answer is none of what was offered' };
  const additional = refusalOfAdditional(ikeSa.surroundings, chosen, payloads);
  if (additional !== undefined) return additional;
  if (!rules.keyExchangeGroup(KEr.group, chosen.group ?? 0)) {
    return { rule: 'keyExchangeGroup', detail: `group ${KEr.group}, chosen ${chosen.group}` };
  }
  const { Ni, privateValue } = state;
  const SPIr = message.header.responderSPI;
  return keyedFrom(ikeSa, { chosen, KE: KEr, Ni, Nr: Nr.data, peerNonce: Nr.data, SPIr, privateValue });
}

/** Sections 1.2 and 2.7: the responder's group, if it is among ours and has not been tried. */
function tryAnotherGroup(ikeSa: IkeSa, state: InitSent, data: Uint8Array): void {
  const { rules } = ikeSa.surroundings;
  const suggested = groupSuggested(data);
  const taken = rules.suggestedGroup(groupsOffered(state.offered), state.groupsTried, suggested);
  if (!taken || keyExchangeMethod(suggested) === undefined) {
    fail(ikeSa, { rule: 'suggestedGroup', detail: `group ${suggested}` });
    return;
  }
  const privateValue = freshPrivateValue(ikeSa, suggested);
  const cookies = rules.cookieKept() ? state.cookies : [];
  askAgain(ikeSa, state, { group: suggested, groupsTried: [...state.groupsTried, suggested], privateValue, cookies });
}

function returnCookie(ikeSa: IkeSa, state: InitSent, data: Uint8Array): void {
  const cookie = ikeSa.surroundings.rules.cookieReturned(data, state.cookies.length);
  if (cookie === undefined) fail(ikeSa, { rule: 'cookieReturned', detail: `${state.cookies.length} cookies before` });
  else askAgain(ikeSa, state, { cookies: [...state.cookies, cookie] });
}

/** Section 2.2: the repeated IKE_SA_INIT has Message ID 0 again; section 2.6: its SPI, nonce and proposals stay as they were. */
function askAgain(ikeSa: IkeSa, state: InitSent, change: Partial<Attempt>): void {
  const { connection, wish, offered, group, groupsTried, Ni, privateValue, cookies } = state;
  const attempt: Attempt = { group, groupsTried, Ni, privateValue, cookies, ...change };
  ikeSa.window.nextRequest = 0;
  ikeSa.begin(attemptWith(ikeSa, connection, wish, offered, attempt));
}
