/** How the two ends of a connection prove who they are, in the words of ipsec.conf(5). */
import { labMaterial } from '../../lab/material.ts';
import type { IkeConnection } from '../../lab/node.ts';
import { signingKeyOf } from '../authentication-material.ts';

/** Where the two ends prove themselves in different ways, or one of them not at all, each has a method of its own. */
export function methods(connection: IkeConnection): Readonly<Record<string, string>> {
  const { local, remote } = connection;
  const own = proofOf(connection);
  const method = (proof: string): string => (proof === 'signature' ? signatureOf(connection) : (words[proof] ?? proof));
  if (own === remote.authentication && own !== 'null' && own !== 'eap') return { authby: method(own) };
  const hasEap = local.authentication.kind === 'eap' || remote.authentication === 'eap';
  return {
    leftauth: method(own),
    rightauth: method(remote.authentication),
    ...(hasEap && { leftautheap: 'tls', rightautheap: 'tls' }),
  };
}

const words: Readonly<Record<string, string>> = { 'shared-key': 'secret', eap: 'eaponly' };

function proofOf({ local: { authentication } }: IkeConnection): IkeConnection['remote']['authentication'] {
  switch (authentication.kind) {
    case 'certificate':
    case 'public-key':
      return 'signature';
    default:
      return authentication.kind;
  }
}

/**
 * By the kind of the keys that are known: one's own, or the peer's. With both methods named 4.10 signs by RSA's whatever the key (its log: `RSA DSS sign function
 * failed`), so it is one for both ends.
 */
function signatureOf(connection: IkeConnection): string {
  const known = [...signingKeyOf(connection), ...(connection.remote.publicKeys ?? [])];
  return known.some((name) => labMaterial.keyType(name) === 'RSA') ? 'rsa-sha2' : 'ecdsa';
}
