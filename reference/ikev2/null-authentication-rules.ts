/** The decisions about peers that do not say who they are (RFC 7619), a part of `rules.ts`. How AUTH is made then is `null-authentication.ts`. */
import { idTypes } from '../wire/ike/registry.ts';
import type { PeerIdentity } from './identity.ts';

export interface NullAuthenticationRules {
  /** RFC 7619 2.1: the shared key of AUTH is the SK_p of the side that proves itself. */
  keyOfNullAuthentication(SK_p: Uint8Array, SK_pOfTheOther: Uint8Array): Uint8Array;
  /** RFC 7619 2.2: whom policy is about when nothing was proven: nobody, whatever name was claimed. */
  identityOfNullAuthentication(claimed: PeerIdentity, nobody: PeerIdentity): PeerIdentity;
  /** RFC 7619 2.3: peers are told apart by their identities, but for the one that all of them have; so INITIAL_CONTACT of one ends nothing of another. */
  tellsPeersApart(idType: number): boolean;
}

export const nullAuthenticationRules: NullAuthenticationRules = {
  keyOfNullAuthentication: (SK_p) => SK_p,
  identityOfNullAuthentication: (_claimed, nobody) => nobody,
  tellsPeersApart: (idType) => idType !== idTypes.ID_NULL,
};

/** Where each of them is written. */
export const nullAuthenticationSections = {
  keyOfNullAuthentication: 'RFC 7619 2.1',
  identityOfNullAuthentication: 'RFC 7619 2.2',
  tellsPeersApart: 'RFC 7619 2.3',
} as const satisfies Record<keyof NullAuthenticationRules, string>;
