/** What an analyst needs to open the packets of SAs that were keyed by hand. Negotiated ones are told by IKE. */
import { keyRecordOf } from '../ikev2/key-record.ts';
import type { Sad } from '../ipsec/sad.ts';
import type { Instant } from '../machine.ts';
import type { KeyRecord } from './interface.ts';

export function manualKeys(sad: Sad, since: Instant): readonly KeyRecord[] {
  return sad.entries.map(({ sa }) => keyRecordOf(sa, since));
}
