/**
 * Receiving for one IKE SA (RFC 7296 sections 2.1 to 2.5, 2.21 and 3.14), in this order: flags, ICV, Message ID, the fragments that are still
 * missing (`fragment-queue.ts`), the payloads' form; only then is the message given to its exchange. What is refused is reported with its rule and otherwise leaves no trace.
 */
import { MalformedOctets } from '../wire/dissection.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { decodePayloads, type Payload } from '../wire/ike/payload-chain.ts';
import { exchangeTypes } from '../wire/ike/registry.ts';
import { followDynamically } from './dynamic-update.ts';
import { type Answer, firstExchanges, type ReceivedMessage } from './exchange.ts';
import { respondToCreateChildSa } from './exchanges/create-child-sa-response.ts';
import { respondToIkeAuth } from './exchanges/ike-auth-response.ts';
import { respondToFollowUp } from './exchanges/ike-followup-ke.ts';
import { respondToIkeIntermediate } from './exchanges/ike-intermediate.ts';
import { respondToInformational } from './exchanges/informational.ts';
import { forget, gathered, refusalOfFragment, startOver } from './fragment-queue.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Keyed } from './ike-sa-state.ts';
import { type ExchangeName, exchangeNames, type MessageContext, type OriginalRole, type Path } from './interface.ts';
import { notesLife } from './liveness.ts';
import { requiredPayloads } from './message-forms.ts';
import { excessIn } from './message-size.ts';
import { sendResponse } from './outgoing.ts';
import { refusalOfNotify, refusalOfOrder, refusalOfReserved } from './passed-over.ts';
import { find, findAll, notify, notifyName, typesOf, typesText } from './payloads.ts';
import type { NotifiedRefusal } from './refusal.ts';
import { openMessage } from './sealed-message.ts';
import { tellRefusal } from './surroundings.ts';
import { heedWindow, invalidMessageId, messageIdComplaint, ownWindow } from './window-size.ts';

/** A message whose SPIs are this IKE SA's. */
export function receive(ikeSa: IkeSa, message: IkeMessage, octets: Uint8Array, path: Path): void {
  const { rules } = ikeSa.surroundings;
  const { header } = message;
  if (!rules.initiatorFlag(header.flags.initiator, ikeSa.role === 'responder')) {
    tellRefusal(ikeSa.surroundings, 'initiatorFlag', 'the sender did not begin this IKE SA, or did');
    return;
  }
  const name = exchangeName(header.exchangeType);
  if (name === undefined) {
    tellRefusal(ikeSa.surroundings, 'exchangeInState', `exchange ${header.exchangeType}`);
    return;
  }
  if (header.flags.response) receiveResponse(ikeSa, name, message, octets, path);
  else receiveRequest(ikeSa, name, message, octets, path);
}

/** IANA's name of the exchanges that are spoken here. */
export function exchangeName(type: number): ExchangeName | undefined {
  return exchangeNames.find((name) => exchangeTypes[name] === type);
}

function receiveResponse(ikeSa: IkeSa, name: ExchangeName, message: IkeMessage, octets: Uint8Array, path: Path): void {
  const { surroundings, window } = ikeSa;
  const arrived: Arrived | undefined =
    firstExchanges.has(name) && ikeSa.keyed === undefined
      ? { whole: () => ({ message, payloads: message.payloads, octets, path }) }
      : open(ikeSa, name, message, octets, path);
  if (arrived === undefined) return;
  const { messageId } = message.header;
  const answered = window.outstanding.find(
    (request) => request.exchange.name === name && surroundings.rules.responseMessageId(request.messageId, messageId),
  );
  if (answered === undefined) {
    tellRefusal(surroundings, 'responseMessageId', `nobody waits for ${name} response ${messageId}`);
    return;
  }
  notesLife(ikeSa, 'message');
  const opened = arrived.whole();
  if (opened === undefined) return;
  const unacceptable = opened === 'unreadable' ? undefined : unacceptableIn(ikeSa, opened.payloads);
  if (opened === 'unreadable' || unacceptable !== undefined) {
    tellRefusal(
      surroundings,
      unacceptable?.rule ?? 'requiredPayloads',
      unacceptable?.detail ?? 'payloads that cannot be read',
    );
    if (ikeSa.keyed !== undefined) ikeSa.end('failed', unacceptable?.notify ?? 'INVALID_SYNTAX');
    return;
  }
  if (answered.exchange.awaits?.(opened) === false) return;
  window.completed(answered.messageId);
  if (surroundings.rules.requestAfterAnswer() === 'sentAgain') answered.transmit();
  if (name !== 'IKE_AUTH' && ikeSa.keyed !== undefined && endedByNotify(ikeSa, opened.payloads)) return;
  heedWindow(ikeSa, opened);
  answered.exchange.process(opened);
  ikeSa.proceed();
}

