/**
 * What is negotiated in the hellos (RFC 5246 sections 7.4.1.2 to 7.4.1.4): the cipher suite, the curve, and whether the master secret is bound to the
 * handshake (RFC 7627). RFC 5746 section 3.2 is said as well, for there are peers that want it: nothing is ever renegotiated.
 */
import type { PrivateKey } from '../transforms/asymmetric-key.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { type ClientHello, numberList, pointFormats, type ServerHello, type TlsExtension } from '../wire/tls/hello.ts';
import { cipherSuites, extensionTypes, supportedGroups, tlsVersions } from '../wire/tls/registry.ts';
import { groups } from './ephemeral-keys.ts';
import { knownSchemes } from './signatures.ts';

/** In order of preference. */
export const offeredSuites: readonly number[] = [
  cipherSuites.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  cipherSuites.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

/** Those that a server with this key can speak: it is the key that signs its public value. */
export const suitesFor = ({ type }: PrivateKey): readonly number[] =>
  type === 'RSA'
    ? [cipherSuites.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
    : [cipherSuites.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];

export function clientHelloOf(random: Uint8Array): ClientHello {
  return {
    version: tlsVersions['TLS 1.2'],
    random,
    sessionId: new Uint8Array(),
    cipherSuites: offeredSuites,
    compressionMethods: [NULL_COMPRESSION],
    extensions: [
      { extensionType: extensionTypes.supported_groups, data: numberList.encode({ numbers: groups }) },
      { extensionType: extensionTypes.ec_point_formats, data: pointFormats.encode({ formats: [UNCOMPRESSED] }) },
      { extensionType: extensionTypes.signature_algorithms, data: numberList.encode({ numbers: knownSchemes }) },
      boundMasterSecret,
      noRenegotiation,
    ],
  };
}

/** Answers nothing that was not asked (section 7.4.1.4). */
export function serverHelloOf(
  asked: ClientHello,
  random: Uint8Array,
  cipherSuite: number,
  bound: boolean,
): ServerHello {
  const asksOfRenegotiation =
    hasExtension(asked, 'renegotiation_info') ||
    asked.cipherSuites.includes(cipherSuites.TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
  return {
    version: tlsVersions['TLS 1.2'],
    random,
    sessionId: new Uint8Array(),
    cipherSuite,
    compressionMethod: NULL_COMPRESSION,
    extensions: [...(bound ? [boundMasterSecret] : []), ...(asksOfRenegotiation ? [noRenegotiation] : [])],
  };
}

export function hasExtension(
  { extensions = [] }: ClientHello | ServerHello,
  name: keyof typeof extensionTypes,
): boolean {
  return extensions.some(({ extensionType }) => extensionType === extensionTypes[name]);
}

/** The first curve here that the client knows; one that says nothing of curves knows any (RFC 8422 section 4). */
export function groupFor({ extensions = [] }: ClientHello): number | undefined {
  const said = extensions.find(({ extensionType }) => extensionType === extensionTypes.supported_groups);
  if (said === undefined) return supportedGroups.secp256r1;
  try {
    const { numbers } = numberList.decode(said.data).value;
    return groups.find((group) => numbers.includes(group));
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

const boundMasterSecret: TlsExtension = {
  extensionType: extensionTypes.extended_master_secret,
  data: new Uint8Array(),
};

/** renegotiated_connection, which is empty. */
const noRenegotiation: TlsExtension = { extensionType: extensionTypes.renegotiation_info, data: Uint8Array.of(0) };

const NULL_COMPRESSION = 0;
const UNCOMPRESSED = 0;
