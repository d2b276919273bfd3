/**
 * The decisions of TLS 1.2 (RFC 5246) as EAP-TLS uses it (RFC 5216), a part of IKEv2's rules. Where one says no, the handshake ends with the alert that
 * stands where it is asked: `client.ts`, `server.ts`, and what both share.
 */
import { alertLevels, tlsVersions } from '../wire/tls/registry.ts';

export interface TlsRules {
  /** 6.2.1, 6.2.3: a fragment has 2^14 octets at most, sealed 2^11 more. */
  tlsRecordLength(octets: number, most: number): boolean;
  /** 6.2.3.3: what is inside a sealed record, if nobody changed it; `unchecked` does not ask. */
  tlsRecordOpened(opened: () => Uint8Array | undefined, unchecked: () => Uint8Array): Uint8Array | undefined;
  /** 7.2: a fatal alert ends the handshake, and whoever is only warned may go on. */
  tlsAlertEnds(level: number): boolean;
  /** 7.3, 7.4: each message has its turn. */
  tlsMessageExpected(expected: readonly number[], received: number): boolean;
  /** 7.4.1.2, 7.4.1.3, E.1: a client that knows a later version offers this one as well; a server answers with this one. */
  tlsVersion(said: number, by: 'client' | 'server'): boolean;
  /** 7.4.1.3: a server chooses among what the client offered; undefined where it has none of it. */
  tlsCipherSuiteChosen(offered: readonly number[], own: readonly number[]): number | undefined;
  /** 7.4.1.3: the server's choice is among what the client offered. */
  tlsCipherSuiteOffered(offered: readonly number[], chosen: number): boolean;
  /** 7.4.1.2, 7.4.1.3: what is chosen is among what was offered, and none is always. */
  tlsCompression(offered: readonly number[], chosen: number): boolean;
  /** 7.4.1.4: a hello has one extension of a type. */
  tlsExtensionOnce(types: readonly number[]): boolean;
  /** 7.4.1.4: a server answers what it was asked. */
  tlsExtensionAsked(asked: readonly number[], answered: number): boolean;
  /** RFC 5746 3.4, 3.6: renegotiated_connection is empty in a first handshake. */
  tlsRenegotiatedConnection(octets: number): boolean;
  /** RFC 8422 5.1.2, 5.2: whoever lists formats of points knows uncompressed ones. */
  tlsPointFormats(formats: readonly number[]): boolean;
  /** 7.4.1.1: a client that is asked to begin has begun. */
  tlsHelloRequestIgnored(by: 'client' | 'server'): boolean;
  /** RFC 7627 5.1, 5.2: the master secret is bound to the handshake where both have said so. */
  tlsExtendedMasterSecret(offered: boolean, answered: boolean): boolean;
  /** 7.4.2, 7.4.6: a server has a certificate, and so has a client where it is the certificate that authenticates it (RFC 5216 2.1.1). */
  tlsCertificateGiven(certificates: number): boolean;
  /** RFC 5216 5.3: the certificate leads to a trust anchor. `failure` is path validation's word. */
  tlsCertificatePath(failure: string | undefined): boolean;
  /** RFC 5216 5.2, 5.3: the certificate has the name of whom it is to authenticate. */
  tlsCertificateNames(isNamed: () => boolean): boolean;
  /** RFC 8422 2.1, 2.2: the server's certificate has a key of the kind that the suite names. `suites` are those for its key. */
  tlsKeyOfSuite(suites: readonly number[], suite: number): boolean;
  /** 7.4.1.4.1, 7.4.3, 7.4.8: what this end signs with is among what the other said it knows; undefined where it has none of it. */
  tlsOwnSignatureScheme(known: readonly number[], own: readonly number[]): number | undefined;
  /** 7.4.3, 7.4.8: what is signed with is among what the verifier said it knows. */
  tlsSignatureScheme(offered: readonly number[], used: number): boolean;
  /** RFC 8422 5.4: the server's certificate signed its public value and both random values. */
  tlsKeyExchangeSigned(verifies: () => boolean): boolean;
  /** RFC 8422 5.11: a public value is on the curve, and the secret is not zero. */
  tlsSharedSecret(
    checked: () => Uint8Array | undefined,
    unchecked: () => Uint8Array | undefined,
  ): Uint8Array | undefined;
  /** 7.4.8: the client has the key of its certificate. */
  tlsCertificateVerified(verifies: () => boolean): boolean;
  /** 7.4.9: both have seen the same handshake, and have its keys. */
  tlsFinished(verifies: () => boolean): boolean;
}

