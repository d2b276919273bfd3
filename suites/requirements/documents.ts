/** The documents that read outcomes: the five sources and the RFCs beside them. A reading names one of these, a section and a level. */
import type { DocumentSource } from '../../harness/vocabulary/question.ts';

const source = (id: string, title: string, year: number): DocumentSource => ({ id, title, year });

export const DUPONT = source(
  'DUPONT',
  'How to make IPsec more mobile IPv6 friendly (draft-dupont-ipsec-mipv6-00)',
  2002,
);
export const AURA = source('AURA', 'Experiences with Host-to-Host IPsec (Aura, Roe, Mohammed)', 2005);
export const BELLOVIN = source(
  'BELLOVIN',
  'Guidelines for Mandating the Use of IPsec (draft-bellovin-useipsec-04)',
  2005,
);
export const ARKKO = source('ARKKO', 'Limitations of IPsec Policy Mechanisms (Arkko, Nikander)', 2003);
export const MCDANIEL = source('MCDANIEL', 'IPsec (McDaniel, encyclopedia entry)', 2004);
export const RFC791 = source('RFC791', 'Internet Protocol', 1981);
export const RFC2473 = source('RFC2473', 'Generic Packet Tunneling in IPv6 Specification', 1998);
export const RFC3602 = source('RFC3602', 'The AES-CBC Cipher Algorithm and Its Use with IPsec', 2003);
export const RFC3748 = source('RFC3748', 'Extensible Authentication Protocol (EAP)', 2004);
export const RFC3775 = source('RFC3775', 'Mobility Support in IPv6 (replaced by RFC 6275)', 2004);
export const RFC3776 = source(
  'RFC3776',
  'Using IPsec to Protect Mobile IPv6 Signaling Between Mobile Nodes and Home Agents',
  2004,
);
export const RFC3948 = source('RFC3948', 'UDP Encapsulation of IPsec ESP Packets', 2005);
export const RFC4106 = source(
  'RFC4106',
  'The Use of Galois/Counter Mode (GCM) in IPsec Encapsulating Security Payload (ESP)',
  2005,
);
export const RFC4301 = source('RFC4301', 'Security Architecture for the Internet Protocol', 2005);
export const RFC4302 = source('RFC4302', 'IP Authentication Header', 2005);
export const RFC4303 = source('RFC4303', 'IP Encapsulating Security Payload (ESP)', 2005);
export const RFC4443 = source(
  'RFC4443',
  'Internet Control Message Protocol (ICMPv6) for the Internet Protocol Version 6 (IPv6) Specification',
  2006,
);
export const RFC4555 = source('RFC4555', 'IKEv2 Mobility and Multihoming Protocol (MOBIKE)', 2006);
export const RFC4877 = source('RFC4877', 'Mobile IPv6 Operation with IKEv2 and the Revised IPsec Architecture', 2007);
export const RFC4861 = source('RFC4861', 'Neighbor Discovery for IP version 6 (IPv6)', 2007);
export const RFC4862 = source('RFC4862', 'IPv6 Stateless Address Autoconfiguration', 2007);
export const RFC4945 = source('RFC4945', 'The Internet IP Security PKI Profile of IKEv1/ISAKMP, IKEv2, and PKIX', 2007);
export const RFC5216 = source('RFC5216', 'The EAP-TLS Authentication Protocol', 2008);
export const RFC5246 = source('RFC5246', 'The Transport Layer Security (TLS) Protocol Version 1.2', 2008);
export const RFC5280 = source(
  'RFC5280',
  'Internet X.509 Public Key Infrastructure Certificate and Certificate Revocation List (CRL) Profile',
  2008,
);
export const RFC5095 = source('RFC5095', 'Deprecation of Type 0 Routing Headers in IPv6', 2007);
export const RFC6040 = source('RFC6040', 'Tunnelling of Explicit Congestion Notification', 2010);
export const RFC5723 = source('RFC5723', 'Internet Key Exchange Protocol Version 2 (IKEv2) Session Resumption', 2010);
export const RFC5998 = source('RFC5998', 'An Extension for EAP-Only Authentication in IKEv2', 2010);
export const RFC6275 = source('RFC6275', 'Mobility Support in IPv6', 2011);
export const RFC7296 = source('RFC7296', 'Internet Key Exchange Protocol Version 2 (IKEv2)', 2014);
export const RFC7383 = source(
  'RFC7383',
  'Internet Key Exchange Protocol Version 2 (IKEv2) Message Fragmentation',
  2014,
);
export const RFC7427 = source(
  'RFC7427',
  'Signature Authentication in the Internet Key Exchange Version 2 (IKEv2)',
  2015,
);
export const RFC8200 = source('RFC8200', 'Internet Protocol, Version 6 (IPv6) Specification', 2017);
export const RFC8221 = source(
  'RFC8221',
  'Cryptographic Algorithm Implementation Requirements and Usage Guidance for ESP and AH',
  2017,
);

export const RFC8247 = source(
  'RFC8247',
  'Algorithm Implementation Requirements and Usage Guidance for the Internet Key Exchange Protocol Version 2 (IKEv2)',
  2017,
);
export const RFC7619 = source('RFC7619', 'The NULL Authentication Method in IKEv2', 2015);
export const RFC7670 = source('RFC7670', 'Generic Raw Public-Key Support for IKEv2', 2016);
export const RFC8784 = source('RFC8784', 'Mixing Preshared Keys in IKEv2 for Post-quantum Security', 2020);
export const RFC9242 = source(
  'RFC9242',
  'Intermediate Exchange in the Internet Key Exchange Protocol Version 2 (IKEv2)',
  2022,
);
export const RFC9370 = source(
  'RFC9370',
  'Multiple Key Exchanges in the Internet Key Exchange Protocol Version 2 (IKEv2)',
  2023,
);

/** What Touchstone was made to ask: the catalogue has every recommendation, problem, solution and described behaviour of these. */
export const sources: readonly DocumentSource[] = [DUPONT, AURA, BELLOVIN, ARKKO, MCDANIEL];

export const documents: readonly DocumentSource[] = [
  ...sources,
  RFC791,
  RFC2473,
  RFC3602,
  RFC3748,
  RFC3775,
  RFC3776,
  RFC3948,
  RFC4106,
  RFC4301,
  RFC4302,
  RFC4303,
  RFC4443,
  RFC4861,
  RFC4862,
  RFC4555,
  RFC4877,
  RFC4945,
  RFC5216,
  RFC5246,
  RFC5280,
  RFC5095,
  RFC6040,
  RFC5723,
  RFC5998,
  RFC6275,
  RFC7296,
  RFC7383,
  RFC7427,
  RFC7619,
  RFC7670,
  RFC8200,
  RFC8221,
  RFC8247,
  RFC8784,
  RFC9242,
  RFC9370,
];
