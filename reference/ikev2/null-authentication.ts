/** AUTH that proves nothing about who its sender is (RFC 7619 section 2): a shared key code under SK_p, so that it is at least who began IKE_SA_INIT. */
import { equalInConstantTime } from '../transforms/integrity.ts';
import { sharedKeyCode } from '../transforms/shared-key.ts';
import { authenticationMethods, idTypes } from '../wire/ike/registry.ts';
import { type Authentication, kindOf } from './authentication.ts';
import type { PeerIdentity } from './identity.ts';
import type { Keyed } from './ike-sa-state.ts';
import type { Refusal } from './refusal.ts';
import type { Ikev2Rules } from './rules.ts';

/** Of the side whose identification is of this type. */
export function nullAuthentication(
  { keys, prf }: Keyed,
  side: 'IDi' | 'IDr',
  octets: Uint8Array,
  rules: Ikev2Rules,
): Authentication {
  const [own, other] = side === 'IDi' ? [keys.SK_pi, keys.SK_pr] : [keys.SK_pr, keys.SK_pi];
  const data = sharedKeyCode(prf, rules.keyOfNullAuthentication(own, other), octets);
  return { method: authenticationMethods['NULL Authentication'], data };
}

/** Undefined where the peer, whose identification is of this type, has the keys of this IKE SA. */
export function refusalOfNullAuthentication(
  keyed: Keyed,
  side: 'IDi' | 'IDr',
  octets: Uint8Array,
  claimed: Authentication,
  rules: Ikev2Rules,
): Refusal | undefined {
  const verifies = () => equalInConstantTime(nullAuthentication(keyed, side, octets, rules).data, claimed.data);
  if (rules.authenticationData(verifies)) return undefined;
  return { rule: 'authenticationData', detail: 'AUTH is not made with the keys of this IKE SA' };
}

/** Whom policy is about: who claims to be somebody, or nobody where AUTH proves nothing. */
export function identityProven(
  claimed: PeerIdentity,
  authentication: Authentication | undefined,
  rules: Ikev2Rules,
): PeerIdentity {
  if (authentication === undefined || kindOf(authentication) !== 'null') return claimed;
  return rules.identityOfNullAuthentication(claimed, NOBODY);
}

const NOBODY: PeerIdentity = { idType: idTypes.ID_NULL, data: new Uint8Array() };
