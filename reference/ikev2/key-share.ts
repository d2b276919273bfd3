/** Nonces and private values of an exchange (RFC 7296 sections 2.10 and 2.12), drawn from `Env` and used once. */
import { keyExchangeMethod } from '../transforms/key-exchange.ts';
import type { KeyExchangePayload } from '../wire/ike/exchange-payloads.ts';
import { readU16 } from '../wire/octets.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Refusal } from './refusal.ts';

/** 32 octets: half the key size of every PRF here, and more. */
export function freshNonce({ surroundings }: IkeSa): Uint8Array {
  return surroundings.env.octets('nonce', 32);
}

/** The group that an INVALID_KE_PAYLOAD names (section 3.10.1); 0 where it names none. */
export const groupSuggested = (data: Uint8Array): number => (data.length === 2 ? readU16(data) : 0);

/** A fresh private value for a group; empty where Touchstone does not have the group. */
export function freshPrivateValue({ surroundings }: IkeSa, group: number): Uint8Array {
  const octets = keyExchangeMethod(group)?.privateOctets ?? 0;
  return surroundings.rules.privateValue(() => surroundings.env.octets('key-share', octets));
}

/** The KE payload for a private value. */
export function keyExchangePayload(
  { surroundings }: IkeSa,
  group: number,
  privateValue: Uint8Array,
): KeyExchangePayload {
  const method = keyExchangeMethod(group, surroundings.settings.provider);
  const keyExchangeData = method?.publicValue(privateValue) ?? new Uint8Array();
  return { type: 'KE', group, keyExchangeData };
}

/** Where the peer has asked: this node's KE payload, and the secret, which is undefined where the rule refuses the peer's value. */
export function answeredWith(
  ikeSa: IkeSa,
  group: number,
  privateValue: Uint8Array,
  peerPublicValue: Uint8Array,
): { readonly payload: KeyExchangePayload; readonly secret: Uint8Array | undefined } {
  const { rules, settings } = ikeSa.surroundings;
  const method = keyExchangeMethod(group, settings.provider);
  if (method?.answer === undefined) {
    const payload = keyExchangePayload(ikeSa, group, privateValue);
    return { payload, secret: sharedSecretWith(ikeSa, group, privateValue, peerPublicValue) };
  }
  const answer = method.answer(privateValue, peerPublicValue);
  const secret = () => answer?.sharedSecret;
  const keyExchangeData = answer?.publicValue ?? new Uint8Array();
  return { payload: { type: 'KE', group, keyExchangeData }, secret: rules.sharedSecret(secret, secret) };
}

/** g^ir, or undefined where the rule refuses the peer's value. */
export function sharedSecretWith(
  { surroundings }: IkeSa,
  group: number,
  privateValue: Uint8Array,
  peerPublicValue: Uint8Array,
): Uint8Array | undefined {
  const method = keyExchangeMethod(group, surroundings.settings.provider);
  return surroundings.rules.sharedSecret(
    () => method?.sharedSecret(privateValue, peerPublicValue),
    () => method?.uncheckedSharedSecret(privateValue, peerPublicValue),
  );
}

/** What is wrong with the peer's share in a further exchange of keys by this method (RFC 9370), if something is. */
export function refusalOfShare(
  { surroundings }: IkeSa,
  method: number,
  group: number | undefined,
  secret: Uint8Array | undefined,
): Refusal | undefined {
  if (group === undefined || !surroundings.rules.keyExchangeGroup(group, method))
    return { rule: 'keyExchangeGroup', detail: `method ${group ?? 'none'}, expected ${method}` };
  return secret === undefined ? noSecret(method) : undefined;
}

export function noSecret(method: number): Refusal {
  return { rule: 'sharedSecret', detail: `no secret follows from that value of method ${method}` };
}
