/**
 * Identities of RFC 7296 3.5, and the patterns that RFC 4301 4.4.3.1 asks of a PAD, in the notation of swanctl.conf(5), where a
 * prefix names the type so that nothing is guessed from the text.
 */
import type { Identity, IdentityPattern } from '../../lab/node.ts';
import { turned } from '../distinguished-name.ts';

/** `fqdn:a.example`, `*@example.com` as `email:*@example.com`, `%any`. */
export function identityText(identity: IdentityPattern | 'any'): string {
  if (identity === 'any') return '%any';
  return `${prefixes[identity.type]}${identity.match === 'sub-tree' ? subTree(identity) : value(identity)}`;
}

/** Why swanctl.conf cannot say it; undefined if it can. */
export function identityUnsupported(identity: IdentityPattern | 'any'): string | undefined {
  if (identity === 'any') return undefined;
  if (identity.match === 'sub-tree' && identity.type === 'ID_DER_ASN1_DN')
    return 'strongswan.conf(5): with rdn_matching = strict a DN pattern needs as many RDNs as the DN it is to match';
  if (identity.match === 'sub-tree' && identity.type === 'ID_KEY_ID') return 'a key id has no sub-tree';
  return undefined;
}

function value(identity: Identity): string {
  if (identity.type === 'ID_DER_ASN1_DN') return turned(identity.value);
  return identity.type === 'ID_KEY_ID' ? `#${identity.value}` : identity.value;
}

function subTree(identity: Identity): string {
  const root = identity.value.replace(/^(\*?[.@])/, '');
  return identity.type === 'ID_RFC822_ADDR' ? `*@${root}` : `*.${root}`;
}

/** None for an address, a range of them or a DN: what stands behind a prefix would be taken as octets, not read. */
const prefixes: Readonly<Record<Identity['type'], string>> = {
  ID_IPV4_ADDR: '',
  ID_IPV6_ADDR: '',
  ID_FQDN: 'fqdn:',
  ID_RFC822_ADDR: 'email:',
  ID_DER_ASN1_DN: '',
  ID_KEY_ID: 'keyid:',
  ID_NULL: '',
};
