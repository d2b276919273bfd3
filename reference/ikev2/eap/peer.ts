/**
 * EAP, the peer's side (RFC 3748 section 4; RFC 2759 for EAP-MSCHAPv2; EAP-TLS is `eap-tls.ts`): the initiator of IKE answers requests until somebody says Success or Failure.
 * A value in, a value out; what IKE makes of it is `exchanges/ike-auth-eap.ts`.
 */
import type { Env } from '../../machine.ts';
import { equalInConstantTime } from '../../transforms/integrity.ts';
import { hash } from '../../transforms/keyed-hash.ts';
import { authenticatorResponse, masterSessionKey, ntResponse } from '../../transforms/ms-chap-v2.ts';
import { md5Challenge, msChapV2Challenge, msChapV2OpCodes, msChapV2Result } from '../../wire/eap.ts';
import type { EapPayload } from '../../wire/ike/configuration.ts';
import { eapCodes, eapTypes } from '../../wire/ike/registry.ts';
import { concat, fromText, toText } from '../../wire/octets.ts';
import type { EapPasswordCredential, EapTlsCredential } from '../configuration.ts';
import type { EapRefusal, EapRules } from './eap-rules.ts';
import type { EapTls } from './eap-tls.ts';
import { readAs, response, typeOfMethod, withinLength } from './packets.ts';

/** With a password, or at one end of TLS. */
export type EapPeer = PasswordPeer | TlsPeer;
type PasswordPeer = PeerState & { readonly credential: EapPasswordCredential };
type TlsPeer = PeerState & { readonly credential: EapTlsCredential; readonly tls: EapTls };

interface PeerState {
  /** The request before, and what was said to it. */
  readonly latest?: { readonly identifier: number; readonly answer: EapPayload };
  /** What the authenticator of EAP-MSCHAPv2 is to say. */
  readonly awaited?: string;
  readonly methodIsDone: boolean;
  readonly MSK?: Uint8Array;
}

export type PeerStep =
  /** `refusal`: what the packet tells the authenticator. */
  | {
      readonly kind: 'answers';
      readonly peer: EapPeer;
      readonly packet: EapPayload;
      readonly refusal?: EapRefusal;
    }
  | { readonly kind: 'succeeded'; readonly peer: EapPeer }
  /** `isTold`: by the authenticator, which knows. */
  | { readonly kind: 'failed'; readonly refusal: EapRefusal; readonly isTold?: true };

export function stepPeer(peer: EapPeer, received: EapPayload, rules: EapRules, env: Env): PeerStep {
  const packet = withinLength(received, rules);
  if ('rule' in packet) return failed(packet);
  switch (packet.code) {
    case eapCodes.Request:
      return answersRequest(peer, packet, rules, env);
    case eapCodes.Success:
      if (rules.eapSuccessAccepted(peer.methodIsDone)) return { kind: 'succeeded', peer };
      return failed({ rule: 'eapSuccessAccepted', detail: 'before the method has come to its end' });
    case eapCodes.Failure:
      if (!rules.eapFailureEnds()) return { kind: 'succeeded', peer };
      return { kind: 'failed', refusal: { rule: 'eapFailureEnds', detail: 'EAP Failure' }, isTold: true };
    default:
      return failed({ rule: 'eapResponseType', detail: `code ${packet.code} to a peer` });
  }
}

function answersRequest(peer: EapPeer, packet: EapPayload, rules: EapRules, env: Env): PeerStep {
  const { identifier, eapType = 0 } = packet;
  const { latest, credential } = peer;
  if (latest && rules.eapRequestRepeated(latest.identifier, identifier))
    return { kind: 'answers', peer, packet: latest.answer };
  if (eapType === eapTypes.Identity) return answers(peer, response(identifier, eapType, fromText(credential.name)));
  if (eapType === eapTypes.Notification) return answers(peer, response(identifier, eapType, new Uint8Array()));
  const wanted = typeOfMethod(credential.method);
  if (!rules.eapMethodAcceptable(wanted, eapType))
    return answers(peer, response(identifier, eapTypes['Legacy Nak'], Uint8Array.of(wanted)));
  if ('tls' in peer) return answersTls(peer, packet);
  return eapType === eapTypes['MD5-Challenge'] ? answersMd5(peer, packet) : answersMsChap(peer, packet, rules, env);
}

