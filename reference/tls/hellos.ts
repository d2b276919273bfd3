/**
 * What is negotiated in the hellos (RFC 5246 sections 7.4.1.2 to 7.4.1.4): the cipher suite, the curve, and whether the master secret is bound to the
 * handshake (RFC 7627). RFC 5746 section 3.2 is said as well, for there are peers that want it: nothing is ever renegotiated.
 */
import type { PrivateKey } from '../transforms/asymmetric-key.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import type { Structure } from '../wire/kernel.ts';
import {
  type ClientHello,
  numberList,
  pointFormats,
  renegotiationInfo,
  type ServerHello,
  type TlsExtension,
} from '../wire/tls/hello.ts';
import { cipherSuites, extensionTypes, supportedGroups, tlsVersions } from '../wire/tls/registry.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { groups } from './ephemeral-keys.ts';
import { type Handshake, refuses } from './refusal.ts';
import { knownSchemes } from './signatures.ts';

/** In order of preference. */
export const offeredSuites: readonly number[] = [
  cipherSuites.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  cipherSuites.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

/** Those of a server with this key: it is the key that signs its public value. */
export const suitesFor = ({ type }: Pick<PrivateKey, 'type'>): readonly number[] =>
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
export function groupFor(asked: ClientHello): number | undefined {
  const numbers = listIn(asked, 'supported_groups', numberList, { numbers: [supportedGroups.secp256r1] })?.numbers;
  return groups.find((group) => numbers?.includes(group));
}

/** What a client knows that signs; one that says nothing knows SHA-1 (section 7.4.1.4.1), which nobody here signs with. */
export function schemesKnownTo(asked: ClientHello): readonly number[] {
  return listIn(asked, 'signature_algorithms', numberList, { numbers: [] })?.numbers ?? [];
}

/** What no hello may say, of either side. */
export function* acceptable(
  { rules }: TlsEndpoint,
  hello: ClientHello | ServerHello,
  offered: readonly number[],
  chosen: number,
): Handshake<void> {
  if (!rules.tlsCompression(offered, chosen))
    return yield* refuses('tlsCompression', 'illegal_parameter', `compression ${chosen} was never offered`);
  const types = typesIn(hello);
  if (!rules.tlsExtensionOnce(types))
    return yield* refuses('tlsExtensionOnce', 'illegal_parameter', `extensions ${types.join(' ')}`);
  const renegotiated = listIn(hello, 'renegotiation_info', renegotiationInfo, NO_RENEGOTIATION);
  if (!rules.tlsRenegotiatedConnection(renegotiated?.renegotiatedConnection.length ?? Infinity))
    return yield* refuses('tlsRenegotiatedConnection', 'handshake_failure', 'there was no connection before');
  const points = listIn(hello, 'ec_point_formats', pointFormats, { formats: [UNCOMPRESSED] });
  if (!rules.tlsPointFormats(points?.formats ?? []))
    return yield* refuses('tlsPointFormats', 'illegal_parameter', 'no uncompressed points');
}

/** Section 7.4.1.4, of a server's answer. */
export function* answersWhatWasAsked({ rules }: TlsEndpoint, asked: ClientHello, answer: ServerHello): Handshake<void> {
  const unasked = typesIn(answer).find((type) => !rules.tlsExtensionAsked(typesIn(asked), type));
  if (unasked !== undefined)
    yield* refuses('tlsExtensionAsked', 'unsupported_extension', `extension ${unasked} was not asked for`);
}

const typesIn = ({ extensions = [] }: ClientHello | ServerHello) =>
  extensions.map(({ extensionType }) => extensionType);

/** What an extension holds; `absent` where there is none, undefined where it does not hold that. */
function listIn<Value>(
  { extensions = [] }: ClientHello | ServerHello,
  name: keyof typeof extensionTypes,
  structure: Structure<Value>,
  absent: Value,
): Value | undefined {
  const said = extensions.find(({ extensionType }) => extensionType === extensionTypes[name]);
  if (said === undefined) return absent;
  try {
    return structure.decode(said.data).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

const boundMasterSecret: TlsExtension = {
  extensionType: extensionTypes.extended_master_secret,
  data: new Uint8Array(),
};

const NO_RENEGOTIATION = { renegotiatedConnection: new Uint8Array() };
const noRenegotiation: TlsExtension = {
  extensionType: extensionTypes.renegotiation_info,
  data: renegotiationInfo.encode(NO_RENEGOTIATION),
};

export const NULL_COMPRESSION = 0;
const UNCOMPRESSED = 0;
