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
import { readU16 } from '../../wire/octets.ts';
import type { IkeConnection, IkeSettings } from '../configuration.ts';
import type { InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { ChildWish, IkeSaState } from '../ike-sa-state.ts';
import { announcedHashAlgorithms, detectNat, keyedFrom, tellIkeKeys } from '../key-agreement.ts';
import { freshNonce, freshPrivateValue, keyExchangePayload } from '../key-share.ts';
import { natDetectionNotifies } from '../nat-detection.ts';
import { find, findAll, findNotify, notify, notifyName } from '../payloads.ts';
import { groupsOffered, offeredProposals } from '../proposal-selection.ts';
import { tellRefusal } from '../surroundings.ts';
import { ikeAuth } from './ike-auth.ts';

type InitSent = Extract<IkeSaState, { name: 'initSent' }>;

/** What an attempt takes over from the one before it. */
interface Attempt {
  readonly group: number;
  readonly groupsTried: readonly number[];
  readonly Ni: Uint8Array;
  readonly privateValue: Uint8Array;
  readonly cookie?: Uint8Array;
}

/** The first exchange of a new IKE SA, which is to bring up a child. */
export function ikeSaInit(ikeSa: IkeSa, connection: IkeConnection, wish: ChildWish): InitiatedExchange {
  const offered = offeredProposals(connection.proposals, protocolIds.IKE, new Uint8Array(), 'offered');
  const group = groupsOffered(offered)[0] ?? 0;
  const attempt: Attempt = {
    group,
    groupsTried: [group],
    Ni: freshNonce(ikeSa),
    privateValue: freshPrivateValue(ikeSa, group),
  };
  return attemptWith(ikeSa, connection, wish, offered, attempt);
}

/** The notifications that both sides add to their first message. */
export function firstMessageNotifies(ikeSa: IkeSa, settings: IkeSettings): Payload[] {
  const { signatureHashAlgorithms: hashes, forceEncapsulation } = settings;
  const { initiatorSPI, responderSPI, path } = ikeSa;
  return [
    ...natDetectionNotifies(initiatorSPI, responderSPI, path, forceEncapsulation),
    ...(hashes.length > 0 ? [notify(notifyTypes.SIGNATURE_HASH_ALGORITHMS, encodeHashAlgorithms(hashes))] : []),
  ];
}

function attemptWith(
  ikeSa: IkeSa,
  connection: IkeConnection,
  wish: ChildWish,
  offered: readonly Proposal[],
  attempt: Attempt,
): InitiatedExchange {
  const { group, privateValue, Ni, cookie } = attempt;
  return {
    name: 'IKE_SA_INIT',
    purpose: 'ikeSaInit',
    build: () => [
      ...(cookie ? [notify(notifyTypes.COOKIE, cookie)] : []),
      { type: 'SA', proposals: offered },
      keyExchangePayload(group, privateValue),
      { type: 'Nonce', data: Ni },
      ...firstMessageNotifies(ikeSa, ikeSa.surroundings.settings),
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
  if (findNotify(payloads, 'COOKIE') || findNotify(payloads, 'INVALID_KE_PAYLOAD')) return true;
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
  if (cookie !== undefined)
    return askAgain(ikeSa, state, { cookie: ikeSa.surroundings.rules.cookieReturned(cookie.data) });
  if (invalidKe !== undefined) return tryAnotherGroup(ikeSa, state, invalidKe.data);
  const [SAr1, KEr, Nr] = [find(payloads, 'SA'), find(payloads, 'KE'), find(payloads, 'Nonce')];
  if (SAr1 === undefined || KEr === undefined || Nr === undefined) {
    const error = findAll(payloads, 'N')[0];
    return ikeSa.end('failed', error ? notifyName(error.notifyType) : 'INVALID_SYNTAX');
  }
  const { rules } = ikeSa.surroundings;
  const chosen = SAr1.proposals[0] && rules.acceptedProposal(state.offered, SAr1.proposals[0]);
  if (chosen === undefined) return refuse(ikeSa, 'acceptedProposal', 'the answer is none of what was offered');
  if (!rules.keyExchangeGroup(KEr.group, chosen.group ?? 0))
    return refuse(ikeSa, 'keyExchangeGroup', `group ${KEr.group}`);
  const SPIr = response.message.header.responderSPI;
  const agreed = keyedFrom(ikeSa, {
    chosen,
    KE: KEr,
    Ni: state.Ni,
    Nr: Nr.data,
    peerNonce: Nr.data,
    SPIr,
    privateValue: state.privateValue,
  });
  if ('rule' in agreed) return refuse(ikeSa, agreed.rule, agreed.detail);
  ikeSa.responderSPI = SPIr;
  detectNat(ikeSa, response);
  ikeSa.path = rules.natTraversalPorts(ikeSa.path, ikeSa.nat.detected);
  ikeSa.become('is answered IKE_SA_INIT', {
    name: 'authSent',
    connection: state.connection,
    keyed: agreed,
    first: {
      request: state.request,
      response: response.octets,
      peerHashAlgorithms: announcedHashAlgorithms(payloads),
    },
    wish: state.wish,
  });
  tellIkeKeys(ikeSa, agreed);
  ikeSa.begin(ikeAuth(ikeSa));
}

/** Sections 1.2 and 2.7: the responder's group, if it is among ours and has not been tried. */
function tryAnotherGroup(ikeSa: IkeSa, state: InitSent, data: Uint8Array): void {
  const { rules } = ikeSa.surroundings;
  const suggested = data.length === 2 ? readU16(data) : 0;
  if (
    !rules.suggestedGroup(groupsOffered(state.offered), state.groupsTried, suggested) ||
    !keyExchangeMethod(suggested)
  ) {
    return refuse(ikeSa, 'suggestedGroup', `group ${suggested}`);
  }
  const privateValue = freshPrivateValue(ikeSa, suggested);
  askAgain(ikeSa, state, { group: suggested, groupsTried: [...state.groupsTried, suggested], privateValue });
}

/** Section 2.2: the repeated IKE_SA_INIT has Message ID 0 again; section 2.6: its SPI, nonce and proposals stay as they were. */
function askAgain(ikeSa: IkeSa, state: InitSent, change: Partial<InitAttempt>): void {
  const { groupsTried, Ni, privateValue, cookie } = state;
  const group = groupsTried.at(-1) ?? 0;
  const attempt: Attempt = {
    group,
    groupsTried,
    Ni,
    privateValue,
    ...(cookie && { cookie }),
    ...withoutUndefined(change),
  };
  ikeSa.window.nextRequest = 0;
  ikeSa.begin(attemptWith(ikeSa, state.connection, state.wish, state.offered, attempt));
}

type InitAttempt = { [Key in keyof Attempt]: Attempt[Key] | undefined };

function withoutUndefined(change: Partial<InitAttempt>): Partial<Attempt> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function refuse(ikeSa: IkeSa, rule: Parameters<typeof tellRefusal>[1], detail: string): void {
  tellRefusal(ikeSa.surroundings, rule, detail);
  ikeSa.end('failed', `${rule}: ${detail}`);
}