function receiveRequest(ikeSa: IkeSa, name: ExchangeName, message: IkeMessage, octets: Uint8Array, path: Path): void {
  const { surroundings, window } = ikeSa;
  const { rules } = surroundings;
  const { messageId } = message.header;
  const arrived = open(ikeSa, name, message, octets, path);
  if (arrived === undefined) return;
  const size = ownWindow(ikeSa);
  const isAnswered = (id: number) => window.isAnswered(id);
  switch (rules.requestMessageId({ expected: window.expectedRequest, size, isAnswered }, messageId)) {
    case 'outside':
      tellRefusal(surroundings, 'requestMessageId', `request ${messageId}, expected ${window.expectedRequest}`);
      complainOfMessageId(ikeSa, name, { message, payloads: [], octets, path });
      return;
    case 'repeated': {
      notesLife(ikeSa, 'message that came before');
      const choice = rules.repeatedRequest();
      const { fragmentNumber } = arrived;
      const asksAgain = fragmentNumber === undefined || rules.fragmentRepeatsResponse(fragmentNumber);
      if (choice === 'answerAgain' && asksAgain) answerAgain(ikeSa, messageId, path);
      if (choice !== 'processAgain') return;
    }
  }
  const awaited = awaitedOn(ikeSa);
  if (!rules.exchangeInState(name, awaited)) {
    tellRefusal(surroundings, 'exchangeInState', `${name} for an IKE SA that is ${ikeSa.state.name}`);
    return;
  }
  notesLife(ikeSa, 'message');
  const opened = arrived.whole();
  if (opened === undefined) return;
  window.forgetAnswers((earlier) => rules.answerForgotten(earlier, messageId, size));
  const refusal = opened === 'unreadable' ? unreadable : formRefusal(ikeSa, name, opened.payloads);
  if (opened === 'unreadable' || refusal !== undefined) {
    answerRefusal(ikeSa, name, { message, payloads: [], octets, path }, refusal ?? unreadable);
    return;
  }
  if (awaited === undefined) followDynamically(ikeSa, 'IKE', path);
  heedWindow(ikeSa, opened);
  const answer = respond(ikeSa, name, opened);
  if (answer === undefined) return;
  sendResponse(ikeSa, opened, name, answer);
  answer.afterwards?.();
  ikeSa.proceed();
}

/** Who has yet to authenticate. */
function awaitedOn({ state }: IkeSa): OriginalRole | undefined {
  if (state.name === 'halfOpen') return 'initiator';
  return state.name === 'authSent' ? 'responder' : undefined;
}

/** Section 2.1: what is forgotten is not answered. */
function answerAgain({ surroundings, window }: IkeSa, messageId: number, path: Path): void {
  const answered = window.answerTo(messageId);
  if (answered) answered.transmit(path);
  else tellRefusal(surroundings, 'answerForgotten', `request ${messageId} again`);
}

/** Section 2.3: who asks beyond the window may be told so, in an exchange of this node's own. */
function complainOfMessageId(ikeSa: IkeSa, name: ExchangeName, request: ReceivedMessage): void {
  const { surroundings, window, state } = ikeSa;
  const { messageId } = request.message.header;
  if (state.name !== 'established') return;
  const { complainedAt } = window;
  const sinceTold = complainedAt === undefined ? undefined : surroundings.now - complainedAt;
  const does = surroundings.rules.beyondWindow(sinceTold);
  if (does === 'ignore') return;
  window.complainedAt = surroundings.now;
  if (does === 'inform') ikeSa.begin(messageIdComplaint(messageId));
  else sendResponse(ikeSa, request, name, { payloads: [invalidMessageId(messageId)] });
}

