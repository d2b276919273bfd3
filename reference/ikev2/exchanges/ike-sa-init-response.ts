/**
 * IKE_SA_INIT, the responder's side (RFC 7296 sections 1.2, 2.6 and 2.7): first without keeping anything (cookie, no proposal, wrong group), then a
 * half-open IKE SA that has keys and waits to hear who the initiator is.
 */
import type { KeyExchangePayload } from '../../wire/ike/exchange-payloads.ts';
import type { IkeMessage } from '../../wire/ike/message.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { exchangeTypes, protocolIds } from '../../wire/ike/registry.ts';
import { u16 } from '../../wire/octets.ts';
import { certificateRequests } from '../certificate-payloads.ts';
import type { IkeConnection } from '../configuration.ts';
import { cookieFor } from '../cookie.ts';
import type { Answer, ReceivedMessage } from '../exchange.ts';
import type { Surroundings } from '../ike-sa.ts';
import { announcedHashAlgorithms, detectNat, keyedFrom, tellIkeKeys } from '../key-agreement.ts';
import { freshNonce, freshPrivateValue, keyExchangePayload } from '../key-share.ts';
import { LivingIkeSa } from '../living-ike-sa.ts';
import { excessIn } from '../message-size.ts';
import { sendResponse } from '../outgoing.ts';
import { refusalOfNotify, refusalOfOrder } from '../passed-over.ts';
import { find, findNotify, nonceIn, notify, typesOf, typesText } from '../payloads.ts';
import { agreesOnPpk, usePpkNotify } from '../ppk.ts';
import { answerOf } from '../proposal-selection.ts';
import type { NotifiedRefusal, Refusal } from '../refusal.ts';
import { noRoomForHalfOpen } from '../room.ts';
import { freshIkeSpi, tellRefusal } from '../surroundings.ts';
import {
  agreeOnFragments,
  feignsNat,
  firstMessageNotifies,
  fragmentationNotify,
  intermediateNotify,
  refusalOfAdditional,
} from './ike-sa-init.ts';

/** Answers a request that no IKE SA knows; adopts a new one if the request is acceptable. `cookieSecret` is this machine's. */
export function respondToIkeSaInit(
  surroundings: Surroundings,
  request: ReceivedMessage,
  cookieSecret: Uint8Array,
): void {
  if (!isAcceptableFirst(surroundings, request, ['SA', 'KE', 'Nonce'], cookieSecret)) return;
  const agreement = agree(surroundings, request);
  if ('rule' in agreement) {
    refuseStateless(surroundings, request, agreement);
    return;
  }
  openHalf(surroundings, request, agreement);
}

/** Whether a first request has the form of one, and a cookie where one is wanted; where not, it has been answered or dropped. */
export function isAcceptableFirst(
  surroundings: Surroundings,
  request: ReceivedMessage,
  required: readonly Payload['type'][],
  cookieSecret: Uint8Array,
): boolean {
  const dropped = refusalOfHeader(surroundings, request.message);
  if (dropped) {
    tellRefusal(surroundings, dropped.rule, dropped.detail);
    return false;
  }
  const refused = refusalOfRequest(surroundings, request, required);
  if (refused) {
    refuseStateless(surroundings, request, refused);
    return false;
  }
  const cookie = demandedCookie(surroundings, request, cookieSecret);
  if (cookie) {
    answerStateless(surroundings, request, { payloads: [notify(notifyTypes.COOKIE, cookie)] });
    return false;
  }
  const full = noRoomForHalfOpen(surroundings, request.path.remoteAddress);
  // Section 2.6: the initiator asks again, and finds room when others have come to an end.
  if (full) tellRefusal(surroundings, full.rule, full.detail);
  return full === undefined;
}

