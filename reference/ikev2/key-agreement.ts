/**
 * From the two messages of IKE_SA_INIT to what both sides share (RFC 7296 sections 2.10, 2.14 and 2.23): nonces and public values become keys,
 * the NAT detection hashes say who is behind what. The same for both roles.
 */
import type { Provider } from '../transforms/cipher.ts';
import { decodeHashAlgorithms } from '../transforms/digital-signature.ts';
import type { KeyExchangePayload } from '../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { hex } from '../wire/octets.ts';
import type { ReceivedMessage } from './exchange.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Keyed } from './ike-sa-state.ts';
import { sharedSecretWith } from './key-share.ts';
import { ikeKeyring, type KeySeed, prfOf, skeyseed } from './keymat.ts';
import { natDetectionHash } from './nat-detection.ts';
import { findAll, findNotify } from './payloads.ts';
import type { ChosenProposal } from './proposal-selection.ts';
import type { Refusal } from './refusal.ts';
import { protectionOf } from './sealed-message.ts';
import { tell } from './surroundings.ts';

/** What keys are made of; `peerNonce` is the one that came from outside. */
export interface KeyIngredients {
  readonly chosen: ChosenProposal;
  /** The peer's. */
  readonly KE: KeyExchangePayload;
  readonly privateValue: Uint8Array;
  readonly Ni: Uint8Array;
  readonly Nr: Uint8Array;
  readonly peerNonce: Uint8Array;
  readonly SPIr: Uint8Array;
}

/** The keys of IKE_SA_INIT, or why there are none. */
export function keyedFrom(ikeSa: IkeSa, ingredients: KeyIngredients): Keyed | Refusal {
  const { chosen, KE, privateValue, Ni, Nr, SPIr } = ingredients;
  const refusal = refusalOfNonce(ikeSa, ingredients.peerNonce, chosen);
  if (refusal !== undefined) return refusal;
  const secret = sharedSecretWith(ikeSa, chosen.group ?? 0, privateValue, KE.keyExchangeData);
  if (secret === undefined)
    return { rule: 'sharedSecret', detail: `no secret follows from that value of group ${KE.group}` };
  const { provider } = ikeSa.surroundings.settings;
  const prf = prfOf(chosen, provider);
  const inKey = (nonce: Uint8Array) => ikeSa.surroundings.rules.nonceInKey(nonce, prf.keyIsFixed);
  const SKEYSEED = skeyseed(prf, inKey(Ni), inKey(Nr), secret);
  return keyedWith(SKEYSEED, { Ni, Nr, SPIi: ikeSa.initiatorSPI, SPIr }, chosen, provider);
}

/** A nonce that is too short or too long. */
export function refusalOfNonce(
  { surroundings: { rules, settings } }: IkeSa,
  nonce: Uint8Array,
  chosen: ChosenProposal,
): Refusal | undefined {
  if (rules.nonceLength(nonce.length, prfOf(chosen, settings.provider).keyOctets)) return undefined;
  return { rule: 'nonceLength', detail: `a nonce of ${nonce.length} octets` };
}

/** The keys of an IKE SA, together with what they protect. */
export function keyedWith(SKEYSEED: Uint8Array, seed: KeySeed, chosen: ChosenProposal, provider: Provider): Keyed {
  const prf = prfOf(chosen, provider);
  const keys = ikeKeyring(prf, SKEYSEED, seed, chosen);
  return {
    chosen,
    keys,
    prf,
    fromInitiator: protectionOf(chosen, keys.SK_ei, keys.SK_ai, provider),
    fromResponder: protectionOf(chosen, keys.SK_er, keys.SK_ar, provider),
    Ni: seed.Ni,
    Nr: seed.Nr,
  };
}

/** Section 2.23: compares the hashes in a message of the peer's with the addresses it came on. */
export function detectNat(ikeSa: IkeSa, { message, payloads, path }: ReceivedMessage): void {
  const { rules } = ikeSa.surroundings;
  const { initiatorSPI, responderSPI } = message.header;
  const sent = (type: number) => findAll(payloads, 'N').flatMap((n) => (n.notifyType === type ? [n.data] : []));
  const source = natDetectionHash(initiatorSPI, responderSPI, path.remoteAddress, path.remotePort);
  const destination = natDetectionHash(initiatorSPI, responderSPI, path.localAddress, path.localPort);
  const peerBehind = rules.addressTranslated(source, sent(notifyTypes.NAT_DETECTION_SOURCE_IP));
  const thisNodeBehind = rules.addressTranslated(destination, sent(notifyTypes.NAT_DETECTION_DESTINATION_IP));
  const { feigned } = ikeSa.nat;
  ikeSa.nat = { detected: peerBehind || thisNodeBehind || feigned, peerBehind, thisNodeBehind, feigned };
}

/** RFC 7427 section 4. */
export function announcedHashAlgorithms(payloads: readonly Payload[]): number[] {
  const announced = findNotify(payloads, 'SIGNATURE_HASH_ALGORITHMS');
  return (announced && decodeHashAlgorithms(announced.data)) ?? [];
}

/** What an analyst needs to open the messages of this IKE SA. */
export function tellIkeKeys(ikeSa: IkeSa, { keys, chosen }: Keyed): void {
  const { SK_ei, SK_er, SK_ai, SK_ar } = keys;
  tell(ikeSa.surroundings, {
    kind: 'keys',
    record: {
      kind: 'ikev2',
      ...ikeSa.spis,
      SK_ei: hex(SK_ei),
      SK_er: hex(SK_er),
      SK_ai: hex(SK_ai),
      SK_ar: hex(SK_ar),
      encryption: chosen.encryption!,
      ...(chosen.integrity === undefined ? {} : { integrity: chosen.integrity }),
    },
  });
}
