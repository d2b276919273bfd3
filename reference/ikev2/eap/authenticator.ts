/**
 * EAP, the authenticator's side (RFC 3748 section 4; RFC 2759 for EAP-MSCHAPv2; EAP-TLS is `eap-tls.ts`): the responder of IKE asks, until it knows that
 * the other has the password of an account or the key of its certificate, or that it has not. A value in, a value out; what IKE makes of it is `exchanges/ike-auth-eap-response.ts`.
 */
import type { Env } from '../../machine.ts';
import { equalInConstantTime } from '../../transforms/integrity.ts';
import { hash } from '../../transforms/keyed-hash.ts';
import { authenticatorResponse, masterSessionKey, ntResponse } from '../../transforms/ms-chap-v2.ts';
import { md5Challenge, msChapV2Challenge, msChapV2OpCodes, msChapV2Result } from '../../wire/eap.ts';
import type { EapPayload } from '../../wire/ike/configuration.ts';
import { eapTypes } from '../../wire/ike/registry.ts';
import { concat, fromText, toText } from '../../wire/octets.ts';
import type { EapAccounts } from '../configuration.ts';
import type { EapRefusal, EapRules } from './eap-rules.ts';
import type { EapTls } from './eap-tls.ts';
import { readAs, request, typeOfMethod, withinLength } from './packets.ts';

export interface EapAuthenticator {
  readonly accounts: EapAccounts;
  /** Of the request under way. */
  readonly identifier: number;
  readonly asks: 'identity' | 'proof' | 'acknowledgement';
  /** Whose password is to be proven: what IDi says, until EAP is asked. */
  readonly name: string;
  readonly challenge: Uint8Array;
  /** The end of TLS that is to authenticate whoever has this name. */
  readonly tlsFor: (name: string) => EapTls;
  /** Once it has begun. */
  readonly tls?: EapTls;
  readonly MSK?: Uint8Array;
}

export type AuthenticatorStep =
  | { readonly kind: 'asks'; readonly authenticator: EapAuthenticator; readonly packet: EapPayload }
  | { readonly kind: 'succeeded'; readonly authenticator: EapAuthenticator }
  | { readonly kind: 'failed'; readonly identifier: number; readonly refusal: EapRefusal };

/** The first request. `name` is who the peer says it is outside EAP. */
export function startAuthenticator(
  accounts: EapAccounts,
  name: string,
  env: Env,
  tlsFor: EapAuthenticator['tlsFor'],
): AuthenticatorStep & { kind: 'asks' } {
  const identifier = env.octets('identifier', 1)[0]!;
  const authenticator: EapAuthenticator = {
    accounts,
    identifier,
    asks: 'identity',
    name,
    challenge: env.octets('nonce', 16),
    tlsFor,
  };
  if (accounts.asksIdentity)
    return { kind: 'asks', authenticator, packet: request(identifier, eapTypes.Identity, new Uint8Array()) };
  return asksForProof(authenticator, identifier);
}

export function stepAuthenticator(
  authenticator: EapAuthenticator,
  received: EapPayload,
  rules: EapRules,
): AuthenticatorStep {
  const { identifier, asks, accounts } = authenticator;
  const fails = (refusal: EapRefusal): AuthenticatorStep => ({ kind: 'failed', identifier, refusal });
  const packet = withinLength(received, rules);
  if ('rule' in packet) return fails(packet);
  if (!rules.eapIdentifier(identifier, packet.identifier))
    return fails({ rule: 'eapIdentifier', detail: `${packet.identifier}, asked ${identifier}` });
  const wanted = asks === 'identity' ? eapTypes.Identity : typeOfMethod(accounts.method);
  if (!rules.eapResponseCode(packet.code)) return fails({ rule: 'eapResponseCode', detail: `code ${packet.code}` });
  if (!rules.eapResponseType(wanted, packet.eapType ?? 0))
    return fails({ rule: 'eapResponseType', detail: `type ${packet.eapType}, asked ${wanted}` });
  if (asks === 'identity') return asksForProof({ ...authenticator, name: toText(packet.data) }, following(identifier));
  if (asks === 'acknowledgement') return { kind: 'succeeded', authenticator };
  if (authenticator.tls) return judgeTls(authenticator, authenticator.tls, packet);
  return accounts.method === 'MD5-Challenge'
    ? judgeMd5(authenticator, packet, rules)
    : judgeMsChap(authenticator, packet, rules);
}