function refusalOfHeader({ rules }: Surroundings, { header }: IkeMessage): Refusal | undefined {
  if (!rules.initialSpis(header)) return { rule: 'initialSpis', detail: 'SPIs that no first request has' };
  if (!rules.initiatorFlag(header.flags.initiator, true))
    return { rule: 'initiatorFlag', detail: 'whoever sends a first request begins the IKE SA' };
  if (rules.requestMessageId(NOTHING_ANSWERED, header.messageId) === 'new') return undefined;
  return { rule: 'requestMessageId', detail: `request ${header.messageId}, expected 0` };
}

function refusalOfRequest(
  { rules }: Surroundings,
  { payloads }: ReceivedMessage,
  required: readonly Payload['type'][],
): NotifiedRefusal | undefined {
  const excess = excessIn(payloads);
  if (excess) return excess;
  const badForm = refusalOfOrder(rules, payloads) ?? refusalOfNotify(rules, payloads);
  if (badForm) return { ...badForm, notify: 'INVALID_SYNTAX' };
  const critical = payloads.find(
    (payload) =>
      payload.type === 'unknown' &&
      !rules.criticalPayload({ payloadType: payload.payloadType, critical: payload.critical ?? false }),
  );
  if (critical?.type === 'unknown') {
    const data = Uint8Array.of(critical.payloadType);
    return {
      rule: 'criticalPayload',
      notify: 'UNSUPPORTED_CRITICAL_PAYLOAD',
      data,
      detail: `payload ${critical.payloadType}`,
    };
  }
  if (rules.requiredPayloads(required, typesOf(payloads))) return undefined;
  return { rule: 'requiredPayloads', notify: 'INVALID_SYNTAX', detail: typesText(payloads) };
}

/** Section 2.6: the cookie to ask for, undefined where none is needed or the right one has come. */
function demandedCookie(surroundings: Surroundings, { message, payloads, path }: ReceivedMessage, secret: Uint8Array) {
  const { rules, settings, ikeSas } = surroundings;
  const halfOpen = ikeSas.filter(({ state }) => state.name === 'halfOpen').length;
  if (!rules.cookieRequired(halfOpen, settings.halfOpenThreshold)) return undefined;
  const Ni = nonceIn(payloads);
  const expected = cookieFor({ Ni, IPi: path.remoteAddress, SPIi: message.header.initiatorSPI }, secret);
  const returned = findNotify(payloads, 'COOKIE');
  if (returned !== undefined && rules.cookieValid(expected, returned.data)) return undefined;
  if (returned !== undefined) tellRefusal(surroundings, 'cookieValid', 'not the cookie that was given');
  return expected;
}

interface Agreement {
  readonly chosen: NonNullable<ReturnType<Surroundings['rules']['chosenProposal']>>;
  readonly candidates: readonly IkeConnection[];
}

function agree(surroundings: Surroundings, { payloads, path }: ReceivedMessage): Agreement | NotifiedRefusal {
  const { rules, connections } = surroundings;
  const candidates = connections.filter((connection) => rules.pathMatchesConnection(path, connection));
  if (candidates.length === 0) {
    return {
      rule: 'pathMatchesConnection',
      notify: 'NO_PROPOSAL_CHOSEN',
      detail: `nobody is expected at ${path.remoteAddress}`,
    };
  }
  const proposals = find(payloads, 'SA')?.proposals ?? [];
  const acceptable = candidates.flatMap((candidate) => candidate.proposals);
  const chosen = rules.chosenProposal(proposals, acceptable, protocolIds.IKE, 'offered');
  if (chosen === undefined) {
    return { rule: 'chosenProposal', notify: 'NO_PROPOSAL_CHOSEN', detail: 'no proposal for IKE is acceptable' };
  }
  const additional = refusalOfAdditional(surroundings, chosen, payloads);
  if (additional !== undefined) return { ...additional, notify: 'NO_PROPOSAL_CHOSEN' };
  const group = find(payloads, 'KE')?.group ?? 0;
  if (!rules.keyExchangeGroup(group, chosen.group ?? 0)) {
    const data = u16(chosen.group ?? 0);
    return {
      rule: 'keyExchangeGroup',
      notify: 'INVALID_KE_PAYLOAD',
      data,
      detail: `group ${group}, chosen ${chosen.group}`,
    };
  }
  return { chosen, candidates };
}

