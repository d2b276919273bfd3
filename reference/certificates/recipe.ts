/**
 * A certificate, or a list of those revoked, as the data it is made from: pure, JSON-able, and always giving the same octets. `issuing.ts` and
 * `issuing-lists.ts` turn a recipe into DER; scenarios and configurations name certificates by recipe and never carry octets.
 */

export interface CertificateRecipe {
  /** RFC 4514 text, most significant first as it is read: `CN=a.example, O=Touchstone`. */
  readonly subject: string;
  /** The key certified, by its name among the lab keys. */
  readonly key: string;
  /** Who signed it; absent: self-signed with `key`. */
  readonly issuer?: CertificateRecipe;
  readonly altNames?: readonly AltName[];
  readonly altNamesCritical?: boolean;
  readonly authority?: { readonly pathLength?: number };
  /** Seconds of the lab's calendar (0 is 2020-01-01T00:00:00Z); absent: valid for the whole life of the lab. */
  readonly validity?: { readonly notBefore: number; readonly notAfter: number };
  readonly serial?: number;
  /** RFC 3779 address blocks, as prefixes; critical. */
  readonly addressBlocks?: readonly string[];
  /** RFC 5280 4.2.1.10; critical unless it says otherwise. */
  readonly nameConstraints?: NameConstraintsRecipe;
  readonly keyUsage?: readonly ('digitalSignature' | 'keyCertSign' | 'cRLSign' | 'keyEncipherment')[];
}

export type AltName =
  | { readonly dNSName: string }
  | { readonly rfc822Name: string }
  | { readonly iPAddress: string }
  | { readonly directoryName: string };

/** The names at and below these; addresses as prefixes. */
export interface NameConstraintsRecipe {
  readonly permitted?: readonly AltName[];
  readonly excluded?: readonly AltName[];
  readonly critical?: boolean;
}

/** A certificate revocation list, as the data it is made from. */
export interface RevocationListRecipe {
  /** Whose list it says it is, and the certificate that goes with the key. */
  readonly issuer: CertificateRecipe;
  /** The key that signs, by its name among the lab keys; absent: the issuer's. */
  readonly key?: string;
  readonly revoked: readonly CertificateRecipe[];
  /** Seconds of the lab's calendar; absent: current for the whole life of the lab. */
  readonly updates?: { readonly thisUpdate: number; readonly nextUpdate: number };
}