function respond(ikeSa: IkeSa, name: ExchangeName, request: ReceivedMessage): Answer | undefined {
  switch (name) {
    case 'IKE_INTERMEDIATE':
      return respondToIkeIntermediate(ikeSa, request);
    case 'IKE_AUTH':
      return respondToIkeAuth(ikeSa, request);
    case 'CREATE_CHILD_SA':
      return respondToCreateChildSa(ikeSa, request);
    case 'IKE_FOLLOWUP_KE':
      return respondToFollowUp(ikeSa, request);
    case 'INFORMATIONAL':
      return respondToInformational(ikeSa, request);
    case 'IKE_SA_INIT':
    case 'IKE_SESSION_RESUME':
      return undefined;
  }
}

/** A datagram that is vouched for. */
interface Arrived {
  /** Absent for a message that is whole. */
  readonly fragmentNumber?: number;
  /** The message with its payloads; undefined while fragments of it are missing. */
  whole(): ReceivedMessage | 'unreadable' | undefined;
}

/** What SK or SKF holds; undefined where nothing vouches for it. */
function open(
  ikeSa: IkeSa,
  name: ExchangeName,
  message: IkeMessage,
  octets: Uint8Array,
  path: Path,
): Arrived | undefined {
  const { surroundings, keyed } = ikeSa;
  const { messageId, flags } = message.header;
  const kind = flags.response ? 'response' : 'request';
  const SK = find(message.payloads, 'SK');
  const SKF = find(message.payloads, 'SKF');
  const sealed = SK ?? SKF;
  if (sealed === undefined || keyed === undefined) return passOverUnprotected(ikeSa, message);
  const refusal = SKF && refusalOfFragment(ikeSa, kind, messageId, SKF);
  if (refusal !== undefined) {
    tellRefusal(surroundings, refusal.rule, refusal.detail);
    if (refusal.rule === 'fragmentNumbers' && !surroundings.rules.badFragmentDiscarded()) {
      if (kind === 'request') sendResponse(ikeSa, { message, payloads: [], octets, path }, name, syntaxError);
      ikeSa.end('failed', refusal.detail);
    }
    return undefined;
  }
  const passes = (sameIcv: () => boolean) => surroundings.rules.integrity(sameIcv);
  const untilTrailer = octets.subarray(0, octets.length - (message.trailer?.length ?? 0));
  const content = openMessage(
    untilTrailer,
    sealed.body.length,
    ikeSa.inboundProtection(keysOf(ikeSa, keyed, kind, messageId)),
    passes,
  );
  if (SKF) startOver(ikeSa, kind, messageId, SKF, () => content !== undefined);
  if (content === undefined) {
    notesLife(ikeSa, 'message of somebody else');
    tellRefusal(surroundings, 'integrity', `message ${messageId} of ${path.remoteAddress}`);
    return undefined;
  }
  if (SKF === undefined) {
    return { whole: () => read(ikeSa, { message, octets, path }, sealed.innerNextPayload, content) };
  }
  const { fragmentNumber, totalFragments, innerNextPayload } = SKF;
  return {
    fragmentNumber,
    whole() {
      const fragment = { fragmentNumber, totalFragments, innerNextPayload, content };
      const chain = gathered(ikeSa, kind, messageId, fragment);
      return chain && read(ikeSa, { message, octets, path }, chain.innerNextPayload, chain.content);
    },
  };
}

/** Message IDs begin at 1 with the first exchange after IKE_SA_INIT, and so do the peer's requests that had keys of their own. */
function keysOf({ role, earlierKeys }: IkeSa, keyed: Keyed, kind: MessageContext['kind'], messageId: number): Keyed {
  return (kind === 'request' && role === 'responder' && messageId > 0 && earlierKeys[messageId - 1]) || keyed;
}

/** The payloads of a whole message; what was gathered of it besides is of no use any more. */
function read(
  ikeSa: IkeSa,
  received: Omit<ReceivedMessage, 'payloads' | 'chain'>,
  firstPayload: number,
  content: Uint8Array,
): ReceivedMessage | 'unreadable' {
  const { flags, messageId } = received.message.header;
  forget(ikeSa, { kind: flags.response ? 'response' : 'request', messageId });
  try {
    const chain = { innerNextPayload: firstPayload, content };
    return { ...received, chain, payloads: decodePayloads(firstPayload, content).value };
  } catch (error) {
    if (error instanceof MalformedOctets) return 'unreadable';
    throw error;
  }
}

