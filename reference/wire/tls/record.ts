/**
 * Records of TLS (RFC 5246 section 6.2): what carries handshake messages, alerts and ChangeCipherSpec, in the clear or sealed. Sealing is `tls/records.ts`.
 *
 *     | ContentType | ProtocolVersion | length | fragment ... |
 *     |      1      |        2        |   2    |              |
 *
 *     Alert             | level | description |
 *     ChangeCipherSpec  | 1 |
 */
import { computed, octets, u8, u16 } from '../fields.ts';
import { structure, type ValueOf } from '../kernel.ts';
import { alertDescriptions, alertLevels, contentTypes, tlsVersions } from './registry.ts';

export type TlsRecord = ValueOf<typeof tlsRecord>;
export type TlsAlert = ValueOf<typeof tlsAlert>;

export const tlsRecord = structure('tls-record', 'TLS Record', [
  u8('contentType', 'ContentType', { registry: contentTypes }),
  u16('version', 'ProtocolVersion', { registry: tlsVersions }),
  computed(u16('length', 'length'), ({ fragment }: { fragment: Uint8Array }) => fragment.length),
  octets('fragment', 'fragment', ({ length }: { length: number }) => length),
]);

export const tlsAlert = structure('tls-alert', 'Alert', [
  u8('level', 'level', { registry: alertLevels }),
  u8('description', 'description', { registry: alertDescriptions }),
]);

/** Octets before the fragment. */
export const RECORD_HEADER = 5;

/** Most octets of a fragment in the clear; a sealed one may have 2048 more (section 6.2.3). */
export const MOST_PLAINTEXT = 2 ** 14;
