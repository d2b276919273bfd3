/** Whether an AUTH payload of method 2 is that of a shared key that came with a capture (RFC 7296 2.15), of either side of an IKE SA whose keys were derived. */
import { signedOctets, verifySharedKey } from '../../../reference/ikev2/authentication.ts';
import type { Keyed } from '../../../reference/ikev2/ike-sa-state.ts';
import type { AuthenticationPayload, IdentificationPayload } from '../../../reference/wire/ike/identity-payloads.ts';
import { authenticationMethods } from '../../../reference/wire/ike/registry.ts';
import { readable } from '../readable.ts';

export interface CheckedAuthentication {
  /** Of the IKE SA, in lower-case hex. */
  readonly initiatorSPI: string;
  readonly by: 'initiator' | 'responder';
  /** `no-key`: none of those that came along makes it. */
  readonly verdict: 'good' | 'no-key';
}

/** What was said before AUTH. */
export interface Said {
  /** IKE_SA_INIT, as it was on the wire. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  /** IntAuth of RFC 9242; empty without IKE_INTERMEDIATE. */
  readonly intermediate: Uint8Array;
}

/** Undefined for another method, and where there is no key to check with. */
export function checkedAuthentication(
  by: 'initiator' | 'responder',
  AUTH: AuthenticationPayload,
  identification: IdentificationPayload,
  { request, response, intermediate }: Said,
  { prf, keys, Ni, Nr }: Keyed,
  sharedKeys: readonly string[],
): CheckedAuthentication['verdict'] | undefined {
  if (AUTH.method !== authenticationMethods['Shared Key Message Integrity Code'] || sharedKeys.length === 0)
    return undefined;
  const [message, nonce, SK_p] = by === 'initiator' ? [request, Nr, keys.SK_pi] : [response, Ni, keys.SK_pr];
  const octets = signedOctets(message, nonce, prf, SK_p, identification, intermediate);
  const isGood = (key: string) => readable(() => verifySharedKey(AUTH, key, octets, prf)) === true;
  return sharedKeys.some(isGood) ? 'good' : 'no-key';
}
