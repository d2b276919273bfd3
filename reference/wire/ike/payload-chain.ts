/**
 * A chain of payloads, RFC 7296 section 3.2: each names its successor's type. It stands behind the IKE header and, by
 * itself, inside a decrypted SK payload. SK and SKF end a chain, since their Next Payload speaks of the inside.
 */
import type { Dissection } from '../dissection.ts';
import { rest } from '../fields.ts';
import { type Decoded, decodeWith, dissectWith, type Structure, type ValueOf } from '../kernel.ts';
import type { Reader } from '../reader.ts';
import { Writer } from '../writer.ts';
import { type ConfigurationPayload, configurationPayload, type EapPayload, eapPayload } from './configuration.ts';
import {
  type EncryptedFragmentPayload,
  type EncryptedPayload,
  encryptedFragmentPayload,
  encryptedPayload,
} from './encrypted.ts';
import {
  type DeletePayload,
  deletePayload,
  type KeyExchangePayload,
  keyExchangePayload,
  type NoncePayload,
  type NotifyPayload,
  noncePayload,
  notifyPayload,
  type VendorIdPayload,
  vendorIdPayload,
} from './exchange-payloads.ts';
import { payload } from './generic-header.ts';
import {
  type AuthenticationPayload,
  authenticationPayload,
  type CertificatePayload,
  type CertificateRequestPayload,
  certificatePayload,
  certificateRequestPayload,
  type IdentificationPayload,
  idiPayload,
  idrPayload,
} from './identity-payloads.ts';
import { type SaPayload, saPayload } from './proposal.ts';
import { payloadTypes } from './registry.ts';
import { type TrafficSelectorPayload, tsiPayload, tsrPayload } from './traffic-selector.ts';

export type Payload =
  | SaPayload
  | KeyExchangePayload
  | IdentificationPayload
  | CertificatePayload
  | CertificateRequestPayload
  | AuthenticationPayload
  | NoncePayload
  | NotifyPayload
  | DeletePayload
  | VendorIdPayload
  | TrafficSelectorPayload
  | EncryptedPayload
  | EncryptedFragmentPayload
  | ConfigurationPayload
  | EapPayload
  | UnknownPayload;

/** A payload whose type this house does not know: `payloadType` and octets. */
export type UnknownPayload = ValueOf<typeof unknownPayload> & { readonly payloadType: number };

/** The payload of a kind: `PayloadOf<'SA'>`. */
export type PayloadOf<Type extends Payload['type']> = Extract<Payload, { type: Type }>;

/** The number by which a predecessor announces a payload. */
export function payloadTypeOf(payload: Payload): number {
  return payload.type === 'unknown' ? payload.payloadType : payloadTypes[payload.type];
}

/** The chain's octets, and the type of its first payload for whoever announces it. */
export function encodePayloads(payloads: readonly Payload[]): { firstPayload: number; octets: Uint8Array } {
  const writer = new Writer();
  writePayloads(writer, payloads);
  return { firstPayload: payloads[0] ? payloadTypeOf(payloads[0]) : payloadTypes.NONE, octets: writer.finish() };
}

/** Decodes a chain that fills `octets`. Throws `MalformedOctets`. */
export function decodePayloads(firstPayload: number, octets: Uint8Array): Decoded<readonly Payload[]> {
  return decodeWith(octets, 'payloads', (reader) => readChain(reader, firstPayload));
}

/** The tree of a chain by itself; never throws. */
export function dissectPayloads(firstPayload: number, octets: Uint8Array): Dissection {
  return dissectWith(octets, 'payloads', (reader) => readChain(reader, firstPayload));
}

/** Reads payloads until the chain ends; octets may be left. */
export function readPayloads(reader: Reader, firstPayload: number): readonly Payload[] {
  const payloads: Payload[] = [];
  let next = firstPayload;
  while (next !== payloadTypes.NONE) {
    const known = structures.get(next);
    const read = (known ?? unknownPayload).read(reader, payloads.length);
    const payload = known ? (read as Payload) : ({ ...read, payloadType: next } as UnknownPayload);
    payloads.push(payload);
    if (payload.type === 'SK' || payload.type === 'SKF') break;
    next = payload.nextPayload!;
  }
  return payloads;
}

export function writePayloads(writer: Writer, payloads: readonly Payload[]): void {
  payloads.forEach((payload, i) => {
    const successor = payloads[i + 1];
    const actual = successor ? payloadTypeOf(successor) : payloadTypes.NONE;
    const given = 'nextPayload' in payload ? payload.nextPayload : undefined;
    structureOf(payload).write(writer, { ...payload, nextPayload: given ?? actual } as Payload);
  });
}

function readChain(reader: Reader, firstPayload: number): readonly Payload[] {
  reader.enter('payloads', 'Payloads');
  const payloads = readPayloads(reader, firstPayload);
  reader.leave();
  return payloads;
}

const unknownPayload = payload('unknown', 'Payload of unknown type', [rest('data', 'Payload Data')]);

const known = {
  SA: saPayload,
  KE: keyExchangePayload,
  IDi: idiPayload,
  IDr: idrPayload,
  CERT: certificatePayload,
  CERTREQ: certificateRequestPayload,
  AUTH: authenticationPayload,
  Nonce: noncePayload,
  N: notifyPayload,
  D: deletePayload,
  V: vendorIdPayload,
  TSi: tsiPayload,
  TSr: tsrPayload,
  SK: encryptedPayload,
  SKF: encryptedFragmentPayload,
  CP: configurationPayload,
  EAP: eapPayload,
} as const;

const structures: ReadonlyMap<number, Structure<Payload>> = new Map(
  Object.entries(known).map(([type, structure]) => [
    payloadTypes[type as keyof typeof known],
    structure as unknown as Structure<Payload>,
  ]),
);

function structureOf(payload: Payload): Structure<Payload> {
  const structure = payload.type === 'unknown' ? unknownPayload : known[payload.type];
  return structure as unknown as Structure<Payload>;
}
