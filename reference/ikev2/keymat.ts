/**
 * Keying material: SKEYSEED and the seven keys of an IKE SA (RFC 7296 section 2.14), the same after rekeying (section 2.18), and
 * KEYMAT of a child SA (section 2.17). prf+ itself is a transform; which SA is keyed when belongs to the exchanges.
 */
import type { Provider } from '../transforms/cipher.ts';
import { encryptionTransform } from '../transforms/encryption.ts';
import { integrityTransform } from '../transforms/integrity.ts';
import { type PseudorandomFunction, pseudorandomFunction } from '../transforms/prf.ts';
import { concat } from '../wire/octets.ts';
import type { ChosenProposal } from './proposal-selection.ts';

/** Keys of an IKE SA, named as in RFC 7296; `SK_ei` and `SK_er` end with the salt where the cipher has one. */
export interface IkeKeyring {
  readonly SK_d: Uint8Array;
  readonly SK_ai: Uint8Array;
  readonly SK_ar: Uint8Array;
  readonly SK_ei: Uint8Array;
  readonly SK_er: Uint8Array;
  readonly SK_pi: Uint8Array;
  readonly SK_pr: Uint8Array;
}

/** What SK_* are derived from besides SKEYSEED. */
export interface KeySeed {
  readonly Ni: Uint8Array;
  readonly Nr: Uint8Array;
  readonly SPIi: Uint8Array;
  readonly SPIr: Uint8Array;
}

/** Section 2.14: SKEYSEED = prf(Ni | Nr, g^ir). How much of the nonces that is, is a rule, and was asked. */
export function skeyseed(
  prf: PseudorandomFunction,
  Ni: Uint8Array,
  Nr: Uint8Array,
  sharedSecret: Uint8Array,
): Uint8Array {
  return prf.prf(concat(Ni, Nr), sharedSecret);
}

/** Section 2.18: SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr), with the PRF of the old IKE SA; RFC 9370 2.2.4: | SK(1) | ... SK(n). */
export function skeyseedOfRekeying(
  oldPrf: PseudorandomFunction,
  oldSK_d: Uint8Array,
  sharedSecret: Uint8Array,
  Ni: Uint8Array,
  Nr: Uint8Array,
  furtherSecrets: readonly Uint8Array[] = [],
): Uint8Array {
  return oldPrf.prf(oldSK_d, concat(sharedSecret, Ni, Nr, ...furtherSecrets));
}

/** Section 2.14: {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr). */
export function ikeKeyring(
  prf: PseudorandomFunction,
  SKEYSEED: Uint8Array,
  seed: KeySeed,
  chosen: ChosenProposal,
): IkeKeyring {
  const { encryption, integrity } = keySizes(chosen);
  const sizes = [prf.keyOctets, integrity, integrity, encryption, encryption, prf.keyOctets, prf.keyOctets];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const octets = prf.prfPlus(SKEYSEED, concat(seed.Ni, seed.Nr, seed.SPIi, seed.SPIr), total);
  const [SK_d, SK_ai, SK_ar, SK_ei, SK_er, SK_pi, SK_pr] = cut(octets, sizes) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  return { SK_d, SK_ai, SK_ar, SK_ei, SK_er, SK_pi, SK_pr };
}

/** Both directions of a child SA; `initiator` is who began the exchange that made it. */
export interface ChildKeyring {
  readonly fromInitiator: { readonly encryption: Uint8Array; readonly integrity: Uint8Array };
  readonly fromResponder: { readonly encryption: Uint8Array; readonly integrity: Uint8Array };
}

/** What the keys of a child are made of besides SK_d. */
export interface ChildSecrets {
  readonly Ni: Uint8Array;
  readonly Nr: Uint8Array;
  /** g^ir (new), where perfect forward secrecy was agreed. */
  readonly sharedSecret: Uint8Array;
  /** Of the exchanges of keys after the first. */
  readonly furtherSecrets?: readonly Uint8Array[];
}

/**
 * Section 2.17: KEYMAT = prf+(SK_d, [g^ir (new) |] Ni | Nr), RFC 9370 2.2.4: | SK(1) | ... SK(n); first the SA from the initiator to the responder, encryption before
 * integrity. `prf` is that of the IKE SA.
 */
export function childKeyring(
  prf: PseudorandomFunction,
  SK_d: Uint8Array,
  { Ni, Nr, sharedSecret, furtherSecrets = [] }: ChildSecrets,
  chosen: ChosenProposal,
): ChildKeyring {
  const { encryption, integrity } = keySizes(chosen);
  const sizes = [encryption, integrity, encryption, integrity];
  const KEYMAT = prf.prfPlus(SK_d, concat(sharedSecret, Ni, Nr, ...furtherSecrets), 2 * (encryption + integrity));
  const [ei, ai, er, ar] = cut(KEYMAT, sizes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return {
    fromInitiator: { encryption: ei, integrity: ai },
    fromResponder: { encryption: er, integrity: ar },
  };
}

/** The PRF of a chosen proposal; proposals are only chosen where every transform exists here. */
export function prfOf(chosen: ChosenProposal, provider: Provider): PseudorandomFunction {
  const prf = pseudorandomFunction(chosen.prf ?? 0, provider);
  if (prf === undefined) throw new RangeError(`no pseudorandom function ${chosen.prf}`);
  return prf;
}

/** Octets of key, salt included, that each algorithm of a proposal takes; of what it has not, none. */
function keySizes(chosen: ChosenProposal): { encryption: number; integrity: number } {
  return {
    encryption: chosen.encryption === undefined ? 0 : cipherKeyOctets(chosen.encryption),
    integrity: chosen.integrity === undefined ? 0 : (integrityTransform(chosen.integrity)?.keyOctets ?? 0),
  };
}

function cipherKeyOctets({ id, keyLength }: NonNullable<ChosenProposal['encryption']>): number {
  const cipher = encryptionTransform(id, keyLength);
  if (cipher === undefined) throw new RangeError(`no encryption algorithm ${id}`);
  return cipher.keyOctets + cipher.saltOctets;
}

function cut(octets: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return octets.slice(at - size, at);
  });
}
