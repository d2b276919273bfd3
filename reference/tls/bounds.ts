/** How much a peer can make TLS keep. */
import type { Bounds } from '../machine.ts';

export const tlsBounds = {
  /** Octets of one handshake message: a chain of ten long certificates has a third of it, and the field could say 16 MiB (RFC 5246 7.4). */
  tlsMessageOctets: 65_536,
  /** Certificates of one message that are read: a path has six (`path-search.ts`). */
  tlsCertificates: 16,
} as const satisfies Bounds;

export type TlsBound = keyof typeof tlsBounds;
