/** Whether a recorded key can be one at all: of a transform the reference has, and as long as that takes. Whether it is the right one, an ICV shows. */
import { encryptionTransform } from '../../reference/transforms/encryption.ts';
import { integrityTransform, integrityWithoutIv } from '../../reference/transforms/integrity.ts';
import type { KeyRecord } from '../capture/transcript.ts';

export interface KeyFault {
  /** The path of the field in the record. */
  readonly field: string;
  readonly says: string;
}

export function keyFault(record: KeyRecord): KeyFault | undefined {
  if (record.kind === 'ah') return authenticatorFault(record.integrity);
  const { id, keyLength } = record.encryption;
  const encryption = encryptionTransform(id, keyLength, 'node');
  if (!encryption)
    return { field: 'encryption.id', says: `wanted a known transform, had ${id} with ${keyLength} bits` };
  const octets = encryption.keyOctets + encryption.saltOctets;
  const keys =
    record.kind === 'esp' ? { 'encryption.key': record.encryption.key } : { SK_ei: record.SK_ei, SK_er: record.SK_er };
  for (const [field, key] of Object.entries(keys)) {
    if (key.length !== 2 * octets) return { field, says: `wanted ${octets} octets of key, had ${key.length / 2}` };
  }
  return record.kind === 'esp'
    ? integrityFault(record.integrity?.id, 'integrity.id')
    : integrityFault(record.integrity, 'integrity');
}

/** Of AH; HMAC takes a key of any length, everything else one of its own. */
function authenticatorFault({ id, key }: { readonly id: number; readonly key: string }): KeyFault | undefined {
  const transform = integrityTransform(id, 'node');
  if (!transform) return { field: 'integrity.id', says: `wanted a known transform, had ${id}` };
  if (transform.name.includes('HMAC') || key.length === 2 * transform.keyOctets) return undefined;
  return { field: 'integrity.key', says: `wanted ${transform.keyOctets} octets of key, had ${key.length / 2}` };
}

function integrityFault(id: number | undefined, field: string): KeyFault | undefined {
  if (!id || integrityWithoutIv(id, 'node')) return undefined;
  return { field, says: `wanted a known transform, had ${id}` };
}
