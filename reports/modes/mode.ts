/** What a product may claim to do, and the cases that show whether it does: a mode is known by an entry of the catalogue, and mostly by a dimension of its cases. */

export interface ModeGroup {
  readonly title: string;
  readonly modes: readonly ModesOf[];
}

/** One mode, or one for each value of some dimensions. */
export interface ModesOf {
  readonly name: string;
  /** Ids of the catalogue; one that ends in `*` stands for all that begin so. */
  readonly ids: readonly string[];
  /** The dimensions whose values tell one mode from another. */
  readonly by?: readonly string[];
  /** Only the cases at these values. */
  readonly where?: Readonly<Record<string, string>>;
  /** The part in IKE where the cases have no dimension for it. */
  readonly role?: 'initiator' | 'responder';
}

export const modeGroups: readonly ModeGroup[] = [
  {
    title: 'Authentication',
    modes: [
      { name: 'shared key', ids: ['MCDANIEL-FLOW'], where: { by: 'shared-key' } },
      { name: 'certificate', ids: ['MCDANIEL-FLOW'], where: { by: 'certificate' } },
      { name: 'signature by', ids: ['RFC7427-3'], by: ['key'], where: { hashes: 'announced' } },
      { name: 'raw public key', ids: ['RFC7670-3'], by: ['type'] },
      { name: 'whose raw public key it is', ids: ['RFC7670-3-KEY'] },
      { name: 'NULL authentication', ids: ['RFC7619-2.1', 'RFC7619-2.3'], role: 'responder' },
      { name: 'EAP', ids: ['RFC7296-2.16'], by: ['method'], role: 'responder' },
      { name: 'EAP-TLS', ids: ['RFC5216-2.1'], role: 'responder' },
      { name: 'identities in certificates', ids: ['DUPONT-G1', 'DUPONT-G2', 'FIELD-F09'] },
      { name: 'patterns of identities', ids: ['AURA-PAD'] },
    ],
  },
  {
    title: 'IKE: transforms',
    modes: [
      { name: 'encryption', ids: ['RFC8247-2.1'], by: ['transform'] },
      { name: 'pseudorandom function', ids: ['RFC8247-2.2'], by: ['transform'] },
      { name: 'integrity', ids: ['RFC8247-2.3'], by: ['transform'] },
      { name: 'group', ids: ['RFC8247-2.4'], by: ['transform'] },
      { name: 'further exchange of keys', ids: ['RFC9370-2.2.2'], by: ['methods'] },
    ],
  },
  {
    title: 'ESP and AH: transforms and modes',
    modes: [
      { name: 'ESP encryption', ids: ['RFC8221-5'], by: ['transform'] },
      { name: 'ESP integrity', ids: ['RFC8221-6'], by: ['transform'] },
      { name: '', ids: ['MCDANIEL-SEQ'], by: ['suite', 'mode'], where: { counted: 'first' } },
      { name: 'anti-replay window', ids: ['MCDANIEL-REPLAY'], by: ['window'] },
      { name: 'SAs one around the other', ids: ['BELLOVIN-3.1g'], by: ['bundle'] },
    ],
  },
  {
    title: 'IKEv2: extensions',
    modes: [
      { name: 'MOBIKE', ids: ['RFC4555-*'], role: 'responder' },
      { name: 'peers that a NAT moves', ids: ['RFC7296-2.23'], role: 'responder' },
      { name: 'transport mode through a NAT', ids: ['RFC7296-2.23.1', 'RFC7296-2.23.1-CHECKSUM'] },
      { name: 'fragmentation', ids: ['RFC7383-*'], role: 'responder' },
      { name: 'configuration payloads', ids: ['RFC7296-2.19', 'RFC7296-3.15*', 'AURA-PAD-2'], role: 'responder' },
      { name: 'postquantum preshared keys', ids: ['RFC8784-3'] },
      { name: 'cookies asked for', ids: ['RFC7296-2.6-FLOOD'], role: 'responder' },
      { name: 'cookies returned', ids: ['RFC7296-2.6', 'RFC7296-2.6.1'], role: 'initiator' },
      { name: 'rekeying', ids: ['RFC7296-2.8-CLOSED', 'RFC7296-2.8-USED'], by: ['what'] },
      { name: 'rekeying by both at once', ids: ['RFC7296-2.8', 'RFC7296-2.8.1', 'RFC7296-2.8.2*'] },
    ],
  },
  {
    title: 'Mobile IPv6',
    modes: [
      { name: 'home addresses that an SA vouches for', ids: ['DUPONT-A*'] },
      { name: 'correspondent node', ids: ['ARKKO-2.3b', 'DUPONT-2.2-RH', 'RFC6275-HA-9*'] },
      { name: 'home agent', ids: ['RFC6275-10*'] },
      { name: 'mobile node', ids: ['RFC6275-11*'] },
    ],
  },
];
