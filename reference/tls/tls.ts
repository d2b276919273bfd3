/**
 * TLS 1.2 (RFC 5246) as a machine without I/O: octets in, octets out, and at the end secrets or a refusal. There is one handshake with certificates on both
 * sides, TLS_ECDHE_{ECDSA,RSA}_WITH_AES_128_GCM_SHA256 on x25519 or P-256, and nothing else: no resumption, no renegotiation, and no application
 * data, for EAP-TLS sends none. Read `client.ts` first.
 */
import { clientHandshake } from './client.ts';
import type { TlsEndpoint } from './endpoint.ts';
import type { TlsSecrets } from './key-schedule.ts';
import { Messages } from './messages.ts';
import type { Handshake, TlsRefusal } from './refusal.ts';
import { serverHandshake } from './server.ts';

export interface TlsStep {
  /** To the other end; none where it has its turn, or has said the last word. */
  readonly octets: Uint8Array;
  readonly secrets?: TlsSecrets;
  readonly refusal?: TlsRefusal;
}

export class TlsConnection {
  readonly #messages: Messages;
  readonly #handshake: Handshake<TlsSecrets>;
  /** Once it is over. */
  #end: Omit<TlsStep, 'octets'> | undefined;

  constructor(side: 'client' | 'server', endpoint: TlsEndpoint) {
    this.#messages = new Messages(side, endpoint.rules, endpoint.provider, endpoint.tampers ?? ((message) => message));
    const handshake = side === 'client' ? clientHandshake : serverHandshake;
    this.#handshake = handshake(this.#messages, endpoint);
  }

  /** With nothing, a client begins. What comes after the end changes nothing. */
  receives(octets: Uint8Array): TlsStep {
    if (this.#end === undefined) {
      this.#messages.records.receives(octets);
      this.#end = this.#proceeds();
    }
    return { octets: this.#messages.taken(), ...this.#end };
  }

  #proceeds(): Omit<TlsStep, 'octets'> | undefined {
    const { done, value } = this.#handshake.next();
    if (done) return { secrets: value };
    if (value === 'wants more') return undefined;
    if (value.alert) this.#messages.alerts(value.alert);
    return { refusal: value };
  }
}
