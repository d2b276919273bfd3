/**
 * A certificate as the data it is made from: pure, JSON-able, and always giving the same octets. `issuing.ts` turns a
 * recipe into DER; scenarios and configurations name certificates by recipe and never carry octets.
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
  readonly keyUsage?: readonly ('digitalSignature' | 'keyCertSign' | 'cRLSign' | 'keyEncipherment')[];
}

export type AltName =
  | { readonly dNSName: string }
  | { readonly rfc822Name: string }
  | { readonly iPAddress: string }
  | { readonly directoryName: string };
