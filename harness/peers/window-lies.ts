/** Lies about windows: how many requests a testing node has outstanding, and what it says of how many it handles (RFC 7296 section 2.3). */
import { notify } from '../../reference/ikev2/payloads.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { type Meant, tells } from './message-lies.ts';
import type { NodeSeams } from './testing-node.ts';

/** It asks as if the other side had said that it handles so many requests at once. */
export function presumesWindow(size: number): NodeSeams {
  return { ikev2: { presumedWindow: () => size } };
}

/** In IKE_AUTH it says this of its own window. */
export function saysOfWindow(kind: Meant['kind'], data: Uint8Array): NodeSeams {
  return tells(`SET_WINDOW_SIZE of ${data.length} octets`, { exchange: 'IKE_AUTH', kind }, (message) => ({
    ...message,
    payloads: [...message.payloads, notify(notifyTypes.SET_WINDOW_SIZE, data)],
  }));
}
