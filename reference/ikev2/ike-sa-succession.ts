/**
 * Who takes over from an IKE SA (RFC 7296 sections 2.8.2 and 2.18): the one that replaces it, or, where both sides have asked for one, the peer's, as soon as the
 * peer lets the old one go. Which of two survives is for the exchange that asked (`exchanges/ike-sa-rekeying.ts`) to find by the nonces.
 */
import type { IkeSa, PeersRekeying } from './ike-sa.ts';
import type { IkeSaState } from './ike-sa-state.ts';
import { renewTicket } from './resumption/tickets.ts';
import { announceWindow } from './window-size.ts';

export type Established = Extract<IkeSaState, { name: 'established' }>;

/** Section 2.18: the children move over. */
export function replace(old: IkeSa, successor: IkeSa): void {
  if (old.state.name !== 'established') return;
  const { connection, keyed, peer } = old.state;
  const { now, rules, settings } = old.surroundings;
  old.become('is replaced', { name: 'rekeyed', connection, keyed, peer, until: now + settings.replacedLifetime });
  old.successor = successor;
  if (rules.childrenInherited()) successor.inherit(old);
  renewTicket(old, successor);
  announceWindow(successor);
}

/** Section 2.8.2: a peer that closes the old IKE SA, or lets nothing come of this node's rekeying, has seen only its own through, so this node's is forgotten. False where the peer has none. */
export function forgetsOwnRekeying(ikeSa: IkeSa): boolean {
  const theirs = peersRekeyingOf(ikeSa);
  if (theirs === undefined || !ikeSa.surroundings.rules.rekeyingForgotten()) return false;
  replace(ikeSa, theirs.ikeSa);
  return true;
}

/** As long as what it made is there, or what has replaced that since. */
export function peersRekeyingOf({ peersRekeying }: IkeSa): PeersRekeying | undefined {
  if (peersRekeying === undefined) return undefined;
  const ikeSa = newest(peersRekeying.ikeSa);
  return ikeSa.state.name === 'closed' ? undefined : { ...peersRekeying, ikeSa };
}

/** The last of those that have replaced one another. */
function newest(ikeSa: IkeSa): IkeSa {
  return ikeSa.successor === undefined ? ikeSa : newest(ikeSa.successor);
}