/** Of ECPointFormat. */
const UNCOMPRESSED = 0;

export const tlsRules: TlsRules = {
  tlsRecordLength: (octets, most) => octets <= most,
  tlsRecordOpened: (opened) => opened(),
  tlsAlertEnds: (level) => level !== alertLevels.warning,
  tlsMessageExpected: (expected, received) => expected.includes(received),
  tlsVersion: (said, by) => (by === 'client' ? said >= tlsVersions['TLS 1.2'] : said === tlsVersions['TLS 1.2']),
  tlsCipherSuiteChosen: (offered, own) => own.find((suite) => offered.includes(suite)),
  tlsCipherSuiteOffered: (offered, chosen) => offered.includes(chosen),
  tlsCompression: (offered, chosen) => offered.includes(chosen),
  tlsExtensionOnce: (types) => new Set(types).size === types.length,
  tlsExtensionAsked: (asked, answered) => asked.includes(answered),
  tlsRenegotiatedConnection: (octets) => octets === 0,
  tlsPointFormats: (formats) => formats.includes(UNCOMPRESSED),
  tlsHelloRequestIgnored: (by) => by === 'client',
  tlsExtendedMasterSecret: (offered, answered) => offered && answered,
  tlsCertificateGiven: (certificates) => certificates > 0,
  tlsCertificatePath: (failure) => failure === undefined,
  tlsCertificateNames: (isNamed) => isNamed(),
  tlsKeyOfSuite: (suites, suite) => suites.includes(suite),
  tlsOwnSignatureScheme: (known, own) => own.find((scheme) => known.includes(scheme)),
  tlsSignatureScheme: (offered, used) => offered.includes(used),
  tlsKeyExchangeSigned: (verifies) => verifies(),
  tlsSharedSecret: (checked) => checked(),
  tlsCertificateVerified: (verifies) => verifies(),
  tlsFinished: (verifies) => verifies(),
};

/** Where each of them is written. */
export const tlsSections = {
  tlsRecordLength: 'RFC 5246 6.2.1, 6.2.3',
  tlsRecordOpened: 'RFC 5246 6.2.3.3, RFC 5288 3',
  tlsAlertEnds: 'RFC 5246 7.2',
  tlsMessageExpected: 'RFC 5246 7.3, 7.4',
  tlsVersion: 'RFC 5246 7.4.1.2, 7.4.1.3, E.1',
  tlsCipherSuiteChosen: 'RFC 5246 7.4.1.3',
  tlsCipherSuiteOffered: 'RFC 5246 7.4.1.3',
  tlsCompression: 'RFC 5246 7.4.1.2, 7.4.1.3',
  tlsExtensionOnce: 'RFC 5246 7.4.1.4',
  tlsExtensionAsked: 'RFC 5246 7.4.1.4',
  tlsRenegotiatedConnection: 'RFC 5746 3.4, 3.6',
  tlsPointFormats: 'RFC 8422 5.1.2, 5.2',
  tlsHelloRequestIgnored: 'RFC 5246 7.4.1.1',
  tlsExtendedMasterSecret: 'RFC 7627 5.1, 5.2',
  tlsCertificateGiven: 'RFC 5246 7.4.2, 7.4.6, RFC 5216 2.1.1',
  tlsCertificatePath: 'RFC 5216 5.3',
  tlsCertificateNames: 'RFC 5216 5.2, 5.3',
  tlsKeyOfSuite: 'RFC 8422 2.1, 2.2',
  tlsOwnSignatureScheme: 'RFC 5246 7.4.1.4.1, 7.4.3, 7.4.8',
  tlsSignatureScheme: 'RFC 5246 7.4.3, 7.4.8',
  tlsKeyExchangeSigned: 'RFC 8422 5.4',
  tlsSharedSecret: 'RFC 8422 5.11',
  tlsCertificateVerified: 'RFC 5246 7.4.8',
  tlsFinished: 'RFC 5246 7.4.9',
} as const satisfies Record<keyof TlsRules, string>;
