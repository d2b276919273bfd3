/** What an analyst needs to open the packets of SAs that were keyed by hand. Negotiated ones are told by IKE. */
import { keyRecordOf } from '../ikev2/key-record.ts';
import { manualSa } from '../ipsec/configuration.ts';
import type { Sad } from '../ipsec/sad.ts';
import type { Instant } from '../machine.ts';
import type { NodeConfiguration } from './configuration.ts';
import type { KeyRecord } from './interface.ts';

/** The same of what a node is to be told, for one that does not tell. */
export function keysToldTo({ manual }: Pick<NodeConfiguration, 'manual'>): readonly KeyRecord[] {
  return manual.map((sa) => keyRecordOf(manualSa(sa, []), 0));
}

export function manualKeys(sad: Sad, since: Instant): readonly KeyRecord[] {
  return sad.entries.map(({ sa }) => keyRecordOf(sa, since));
}
