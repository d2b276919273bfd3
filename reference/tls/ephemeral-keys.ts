/**
 * Ephemeral Diffie-Hellman on named curves (RFC 8422 sections 5.1.1 and 5.4, RFC 5246 section 7.4.7): a public value of either side, and the premaster
 * secret of both. The curves are those of IKEv2, whose points are written without the octet that says they are uncompressed.
 */
import type { Provider } from '../transforms/cipher.ts';
import { keyExchangeMethod } from '../transforms/key-exchange.ts';
import type { KeyExchangeMethod } from '../transforms/key-exchange-method.ts';
import { concat } from '../wire/octets.ts';
import { supportedGroups } from '../wire/tls/registry.ts';
import type { TlsEndpoint } from './endpoint.ts';

/** In order of preference. */
export const groups: readonly number[] = [supportedGroups.x25519, supportedGroups.secp256r1];

/** One side's half of the exchange. */
export class EphemeralKey {
  readonly publicValue: Uint8Array;
  readonly #group: number;
  readonly #method: KeyExchangeMethod;
  readonly #privateValue: Uint8Array;
  readonly #rules: TlsEndpoint['rules'];

  /** `group` is one of `groups`. */
  constructor(group: number, { env, provider, rules }: Pick<TlsEndpoint, 'env' | 'provider' | 'rules'>) {
    this.#group = group;
    this.#rules = rules;
    this.#method = methodOf(group, provider);
    this.#privateValue = env.octets('key-share', this.#method.privateOctets);
    this.publicValue = concat(headOf(group), this.#method.publicValue(this.#privateValue));
  }

  /** The premaster secret; undefined where the other side's value is none. */
  premasterWith(publicValue: Uint8Array): Uint8Array | undefined {
    const head = headOf(this.#group);
    if (head.some((octet, i) => publicValue[i] !== octet)) return undefined;
    const value = publicValue.subarray(head.length);
    return this.#rules.tlsSharedSecret(
      () => this.#method.sharedSecret(this.#privateValue, value),
      () => this.#method.uncheckedSharedSecret(this.#privateValue, value),
    );
  }
}

const methodOf = (group: number, provider: Provider): KeyExchangeMethod =>
  keyExchangeMethod(group === supportedGroups.x25519 ? CURVE25519 : ECP_256, provider)!;

/** Of a point on a curve that is not Montgomery's: that both coordinates follow (RFC 8422 section 5.4.1). */
const headOf = (group: number): Uint8Array =>
  group === supportedGroups.x25519 ? new Uint8Array() : Uint8Array.of(UNCOMPRESSED);

const UNCOMPRESSED = 4;

/** IANA's transforms of type 4. */
const CURVE25519 = 31;
const ECP_256 = 19;
