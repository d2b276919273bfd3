/** What an analyst needs to open the packets of an SA, whoever keyed it: keys as lower-case hex. */
import { hex } from '../wire/octets.ts';
import type { AhKeys, ChildKeys, NegotiatedSa } from './interface.ts';

/** What a record takes of an SA. */
export type KeyedSa =
  | Taken<Extract<NegotiatedSa, { protocol: 'ESP' }>>
  | Taken<Extract<NegotiatedSa, { protocol: 'AH' }>>;

type Taken<Sa> = Pick<Sa, Extract<keyof Sa, Field>>;
type Field =
  | 'protocol'
  | 'source'
  | 'destination'
  | 'spi'
  | 'extendedSequenceNumbers'
  | 'encryption'
  | 'integrity'
  | 'encapsulation';

/** `since` in milliseconds of lab time. */
export function keyRecordOf(sa: KeyedSa, since: number): ChildKeys | AhKeys {
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
