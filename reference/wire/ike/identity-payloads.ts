/**
 * Payloads by which peers say who they are and prove it: Identification, Certificate, Certificate Request and
 * Authentication (RFC 7296 sections 3.5 to 3.8). Names inside stay octets; `reference/certificates` and the PAD give
 * them meaning.
 */
import { addressText } from '../address.ts';
import { nameIn, reserved, rest, u8 } from '../fields.ts';
import type { ValueOf } from '../kernel.ts';
import { toText } from '../octets.ts';
import { briefHex } from '../reader.ts';
import { payload } from './generic-header.ts';
import { authenticationMethods, certificateEncodings, idTypes } from './registry.ts';

export type IdentificationPayload = ValueOf<typeof idiPayload> | ValueOf<typeof idrPayload>;
export type CertificatePayload = ValueOf<typeof certificatePayload>;
export type CertificateRequestPayload = ValueOf<typeof certificateRequestPayload>;
export type AuthenticationPayload = ValueOf<typeof authenticationPayload>;

/** An identification for people: `ID_FQDN carol.example`; binary kinds as hexadecimal. */
export function identificationText(idType: number, data: Uint8Array): string {
  const kind = nameIn(idTypes, idType) ?? `ID type ${idType}`;
  const isText = idType === idTypes.ID_FQDN || idType === idTypes.ID_RFC822_ADDR;
  const isAddress =
    (idType === idTypes.ID_IPV4_ADDR && data.length === 4) || (idType === idTypes.ID_IPV6_ADDR && data.length === 16);
  return `${kind} ${isText ? toText(data) : isAddress ? addressText(data) : briefHex(data)}`;
}

const identification = [
  u8('idType', 'ID Type', { registry: idTypes }),
  reserved(3),
  rest('data', 'Identification Data'),
] as const;

const identificationSummary = (id: { idType: number; data: Uint8Array }) => identificationText(id.idType, id.data);

export const idiPayload = payload('IDi', 'Identification - Initiator', identification, identificationSummary);
export const idrPayload = payload('IDr', 'Identification - Responder', identification, identificationSummary);

export const certificatePayload = payload('CERT', 'Certificate', [
  u8('encoding', 'Cert Encoding', { registry: certificateEncodings }),
  rest('data', 'Certificate Data'),
]);

export const certificateRequestPayload = payload('CERTREQ', 'Certificate Request', [
  u8('encoding', 'Cert Encoding', { registry: certificateEncodings }),
  rest('data', 'Certification Authority'),
]);

export const authenticationPayload = payload('AUTH', 'Authentication', [
  u8('method', 'Auth Method', { registry: authenticationMethods }),
  reserved(3),
  rest('data', 'Authentication Data'),
]);
