/** Lies about addresses: what a testing node says of itself and of its peer in MOBIKE (RFC 4555) and in NAT detection, before AUTH and ICV cover it. */
import type { MessageContext } from '../../reference/ikev2/interface.ts';
import { natDetectionHash } from '../../reference/ikev2/nat-detection.ts';
import { notify } from '../../reference/ikev2/payloads.ts';
import type { Address } from '../../reference/wire/address.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { changesNotifications } from './notifications.ts';
import type { NodeSeams } from './testing-node.ts';

type NotifyName = keyof typeof notifyTypes;

/** The other side is behind a NAT, it says; and so is itself, or not: what it says of its own address is right then (RFC 7296 section 2.23). */
export function placesPeerBehindNat(own: Address, { alsoItself }: { readonly alsoItself: boolean }): NodeSeams {
  const isFirst = ({ exchange }: MessageContext): boolean => exchange === 'IKE_SA_INIT';
  return changesNotifications('the peer is behind a NAT', isFirst, (payload, { initiatorSPI, responderSPI }) => {
    if (payload.notifyType === notifyTypes.NAT_DETECTION_DESTINATION_IP)
      return { ...payload, data: payload.data.map((octet) => octet ^ 0xff) };
    if (payload.notifyType !== notifyTypes.NAT_DETECTION_SOURCE_IP || alsoItself) return payload;
    return { ...payload, data: natDetectionHash(initiatorSPI, responderSPI, own, IKE_PORT) };
  });
}

/** In an INFORMATIONAL request it says another thing than it should, or nothing. */
export function saysInstead(of: NotifyName, other?: NotifyName): NodeSeams {
  const says = other ? `${other} for ${of}` : `no ${of}`;
  return changesNotifications(says, isRequest, (payload) => {
    if (payload.notifyType !== notifyTypes[of]) return payload;
    return other && { ...payload, notifyType: notifyTypes[other] };
  });
}

/** Every INFORMATIONAL request of its own says this besides. */
export function saysBesides(name: NotifyName, data: Uint8Array = new Uint8Array()): NodeSeams {
  return {
    ikev2: {
      message(message, context) {
        if (!isRequest(context)) return message;
        context.note({ name: `says ${name}` });
        return { ...message, payloads: [...message.payloads, notify(notifyTypes[name], data)] };
      },
    },
  };
}

/** It answers with a COOKIE2 that it was not sent. */
export const answersOtherCookies: NodeSeams = changesNotifications(
  'another COOKIE2',
  ({ exchange, kind }) => exchange === 'INFORMATIONAL' && kind === 'response',
  (payload) =>
    payload.notifyType === notifyTypes.COOKIE2
      ? { ...payload, data: payload.data.map((octet) => octet ^ 0xff) }
      : payload,
);

/** Several lies in the messages of one tester, one after the other. */
export function together(...lies: readonly NodeSeams[]): NodeSeams {
  return {
    ikev2: {
      message: (message, context) => lies.reduce((told, { ikev2 }) => ikev2?.message?.(told, context) ?? told, message),
    },
  };
}

const isRequest = ({ exchange, kind }: MessageContext): boolean => exchange === 'INFORMATIONAL' && kind === 'request';

const IKE_PORT = 500;
