/** IKEv2 itself, beyond what the five documents ask of it: fragmentation (RFC 7383) and several exchanges of keys (RFC 9242, RFC 9370). */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { additionalKeyExchanges, intermediateAuthentication } from './additional-key-exchanges.ts';
import { fragmentsReceived } from './fragments-received.ts';
import { fragmentsRepeated } from './fragments-repeated.ts';
import { fragmentsSent, fragmentsUnasked } from './fragments-sent.ts';

export const ikev2: Suite = {
  name: 'ikev2',
  title: 'IKEv2: messages in fragments, and several exchanges of keys',
  scenarios: [
    fragmentsSent,
    fragmentsUnasked,
    fragmentsReceived,
    fragmentsRepeated,
    additionalKeyExchanges,
    intermediateAuthentication,
  ],
};
