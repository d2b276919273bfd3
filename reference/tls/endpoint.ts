/** What one end of TLS is and has: its certificate, whom it trusts, and what it decides by. */
import type { CalendarSeconds } from '../certificates/calendar.ts';
import type { Certificate } from '../certificates/certificate.ts';
import type { CertificateRules } from '../certificates/rules.ts';
import type { Env } from '../machine.ts';
import type { PrivateKey } from '../transforms/asymmetric-key.ts';
import type { Provider } from '../transforms/cipher.ts';
import type { HandshakeMessage } from '../wire/tls/handshake.ts';
import type { TlsRules } from './rules.ts';

export interface TlsEndpoint {
  readonly credential: TlsCredential;
  readonly trust: TlsTrust;
  readonly rules: TlsRules;
  readonly certificateRules: CertificateRules;
  readonly env: Env;
  readonly provider: Provider;
  /** What a tester says in the place of a message. */
  readonly tampers?: (message: HandshakeMessage) => HandshakeMessage;
}

export interface TlsCredential {
  /** As it is sent: the certificate of the key first. */
  readonly chain: readonly Certificate[];
  readonly key: PrivateKey;
}

/** Who the other end may be. */
export interface TlsTrust {
  readonly anchors: readonly Certificate[];
  readonly at: CalendarSeconds;
  /** Whether a certificate has the name that is to be authenticated, and that name for people. */
  readonly isNamed: (certificate: Certificate) => boolean;
  readonly name: string;
}
