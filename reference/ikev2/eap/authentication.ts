/** AUTH after EAP (RFC 7296 section 2.16): a shared key code under the MSK, or under SK_p where the method made no key, and how it is verified. */

import { equalInConstantTime } from '../../transforms/integrity.ts';
import { sharedKeyCode } from '../../transforms/shared-key.ts';
import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import { authenticationMethods } from '../../wire/ike/registry.ts';
import { type Authentication, kindOf } from '../authentication.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { FirstMessages, Keyed } from '../ike-sa-state.ts';
import { octetsToSign } from '../own-authentication.ts';
import type { Refusal } from '../refusal.ts';

/** Of the side whose identification this is. */
export function eapAuthentication(
  ikeSa: IkeSa,
  keyed: Keyed,
  first: FirstMessages,
  identification: IdentificationPayload,
  MSK: Uint8Array | undefined,
): Authentication {
  const { keys, prf } = keyed;
  const key = ikeSa.surroundings.rules.eapKey(MSK, identification.type === 'IDi' ? keys.SK_pi : keys.SK_pr);
  const data = sharedKeyCode(prf, key, octetsToSign(ikeSa, keyed, first, identification));
  return { method: authenticationMethods['Shared Key Message Integrity Code'], data };
}

/** Undefined where the peer, whose identification this is, has the key as well. */
export function refusalOfEapAuthentication(
  ikeSa: IkeSa,
  keyed: Keyed,
  first: FirstMessages,
  identification: IdentificationPayload,
  MSK: Uint8Array | undefined,
  claimed: Authentication,
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  if (!rules.authenticationMethod('shared-key', kindOf(claimed)))
    return { rule: 'authenticationMethod', detail: `method ${claimed.method} after EAP` };
  const expected = () => eapAuthentication(ikeSa, keyed, first, identification, MSK).data;
  if (rules.authenticationData(() => equalInConstantTime(expected(), claimed.data))) return undefined;
  return { rule: 'authenticationData', detail: 'AUTH is not made with the key of EAP' };
}