function asksForProof(before: EapAuthenticator, identifier: number): AuthenticatorStep & { kind: 'asks' } {
  const { accounts, challenge } = before;
  if (accounts.method === 'EAP-TLS') return asksByTls(before, identifier);
  const octets =
    accounts.method === 'MD5-Challenge'
      ? md5Challenge.encode({ value: challenge, name: SERVER_NAME })
      : msChapV2Challenge.encode({
          opCode: msChapV2OpCodes.Challenge,
          identifier,
          value: challenge,
          name: SERVER_NAME,
        });
  const packet = request(identifier, typeOfMethod(accounts.method), octets);
  return { kind: 'asks', authenticator: { ...before, identifier, asks: 'proof' }, packet };
}

function asksByTls(before: EapAuthenticator, identifier: number): AuthenticatorStep & { kind: 'asks' } {
  const tls = before.tlsFor(before.name);
  const packet = request(identifier, eapTypes['EAP-TLS'], tls.starts());
  return { kind: 'asks', authenticator: { ...before, identifier, asks: 'proof', tls }, packet };
}

/** RFC 5216 section 2.1.3: what TLS has to say last, Finished or an alert, is acknowledged before EAP says what came of it. */
function judgeTls(authenticator: EapAuthenticator, tls: EapTls, { data }: EapPayload): AuthenticatorStep {
  const { identifier } = authenticator;
  const wasOver = tls.isOver;
  const step = tls.receives(data);
  const { MSK, refusal } = tls;
  if ('rule' in step) return { kind: 'failed', identifier, refusal: step };
  if (refusal && (wasOver || refusal.alert === undefined)) return { kind: 'failed', identifier, refusal };
  if (wasOver && MSK) return { kind: 'succeeded', authenticator: { ...authenticator, MSK } };
  const next = following(identifier);
  return {
    kind: 'asks',
    authenticator: { ...authenticator, identifier: next },
    packet: request(next, eapTypes['EAP-TLS'], step.says),
  };
}

function judgeMd5(authenticator: EapAuthenticator, { data }: EapPayload, rules: EapRules): AuthenticatorStep {
  const { identifier, name, challenge } = authenticator;
  const password = passwordOf(authenticator, name);
  const answer = readAs(md5Challenge, data);
  const verifies = () =>
    password !== undefined &&
    answer !== undefined &&
    equalInConstantTime(hash('md5', concat(Uint8Array.of(identifier), fromText(password), challenge)), answer.value);
  return rules.eapResponseProves(verifies) ? { kind: 'succeeded', authenticator } : unproven(authenticator, name);
}

/** The name that counts is the one in the response, since it is what the proof covers. */
function judgeMsChap(authenticator: EapAuthenticator, { data }: EapPayload, rules: EapRules): AuthenticatorStep {
  const answer = readAs(msChapV2Challenge, data);
  const name = toText(answer?.name ?? new Uint8Array());
  const password = passwordOf(authenticator, name);
  const peer = answer?.value.subarray(0, 16) ?? new Uint8Array();
  const proof = answer?.value.subarray(24, 48) ?? new Uint8Array();
  const challenges = { authenticator: authenticator.challenge, peer, name };
  const verifies = () =>
    password !== undefined &&
    answer?.opCode === msChapV2OpCodes.Response &&
    answer.value.length === 49 &&
    equalInConstantTime(ntResponse(challenges, password), proof);
  if (!rules.eapResponseProves(verifies)) return unproven(authenticator, name);
  const identifier = following(authenticator.identifier);
  const message = fromText(`${authenticatorResponse(challenges, password ?? '', proof)} M=welcome`);
  const octets = msChapV2Result.encode({
    opCode: msChapV2OpCodes.Success,
    identifier: answer?.identifier ?? 0,
    message,
  });
  return {
    kind: 'asks',
    authenticator: {
      ...authenticator,
      identifier,
      asks: 'acknowledgement',
      name,
      MSK: masterSessionKey(password ?? '', proof),
    },
    packet: request(identifier, eapTypes['EAP-MSCHAP-V2'], octets),
  };
}

function unproven({ identifier }: EapAuthenticator, name: string): AuthenticatorStep {
  const refusal = { rule: 'eapResponseProves', detail: `the password of ${name} was not proven` } as const;
  return { kind: 'failed', identifier, refusal };
}

function passwordOf({ accounts }: EapAuthenticator, name: string): string | undefined {
  return accounts.passwords.find((account) => account.name === name)?.password;
}

const following = (identifier: number): number => (identifier + 1) & 0xff;

const SERVER_NAME = fromText('touchstone');
