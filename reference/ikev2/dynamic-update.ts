/**
 * Following a peer that sends from elsewhere, because a NAT before it has forgotten it (RFC 7296 section 2.23): on the word of any authentic packet, and with everything that is
 * sent to it.
 */
import type { IkeSa } from './ike-sa.ts';
import type { Path } from './interface.ts';
import type { Circumstances } from './mobike-rules.ts';
import { moveChildren } from './moving-children.ts';

/** An authentic packet of that kind came on this path. */
export function followDynamically(ikeSa: IkeSa, by: Circumstances['by'], path: Path): void {
  const { rules } = ikeSa.surroundings;
  const { peerBehind, thisNodeBehind } = ikeSa.nat;
  const mobike = ikeSa.mobike !== undefined;
  const followed = rules.requestPath(
    path,
    ikeSa.path,
    rules.followedDynamically({ by, peerBehind, thisNodeBehind, mobike }),
  );
  if (isSame(followed, ikeSa.path)) return;
  // With MOBIKE, ESP says nothing of where IKE is (RFC 4555 section 3.8).
  if (!mobike || by === 'IKE') ikeSa.path = followed;
  if (rules.childrenFollow()) moveChildren(ikeSa, followed);
}

function isSame(one: Path, other: Path): boolean {
  return one.remoteAddress === other.remoteAddress && one.remotePort === other.remotePort;
}
