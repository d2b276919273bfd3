/**
 * Transform type 4, the key exchange methods (RFC 7296 section 3.3.2): the MODP groups 5 and 14 to 18 (RFC 3526), the curves
 * P-256, P-384 and P-521 (RFC 5903), Curve25519 and Curve448 (RFC 8031), and ML-KEM (FIPS 203). The caller draws the private value; what the shared secret is used
 * for is SKEYSEED's and KEYMAT's business.
 */
import type { Provider } from './cipher.ts';
import { ecpGroup } from './ecp.ts';
import type { KeyExchangeMethod } from './key-exchange-method.ts';
import { mlKem } from './ml-kem.ts';
import { modpGroup } from './modp.ts';
import { montgomeryGroup } from './montgomery.ts';

/**
 * The method with that group number; undefined where Touchstone has none. @noble has no MODP: there both providers use
 * node:crypto, and plain big-integer arithmetic for what it refuses.
 */
export function keyExchangeMethod(group: number, provider: Provider = 'noble'): KeyExchangeMethod | undefined {
  const modp = modpGroups[group as keyof typeof modpGroups];
  if (modp) return modpGroup({ group, ...modp });
  switch (group) {
    case 19:
      return ecpGroup({ group, name: '256-bit random ECP group', curve: 'P-256' }, provider);
    case 20:
      return ecpGroup({ group, name: '384-bit random ECP group', curve: 'P-384' }, provider);
    case 21:
      return ecpGroup({ group, name: '521-bit random ECP group', curve: 'P-521' }, provider);
    case 31:
      return montgomeryGroup({ group, name: 'Curve25519', curve: 'X25519' }, provider);
    case 32:
      return montgomeryGroup({ group, name: 'Curve448', curve: 'X448' }, provider);
    case 35:
      return mlKem(group, 'ml-kem-512');
    case 36:
      return mlKem(group, 'ml-kem-768');
    case 37:
      return mlKem(group, 'ml-kem-1024');
    default:
      return undefined;
  }
}

/** With the exponents of RFC 3526 section 8, by the larger estimate. */
const modpGroups = {
  5: { name: '1536-bit MODP Group', openSslName: 'modp5', privateOctets: 30 },
  14: { name: '2048-bit MODP Group', openSslName: 'modp14', privateOctets: 40 },
  15: { name: '3072-bit MODP Group', openSslName: 'modp15', privateOctets: 53 },
  16: { name: '4096-bit MODP Group', openSslName: 'modp16', privateOctets: 60 },
  17: { name: '6144-bit MODP Group', openSslName: 'modp17', privateOctets: 68 },
  18: { name: '8192-bit MODP Group', openSslName: 'modp18', privateOctets: 78 },
} as const;
