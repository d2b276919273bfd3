/** What the thread runs that opens the packets of a capture ahead of their turn (`harness/run/opening-ahead.ts`). */
import { type AheadAnswer, AheadOpener, type AheadOrder } from '../harness/judge/strangers/plaintext-ahead.ts';
import { relays } from '../harness/threads/relaying.ts';

const opener = new AheadOpener();
relays<AheadOrder, AheadAnswer>(
  (order) => opener.opens(order),
  ({ octets, lengths }) => [octets.buffer, lengths.buffer],
);
