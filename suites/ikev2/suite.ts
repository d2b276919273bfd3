/** IKEv2 itself, beyond what the five documents ask of it: fragmentation (RFC 7383). */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { fragmentsReceived } from './fragments-received.ts';
import { fragmentsRepeated } from './fragments-repeated.ts';
import { fragmentsSent, fragmentsUnasked } from './fragments-sent.ts';

export const ikev2: Suite = {
  name: 'ikev2',
  title: 'IKEv2: messages in fragments',
  scenarios: [fragmentsSent, fragmentsUnasked, fragmentsReceived, fragmentsRepeated],
};
