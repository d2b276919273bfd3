/** Identities of RFC 7296 3.5 in the notation of srcid and dstid in iked.conf(5), which tells their types apart by how they look. */
import type { Identity, IdentityPattern } from '../../lab/node.ts';
import { turned } from '../distinguished-name.ts';

/** `a.example`, `a@example.com`, an address, `/O=Lab/CN=a`. Throws RangeError where `identityUnsupported` speaks. */
export function identityText(identity: Identity): string {
  const reason = identityUnsupported(identity);
  if (reason) throw new RangeError(reason);
  const { type, value } = identity;
  if (type !== 'ID_DER_ASN1_DN') return value;
  return `/${turned(value)
    .split(/(?<!\\),\s*/)
    .join('/')}`;
}

/** Where iked looks for the key of a peer, below /etc/iked/pubkeys. */
export const publicKeyFile = (identity: Identity): string => `${folders[identity.type]}/${identityText(identity)}`;

const folders: Readonly<Record<Identity['type'], string>> = {
  ID_IPV4_ADDR: 'ipv4',
  ID_IPV6_ADDR: 'ipv6',
  ID_FQDN: 'fqdn',
  ID_RFC822_ADDR: 'ufqdn',
  ID_DER_ASN1_DN: '',
  ID_KEY_ID: '',
  ID_NULL: '',
};

/** Why iked.conf cannot say it; undefined if it can. */
export function identityUnsupported(identity: IdentityPattern | 'any'): string | undefined {
  if (identity === 'any') return undefined;
  if (identity.match !== undefined && identity.match !== 'exact')
    return 'iked.conf(5): dstid is one identity, no pattern';
  if (identity.type === 'ID_KEY_ID' || identity.type === 'ID_NULL')
    return 'iked.conf(5): srcid and dstid are of type FQDN, ASN1_DN, IPV4, IPV6 or UFQDN';
  return undefined;
}
