/**
 * Sending: a message is built, shown to the `message` seam, completed (AUTH is computed over what the seam left), encoded and, once there are
 * keys, sealed (RFC 7296 sections 2 and 3.14), in fragments where it is large (RFC 7383). Requests are then watched by the window, responses are kept for repetitions of
 * their request. Each seam is called here, at one line.
 */
import type { IkeHeader } from '../wire/ike/header.ts';
import { type IkeMessage, ikeMessage } from '../wire/ike/message.ts';
import { encodePayloads, type Payload, payloadTypeOf } from '../wire/ike/payload-chain.ts';
import { exchangeTypes } from '../wire/ike/registry.ts';
import { type Answer, firstExchanges, type InitiatedExchange, type ReceivedMessage } from './exchange.ts';
import { fragmentsOf } from './fragmenting.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Datagram, ExchangeName, MessageContext, Path, TamperNote } from './interface.ts';
import { sealMessage } from './sealed-message.ts';

/** Sends a request of this IKE SA and has its window watch over it. */
export function sendRequest(ikeSa: IkeSa, exchange: InitiatedExchange, payloads: readonly Payload[]): void {
  const { surroundings, window } = ikeSa;
  const messageId = window.nextRequest;
  const outgoing = prepare(ikeSa, { kind: 'request', name: exchange.name, messageId }, payloads, exchange);
  const transmit = () => sendAgain(ikeSa, ikeSa.path, outgoing);
  window.sent(surroundings.now, { messageId, exchange, transmit });
  send(ikeSa, ikeSa.path, outgoing);
}

/** Answers a request, to where it came from. */
export function sendResponse(ikeSa: IkeSa, request: ReceivedMessage, name: ExchangeName, answer: Answer): void {
  const { messageId } = request.message.header;
  const { rules } = ikeSa.surroundings;
  const path = rules.responsePath(request.path, ikeSa.path);
  const outgoing = prepare(ikeSa, { kind: 'response', name, messageId }, answer.payloads, answer);
  const transmit = (repeated: Path) => sendAgain(ikeSa, rules.responsePath(repeated, ikeSa.path), outgoing);
  ikeSa.window.responded({ messageId, request: request.octets, transmit });
  send(ikeSa, path, outgoing);
}

/** A message on its way: as one datagram, or in fragments. */
interface Outgoing {
  readonly datagrams: readonly Datagram[];
  readonly context: MessageContext;
  readonly sealAnew: () => readonly Datagram[];
  sendings: number;
}

interface Subject {
  readonly kind: 'request' | 'response';
  readonly name: ExchangeName;
  readonly messageId: number;
}

function prepare(
  ikeSa: IkeSa,
  subject: Subject,
  payloads: readonly Payload[],
  exchange: Pick<Answer, 'complete' | 'sent'>,
): Outgoing {
  const { seams } = ikeSa.surroundings;
  const tampers: TamperNote[] = [];
  const context = contextOf(ikeSa, subject, tampers);
  const shown = seams.message({ header: headerOf(ikeSa, subject), payloads: marked(ikeSa, payloads) }, context);
  const message = exchange.complete?.(shown) ?? shown;
  const sealAnew = () => encode(ikeSa, message, subject, context).map((octets) => ({ octets, tampers }));
  const sealed = sealAnew();
  exchange.sent?.(message, sealed[0]!.octets);
  const datagrams = sealed.map(({ octets }) => ({ octets: seams.datagram(octets, context), tampers }));
  return { datagrams, context, sealAnew, sendings: 0 };
}

/** In clear for IKE_SA_INIT, sealed from then on, whole or in fragments. */
function encode(ikeSa: IkeSa, message: IkeMessage, subject: Subject, context: MessageContext): readonly Uint8Array[] {
  const { keyed, surroundings, path } = ikeSa;
  if (firstExchanges.has(subject.name) || keyed === undefined) return [ikeMessage.encode(message)];
  const { seams, env } = surroundings;
  const protection = ikeSa.outboundProtection(keyed);
  const { firstPayload, octets } = encodePayloads(message.payloads);
  const content = seams.plaintext(octets, context);
  const planned = fragmentsOf(ikeSa, path, { innerNextPayload: firstPayload, content }, protection);
  const fragments = seams.fragments(planned.fragments, context);
  const isWhole = fragments === planned.fragments && !planned.isSplit;
  return fragments.map(({ innerNextPayload, content, ...numbers }) => {
    const iv = env.octets('iv', protection.cipher.ivOctets);
    return sealMessage(message.header, innerNextPayload, content, iv, protection, isWhole ? undefined : numbers);
  });
}

function send(ikeSa: IkeSa, path: Path, outgoing: Outgoing): void {
  emit(ikeSa, path, outgoing, outgoing.datagrams);
}

function sendAgain(ikeSa: IkeSa, path: Path, outgoing: Outgoing): void {
  const { datagrams, sealAnew } = outgoing;
  emit(ikeSa, path, outgoing, ikeSa.surroundings.rules.retransmission(datagrams, sealAnew));
}

function emit({ surroundings }: IkeSa, path: Path, outgoing: Outgoing, datagrams: readonly Datagram[]): void {
  const marker = path.localPort === NAT_T_PORT;
  for (const datagram of surroundings.seams.sends(datagrams, outgoing.context, outgoing.sendings++))
    surroundings.emit({ kind: 'send', path, ...datagram, marker });
}

function headerOf(ikeSa: IkeSa, { kind, name, messageId }: Subject): IkeHeader {
  return {
    initiatorSPI: ikeSa.initiatorSPI,
    responderSPI: ikeSa.responderSPI,
    exchangeType: exchangeTypes[name],
    flags: { initiator: ikeSa.role === 'initiator', response: kind === 'response', version: false },
    minorVersion: ikeSa.surroundings.rules.minorVersion(),
    messageId,
  };
}

/** With Critical set where the rule says so. */
function marked({ surroundings: { rules } }: IkeSa, payloads: readonly Payload[]): readonly Payload[] {
  return payloads.map((payload) =>
    rules.criticalSet(payloadTypeOf(payload)) ? { ...payload, critical: true } : payload,
  );
}

/** What the seams are told of a message this node sends or hears. */
export function contextOf(
  ikeSa: IkeSa | undefined,
  { kind, name, messageId }: Subject,
  tampers: TamperNote[],
): MessageContext {
  const connection = ikeSa?.connection?.name;
  return {
    exchange: name,
    kind,
    role: ikeSa?.role ?? 'responder',
    messageId,
    ...(connection === undefined ? {} : { connection }),
    note: (tamper) => void tampers.push(tamper),
  };
}

const NAT_T_PORT = 4500;
