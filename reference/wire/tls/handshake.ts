/**
 * Handshake messages of TLS 1.2 (RFC 5246 section 7.4) with ephemeral Diffie-Hellman on elliptic curves (RFC 8422 section 5): each is a type, a length
 * of three octets, and one of the bodies here. Hellos are `hello.ts`.
 *
 *     | HandshakeType | length | body ... |
 *     |       1       |   3    |          |
 */
import { computed, octets, rest, u8, u16, u24 } from '../fields.ts';
import { list } from '../groups.ts';
import { structure, type ValueOf } from '../kernel.ts';
import { handshakeTypes, signatureSchemes, supportedGroups } from './registry.ts';
import { numberVector, opaqueVector, structureVector } from './vectors.ts';

export type HandshakeMessage = ValueOf<typeof handshakeMessage>;
export type ServerKeyExchange = ValueOf<typeof serverKeyExchange>;

export const handshakeMessage = structure('tls-handshake', 'TLS Handshake', [
  u8('handshakeType', 'HandshakeType', { registry: handshakeTypes }),
  computed(u24('length', 'length'), ({ body }: { body: Uint8Array }) => body.length),
  octets('body', 'body', ({ length }: { length: number }) => length),
]);

/** Octets before the body. */
export const HANDSHAKE_HEADER = 4;

const asn1Certificate = structure('asn1-certificate', 'ASN.1Cert', opaqueVector('der', 'Certificate in DER', 3));

/** Section 7.4.2: the sender's certificate first, each further one certifies that before it. */
export const certificateMessage = structure(
  'tls-certificate',
  'Certificate',
  structureVector('certificates', 'certificate_list', 3, list('certificates', asn1Certificate), ({ certificates }) =>
    certificates.reduce((sum, { der }) => sum + 3 + der.length, 0),
  ),
);

/** RFC 8422 section 5.4: the curve by name, the ephemeral public value on it, and a signature over both random values and these. */
export const serverKeyExchange = structure('tls-server-key-exchange', 'ServerKeyExchange', [
  u8('curveType', 'ECCurveType', { registry: { named_curve: 3 } }),
  u16('namedCurve', 'NamedCurve', { registry: supportedGroups }),
  ...opaqueVector('publicValue', 'ECPoint', 1),
  u16('signatureScheme', 'SignatureAndHashAlgorithm', { registry: signatureSchemes }),
  ...opaqueVector('signature', 'signature', 2),
]);

const authorityName = structure('distinguished-name', 'DistinguishedName', opaqueVector('name', 'Name in DER', 2));

/** Section 7.4.4. */
export const certificateRequest = structure('tls-certificate-request', 'CertificateRequest', [
  ...numberVector('certificateTypes', 'certificate_types', 1, 1),
  ...numberVector('signatureSchemes', 'supported_signature_algorithms', 2, 2),
  ...structureVector(
    'authorities',
    'certificate_authorities',
    2,
    list('authorities', authorityName),
    ({ authorities }) => authorities.reduce((sum, { name }) => sum + 2 + name.length, 0),
  ),
]);

/** RFC 8422 section 5.7. */
export const clientKeyExchange = structure('tls-client-key-exchange', 'ClientKeyExchange', [
  ...opaqueVector('publicValue', 'ecdh_Yc', 1),
]);

/** Section 7.4.8. */
export const certificateVerify = structure('tls-certificate-verify', 'CertificateVerify', [
  u16('signatureScheme', 'SignatureAndHashAlgorithm', { registry: signatureSchemes }),
  ...opaqueVector('signature', 'signature', 2),
]);

/** Section 7.4.9. */
export const finished = structure('tls-finished', 'Finished', [rest('verifyData', 'verify_data')]);

/** Section 7.4.5. */
export const serverHelloDone = structure('tls-server-hello-done', 'ServerHelloDone', []);