/** A refusal of TLS is said in TLS; whoever asks on has not understood it. */
function answersTls(peer: TlsPeer, { identifier, data }: EapPayload): PeerStep {
  const { tls } = peer;
  if (tls.refusal) return failed(tls.refusal);
  const step = tls.receives(data);
  if ('rule' in step) return failed(step);
  const { MSK, refusal } = tls;
  const packet = response(identifier, eapTypes['EAP-TLS'], step.says);
  const answer = answers({ ...peer, ...(MSK && { MSK, methodIsDone: true }) }, packet);
  return refusal ? { ...answer, refusal } : answer;
}

/** RFC 1994 section 4.1: MD5 of identifier, password, and challenge. */
function answersMd5(peer: PasswordPeer, { identifier, data }: EapPayload): PeerStep {
  const { name, password } = peer.credential;
  const challenge = readAs(md5Challenge, data);
  if (challenge === undefined) return unreadable();
  const value = hash('md5', concat(Uint8Array.of(identifier), fromText(password), challenge.value));
  const octets = md5Challenge.encode({ value, name: fromText(name) });
  return answers({ ...peer, methodIsDone: true }, response(identifier, eapTypes['MD5-Challenge'], octets));
}

function answersMsChap(peer: PasswordPeer, { identifier, data }: EapPayload, rules: EapRules, env: Env): PeerStep {
  const { name, password } = peer.credential;
  const say = (octets: Uint8Array) => response(identifier, eapTypes['EAP-MSCHAP-V2'], octets);
  if (data[0] === msChapV2OpCodes.Failure) return answers(peer, say(Uint8Array.of(msChapV2OpCodes.Failure)));
  if (data[0] === msChapV2OpCodes.Success) {
    const said = toText(readAs(msChapV2Result, data)?.message ?? new Uint8Array()).slice(0, peer.awaited?.length ?? 0);
    const { awaited = '' } = peer;
    const verifies = () => awaited.length > 0 && equalInConstantTime(fromText(awaited), fromText(said));
    if (!rules.authenticatorProves(verifies))
      return failed({ rule: 'authenticatorProves', detail: 'the authenticator does not know the password' });
    return answers({ ...peer, methodIsDone: true }, say(Uint8Array.of(msChapV2OpCodes.Success)));
  }
  const challenge = readAs(msChapV2Challenge, data);
  if (challenge?.opCode !== msChapV2OpCodes.Challenge) return unreadable();
  const own = env.octets('nonce', 16);
  const challenges = { authenticator: challenge.value, peer: own, name };
  const proof = ntResponse(challenges, password);
  const octets = msChapV2Challenge.encode({
    opCode: msChapV2OpCodes.Response,
    identifier: challenge.identifier,
    value: concat(own, new Uint8Array(8), proof, Uint8Array.of(0)),
    name: fromText(name),
  });
  const awaited = authenticatorResponse(challenges, password, proof);
  return answers({ ...peer, awaited, MSK: masterSessionKey(password, proof) }, say(octets));
}

function answers(peer: EapPeer, packet: EapPayload): PeerStep & { kind: 'answers' } {
  return { kind: 'answers', peer: { ...peer, latest: { identifier: packet.identifier, answer: packet } }, packet };
}

const failed = (refusal: EapRefusal): PeerStep => ({ kind: 'failed', refusal });

const unreadable = (): PeerStep => failed({ rule: 'eapLength', detail: 'a challenge that cannot be read' });
