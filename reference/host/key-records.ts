/** What an analyst needs to open the packets of SAs that were keyed by hand. Negotiated ones are told by IKE. */
import type { Sad, SecurityAssociation } from '../ipsec/sad.ts';
import type { Instant } from '../machine.ts';
import { hex } from '../wire/octets.ts';
import type { KeyRecord } from './interface.ts';

export function manualKeys(sad: Sad, since: Instant): readonly KeyRecord[] {
  return sad.entries.map(({ sa }) => recordOf(sa, since));
}

function recordOf(sa: SecurityAssociation, since: Instant): KeyRecord {
  const { source, destination, spi, extendedSequenceNumbers } = sa;
  const common = { source, destination, spi, extendedSequenceNumbers, since };
  const keyed = ({ id, key }: { readonly id: number; readonly key: Uint8Array }) => ({ id, key: hex(key) });
  if (sa.protocol === 'AH') return { kind: 'ah', ...common, integrity: keyed(sa.integrity) };
  return {
    kind: 'esp',
    ...common,
    encryption: { ...sa.encryption, key: hex(sa.encryption.key) },
    ...(sa.integrity && { integrity: keyed(sa.integrity) }),
    encapsulated: sa.encapsulation !== undefined,
  };
}
