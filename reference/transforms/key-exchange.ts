/**
 * Transform type 4, the key exchange methods (RFC 7296 section 3.3.2): the MODP groups 14 and 15 (RFC 3526), the curves
 * P-256 and P-384 (RFC 5903) and Curve25519 (RFC 8031). The caller draws the private value; what the shared secret is used
 * for is SKEYSEED's and KEYMAT's business.
 */
import type { Provider } from './cipher.ts';
import { curve25519 } from './curve25519.ts';
import { ecpGroup } from './ecp.ts';
import { modpGroup } from './modp.ts';

/** Values are octets as the KE payload carries them: fixed length, big-endian for MODP and ECP. */
export interface KeyExchangeMethod {
  /** The number in IANA's registry of IKEv2 transforms of type 4, which the KE payload carries too. */
  readonly group: number;
  readonly name: string;
  readonly publicOctets: number;
  /** How many octets of entropy a private value takes. */
  readonly privateOctets: number;
  /** g^x. Any octets will do as private value: they are brought into range, always in the same way. */
  publicValue(privateValue: Uint8Array): Uint8Array;
  /** Whether a peer's value is of the right size and passes the recipient's tests of RFC 6989 section 2. */
  isValidPublicValue(peerPublicValue: Uint8Array): boolean;
  /** g^ir; undefined for a peer's value that is not valid, or from which only the zero secret follows. */
  sharedSecret(privateValue: Uint8Array, peerPublicValue: Uint8Array): Uint8Array | undefined;
  /**
   * What the arithmetic yields without looking at the value first: for a tester that sent a degenerate value and a twin that
   * forgot to check. Undefined only for a value of no possible size.
   */
  uncheckedSharedSecret(privateValue: Uint8Array, peerPublicValue: Uint8Array): Uint8Array | undefined;
}

/**
 * The method with that group number; undefined where Touchstone has none. @noble has no MODP: there both providers use
 * node:crypto, and plain big-integer arithmetic for what it refuses.
 */
export function keyExchangeMethod(group: number, provider: Provider = 'noble'): KeyExchangeMethod | undefined {
  switch (group) {
    case 14:
      return modpGroup({ group: 14, name: '2048-bit MODP Group', openSslName: 'modp14', privateOctets: 40 });
    case 15:
      return modpGroup({ group: 15, name: '3072-bit MODP Group', openSslName: 'modp15', privateOctets: 53 });
    case 19:
      return ecpGroup({ group: 19, name: '256-bit random ECP group', curve: 'P-256' }, provider);
    case 20:
      return ecpGroup({ group: 20, name: '384-bit random ECP group', curve: 'P-384' }, provider);
    case 31:
      return curve25519(provider);
    default:
      return undefined;
  }
}
