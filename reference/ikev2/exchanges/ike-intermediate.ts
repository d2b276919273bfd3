/**
 * IKE_INTERMEDIATE (RFC 9242) with the additional key exchanges of RFC 9370 section 2.2.2, both sides: one exchange for each method that was chosen beside
 * the first, each under the keys of the one before, and IKE_AUTH under the last.
 *
 *     HDR, SK {KEi(n)}  -->
 *                       <--  HDR, SK {KEr(n)}
 */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Answer, InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { FirstMessages, IkeSaState, Keyed } from '../ike-sa-state.ts';
import { contentReceived, contentSent, withExchange } from '../intermediate-authentication.ts';
import { keyedWith, tellIkeKeys } from '../key-agreement.ts';
import {
  answeredWith,
  freshPrivateValue,
  keyExchangePayload,
  noSecret,
  refusalOfShare,
  sharedSecretWith,
} from '../key-share.ts';
import { skeyseedOfRekeying } from '../keymat.ts';
import { find, notify } from '../payloads.ts';
import { fail, type Refusal } from '../refusal.ts';
import { ikeAuth } from './ike-auth.ts';

type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;
type HalfOpen = Extract<IkeSaState, { name: 'halfOpen' }>;

/** The next exchange of keys, or IKE_AUTH when there is none left. */
export function nextExchange(ikeSa: IkeSa): InitiatedExchange {
  const { keyed, first, connection } = ikeSa.state as AuthSent;
  const methods = ikeSa.surroundings.seams.furtherMethods(methodsOf(keyed), connection.name);
  const method = methods[exchangesOf(first)];
  return method === undefined ? ikeAuth(ikeSa) : ikeIntermediate(ikeSa, method);
}

function ikeIntermediate(ikeSa: IkeSa, method: number): InitiatedExchange {
  const privateValue = freshPrivateValue(ikeSa, method);
  let request: Uint8Array = new Uint8Array();
  return {
    name: 'IKE_INTERMEDIATE',
    purpose: 'ikeIntermediate',
    build: () => [keyExchangePayload(ikeSa, method, privateValue)],
    sent(message) {
      request = contentSent(message);
    },
    process(response) {
      const state = ikeSa.state as AuthSent;
      const KE = find(response.payloads, 'KE');
      const secret = KE && sharedSecretWith(ikeSa, method, privateValue, KE.keyExchangeData);
      const refusal = refusalOfShare(ikeSa, method, KE?.group, secret);
      if (refusal || secret === undefined) {
        fail(ikeSa, refusal ?? noSecret(method));
        return;
      }
      const content = contentReceived(response, ikeSa.surroundings.rules);
      ikeSa.become('exchanges further keys', { ...state, ...furtherKeys(ikeSa, state, secret, request, content) });
      ikeSa.begin(nextExchange(ikeSa));
    },
  };
}

/** The responder's side. */
export function respondToIkeIntermediate(ikeSa: IkeSa, request: ReceivedMessage): Answer {
  const state = ikeSa.state as HalfOpen;
  const { rules } = ikeSa.surroundings;
  const KE = find(request.payloads, 'KE');
  const method = rules.intermediateMethod(methodsOf(state.keyed)[exchangesOf(state.first)], KE?.group);
  if (method === undefined)
    return refused(ikeSa, { rule: 'intermediateMethod', detail: 'all that was agreed on is done' });
  const answered = KE && answeredWith(ikeSa, method, freshPrivateValue(ikeSa, method), KE.keyExchangeData);
  const refusal = refusalOfShare(ikeSa, method, KE?.group, answered?.secret);
  if (refusal || answered?.secret === undefined) return refused(ikeSa, refusal ?? noSecret(method));
  const { payload, secret } = answered;
  const content = contentReceived(request, rules);
  let response: Uint8Array = new Uint8Array();
  return {
    payloads: [payload],
    sent(message) {
      response = contentSent(message);
    },
    afterwards: () =>
      ikeSa.become('exchanges further keys', { ...state, ...furtherKeys(ikeSa, state, secret, content, response) }),
  };
}

/** SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr), and the keys from it as in IKE_SA_INIT. */
function furtherKeys(
  ikeSa: IkeSa,
  { keyed, first }: Pick<AuthSent, 'keyed' | 'first'>,
  secret: Uint8Array,
  request: Uint8Array,
  response: Uint8Array,
): Pick<AuthSent, 'keyed' | 'first'> {
  const { prf, keys, Ni, Nr, chosen } = keyed;
  const { initiatorSPI: SPIi, responderSPI: SPIr } = ikeSa;
  const SKEYSEED = skeyseedOfRekeying(prf, keys.SK_d, secret, Ni, Nr);
  const { settings, rules } = ikeSa.surroundings;
  const after = keyedWith(SKEYSEED, { Ni, Nr, SPIi, SPIr }, chosen, settings.provider);
  const next = rules.keysAfterExchange(keyed, after);
  ikeSa.earlierKeys.push(keyed);
  tellIkeKeys(ikeSa, next);
  const intermediate = withExchange(first.intermediate, keyed, request, response, rules);
  return { keyed: next, first: { ...first, intermediate } };
}

function methodsOf({ chosen: { additional = [] } }: Keyed): readonly number[] {
  return additional.map(({ method }) => method);
}

function exchangesOf({ intermediate }: FirstMessages): number {
  return intermediate?.exchanges ?? 0;
}

/** RFC 9242 section 3.4: as for an error in IKE_AUTH. */
function refused(ikeSa: IkeSa, refusal: Refusal): Answer {
  return { payloads: [notify(notifyTypes.INVALID_SYNTAX)], afterwards: () => fail(ikeSa, refusal) };
}
