/**
 * The IANA registry "Internet Key Exchange Version 2 (IKEv2) Parameters" in its spelling, names to numbers: RFC 7296
 * section 3 and the documents that added to it. Notify message types are `notify-types.ts`, transforms
 * `transform-types.ts`.
 */

export const exchangeTypes = {
  IKE_SA_INIT: 34,
  IKE_AUTH: 35,
  CREATE_CHILD_SA: 36,
  INFORMATIONAL: 37,
  IKE_SESSION_RESUME: 38,
  GSA_AUTH: 39,
  GSA_REGISTRATION: 40,
  GSA_REKEY: 41,
  IKE_INTERMEDIATE: 43,
  IKE_FOLLOWUP_KE: 44,
} as const;

/** Next Payload numbers; `NONE` ends a chain. */
export const payloadTypes = {
  NONE: 0,
  SA: 33,
  KE: 34,
  IDi: 35,
  IDr: 36,
  CERT: 37,
  CERTREQ: 38,
  AUTH: 39,
  Nonce: 40,
  N: 41,
  D: 42,
  V: 43,
  TSi: 44,
  TSr: 45,
  SK: 46,
  CP: 47,
  EAP: 48,
  GSPM: 49,
  IDg: 50,
  GSA: 51,
  KD: 52,
  SKF: 53,
  PS: 54,
} as const;

/** Security Protocol Identifiers, as in Proposal, Notify and Delete. `NONE` is Notify's way to say no SA. */
export const protocolIds = {
  NONE: 0,
  IKE: 1,
  AH: 2,
  ESP: 3,
  FC_ESP_HEADER: 4,
  FC_CT_AUTHENTICATION: 5,
  GIKE_UPDATE: 6,
} as const;

export const idTypes = {
  ID_IPV4_ADDR: 1,
  ID_FQDN: 2,
  ID_RFC822_ADDR: 3,
  ID_IPV6_ADDR: 5,
  ID_DER_ASN1_DN: 9,
  ID_DER_ASN1_GN: 10,
  ID_KEY_ID: 11,
  ID_FC_NAME: 12,
  ID_NULL: 13,
} as const;

export const certificateEncodings = {
  'PKCS #7 wrapped X.509 certificate': 1,
  'PGP Certificate': 2,
  'DNS Signed Key': 3,
  'X.509 Certificate - Signature': 4,
  'Kerberos Token': 6,
  'Certificate Revocation List (CRL)': 7,
  'Authority Revocation List (ARL)': 8,
  'SPKI Certificate': 9,
  'X.509 Certificate - Attribute': 10,
  'Raw RSA Key': 11,
  'Hash and URL of X.509 certificate': 12,
  'Hash and URL of X.509 bundle': 13,
  'OCSP Content': 14,
  'Raw Public Key': 15,
} as const;

export const authenticationMethods = {
  'RSA Digital Signature': 1,
  'Shared Key Message Integrity Code': 2,
  'DSS Digital Signature': 3,
  'ECDSA with SHA-256 on the P-256 curve': 9,
  'ECDSA with SHA-384 on the P-384 curve': 10,
  'ECDSA with SHA-512 on the P-521 curve': 11,
  'Generic Secure Password Authentication Method': 12,
  'NULL Authentication': 13,
  'Digital Signature': 14,
} as const;

/** Hash algorithms of SIGNATURE_HASH_ALGORITHMS (RFC 7427, RFC 8420). */
export const hashAlgorithms = {
  RESERVED: 0,
  SHA1: 1,
  'SHA2-256': 2,
  'SHA2-384': 3,
  'SHA2-512': 4,
  Identity: 5,
} as const;

export const trafficSelectorTypes = {
  TS_IPV4_ADDR_RANGE: 7,
  TS_IPV6_ADDR_RANGE: 8,
  TS_FC_ADDR_RANGE: 9,
  TS_SECLABEL: 10,
} as const;

export const configurationTypes = { CFG_REQUEST: 1, CFG_REPLY: 2, CFG_SET: 3, CFG_ACK: 4 } as const;

export const configurationAttributes = {
  INTERNAL_IP4_ADDRESS: 1,
  INTERNAL_IP4_NETMASK: 2,
  INTERNAL_IP4_DNS: 3,
  INTERNAL_IP4_NBNS: 4,
  INTERNAL_IP4_DHCP: 6,
  APPLICATION_VERSION: 7,
  INTERNAL_IP6_ADDRESS: 8,
  INTERNAL_IP6_DNS: 10,
  INTERNAL_IP6_DHCP: 12,
  INTERNAL_IP4_SUBNET: 13,
  SUPPORTED_ATTRIBUTES: 14,
  INTERNAL_IP6_SUBNET: 15,
  MIP6_HOME_PREFIX: 16,
  INTERNAL_IP6_LINK: 17,
  INTERNAL_IP6_PREFIX: 18,
  HOME_AGENT_ADDRESS: 19,
  P_CSCF_IP4_ADDRESS: 20,
  P_CSCF_IP6_ADDRESS: 21,
  FTT_KAT: 22,
  EXTERNAL_SOURCE_IP4_NAT_INFO: 23,
  TIMEOUT_PERIOD_FOR_LIVENESS_CHECK: 24,
  INTERNAL_DNS_DOMAIN: 25,
  INTERNAL_DNSSEC_TA: 26,
  ENCDNS_IP4: 27,
  ENCDNS_IP6: 28,
  ENCDNS_DIGEST_INFO: 29,
} as const;

/** EAP codes (RFC 3748 section 4). */
export const eapCodes = { Request: 1, Response: 2, Success: 3, Failure: 4 } as const;

/** EAP methods (IANA eap-numbers), as far as IKEv2 peers use them. */
export const eapTypes = {
  Identity: 1,
  Notification: 2,
  'Legacy Nak': 3,
  'MD5-Challenge': 4,
  'One-Time Password': 5,
  'Generic Token Card': 6,
  'EAP-TLS': 13,
  'EAP-SIM': 18,
  'EAP-TTLS': 21,
  'EAP-AKA': 23,
  PEAP: 25,
  'EAP-MSCHAP-V2': 26,
  "EAP-AKA'": 50,
} as const;

/** Ports that IKE uses: plain, and with NAT traversal (RFC 7296 section 2.23). */
export const ikePorts = { IKE: 500, 'IKE-NAT-T': 4500 } as const;
