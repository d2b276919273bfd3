/**
 * Transform type 4, the key exchange methods (RFC 7296 section 3.3.2): the MODP groups 14 and 15 (RFC 3526), the curves
 * P-256 and P-384 (RFC 5903) and Curve25519 (RFC 8031). The caller draws the private value; what the shared secret is used
 * for is SKEYSEED's and KEYMAT's business.
 */
import type { Provider } from './cipher.ts';
import { curve25519 } from './curve25519.ts';
import { ecpGroup } from './ecp.ts';
import type { KeyExchangeMethod } from './key-exchange-method.ts';
import { modpGroup } from './modp.ts';

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
