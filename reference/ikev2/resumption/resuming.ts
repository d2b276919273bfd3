/**
 * What a resumed IKE SA makes of the session of another: keys from its SK_d (RFC 5723 section 5.1), and an AUTH that proves no more than that both have them
 * (4.3.3).
 */
import { equalInConstantTime } from '../../transforms/integrity.ts';
import { sharedKeyCode } from '../../transforms/shared-key.ts';
import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import type { IkeMessage } from '../../wire/ike/message.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { authenticationMethods } from '../../wire/ike/registry.ts';
import { concat, fromText } from '../../wire/octets.ts';
import type { Authentication } from '../authentication.ts';
import { identityText } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { FirstMessages, Keyed } from '../ike-sa-state.ts';
import { keyedWith } from '../key-agreement.ts';
import { prfOf } from '../keymat.ts';
import { octetsToSign, withAuth } from '../own-authentication.ts';
import { find } from '../payloads.ts';
import type { Refusal } from '../refusal.ts';
import type { Presented, Session } from './session.ts';

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

/** What the other side says of itself in IKE_AUTH, with all payloads of that message. */
interface ResumedProof {
  readonly identification: IdentificationPayload;
  readonly AUTH: Authentication;
  readonly payloads: readonly Payload[];
}

/** Undefined where both sides are who they were, and the other one has the keys. */
export function refusalOfResumed(
  ikeSa: IkeSa,
  { identification, AUTH, payloads }: ResumedProof,
  keyed: Keyed,
  first: FirstMessages & { readonly resumed: Presented },
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  for (const type of ['IDi', 'IDr'] as const) {
    const said = find(payloads, type);
    if (said && !rules.resumedIdentity(first.resumed.session[type], said))
      return { rule: 'resumedIdentity', detail: `${type} ${identityText(said)} is not of this session` };
  }
  if (!rules.resumedCertificate(find(payloads, 'CERT') !== undefined))
    return { rule: 'resumedCertificate', detail: 'a certificate where keys are the proof' };
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
