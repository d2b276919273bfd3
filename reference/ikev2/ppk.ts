/**
 * Postquantum preshared keys (RFC 8784): said to be used in IKE_SA_INIT, named in IKE_AUTH, and mixed into the keys that prove identities and make children. Who goes on without one is a
 * rule.
 *
 *     HDR, SAi1, KEi, Ni, N(USE_PPK)  -->  <--  HDR, SAr1, KEr, Nr, N(USE_PPK)
 *     HDR, SK {IDi, AUTH, SAi2, TSi, TSr, N(PPK_IDENTITY), [N(NO_PPK_AUTH)]}  -->
 *                                     <--  HDR, SK {IDr, AUTH, SAr2, TSi, TSr, N(PPK_IDENTITY)}
 */
import type { NotifyPayload } from '../wire/ike/exchange-payloads.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { concat, fromText, toText, unhex } from '../wire/octets.ts';
import type { Authentication } from './authentication.ts';
import type { IkeConnection } from './configuration.ts';
import type { IkeSa } from './ike-sa.ts';
import type { FirstMessages, Keyed } from './ike-sa-state.ts';
import { findNotify, notify } from './payloads.ts';
import type { Refusal } from './refusal.ts';

export function usePpkNotify(isSaid: boolean): NotifyPayload[] {
  return isSaid ? [notify(notifyTypes.USE_PPK)] : [];
}

/** Whether these peers will use one, as far as this node knows by now which connection this will be. */
export function agreesOnPpk(
  { surroundings }: IkeSa,
  candidates: readonly IkeConnection[],
  payloads: readonly Payload[],
): boolean {
  const isWilling = candidates.some(({ ppk }) => ppk !== undefined);
  return surroundings.rules.ppkAgreed(isWilling, findNotify(payloads, 'USE_PPK') !== undefined);
}

/** Section 3: SK_d, SK_pi and SK_pr go through prf+ once more, under the PPK; the others are as they were. */
export function keyedByPpk({ surroundings }: IkeSa, { ppk }: IkeConnection, keyed: Keyed): Keyed {
  if (!ppk) return keyed;
  const { prf, keys } = keyed;
  const mix = (key: Uint8Array) => prf.prfPlus(unhex(ppk.key), key, key.length);
  const mixed = { ...keys, SK_d: mix(keys.SK_d), SK_pi: mix(keys.SK_pi), SK_pr: mix(keys.SK_pr) };
  return { ...keyed, keys: surroundings.rules.keysWithPpk(mixed, keys) };
}

/** `N(PPK_IDENTITY, PPK_ID), [N(NO_PPK_AUTH)]`, the second still blank. */
export function ppkNotifies({ surroundings }: IkeSa, { ppk }: IkeConnection): NotifyPayload[] {
  if (!ppk) return [];
  const identity = notify(notifyTypes.PPK_IDENTITY, concat(Uint8Array.of(PPK_ID_FIXED), fromText(ppk.identity)));
  if (!surroundings.rules.noPpkAuthSaid(ppk.mandatory ?? false)) return [identity];
  return [identity, notify(notifyTypes.NO_PPK_AUTH)];
}

/** With a NO_PPK_AUTH that is blank filled by what AUTH would be without the PPK. */
export function withNoPpkAuth(message: IkeMessage, authentication: () => Uint8Array): IkeMessage {
  const payloads = message.payloads.map((payload): Payload => {
    const isBlank = payload.type === 'N' && payload.notifyType === notifyTypes.NO_PPK_AUTH && payload.data.length === 0;
    return isBlank ? { ...payload, data: authentication() } : payload;
  });
  return { ...message, payloads };
}

/** What authenticates an initiator, and with which keys. */
export interface Proof {
  readonly authentication: Authentication;
  readonly keyed: Keyed;
  /** To be said by the responder where the PPK is used. */
  readonly confirms: readonly NotifyPayload[];
}

/** The responder's side of table 1. */
export function proofOfInitiator(
  ikeSa: IkeSa,
  connection: IkeConnection,
  authentication: Authentication,
  { keyed, first }: { readonly keyed: Keyed; readonly first: FirstMessages },
  payloads: readonly Payload[],
): Proof | Refusal {
  const { rules } = ikeSa.surroundings;
  const { ppk } = connection;
  const plain = { authentication, keyed, confirms: [] };
  const mandatory = ppk?.mandatory ?? false;
  if (!first.usesPpk) return rules.withoutPpk(mandatory) ? plain : refused('withoutPpk', 'a PPK is mandatory');
  const named = namedIn(payloads);
  if (named === undefined) return refused('withoutPpk', 'no PPK is named');
  if (rules.ppkNamed(ppk?.identity, named)) {
    return {
      authentication,
      keyed: keyedByPpk(ikeSa, connection, keyed),
      confirms: [notify(notifyTypes.PPK_IDENTITY)],
    };
  }
  const without = findNotify(payloads, 'NO_PPK_AUTH');
  if (!rules.noPpkAuthTaken(mandatory, without !== undefined)) return refused('ppkNamed', `no PPK ${named}`);
  return { ...plain, authentication: { ...authentication, data: without?.data ?? authentication.data } };
}

/** The initiator's side, once it is answered: with the PPK where the responder confirms it. */
export function keyedAsConfirmed(
  ikeSa: IkeSa,
  connection: IkeConnection,
  { keyed, first }: { readonly keyed: Keyed; readonly first: FirstMessages },
  payloads: readonly Payload[],
): Keyed | Refusal {
  if (!first.usesPpk) return keyed;
  if (findNotify(payloads, 'PPK_IDENTITY')) return keyedByPpk(ikeSa, connection, keyed);
  const mandatory = connection.ppk?.mandatory ?? false;
  return ikeSa.surroundings.rules.withoutPpk(mandatory) ? keyed : refused('withoutPpk', 'the PPK is not used');
}

/** The name in PPK_IDENTITY; undefined where there is none, or of another type. */
function namedIn(payloads: readonly Payload[]): string | undefined {
  const data = findNotify(payloads, 'PPK_IDENTITY')?.data;
  return data?.[0] === PPK_ID_FIXED ? toText(data.subarray(1)) : undefined;
}

const refused = (rule: 'withoutPpk' | 'ppkNamed', detail: string): Refusal => ({ rule, detail });

/** Section 5.1. */
const PPK_ID_FIXED = 2;
