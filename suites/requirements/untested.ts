/**
 * What no case tests yet, each entry with its reason, so that nothing is silently missing. A reason names what has to exist first. Variants of
 * entries that are tested otherwise stand in `untestedVariants`.
 */
import { catalogue } from './catalogue.ts';

export interface Untested {
  readonly id: string;
  readonly why: string;
}

/** Every entry of the catalogue that none of these cases tests, and every variant known to be missing. */
export function untested(cases: readonly { readonly id: string }[]): readonly Untested[] {
  const tested = new Set(cases.map(({ id }) => id));
  const entries = catalogue
    .filter(({ id }) => !tested.has(id))
    .map(({ id }) => ({ id, why: reasonOf.get(id) ?? UNEXPLAINED }));
  return [...entries, ...untestedVariants];
}

/** An entry without a case and without a reason: a defect of this file, which its test finds. */
export const UNEXPLAINED = 'no reason given';

const later = {
  ikev1: 'needs IKEv1 (reference/ikev1): a later issue',
  nameService: 'needs the name-service suite (a resolver that lies on schedule, DHCP, a moving client): a later issue',
  exceptions: 'needs the exceptions suite (neighbour discovery, broadcast and multicast under policy): a later issue',
  selectors: 'needs the selectors suite (SCTP, L2TP, dynamic ports, several users of one host): a later issue',
  profile: 'judges configurations and profile documents, not packets: the profile and lint suite, a later issue',
  api: 'asks what an application can see and set: needs a probe application in the guest: a later issue',
  report: 'is a page of the report over all products, not a case: comes with the interop matrix, a later issue',
  configurationPayload:
    'a home address that a home agent gives out by IKE (RFC 4877 9): the home agent has no pool yet, a later issue',
  names:
    'a name that is proven from any address (RFC 4301 4.4.1.1) needs a tester that begins from several; that no BYPASS can name a peer is for the profile suite: a later issue',
  path: "needs a link that loses large datagrams (RFC 7383 2.5.2 is the sender's choice; what it asks of a receiver is RFC7383-2.6/newer-set): a later issue",
  unprotected: 'no exchange has payloads in clear beside SK (RFC 7383 2.5.3)',
  patience:
    'waits as long as a node waits before it gives up, and then nothing is seen (the rule turns by a conversation): a later issue',
  baseline:
    'a baseline behaviour outside the first three suites; other cases rest on it, none asks it by name: a later issue',
} as const;

const reasons: readonly (readonly [why: string, ids: readonly string[]])[] = [
  [later.path, ['RFC7383-2.5.2']],
  [later.unprotected, ['RFC7383-2.5.3']],
  [later.patience, ['RFC7383-2.6-TIMEOUT']],
  [
    later.ikev1,
    [
      'DUPONT-L1',
      'DUPONT-L2',
      'DUPONT-M',
      'DUPONT-R',
      'MCDANIEL-MM',
      'MCDANIEL-MM-ID',
      'MCDANIEL-AM',
      'MCDANIEL-SAMEEND',
      'MCDANIEL-QM',
      'BELLOVIN-3.3b',
      'BELLOVIN-8g',
      'ARKKO-3.1b',
    ],
  ],
  [
    later.nameService,
    ['AURA-P1a', 'AURA-5.2', 'AURA-5.4', 'AURA-5.4-DNSCACHE', 'AURA-P2', 'AURA-S2', 'AURA-P3', 'AURA-P4', 'AURA-FLOW'],
  ],
  [
    later.exceptions,
    [
      'AURA-P5a',
      'AURA-P5b',
      'AURA-7-STATELESS',
      'AURA-7-MCAST',
      'BELLOVIN-7',
      'ARKKO-2.1a',
      'ARKKO-2.1b',
      'ARKKO-2.1c',
      'ARKKO-2.1d',
      'ARKKO-2.2b',
      'ARKKO-2.2c',
      'ARKKO-2.2d',
    ],
  ],
  [later.selectors, ['BELLOVIN-5', 'BELLOVIN-6b', 'ARKKO-2.4a', 'ARKKO-2.4b', 'ARKKO-2.5', 'ARKKO-3.1c']],
  [
    later.profile,
    [
      'DUPONT-2.1',
      'AURA-S3',
      'AURA-S4b',
      'AURA-S5',
      'BELLOVIN-2',
      'BELLOVIN-3.2',
      'BELLOVIN-3.3d',
      'BELLOVIN-8a',
      'BELLOVIN-8c',
      'BELLOVIN-9',
      'ARKKO-4.2-3',
    ],
  ],
  [later.api, ['DUPONT-P-API', 'AURA-S1', 'BELLOVIN-3.4', 'ARKKO-3.2', 'ARKKO-3.3c']],
  [
    later.report,
    ['DUPONT-4', 'BELLOVIN-3.3e', 'BELLOVIN-4a', 'BELLOVIN-8h', 'BELLOVIN-10', 'ARKKO-4.1', 'MCDANIEL-CPLX'],
  ],
  [later.names, ['AURA-S4']],
  [later.baseline, ['MCDANIEL-ISAKMP']],
];

const reasonOf: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([why, ids]) => ids.map((id) => [id, why] as const)),
);

/** Variants of entries that have cases. */
const untestedVariants: readonly Untested[] = [
  {
    id: 'ARKKO-2.3c/configuration-payload',
    why: later.configurationPayload,
  },
  { id: 'DUPONT-G1/ikev1', why: later.ikev1 },
  { id: 'DUPONT-Q/ikev1', why: later.ikev1 },
  { id: 'MCDANIEL-PFS/ikev1', why: later.ikev1 },
  { id: 'DUPONT-H5', why: 'the address changes between main mode messages 4 and 5: needs IKEv1, a later issue' },
  ...['8b', '8d', '8e', '8f'].map((each) => ({ id: `BELLOVIN-${each}/profile`, why: later.profile })),
  { id: 'BELLOVIN-3.3c/ikev1', why: later.ikev1 },
  {
    id: 'BELLOVIN-3.1f/two-behind-one',
    why: 'two hosts behind one address are told apart by their ports, and the translator of the lab leaves ports alone (RFC 3022 2.1): a later issue',
  },
  {
    id: 'ARKKO-3.3a/certificate-policy',
    why: 'what a certificate says its owner may do (extended key usage, policies) is compared with nothing in reference/ikev2: a later issue',
  },
  {
    id: 'ARKKO-3.1a/other-selectors',
    why: 'names, flow labels, interfaces and security labels are no selectors that every product can be told; DSCP is MCDANIEL-SPD, types of ICMP and Mobility Header are ARKKO-2.2a',
  },
  { id: 'ARKKO-2.3c/dynamic-home-address', why: later.configurationPayload },
  {
    id: 'MCDANIEL-INTEG/timing',
    why: 'whether timing tells why a packet was dropped needs many samples on a quiet machine: a later issue',
  },
];
