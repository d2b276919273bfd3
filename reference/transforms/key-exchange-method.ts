/** What every key exchange method can do, whatever its arithmetic (RFC 7296 section 3.4, RFC 6989). Which methods there are is `key-exchange.ts`. */

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
  /**
   * Where the answer depends on the value that was asked with (a KEM): what is sent back, and what both then share. Undefined for a value that is not valid;
   * absent of the others, whose answer is another public value.
   */
  answer?(
    privateValue: Uint8Array,
    peerPublicValue: Uint8Array,
  ): { readonly publicValue: Uint8Array; readonly sharedSecret: Uint8Array } | undefined;
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
