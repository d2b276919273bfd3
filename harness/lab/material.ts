/**
 * The octets behind what configurations name: certificates and revocation lists from their recipes, private keys from their names among the lab keys. For
 * products, which read them as files or messages and know nothing of how they are made.
 */
import { certificateFromRecipe } from '../../reference/certificates/issuing.ts';
import { revocationListFromRecipe } from '../../reference/certificates/issuing-lists.ts';
import { labKey } from '../../reference/certificates/lab-keys.ts';
import type { CertificateRecipe, RevocationListRecipe } from '../../reference/certificates/recipe.ts';
import type { PrivateKey } from '../../reference/transforms/asymmetric-key.ts';

export interface Material {
  /** DER. */
  certificate(recipe: CertificateRecipe): Uint8Array;
  /** DER. */
  revocationList(recipe: RevocationListRecipe): Uint8Array;
  /** PKCS#8 in PEM. Throws RangeError where no key has that name. */
  privateKey(name: string): string;
  /** SubjectPublicKeyInfo in DER. Throws RangeError where no key has that name. */
  publicKey(name: string): Uint8Array;
  /** Throws RangeError where no key has that name. */
  keyType(name: string): PrivateKey['type'];
}

export const labMaterial: Material = {
  certificate: certificateFromRecipe,
  revocationList: revocationListFromRecipe,
  keyType: (name) => labKey(name).type,
  publicKey: (name) => labKey(name).publicKey.spki,
  privateKey: (name) => pem('PRIVATE KEY', labKey(name).pkcs8),
};

/** RFC 7468. */
export function pem(label: string, octets: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...octets)).match(/.{1,64}/g)!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
