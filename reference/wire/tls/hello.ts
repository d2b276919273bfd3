/**
 * ClientHello and ServerHello of TLS 1.2 (RFC 5246 sections 7.4.1.2 to 7.4.1.4), and what stands in the extensions that are spoken here: RFC 8422
 * section 5.1, RFC 7627 section 5.1, RFC 5746 section 3.2.
 *
 *     ClientHello  | client_version | random (32) | session_id | cipher_suites | compression_methods | extensions |
 *     ServerHello  | server_version | random (32) | session_id | cipher_suite  | compression_method  | extensions |
 */
import { computed, octets, u8, u16 } from '../fields.ts';
import { list, within } from '../groups.ts';
import { type Part, structure, type ValueOf } from '../kernel.ts';
import { cipherSuites, extensionTypes, tlsVersions } from './registry.ts';
import { numberVector, opaqueVector } from './vectors.ts';

export type ClientHello = ValueOf<typeof clientHello>;
export type ServerHello = ValueOf<typeof serverHello>;
export type TlsExtension = ValueOf<typeof extension>;

const extension = structure('extension', 'Extension', [
  u16('extensionType', 'extension_type', { registry: extensionTypes }),
  ...opaqueVector('data', 'extension_data', 2),
]);

const extensionVector = [
  computed(u16('extensionsLength', 'Length of extensions'), (value: { extensions?: readonly TlsExtension[] }) =>
    (value.extensions ?? []).reduce((sum, { data }) => sum + 4 + data.length, 0),
  ),
  within('extensions', ({ extensionsLength }: { extensionsLength: number }) => extensionsLength, [
    list('extensions', extension),
  ]),
] as const;

/** Section 7.4.1.4: a hello may end before them. */
const extensions: Part<{ readonly extensionsLength?: number; readonly extensions?: readonly TlsExtension[] }> = {
  read(reader, into) {
    if (reader.left > 0) for (const part of extensionVector) part.read(reader, into);
  },
  write(writer, value) {
    if (value.extensions === undefined) return;
    const octets = extensionBlock.encode({ ...value, extensions: value.extensions });
    writer.octets(octets);
  },
};

const extensionBlock = structure('extensions', 'Extensions', extensionVector);

const head = (side: string) =>
  [
    u16('version', `${side}_version`, { registry: tlsVersions }),
    octets('random', 'random', 32),
    ...opaqueVector('sessionId', 'session_id', 1),
  ] as const;

export const clientHello = structure('tls-client-hello', 'ClientHello', [
  ...head('client'),
  ...numberVector('cipherSuites', 'cipher_suites', 2, 2),
  ...numberVector('compressionMethods', 'compression_methods', 1, 1),
  extensions,
]);

export const serverHello = structure('tls-server-hello', 'ServerHello', [
  ...head('server'),
  u16('cipherSuite', 'cipher_suite', { registry: cipherSuites }),
  u8('compressionMethod', 'compression_method', { registry: { null: 0 } }),
  extensions,
]);

/** What supported_groups and signature_algorithms hold. */
export const numberList = structure('number-list', 'Numbers', numberVector('numbers', 'Numbers', 2, 2));

/** What ec_point_formats holds: 0 is uncompressed. */
export const pointFormats = structure('point-formats', 'Point Formats', numberVector('formats', 'Formats', 1, 1));

/** RFC 5746 section 3.2. */
export const renegotiationInfo = structure(
  'renegotiation-info',
  'RenegotiationInfo',
  opaqueVector('renegotiatedConnection', 'renegotiated_connection', 1),
);
