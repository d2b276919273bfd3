/** The decisions of postquantum preshared keys (RFC 8784 section 3), a part of `rules.ts`. How such a key is mixed in is `ppk.ts`. */

export interface PpkRules {
  /** Both peers have said USE_PPK. */
  ppkAgreed(willing: boolean, peerIsWilling: boolean): boolean;
  /** Without a PPK that both have, there is no IKE SA where it is mandatory. */
  withoutPpk(mandatory: boolean): boolean;
  /** The responder has the PPK of that name for this peer. */
  ppkNamed(configured: string | undefined, named: string): boolean;
  /** SK_d, SK_pi and SK_pr are those that the PPK was mixed into. */
  keysWithPpk<Keys>(mixed: Keys, plain: Keys): Keys;
  /** An initiator for whom a PPK is optional says how it authenticates without. */
  noPpkAuthSaid(mandatory: boolean): boolean;
  /** A responder for whom it is optional goes on with that, where the PPK named is none of its own. */
  noPpkAuthTaken(mandatory: boolean, isSaid: boolean): boolean;
}

export const ppkRules: PpkRules = {
  ppkAgreed: (willing, peerIsWilling) => willing && peerIsWilling,
  withoutPpk: (mandatory) => !mandatory,
  ppkNamed: (configured, named) => configured === named,
  keysWithPpk: (mixed) => mixed,
  noPpkAuthSaid: (mandatory) => !mandatory,
  noPpkAuthTaken: (mandatory, isSaid) => !mandatory && isSaid,
};

/** Where each of them is written. */
export const ppkSections = {
  ppkAgreed: 'RFC 8784 3',
  withoutPpk: 'RFC 8784 3',
  ppkNamed: 'RFC 8784 3',
  keysWithPpk: 'RFC 8784 3',
  noPpkAuthSaid: 'RFC 8784 3',
  noPpkAuthTaken: 'RFC 8784 3, table 1',
} as const satisfies Record<keyof PpkRules, string>;
