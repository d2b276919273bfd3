/**
 * What a resumed IKE SA makes of the session of another: keys from its SK_d (RFC 5723 section 5.1), and an AUTH that proves no more than that both have them
 * (4.3.3).
 */
import { equalInConstantTime } from '../../transforms/integrity.ts';
import { sharedKeyCode } from '../../transforms/shared-key.ts';
import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import type { IkeMessage } from '../../wire/ike/message.ts';
import { authenticationMethods } from '../../wire/ike/registry.ts';
import { concat, fromText } from '../../wire/octets.ts';
import type { Authentication } from '../authentication.ts';
import { identityText } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { FirstMessages, Keyed } from '../ike-sa-state.ts';
import { keyedWith } from '../key-agreement.ts';
import { prfOf } from '../keymat.ts';
import { octetsToSign, withAuth } from '../own-authentication.ts';
import type { Refusal } from '../refusal.ts';
import type { Session } from './session.ts';

/** Of an IKE SA that stands. */
export function sessionOf(ikeSa: IkeSa, identities: Pick<Session, 'IDi' | 'IDr'>): Session | undefined {
  if (ikeSa.state.name !== 'established') return undefined;
  const { connection, keyed, peer } = ikeSa.state;
  const { group: _group, additional: _additional, ...chosen } = keyed.chosen;
  return { connection: connection.name, chosen, SK_d: keyed.keys.SK_d, ...identities, peer, spis: ikeSa.spis };
}

/** Section 5.1. */
export function resumedKeys(
  { initiatorSPI, surroundings }: IkeSa,
  { chosen, SK_d }: Session,
  { Ni, Nr, SPIr }: { readonly Ni: Uint8Array; readonly Nr: Uint8Array; readonly SPIr: Uint8Array },
): Keyed {
  const label = fromText(surroundings.rules.resumptionLabel('Resumption'));
  const { provider } = surroundings.settings;
  const SKEYSEED = prfOf(chosen, provider).prf(SK_d, concat(label, Ni, Nr));
  return keyedWith(SKEYSEED, { Ni, Nr, SPIi: initiatorSPI, SPIr }, chosen, provider);
}

/** Fills the blank AUTH of this node. */
export function withResumedAuthentication(
  ikeSa: IkeSa,
  message: IkeMessage,
  identification: IdentificationPayload,
  keyed: Keyed,
  first: FirstMessages,
): IkeMessage {
  return withAuth(message, () => authenticationOf(ikeSa, identification, keyed, first));
}

/** Undefined where the other side is who it was, and has the keys. */
export function refusalOfResumed(
  ikeSa: IkeSa,
  identification: IdentificationPayload,
  AUTH: Authentication,
  keyed: Keyed,
  first: FirstMessages & { readonly resumed: Session },
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  if (!rules.resumedIdentity(first.resumed[identification.type], identification))
    return { rule: 'resumedIdentity', detail: `${identityText(identification)} is not of this session` };
  const expected = authenticationOf(ikeSa, identification, keyed, first);
  if (rules.authenticationData(() => equalInConstantTime(expected.data, AUTH.data))) return undefined;
  return { rule: 'authenticationData', detail: 'AUTH is not made with the keys of this session' };
}

/** Of the side whose identification this is. */
function authenticationOf(
  ikeSa: IkeSa,
  identification: IdentificationPayload,
  keyed: Keyed,
  first: FirstMessages,
): Authentication {
  const { keys, prf } = keyed;
  const SK_p = identification.type === 'IDi' ? keys.SK_pi : keys.SK_pr;
  const octets = octetsToSign(ikeSa, keyed, first, identification);
  const data = ikeSa.surroundings.rules.resumedAuthentication(
    () => prf.prf(SK_p, octets),
    () => sharedKeyCode(prf, SK_p, octets),
  );
  return { method: authenticationMethods['Shared Key Message Integrity Code'], data };
}
