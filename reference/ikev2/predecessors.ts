/**
 * What becomes of the other IKE SAs with a peer that has authenticated anew: whoever says that it knows no other has lost them (RFC 7296 section 2.4), and what
 * a move has left behind is replaced now, with the children that outlived it (RFC 4877 section 7.4).
 */
import { sameIdentity } from './identity.ts';
import type { IkeSa } from './ike-sa.ts';
import type { InitialContact } from './rules.ts';

/** `said`: where the peer has said INITIAL_CONTACT. */
export function endPredecessors(ikeSa: IkeSa, said: InitialContact): void {
  const { rules, ikeSas } = ikeSa.surroundings;
  const peerOf = (one: IkeSa) => ('peer' in one.state ? one.state.peer : undefined);
  const mine = peerOf(ikeSa);
  for (const other of [...ikeSas]) {
    const theirs = peerOf(other);
    if (other === ikeSa || mine === undefined || theirs === undefined) continue;
    const isSame = rules.tellsPeersApart(mine.idType) && sameIdentity(mine, theirs);
    if (rules.initialContactEnds(isSame, said)) other.end('closed', 'INITIAL_CONTACT');
    else if (isSame && other.state.name === 'leftBehind') other.end('closed', 'replaced');
  }
}
