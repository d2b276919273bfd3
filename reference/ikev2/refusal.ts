/**
 * A refusal: which rule said no or which bound was reached, and what the peer is told of it (RFC 7296 section 3.10.1). A value, since
 * misbehaviour and having nothing in common are ordinary in this protocol.
 */
import type { NotifyPayload } from '../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Ikev2Bound } from './bounds.ts';
import type { Answer } from './exchange.ts';
import type { IkeSa } from './ike-sa.ts';
import { type NotifyName, notify } from './payloads.ts';
import type { Ikev2Rules } from './rules.ts';
import { tellRefusal } from './surroundings.ts';

export interface Refusal {
  readonly rule: keyof Ikev2Rules | Ikev2Bound;
  /** For people. */
  readonly detail: string;
}

/** A refusal that the peer learns of. */
export interface NotifiedRefusal extends Refusal {
  readonly notify: NotifyName;
  readonly data?: Uint8Array;
}

export function isRefusal<Value extends object>(value: Value | NotifiedRefusal): value is NotifiedRefusal {
  return 'rule' in value && 'notify' in value;
}

/** Reports the refusal and says it to the peer, about the SA that a notification of it named, if one did. Everything else stays as it was. */
export function answerOfRefusal({ surroundings }: IkeSa, refusal: NotifiedRefusal, named?: NotifyPayload): Answer {
  tellRefusal(surroundings, refusal.rule, refusal.detail);
  const about = notify(notifyTypes[refusal.notify], refusal.data);
  return { payloads: [named === undefined ? about : { ...about, protocolId: named.protocolId, spi: named.spi }] };
}

/** An IKE SA that was to come about does not: the refusal is told, and why it ended. */
export function fail(ikeSa: IkeSa, { rule, detail }: Refusal): void {
  tellRefusal(ikeSa.surroundings, rule, detail);
  ikeSa.end('failed', `${rule}: ${detail}`);
}