/** Section 2.4: anybody can write this. */
function passOverUnprotected(ikeSa: IkeSa, message: IkeMessage): undefined {
  const { surroundings } = ikeSa;
  const error = findAll(message.payloads, 'N').find(({ notifyType }) => surroundings.rules.notifyIsError(notifyType));
  if (error !== undefined && !surroundings.rules.unprotectedMessageIgnored()) {
    ikeSa.end('failed', notifyName(error.notifyType));
    return undefined;
  }
  notesLife(ikeSa, 'message in clear');
  tellRefusal(surroundings, 'unprotectedMessageIgnored', typesText(message.payloads));
  return undefined;
}

function formRefusal(ikeSa: IkeSa, name: ExchangeName, payloads: readonly Payload[]): NotifiedRefusal | undefined {
  const unacceptable = unacceptableIn(ikeSa, payloads);
  if (unacceptable !== undefined) return unacceptable;
  const unknown = refusalOfNotify(ikeSa.surroundings.rules, payloads);
  if (unknown !== undefined) return { ...unknown, notify: 'INVALID_SYNTAX' };
  const required = requiredPayloads(ikeSa, name, payloads);
  if (ikeSa.surroundings.rules.requiredPayloads(required, typesOf(payloads))) return undefined;
  return { rule: 'requiredPayloads', notify: 'INVALID_SYNTAX', detail: `${name} with ${typesText(payloads)}` };
}

/** What is wrong with payloads whatever exchange they are of. */
function unacceptableIn(ikeSa: IkeSa, payloads: readonly Payload[]): NotifiedRefusal | undefined {
  const { rules } = ikeSa.surroundings;
  const { rule, detail } = refusalOfReserved(rules, payloads) ?? refusalOfOrder(rules, payloads) ?? {};
  if (rule !== undefined) return { rule, notify: 'INVALID_SYNTAX', detail: detail ?? '' };
  return excessIn(payloads) ?? criticalPayload(ikeSa, payloads);
}

/** Section 2.5: an unknown payload that the sender calls critical. */
function criticalPayload({ surroundings }: IkeSa, payloads: readonly Payload[]): NotifiedRefusal | undefined {
  for (const payload of payloads) {
    if (payload.type !== 'unknown') continue;
    const { payloadType, critical = false } = payload;
    if (surroundings.rules.criticalPayload({ payloadType, critical })) continue;
    const data = Uint8Array.of(payloadType);
    return { rule: 'criticalPayload', notify: 'UNSUPPORTED_CRITICAL_PAYLOAD', data, detail: `payload ${payloadType}` };
  }
  return undefined;
}

/** Sections 2.21.2 and 2.21.3: in IKE_AUTH any such error is the end, afterwards only what is fatal. */
function answerRefusal(ikeSa: IkeSa, name: ExchangeName, request: ReceivedMessage, refusal: NotifiedRefusal): void {
  tellRefusal(ikeSa.surroundings, refusal.rule, refusal.detail);
  sendResponse(ikeSa, request, name, { payloads: [notify(notifyTypes[refusal.notify], refusal.data)] });
  if (name === 'IKE_AUTH' || ikeSa.surroundings.rules.fatalNotification(refusal.notify))
    ikeSa.end('failed', refusal.notify);
}

function endedByNotify(ikeSa: IkeSa, payloads: readonly Payload[]): boolean {
  const names = findAll(payloads, 'N').map(({ notifyType }) => notifyName(notifyType));
  const fatal = names.find((name) => ikeSa.surroundings.rules.fatalNotification(name));
  if (fatal !== undefined) ikeSa.end('failed', fatal);
  return fatal !== undefined;
}

const syntaxError: Answer = { payloads: [notify(notifyTypes.INVALID_SYNTAX)] };

const unreadable: NotifiedRefusal = {
  rule: 'requiredPayloads',
  notify: 'INVALID_SYNTAX',
  detail: 'payloads that cannot be read',
};
