/**
 * Numbers of the IANA registry mobility-parameters: Mobility Header types, status codes of the messages of RFC 6275,
 * and what the options of RFC 4283, 4285 and 5026 name. Mobility options have a file of their own, `option-types.ts`.
 */

/** MH Type. A message whose type has no declaration in `message.ts` is `other`. */
export const mobilityHeaderTypes = {
  'Binding Refresh Request': 0,
  'Home Test Init': 1,
  'Care-of Test Init': 2,
  'Home Test': 3,
  'Care-of Test': 4,
  'Binding Update': 5,
  'Binding Acknowledgement': 6,
  'Binding Error': 7,
  'Fast Binding Update': 8,
  'Fast Binding Acknowledgment': 9,
  'Fast Neighbor Advertisement (Deprecated)': 10,
  'Experimental Mobility Header': 11,
  'Home Agent Switch Message': 12,
  'Heartbeat Message': 13,
  'Handover Initiate Message': 14,
  'Handover Acknowledge Message': 15,
  'Binding Revocation Message': 16,
  'Localized Routing Initiation': 17,
  'Localized Routing Acknowledgment': 18,
  'Update Notification': 19,
  'Update Notification Acknowledgement': 20,
  'Flow Binding Message': 21,
  'Subscription Query': 22,
  'Subscription Response': 23,
} as const;

/** Status of a Binding Acknowledgement: below 128 the Binding Update was accepted, from there on rejected. */
export const bindingStatusCodes = {
  'Binding Update accepted': 0,
  'Accepted but prefix discovery necessary': 1,
  GRE_KEY_OPTION_NOT_REQUIRED: 2,
  GRE_TUNNELING_BUT_TLV_HEADER_NOT_SUPPORTED: 3,
  'MCOA NOTCOMPLETE': 4,
  'MCOA RETURNHOME WO/NDP': 5,
  PBU_ACCEPTED_TB_IGNORED_SETTINGSMISMATCH: 6,
  'Reason unspecified': 128,
  'Administratively prohibited': 129,
  'Insufficient resources': 130,
  'Home registration not supported': 131,
  'Not home subnet': 132,
  'Not home agent for this mobile node': 133,
  'Duplicate Address Detection failed': 134,
  'Sequence number out of window': 135,
  'Expired home nonce index': 136,
  'Expired care-of nonce index': 137,
  'Expired nonces': 138,
  'Registration type change disallowed': 139,
  'Mobile Router Operation not permitted': 140,
  'Invalid Prefix': 141,
  'Not Authorized for Prefix': 142,
  'Forwarding Setup failed': 143,
  'MIPV6-ID-MISMATCH': 144,
  'MIPV6-MESG-ID-REQD': 145,
  'MIPV6-AUTH-FAIL': 146,
  'Permanent home keygen token unavailable': 147,
  'CGA and signature verification failed': 148,
  'Permanent home keygen token exists': 149,
  'Non-null home nonce index expected': 150,
  SERVICE_AUTHORIZATION_FAILED: 151,
  PROXY_REG_NOT_ENABLED: 152,
  NOT_LMA_FOR_THIS_MOBILE_NODE: 153,
  MAG_NOT_AUTHORIZED_FOR_PROXY_REG: 154,
  NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX: 155,
  TIMESTAMP_MISMATCH: 156,
  TIMESTAMP_LOWER_THAN_PREV_ACCEPTED: 157,
  MISSING_HOME_NETWORK_PREFIX_OPTION: 158,
  BCE_PBU_PREFIX_SET_DO_NOT_MATCH: 159,
  MISSING_MN_IDENTIFIER_OPTION: 160,
  MISSING_HANDOFF_INDICATOR_OPTION: 161,
  MISSING_ACCESS_TECH_TYPE_OPTION: 162,
  GRE_KEY_OPTION_REQUIRED: 163,
  'MCOA MALFORMED': 164,
  'MCOA NON-MCOA BINDING EXISTS': 165,
  'MCOA PROHIBITED': 166,
  'MCOA UNKNOWN COA': 167,
  'MCOA BULK REGISTRATION PROHIBITED': 168,
  'MCOA SIMULTANEOUS HOME AND FOREIGN PROHIBITED': 169,
  NOT_AUTHORIZED_FOR_IPV4_MOBILITY_SERVICE: 170,
  NOT_AUTHORIZED_FOR_IPV4_HOME_ADDRESS: 171,
  NOT_AUTHORIZED_FOR_IPV6_MOBILITY_SERVICE: 172,
  MULTIPLE_IPV4_HOME_ADDRESS_ASSIGNMENT_NOT_SUPPORTED: 173,
  'Invalid Care-of Address': 174,
  INVALID_MOBILE_NODE_GROUP_IDENTIFIER: 175,
  REINIT_SA_WITH_HAC: 176,
  NOT_AUTHORIZED_FOR_DELEGATED_MNP: 177,
  REQUESTED_DMNP_IN_USE: 178,
  CANNOT_MEET_QOS_SERVICE_REQUEST: 179,
  CANNOT_SUPPORT_MULTIPATH_BINDING: 180,
} as const;

/** Status of a Binding Error, RFC 6275 section 6.1.9. */
export const bindingErrorStatusCodes = {
  'Unknown binding for Home Address destination option': 1,
  'Unrecognized MH Type value': 2,
} as const;

/** Subtype of the Mobile Node Identifier option, RFC 4283 and 8371. */
export const mobileNodeIdentifierSubtypes = {
  NAI: 1,
  'IPv6 Address': 2,
  IMSI: 3,
  'P-TMSI': 4,
  'EUI-48 address': 5,
  'EUI-64 address': 6,
  GUTI: 7,
  DUID: 8,
} as const;

/** Subtype of the Mobility Message Authentication option, RFC 4285 sections 5.1 and 5.2. */
export const authenticationSubtypes = { 'MN-HA': 1, 'MN-AAA': 2 } as const;

/** Status of the DNS Update option, RFC 5026 section 8.1. */
export const dnsUpdateStatusCodes = {
  'DNS update performed': 0,
  'Reason unspecified': 128,
  'Administratively prohibited': 129,
  'DNS update failed': 130,
} as const;
