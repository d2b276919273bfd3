/** Broken twins of policy (RFC 4301 4.4.1, 5.1 and 5.2): which entry decides, and what an SA must be to satisfy it. */
import type { SpdEntry } from '../../../reference/ipsec/spd-entry.ts';
import { compareAddresses } from '../../../reference/wire/address.ts';
import { mutant } from '../mutant.ts';

export const lastEntryDecides = mutant(
  'lastEntryDecides',
  'ipsec',
  'spdEntry',
  'entries are pushed onto the front of a list that is read from the front',
  () => (matching) => matching.at(-1),
);

export const narrowestEntryDecides = mutant(
  'narrowestEntryDecides',
  'ipsec',
  'spdEntry',
  'policies are looked up like routes: the most specific wins, wherever it stands',
  () => (matching) =>
    matching.reduce<SpdEntry | undefined>((best, each) => (best && !isNarrower(each, best) ? best : each), undefined),
);

export const skipsPorts = mutant(
  'skipsPorts',
  'ipsec',
  'spdEntry',
  'the engine knows addresses and protocols only, so entries with ports are never installed',
  () => (matching) => matching.find(({ selectors: { remote } }) => remote.every((each) => portsOf(each) === 65_536)),
);

export const selectsByDscp = mutant(
  'selectsByDscp',
  'ipsec',
  'dscpMatches',
  'the whole TOS octet is compared with the zero that the selector holds, as RFC 2401 drafts had it',
  () => (dscp) => dscp === 0,
);

export const ignoresPorts = mutant(
  'ignoresPorts',
  'ipsec',
  'portMatches',
  'selectors are compared by address and protocol only',
  () => () => true,
);

export const sendsUnderOldest = mutant(
  'sendsUnderOldest',
  'ipsec',
  'outboundSa',
  'the first SA that fits is used, so a rekeyed one is sent under to its end',
  () => (fitting) => fitting[0],
);

export const forgetsNesting = mutant(
  'forgetsNesting',
  'ipsec',
  'nestedEntry',
  'the first entry that protects is the last that is asked, whatever is to come around it',
  () => () => undefined,
);

export const takesInnerAlone = mutant(
  'takesInnerAlone',
  'ipsec',
  'nestingSatisfies',
  'the SA that a packet came out of last is all that policy is held against',
  () => () => true,
);

export const dropsWhatIsNested = mutant(
  'dropsWhatIsNested',
  'ipsec',
  'nestingSatisfies',
  'the SAs a packet came through are kept in a single field, so the one before is never there',
  () => () => false,
);

export const remembersOneProtocol = mutant(
  'remembersOneProtocol',
  'ipsec',
  'protectionSatisfies',
  'a peer is remembered with the protocol that it was first met under, which then serves both directions',
  (lawful) => {
    let first: 'ESP' | 'AH' | undefined;
    return (entry, sa) => {
      if (!lawful(entry, sa)) return false;
      first ??= sa.sa.protocol;
      return sa.sa.protocol === first;
    };
  },
);

export const findsSasInPairs = mutant(
  'findsSasInPairs',
  'ipsec',
  'inboundSa',
  'SAs are kept in pairs, so that one without the other is not found',
  (lawful) => (sad, packet) =>
    sad.some(({ sa: { direction } }) => direction === 'out') ? lawful(sad, packet) : undefined,
);

export const refusesAnyPlaintext = mutant(
  'refusesAnyPlaintext',
  'ipsec',
  'unprotectedAcceptable',
  'from whom anything is protected, nothing is taken in clear',
  () => () => false,
);

export const admitsPlaintext = mutant(
  'admitsPlaintext',
  'ipsec',
  'unprotectedAcceptable',
  'policy is asked for what leaves and not for what arrives in clear',
  () => () => true,
);

export const ignoresProtocol = mutant(
  'ignoresProtocol',
  'ipsec',
  'protectionSatisfies',
  'that a packet was protected is enough, whether AH or ESP did it',
  (lawful) =>
    (entry, { sa }) =>
      lawful(entry, { sa: { ...sa, protocol: 'ESP' } } as never) ||
      lawful(entry, { sa: { ...sa, protocol: 'AH' } } as never),
);

export const ignoresMode = mutant(
  'ignoresMode',
  'ipsec',
  'protectionSatisfies',
  'that a packet came under ESP is enough, in whatever mode',
  () =>
    ({ action }) =>
      action !== 'DISCARD',
);

export const ignoresSaSelectors = mutant(
  'ignoresSaSelectors',
  'ipsec',
  'packetFitsSa',
  'what comes out of an SA is not compared with what was agreed for it',
  () => () => true,
);

export const takesAnySa = mutant(
  'takesAnySa',
  'ipsec',
  'saServesEntry',
  'that some SA of the peer protected the packet is enough',
  () => () => true,
);

/** Whether `one` selects less than `other`: fewer remote addresses, or as many and fewer ports. */
function isNarrower(one: SpdEntry, other: SpdEntry): boolean {
  const [mine, theirs] = [one.selectors.remote[0]!, other.selectors.remote[0]!];
  const starts = compareAddresses(mine.startAddress, theirs.startAddress);
  const ends = compareAddresses(mine.endAddress, theirs.endAddress);
  if (starts > 0 || ends < 0) return true;
  return starts === 0 && ends === 0 && portsOf(mine) < portsOf(theirs);
}

function portsOf({ startPort, endPort }: SpdEntry['selectors']['remote'][number]): number {
  return endPort - startPort + 1;
}

export const readsNoMobilityType = mutant(
  'readsNoMobilityType',
  'ipsec',
  'mobilityTypeMatches',
  'a type of the Mobility Header is a port that cannot be read, so entries with one match nothing',
  () => (selector) => selector.startPort === 0 && selector.endPort === 65_535,
);

export const ignoresMobilityType = mutant(
  'ignoresMobilityType',
  'ipsec',
  'mobilityTypeMatches',
  'selectors are compared by protocol, and what of the Mobility Header has a policy is all of it',
  () => () => true,
);

export const sendsWhenSpokenTo = mutant(
  'sendsWhenSpokenTo',
  'ipsec',
  'saServesEntry',
  'an SA is half open until something has come under its other half',
  (lawful) => {
    let isSpokenTo = false;
    return (entry, sa) => {
      isSpokenTo ||= sa.sa.direction === 'in';
      return isSpokenTo && lawful(entry, sa);
    };
  },
);

export const hasNoFinalEntry = mutant(
  'hasNoFinalEntry',
  'ipsec',
  'unmatchedTraffic',
  'what no entry is about is nobody’s business, whatever was configured for it',
  () => () => 'BYPASS',
);

export const ignoresIcmpType = mutant(
  'ignoresIcmpType',
  'ipsec',
  'icmpMatches',
  'selectors are compared by protocol, and what of ICMP has a policy is all of it',
  () => () => true,
);

export const readsNoIcmpType = mutant(
  'readsNoIcmpType',
  'ipsec',
  'icmpMatches',
  'a type of ICMP is a port that cannot be read, so entries with one match nothing',
  () => (selector) => selector.startPort === 0 && selector.endPort === 65_535,
);

export const readsNoPort = mutant(
  'readsNoPort',
  'ipsec',
  'portMatches',
  'ports are those of TCP and UDP, and where they are in another transport they cannot be read',
  () => (selector) => selector.startPort === 0 && selector.endPort === 65_535,
);
