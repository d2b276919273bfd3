/** Opening an IKEv2 message: SK is decrypted with the keys its SPIs name (RFC 7296 3.14), after its integrity was checked. */
import { encryptionTransform } from '../../reference/transforms/encryption.ts';
import { equalInConstantTime, integrityTransform } from '../../reference/transforms/integrity.ts';
import { type IkeMessage, ikeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { decodePayloads, type Payload, type PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { hex, unhex } from '../../reference/wire/octets.ts';
import type { KeyRecord } from '../capture/transcript.ts';
import type { NotatedMessage, NotatedPayload } from './notation.ts';
import type { OpenedBuffer } from './opened-frame.ts';

export type IkeKeyRecord = Extract<KeyRecord, { kind: 'ikev2' }>;

export interface OpenedIke {
  readonly message: IkeMessage;
  readonly octets: Uint8Array;
  readonly state: 'clear' | 'opened' | 'bad-icv' | 'no-key';
  /** The payloads of SK when opened, of the message itself when clear. */
  readonly payloads?: readonly Payload[];
  readonly buffer?: OpenedBuffer;
}

/** Undefined when the octets are no IKE message. */
export function openIke(octets: Uint8Array, keys: readonly IkeKeyRecord[]): OpenedIke | undefined {
  const message = decoded(octets);
  if (!message) return undefined;
  const encrypted = message.payloads.find((payload) => payload.type === 'SK');
  if (!encrypted) return { message, octets, state: 'clear', payloads: message.payloads };
  const { initiatorSPI, responderSPI, flags } = message.header;
  const record = keys.find(
    (each) => each.initiatorSPI === hex(initiatorSPI) && each.responderSPI === hex(responderSPI),
  );
  if (!record) return { message, octets, state: 'no-key' };
  const plaintext = decrypt(octets, encrypted, record, flags.initiator ? 'initiator' : 'responder');
  if (!plaintext) return { message, octets, state: 'bad-icv' };
  const buffer = {
    name: 'SK',
    octets: plaintext,
    kind: 'ike-payloads',
    firstProtocol: encrypted.innerNextPayload,
  } as const;
  try {
    return {
      message,
      octets,
      state: 'opened',
      payloads: decodePayloads(encrypted.innerNextPayload, plaintext).value,
      buffer,
    };
  } catch {
    return { message, octets, state: 'opened', buffer };
  }
}

export function notatedMessage({ message, payloads }: OpenedIke): NotatedMessage {
  const clear = message.payloads.filter((payload) => payload.type !== 'SK').map(notated);
  const isSealed = clear.length < message.payloads.length;
  return isSealed ? { clear, sealed: (payloads ?? []).map(notated) } : { clear };
}

function notated(payload: Payload): NotatedPayload {
  if (payload.type !== 'N') return { type: payload.type };
  const name = notifyNames.get(payload.notifyType);
  return { type: 'N', notify: name ?? String(payload.notifyType) };
}

function decrypt(
  octets: Uint8Array,
  sk: PayloadOf<'SK'>,
  record: IkeKeyRecord,
  from: 'initiator' | 'responder',
): Uint8Array | undefined {
  const cipher = encryptionTransform(record.encryption.id, record.encryption.keyLength, 'node');
  const key = unhex(from === 'initiator' ? record.SK_ei : record.SK_er);
  if (!cipher || sk.body.length < cipher.ivOctets) return undefined;
  const iv = sk.body.subarray(0, cipher.ivOctets);
  const bodyStart = octets.length - sk.body.length;
  if (cipher.icvOctets > 0)
    return unpadded(cipher.decrypt(key, iv, sk.body.subarray(cipher.ivOctets), octets.subarray(0, bodyStart)));
  const integrity = record.integrity === undefined ? undefined : integrityTransform(record.integrity, 'node');
  if (!integrity || sk.body.length < cipher.ivOctets + integrity.icvOctets) return undefined;
  const icvStart = octets.length - integrity.icvOctets;
  const expected = integrity.icv(
    unhex(from === 'initiator' ? record.SK_ai : record.SK_ar),
    octets.subarray(0, icvStart),
  );
  if (!equalInConstantTime(expected, octets.subarray(icvStart))) return undefined;
  return unpadded(cipher.decrypt(key, iv, sk.body.subarray(cipher.ivOctets, sk.body.length - integrity.icvOctets)));
}

/** RFC 7296 3.14: the last octet counts the padding before it. */
function unpadded(plaintext: Uint8Array | undefined): Uint8Array | undefined {
  if (!plaintext || plaintext.length === 0) return undefined;
  const end = plaintext.length - 1 - plaintext.at(-1)!;
  return end < 0 ? undefined : plaintext.subarray(0, end);
}

function decoded(octets: Uint8Array): IkeMessage | undefined {
  try {
    return ikeMessage.decode(octets).value;
  } catch {
    return undefined;
  }
}

const notifyNames: ReadonlyMap<number, string> = new Map(
  Object.entries(notifyTypes).map(([name, number]) => [number, name]),
);
