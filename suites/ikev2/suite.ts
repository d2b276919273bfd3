/** What is asked of IKEv2 itself (RFC 7296): its exchanges, alone and overlapping. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { collisions } from './collisions.ts';
import { simultaneousChildRekeying } from './simultaneous-child-rekeying.ts';

export const ikev2: Suite = {
  name: 'ikev2',
  title: 'IKEv2, its messages and exchanges',
  scenarios: [simultaneousChildRekeying, collisions],
};
