/** Whether there is room for another IKE SA or another child, by the bounds of this folder. What is said to a peer when there is none is the exchanges' concern. */
import type { Address } from '../wire/address.ts';
import { ikev2Bounds } from './bounds.ts';
import type { IkeSa, Surroundings } from './ike-sa.ts';
import type { Refusal } from './refusal.ts';

/** Why no half-open IKE SA is begun with this address. */
export function noRoomForHalfOpen(surroundings: Surroundings, remoteAddress: Address): Refusal | undefined {
  const halfOpen = surroundings.ikeSas.filter(({ state }) => state.name === 'halfOpen').length;
  if (halfOpen >= ikev2Bounds.halfOpenIkeSas) {
    return { rule: 'halfOpenIkeSas', detail: `${remoteAddress} is passed over while so many wait for IKE_AUTH` };
  }
  return noRoomForIkeSa(surroundings, remoteAddress);
}

/** Why there is no further IKE SA with this address. */
export function noRoomForIkeSa({ ikeSas }: Surroundings, remoteAddress: Address): Refusal | undefined {
  const ofAddress = begunOrThere(ikeSas.filter(({ path }) => path.remoteAddress === remoteAddress));
  if (ofAddress >= ikev2Bounds.ikeSasOfAddress) {
    return { rule: 'ikeSasOfAddress', detail: `${remoteAddress} has ${ofAddress} already` };
  }
  if (begunOrThere(ikeSas) >= ikev2Bounds.ikeSas) {
    return { rule: 'ikeSas', detail: `${ikeSas.length} already, none more with ${remoteAddress}` };
  }
  return undefined;
}

/** Why this IKE SA bears no further child, not even in the place of another: that one stays until it is deleted. */
export function noRoomForChild({ children, followUps, surroundings }: IkeSa): Refusal | undefined {
  if (children.length + followUps.length >= ikev2Bounds.childrenOfIkeSa) {
    return { rule: 'childrenOfIkeSa', detail: `${children.length} already` };
  }
  const all = surroundings.ikeSas.reduce((sum, ikeSa) => sum + ikeSa.children.length + ikeSa.followUps.length, 0);
  return all >= ikev2Bounds.children ? { rule: 'children', detail: `${all} already, on all IKE SAs` } : undefined;
}

/** What waits for further keys may become an IKE SA, too. */
function begunOrThere(ikeSas: readonly IkeSa[]): number {
  return ikeSas.reduce((sum, { followUps }) => sum + 1 + followUps.length, 0);
}
