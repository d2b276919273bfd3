/**
 * How a handshake is written here: as a generator that reads like the RFC's figure, and stands still where octets are missing. It holds no I/O: what it
 * yields is that it needs more, or that it refuses to go on and with which alert (RFC 5246 section 7.2).
 */
import type { AlertName } from '../wire/tls/registry.ts';
import type { TlsBound } from './bounds.ts';
import type { TlsRules } from './rules.ts';

export interface TlsRefusal {
  readonly rule: keyof TlsRules | TlsBound;
  /** What the other end is told; absent where it was the other end that told. */
  readonly alert?: AlertName;
  readonly detail: string;
}

/** Comes to `Result` unless it is refused. */
export type Handshake<Result> = Generator<TlsRefusal | 'wants more', Result, void>;

/** Never comes back: whoever runs a handshake asks nothing more of one that has refused. */
export function* refused(refusal: TlsRefusal): Handshake<never> {
  for (;;) yield refusal;
}

export const refuses = (rule: TlsRefusal['rule'], alert: AlertName, detail: string): Handshake<never> =>
  refused({ rule, alert, detail });
