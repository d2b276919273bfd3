/** Identities of RFC 7296 3.5 in the notation of leftid= and rightid= in ipsec.conf(5), which ipsec.secrets(5) shares. */
import type { Identity, IdentityPattern } from '../../lab/node.ts';
import { turned } from '../distinguished-name.ts';

/** `@a.example`, `@#` and hex, an address, a DN; without the quotes that a parameter may need. */
export function identityText({ type, value }: Identity): string {
  switch (type) {
    case 'ID_FQDN':
      return `@${value}`;
    case 'ID_KEY_ID':
      return `@#${value}`;
    case 'ID_RFC822_ADDR':
    case 'ID_IPV4_ADDR':
    case 'ID_IPV6_ADDR':
      return value;
    case 'ID_DER_ASN1_DN':
      return turned(value);
    case 'ID_NULL':
      return '%null';
  }
}

/** Why ipsec.conf cannot say it; undefined if it can. */
export function identityUnsupported(identity: IdentityPattern | 'any'): string | undefined {
  if (identity === 'any' || identity.match === undefined || identity.match === 'exact') return undefined;
  return identity.match === 'sub-tree'
    ? 'ipsec.conf(5): rightid= is one identity; only an RDN of a DN may be a wildcard'
    : 'ipsec.conf(5): rightid= is one identity, no range of addresses';
}
