/** Opening an IKEv2 message: SK, or SKF for a fragment (RFC 7383), is decrypted with the keys its SPIs name (RFC 7296 3.14), after its integrity was checked. */
import { encryptionTransform } from '../../reference/transforms/encryption.ts';
import {
  equalInConstantTime,
  type IntegrityTransform,
  integrityWithoutIv,
} from '../../reference/transforms/integrity.ts';
import { type IkeMessage, ikeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { decodePayloads, type Payload, type PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';
import { hex, unhex } from '../../reference/wire/octets.ts';
import type { StrangersIke } from '../capture/keys/strangers-key.ts';
import type { Chain } from './ike-fragments.ts';

import type { NotatedMessage, NotatedPayload, Notation } from './notation.ts';
import type { OpenedIke } from './opened-frame.ts';
import { readable } from './readable.ts';

/** The chain that a fragment completes. */
export type GatheringFragments = (
  message: IkeMessage,
  fragment: PayloadOf<'SKF'>,
  content: Uint8Array,
) => Chain | undefined;

/** Keys by the SPIs of an IKE SA; those of a stranger may be of one direction alone. */
export interface IkeKeys {
  ike(initiatorSPI: string, responderSPI: string): readonly StrangersIke[];
}

/** Undefined when the octets are no IKE message. Never throws. */
export function openIke(
  octets: Uint8Array,
  carrier: IpPacket,
  keys: IkeKeys,
  gathered: GatheringFragments,
): OpenedIke | undefined {
  const message = readable(() => ikeMessage.decode(octets).value);
  if (!message) return undefined;
  const common = { message, octets, carrier };
  const { exchangeType, flags, initiatorSPI, responderSPI } = message.header;
  const records = keys.ike(hex(initiatorSPI), hex(responderSPI));
  const encrypted = message.payloads.find(isEncrypted);
  if (!encrypted) {
    const unprotected = !isInClear(exchangeType) && records.length > 0;
    return unprotected
      ? { ...common, state: 'unprotected' }
      : { ...common, state: 'clear', payloads: message.payloads };
  }
  const usable = records.filter(isUsable);
  if (usable.length === 0) return { ...common, state: 'no-key' };
  const from = flags.initiator ? 'initiator' : 'responder';
  const plaintexts = usable.map((record) => readable(() => decrypt(octets, encrypted, record, from)));
  const plaintext = plaintexts.find((each) => each !== undefined);
  if (!plaintext) return { ...common, state: 'bad-icv' };
  const chain: Chain | undefined =
    encrypted.type === 'SK'
      ? { firstPayload: encrypted.innerNextPayload, octets: plaintext }
      : gathered(message, encrypted, plaintext);
  if (!chain) return { ...common, state: 'opened' };
  const payloads = readable(() => decodePayloads(chain.firstPayload, chain.octets).value);
  const buffer = { name: 'SK', octets: chain.octets, kind: 'ike-payloads', firstProtocol: chain.firstPayload } as const;
  return { ...common, state: 'opened', ...(payloads && { payloads }), buffer };
}

/** Whether the notation names it, as a request or a response where that is said. What could not be opened, after its integrity was checked, is named by nothing. */
export function isNamed(ike: OpenedIke, by: Notation, response?: boolean): boolean {
  if (ike.payloads === undefined) return false;
  return (response === undefined || ike.message.header.flags.response === response) && by.matches(notatedMessage(ike));
}

export function notatedMessage({ message, payloads }: OpenedIke): NotatedMessage {
  const clear = message.payloads.filter((payload) => !isEncrypted(payload)).map(notated);
  const encrypted = message.payloads.find(isEncrypted);
  if (!encrypted) return { clear };
  return { clear, sealed: (payloads ?? []).map(notated), ...(encrypted.type === 'SKF' && { fragmented: true }) };
}

/** The exchanges that begin an IKE SA are not protected (RFC 7296 1.2, RFC 5723 4.3.2). */
export function isInClear(exchangeType: number): boolean {
  return exchangeType === exchangeTypes.IKE_SA_INIT || exchangeType === exchangeTypes.IKE_SESSION_RESUME;
}

type Encrypted = PayloadOf<'SK' | 'SKF'>;

function isEncrypted(payload: Payload): payload is Encrypted {
  return payload.type === 'SK' || payload.type === 'SKF';
}

function notated(payload: Payload): NotatedPayload {
  if (payload.type !== 'N') return { type: payload.type };
  const name = notifyNames.get(payload.notifyType);
  return { type: 'N', notify: name ?? String(payload.notifyType) };
}

function decrypt(
  octets: Uint8Array,
  sk: Encrypted,
  record: StrangersIke,
  from: 'initiator' | 'responder',
): Uint8Array | undefined {
  const cipher = encryptionTransform(record.encryption.id, record.encryption.keyLength, 'node');
  const [SK_e, SK_a] = from === 'initiator' ? [record.SK_ei, record.SK_ai] : [record.SK_er, record.SK_ar];
  if (SK_e === undefined) return undefined;
  const key = unhex(SK_e);
  if (!cipher || sk.body.length < cipher.ivOctets) return undefined;
  const iv = sk.body.subarray(0, cipher.ivOctets);
  const bodyStart = octets.length - sk.body.length;
  if (cipher.icvOctets > 0)
    return unpadded(cipher.decrypt(key, iv, sk.body.subarray(cipher.ivOctets), octets.subarray(0, bodyStart)));
  const integrity = authenticatorOf(record);
  if (!integrity || SK_a === undefined || sk.body.length < cipher.ivOctets + integrity.icvOctets) return undefined;
  const icvStart = octets.length - integrity.icvOctets;
  const expected = integrity.icv(unhex(SK_a), octets.subarray(0, icvStart)).subarray(0, integrity.icvOctets);
  if (!equalInConstantTime(expected, octets.subarray(icvStart))) return undefined;
  return unpadded(cipher.decrypt(key, iv, sk.body.subarray(cipher.ivOctets, sk.body.length - integrity.icvOctets)));
}

/** RFC 7296 3.14: the last octet counts the padding before it. */
function unpadded(plaintext: Uint8Array | undefined): Uint8Array | undefined {
  if (!plaintext || plaintext.length === 0) return undefined;
  const end = plaintext.length - 1 - plaintext.at(-1)!;
  return end < 0 ? undefined : plaintext.subarray(0, end);
}

function isUsable(record: StrangersIke): boolean {
  const cipher = encryptionTransform(record.encryption.id, record.encryption.keyLength, 'node');
  if (!cipher) return false;
  return cipher.icvOctets > 0 || authenticatorOf(record) !== undefined;
}

/** With the length of ICV that the record says. One that nobody can check is none: what is not authenticated is not believed. */
function authenticatorOf({ integrity }: StrangersIke): Pick<IntegrityTransform, 'icv' | 'icvOctets'> | undefined {
  if (integrity === undefined) return undefined;
  const { id, icvOctets } = typeof integrity === 'number' ? { id: integrity } : integrity;
  const transform = id === undefined ? undefined : integrityWithoutIv(id, 'node');
  return transform && { icv: transform.icv, icvOctets: icvOctets ?? transform.icvOctets };
}

const notifyNames: ReadonlyMap<number, string> = new Map(
  Object.entries(notifyTypes).map(([name, number]) => [number, name]),
);
