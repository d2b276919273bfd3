/**
 * A key of a stranger: what some file says of the keys of an SA, and no more. `KeyRecord` is what our own nodes tell, whole; here whatever a format leaves
 * open is absent, and a packet decides. Every `KeyRecord` is one of these.
 */
import type { KeyRecord } from '../../../reference/host/interface.ts';
import type { Address } from '../../../reference/wire/address.ts';

export type StrangersKey = StrangersEsp | StrangersAh | StrangersIke;

/** Of ESP. Without integrity: an AEAD, or nothing that authenticates. */
export interface StrangersEsp extends OfSa {
  readonly kind: 'esp';
  readonly encryption: ChildKeys['encryption'];
  readonly integrity?: Authenticator;
  readonly encapsulated?: boolean;
}

export interface StrangersAh extends OfSa {
  readonly kind: 'ah';
  readonly integrity: KeyedAuthenticator;
}

/** Of one direction of an IKE SA at least; `integrity` as a number is the transform with the ICV that its name says. */
export interface StrangersIke
  extends Pick<IkeKeys, 'kind' | 'initiatorSPI' | 'responderSPI' | 'encryption'>,
    Partial<Pick<IkeKeys, 'SK_ei' | 'SK_er' | 'SK_ai' | 'SK_ar'>> {
  readonly integrity?: number | Omit<KeyedAuthenticator, 'key'> | UnknownAuthenticator;
}

type ChildKeys = Extract<KeyRecord, { readonly kind: 'esp' }>;
type IkeKeys = Extract<KeyRecord, { readonly kind: 'ikev2' }>;

interface OfSa {
  /** Absent: any. A star stands for any octet of IPv4, or any group of IPv6. */
  readonly source?: Address;
  readonly destination?: Address;
  /** Of both ends, where that is said and the addresses do not tell. */
  readonly family?: 4 | 6;
  /** Absent: any. As text it is `0x` and eight hexadecimal digits, of which a star stands for any. */
  readonly spi?: number | string;
  /** Absent: nothing is said, and an ICV may be of either kind. */
  readonly extendedSequenceNumbers?: boolean;
  /** The upper half of its sequence numbers (RFC 4303 2.2.1), where that is said. */
  readonly sequenceHigh?: number;
}

export type Authenticator = KeyedAuthenticator | UnknownAuthenticator;

export interface KeyedAuthenticator {
  readonly id: number;
  readonly key: string;
  /** Where it is cut shorter than the transform of that number cuts it. */
  readonly icvOctets?: number;
}

/** So many octets at the end of each packet, which nobody can check. */
export interface UnknownAuthenticator {
  readonly id?: undefined;
  readonly icvOctets: number;
}
