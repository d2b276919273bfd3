/**
 * A refusal: which rule said no, and what the peer is told of it (RFC 7296 section 3.10.1). A value, since misbehaviour and having
 * nothing in common are ordinary in this protocol.
 */

import type { NotifyName } from './payloads.ts';
import type { Ikev2Rules } from './rules.ts';

export interface Refusal {
  readonly rule: keyof Ikev2Rules;
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
