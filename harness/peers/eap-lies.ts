/**
 * What a testing node says in EAP under one connection that it should not (RFC 3748 section 4, RFC 7296 section 2.16): its packets changed before AUTH and
 * ICV cover them, as the peer that answers or as the authenticator that asks.
 */
import type { EapPayload } from '../../reference/wire/ike/configuration.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { authenticationMethods, eapCodes, eapTypes } from '../../reference/wire/ike/registry.ts';
import { handshakeTypes } from '../../reference/wire/tls/registry.ts';
import { tlsDataLies } from './eap-tls-lies.ts';
import type { NodeSeams } from './testing-node.ts';

const packetOctets = ({ data, eapType }: EapPayload): number => data.length + (eapType === undefined ? 4 : 5);

const only =
  (code: number, change: (packet: EapPayload) => EapPayload) =>
  (packet: EapPayload): EapPayload =>
    packet.code === code ? change(packet) : packet;

const toResponses = (change: (packet: EapPayload) => EapPayload) => only(eapCodes.Response, change);
const toRequests = (change: (packet: EapPayload) => EapPayload) => only(eapCodes.Request, change);

/** One packet for another; what is no packet (`AUTH`) stands in its place. */
const packetLies = {
  'wrong-identifier': toResponses((packet) => ({ ...packet, identifier: (packet.identifier + 7) & 0xff })),
  'too-few-octets': (packet) => ({ ...packet, length: packetOctets(packet) + 100 }),
  padding: (packet) => ({
    ...packet,
    length: packetOctets(packet),
    data: Uint8Array.from([...packet.data, ...new Uint8Array(9)]),
  }),
  'other-type': (packet) =>
    packet.eapType === undefined ? packet : { ...packet, eapType: eapTypes['Generic Token Card'] },
  'request-for-response': toResponses((packet) => ({ ...packet, code: eapCodes.Request })),
  'no-data': toResponses((packet) => ({ ...packet, data: new Uint8Array() })),
  oversized: toResponses((packet) => ({ ...packet, data: Uint8Array.from([...packet.data, ...new Uint8Array(3000)]) })),
  'early-success': toRequests(({ identifier }) => resultOf(eapCodes.Success, identifier)),
  failure: only(eapCodes.Success, ({ identifier }) => resultOf(eapCodes.Failure, identifier)),
  'wrong-result': toRequests((packet) => {
    const isSuccess = packet.eapType === eapTypes['EAP-MSCHAP-V2'] && packet.data[0] === 3;
    return isSuccess ? { ...packet, data: packet.data.with(7, packet.data[7]! ^ 1) } : packet;
  }),
  ...tlsDataLies,
} as const satisfies Record<string, (packet: EapPayload) => EapPayload>;

/** Payloads left out, or of another kind. */
const payloadLies = {
  'no-signature': (payloads) =>
    payloads.some(({ type }) => type === 'EAP') ? payloads.filter(({ type }) => type !== 'AUTH') : payloads,
  'signature-of-another-key': (payloads) =>
    payloads.some(({ type }) => type === 'EAP')
      ? payloads.map((payload) => (payload.type === 'AUTH' ? anotherSignature : payload))
      : payloads,
  'auth-for-eap': (payloads) => payloads.map((payload) => (payload.type === 'EAP' ? blankAuth : payload)),
  'auth-of-another-key': (payloads) =>
    payloads.some(({ type }) => type === 'IDi' || type === 'IDr')
      ? payloads
      : payloads.map((payload) => (payload.type === 'AUTH' ? anotherAuth : payload)),
} as const satisfies Record<string, (payloads: readonly Payload[]) => readonly Payload[]>;

export type EapLie = keyof typeof packetLies | keyof typeof payloadLies | 'wrong-finished';

/** Its messages of IKE_AUTH under this connection. */
export function liesInEap(connection: string, lie: EapLie): NodeSeams {
  const changed = (payloads: readonly Payload[]): readonly Payload[] => {
    if (lie === 'wrong-finished') return payloads;
    if (lie in payloadLies) return payloadLies[lie as keyof typeof payloadLies](payloads);
    const change = packetLies[lie as keyof typeof packetLies];
    return payloads.map((payload) => (payload.type === 'EAP' ? change(payload) : payload));
  };
  return {
    ikev2: {
      message(message, context) {
        if (context.exchange !== 'IKE_AUTH' || context.connection !== connection) return message;
        const payloads = changed(message.payloads);
        const isSame =
          payloads.length === message.payloads.length && payloads.every((each, i) => each === message.payloads[i]);
        if (isSame) return message;
        context.note({
          name: lie,
          ...(lie === 'too-few-octets' && { complaint: 'Bad length (too small or too large)' }),
        });
        return { ...message, payloads };
      },
      tlsMessage: (message, ofConnection) =>
        lie === 'wrong-finished' && ofConnection === connection && message.handshakeType === handshakeTypes.finished
          ? { ...message, body: message.body.with(0, message.body[0]! ^ 1) }
          : message,
    },
  };
}

function resultOf(code: number, identifier: number): EapPayload {
  return { type: 'EAP', code, identifier, data: new Uint8Array() };
}

/** Filled when the message is complete. */
const blankAuth: Payload = { type: 'AUTH', method: 0, data: new Uint8Array() };
const anotherSignature: Payload = {
  type: 'AUTH',
  method: authenticationMethods['ECDSA with SHA-256 on the P-256 curve'],
  data: new Uint8Array(64).fill(0xa5),
};
const anotherAuth: Payload = { type: 'AUTH', method: 2, data: new Uint8Array(32).fill(0xa5) };