function openHalf(surroundings: Surroundings, request: ReceivedMessage, { chosen, candidates }: Agreement): void {
  const { initiatorSPI } = request.message.header;
  const KE = find(request.payloads, 'KE') ?? NO_KEY_EXCHANGE;
  const Ni = nonceIn(request.payloads);
  const responderSPI = freshIkeSpi(surroundings.env);
  const ikeSa = new LivingIkeSa(surroundings, 'responder', { initiatorSPI, responderSPI }, request.path);
  const privateValue = freshPrivateValue(ikeSa, KE.group);
  const Nr = freshNonce(ikeSa);
  ikeSa.nat = { ...ikeSa.nat, feigned: feignsNat(ikeSa, candidates) };
  detectNat(ikeSa, request);
  agreeOnFragments(ikeSa, candidates, request.payloads);
  const ingredients = { chosen, KE, privateValue, Ni, peerNonce: Ni, SPIr: responderSPI };
  const tentative = keyedFrom(ikeSa, { ...ingredients, Nr });
  if ('rule' in tentative) {
    refuseStateless(surroundings, request, { ...tentative, notify: 'INVALID_SYNTAX' });
    return;
  }
  const usesPpk = agreesOnPpk(ikeSa, candidates, request.payloads);
  const peerHashAlgorithms = announcedHashAlgorithms(request.payloads);
  const answer: Answer = {
    payloads: [
      { type: 'SA', proposals: [answerOf(chosen, new Uint8Array())] },
      keyExchangePayload(ikeSa, KE.group, privateValue),
      { type: 'Nonce', data: Nr },
      ...firstMessageNotifies(ikeSa, surroundings.settings),
      ...fragmentationNotify(ikeSa.fragmentation),
      ...intermediateNotify(chosen.additional !== undefined),
      ...usePpkNotify(usesPpk),
      ...certificateRequests(candidates),
    ],
    sent(message, response) {
      const sentNonce = find(message.payloads, 'Nonce')?.data ?? Nr;
      const keyed = sentNonce === Nr ? tentative : keyedFrom(ikeSa, { ...ingredients, Nr: sentNonce });
      if ('rule' in keyed) return;
      ikeSa.become('answers IKE_SA_INIT', {
        name: 'halfOpen',
        keyed,
        first: { request: request.octets, response, peerHashAlgorithms, usesPpk },
        until: surroundings.now + surroundings.settings.halfOpenLifetime,
      });
      surroundings.adopt(ikeSa);
      tellIkeKeys(ikeSa, keyed);
    },
  };
  sendResponse(ikeSa, request, 'IKE_SA_INIT', answer);
}

export function refuseStateless(surroundings: Surroundings, request: ReceivedMessage, refusal: NotifiedRefusal): void {
  tellRefusal(surroundings, refusal.rule, refusal.detail);
  answerStateless(surroundings, request, { payloads: [notify(notifyTypes[refusal.notify], refusal.data)] });
}

/** An answer that leaves nothing behind: the responder's SPI stays zero. */
function answerStateless(surroundings: Surroundings, request: ReceivedMessage, answer: Answer): void {
  const { initiatorSPI, responderSPI, exchangeType } = request.message.header;
  const nobody = new LivingIkeSa(surroundings, 'responder', { initiatorSPI, responderSPI }, request.path);
  const name = exchangeType === exchangeTypes.IKE_SESSION_RESUME ? 'IKE_SESSION_RESUME' : 'IKE_SA_INIT';
  sendResponse(nobody, request, name, answer);
}

/** Before anything is answered. */
const NOTHING_ANSWERED = { expected: 0, size: 1, isAnswered: () => false } as const;

/** What a request without KE amounts to: a value from which no secret follows. */
const NO_KEY_EXCHANGE: KeyExchangePayload = { type: 'KE', group: 0, keyExchangeData: new Uint8Array() };
