/** What an analyst needs to open the packets of SAs that were keyed by hand. Negotiated ones are told by IKE. */
import type { Sad } from '../ipsec/sad.ts';
import type { Instant } from '../machine.ts';
import { hex } from '../wire/octets.ts';
import type { KeyRecord } from './interface.ts';

export function manualKeys(sad: Sad, since: Instant): readonly KeyRecord[] {
  return sad.entries.map(({ sa }) => ({
    kind: 'esp',
    source: sa.source,
    destination: sa.destination,
    spi: sa.spi,
    encryption: { ...sa.encryption, key: hex(sa.encryption.key) },
    ...(sa.integrity && { integrity: { id: sa.integrity.id, key: hex(sa.integrity.key) } }),
    extendedSequenceNumbers: sa.extendedSequenceNumbers,
    encapsulated: sa.encapsulation !== undefined,
    since,
  }));
}
