/** The IANA registries "Transport Layer Security (TLS) Parameters" and "TLS Extensions" in their spelling, as far as TLS 1.2 is spoken here. */

export const tlsVersions = { 'TLS 1.0': 0x0301, 'TLS 1.1': 0x0302, 'TLS 1.2': 0x0303, 'TLS 1.3': 0x0304 } as const;

/** RFC 5246 section 6.2.1. */
export const contentTypes = { change_cipher_spec: 20, alert: 21, handshake: 22, application_data: 23 } as const;

/** RFC 5246 section 7.4. */
export const handshakeTypes = {
  hello_request: 0,
  client_hello: 1,
  server_hello: 2,
  certificate: 11,
  server_key_exchange: 12,
  certificate_request: 13,
  server_hello_done: 14,
  certificate_verify: 15,
  client_key_exchange: 16,
  finished: 20,
} as const;

export type HandshakeName = keyof typeof handshakeTypes;

/** RFC 5246 section 7.2. */
export const alertLevels = { warning: 1, fatal: 2 } as const;

/** RFC 5246 section 7.2. */
export const alertDescriptions = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  internal_error: 80,
  no_renegotiation: 100,
  unsupported_extension: 110,
} as const;

export type AlertName = keyof typeof alertDescriptions;

/** RFC 5289, RFC 5746 section 3.3. */
export const cipherSuites = {
  TLS_EMPTY_RENEGOTIATION_INFO_SCSV: 0x00ff,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
} as const;

export const extensionTypes = {
  supported_groups: 10,
  ec_point_formats: 11,
  signature_algorithms: 13,
  extended_master_secret: 23,
  renegotiation_info: 0xff01,
} as const;

/** RFC 8422 section 5.1.1. */
export const supportedGroups = { secp256r1: 23, x25519: 29 } as const;

/** SignatureAndHashAlgorithm of RFC 5246 section 7.4.1.4.1 as one number: the hash, then the signature. */
export const signatureSchemes = {
  rsa_pkcs1_sha256: 0x0401,
  ecdsa_secp256r1_sha256: 0x0403,
  rsa_pkcs1_sha384: 0x0501,
  ecdsa_secp384r1_sha384: 0x0503,
} as const;

/** RFC 5246 section 7.4.4, RFC 8422 section 5.5. */
export const clientCertificateTypes = { rsa_sign: 1, ecdsa_sign: 64 } as const;
