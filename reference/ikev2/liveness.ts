/** Whether the peer of an IKE SA lives (RFC 7296 section 2.4): what it has shown of that is kept here, and when it is asked. What is asked is `exchanges/informational.ts`. */
import type { Instant } from '../machine.ts';
import { liveness } from './exchanges/informational.ts';
import type { IkeSa } from './ike-sa.ts';
import type { SignOfLife } from './liveness-rules.ts';

/** Something came that may be a sign of life. */
export function notesLife(ikeSa: IkeSa, sign: SignOfLife): void {
  const { rules, now } = ikeSa.surroundings;
  if (rules.signOfLife(sign)) ikeSa.livedAt = now;
}

/** Asks, if it is time. */
export function askForLife(ikeSa: IkeSa): void {
  const { now } = ikeSa.surroundings;
  if ((asksForLifeAt(ikeSa) ?? Number.POSITIVE_INFINITY) > now) return;
  ikeSa.livedAt = now;
  ikeSa.begin(liveness());
}

/** When its peer is to be asked; undefined where nobody wants that, or something is asked already. */
export function asksForLifeAt(ikeSa: IkeSa): Instant | undefined {
  const { surroundings, state, window, connection } = ikeSa;
  const after = connection?.livenessAfter;
  if (after === undefined || state.name !== 'established' || window.outstanding.length > 0) return undefined;
  return surroundings.rules.askedForLife(Math.max(ikeSa.livedAt, packetAt(ikeSa)), 1000 * after);
}

/** When the last packet came under one of its children. */
function packetAt({ surroundings, children }: IkeSa): Instant {
  if (!surroundings.rules.signOfLife('packet')) return 0;
  return Math.max(0, ...children.map(({ inboundSpi }) => surroundings.packetHeardAt(inboundSpi) ?? 0));
}
