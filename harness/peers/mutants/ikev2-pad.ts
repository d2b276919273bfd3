/**
 * Broken twins of the peer authorization database (RFC 4301 section 4.4.3): whom an entry names, which entry decides, and what it lets its peer
 * have (section 4.4.3.3, RFC 7296 section 2.9).
 */
import { identityText } from '../../../reference/ikev2/identity.ts';
import { contains, type TrafficSelector } from '../../../reference/ipsec/traffic-selector.ts';
import { mutant, type NodeMutant } from '../mutant.ts';
import { ignoresIdentityInCertificate } from './ikev2-identity.ts';

/** Takes every identity that some proof goes with. */
export const takesAnyPeer = mutant(
  'takesAnyPeer',
  'ikev2',
  'identityMatchesPad',
  'whoever can prove an identity under the authority will do, as if there were one entry for all',
  () => () => true,
);

/** Two rules at once, because one thing was left out: nobody reads the payload. */
export const readsNoIdentity: NodeMutant = {
  name: 'readsNoIdentity',
  rule: takesAnyPeer.rule,
  says: 'the identification payload is covered by the signature and otherwise unread',
  apply: (rules) => ignoresIdentityInCertificate.apply(takesAnyPeer.apply(rules)),
};

export const knowsExactIdentitiesOnly = mutant(
  'knowsExactIdentitiesOnly',
  'ikev2',
  'identityMatchesPad',
  'entries are compared for equality; sub-trees and ranges are configured in vain',
  (lawful) => (peer, pattern) => (pattern === 'any' || (pattern.match ?? 'exact') === 'exact') && lawful(peer, pattern),
);

export const comparesEndsOnly = mutant(
  'comparesEndsOnly',
  'ikev2',
  'identityMatchesPad',
  'a sub-tree is the end of a text, so that notexample.com lies within example.com',
  (lawful) => (peer, pattern) =>
    lawful(peer, pattern) ||
    (pattern !== 'any' &&
      pattern.match === 'sub-tree' &&
      identityText(peer).endsWith(pattern.value.replace(/^[.@]/, ''))),
);

export const comparesKeyIdPrefix = mutant(
  'comparesKeyIdPrefix',
  'ikev2',
  'identityMatchesPad',
  'the comparison stops where the configured key id ends',
  (lawful) => (peer, pattern) =>
    lawful(peer, pattern) ||
    (pattern !== 'any' && pattern.type === 'ID_KEY_ID' && identityText(peer).startsWith(pattern.value)),
);

export const knowsNoKeyIds = mutant(
  'knowsNoKeyIds',
  'ikev2',
  'identityMatchesPad',
  'key ids are read as host names, and an octet string is none',
  (lawful) => (peer, pattern) => (pattern === 'any' || pattern.type !== 'ID_KEY_ID') && lawful(peer, pattern),
);

export const knowsNoNames = mutant(
  'knowsNoNames',
  'ikev2',
  'identityMatchesPad',
  'peers are known by their addresses, and a name is nobody’s',
  (lawful) => (peer, pattern) => pattern !== 'any' && pattern.type !== 'ID_FQDN' && lawful(peer, pattern),
);

export const comparesRangeStart = mutant(
  'comparesRangeStart',
  'ikev2',
  'identityMatchesPad',
  'of a range the first address is kept',
  (lawful) => (peer, pattern) =>
    pattern !== 'any' && pattern.match === 'range'
      ? identityText(peer) === pattern.value.split(/[-/]/)[0]
      : lawful(peer, pattern),
);

export const comparesSpelling = mutant(
  'comparesSpelling',
  'ikev2',
  'identityMatchesPad',
  'a configured address is compared as the text that was typed',
  (lawful) => (peer, pattern) =>
    pattern !== 'any' && pattern.type === 'ID_IPV6_ADDR' ? identityText(peer) === pattern.value : lawful(peer, pattern),
);

export const takesLastEntry = mutant(
  'takesLastEntry',
  'ikev2',
  'padEntry',
  'entries are kept in a list that grows at its head',
  () => (connections, _peer, matches) => connections.findLast(matches),
);

export const takesExactEntryFirst = mutant(
  'takesExactEntryFirst',
  'ikev2',
  'padEntry',
  'the most specific entry decides, as RFC 4945 3.1.10 has it',
  () => (connections, _peer, matches) => {
    const matching = connections.filter(matches);
    const isExact = ({ identity }: (typeof matching)[number]['remote']) =>
      identity !== 'any' && (identity.match ?? 'exact') === 'exact';
    return matching.find(({ remote }) => isExact(remote)) ?? matching[0];
  },
);

export const grantsWhatIsAsked = mutant(
  'grantsWhatIsAsked',
  'ikev2',
  'narrowing',
  'the peer is authenticated, so what it asks for is taken for its own',
  () => (offered) => offered,
);

export const refusesToNarrow = mutant(
  'refusesToNarrow',
  'ikev2',
  'narrowing',
  'an offer is taken whole or not at all',
  (lawful) => (offered, permitted) => {
    const within = (wishes: readonly TrafficSelector[], allowed: readonly TrafficSelector[]) =>
      wishes.every((wish) => allowed.some((one) => contains(one, wish)));
    return within(offered.remote, permitted.remote) ? lawful(offered, permitted) : undefined;
  },
);

export const wantsSelectorsAsConfigured = mutant(
  'wantsSelectorsAsConfigured',
  'ikev2',
  'narrowing',
  'as in quick mode of IKEv1, selectors must be those of the policy and not a part of them',
  (lawful) => (offered, permitted) => {
    const covers = (wishes: readonly TrafficSelector[], allowed: readonly TrafficSelector[]) =>
      allowed.every((one) => wishes.some((wish) => contains(wish, one)));
    return covers(offered.remote, permitted.remote) ? lawful(offered, permitted) : undefined;
  },
);

export const takesAnyAnswer = mutant(
  'takesAnyAnswer',
  'ikev2',
  'narrowedAnswer',
  'an initiator believes that a responder has narrowed',
  () => () => true,
);

export const wantsAnswerAsOffered = mutant(
  'wantsAnswerAsOffered',
  'ikev2',
  'narrowedAnswer',
  'an initiator takes every narrowing for a refusal',
  (lawful) => (offered, answered) => lawful(offered, answered) && lawful(answered, offered),
);

export const readsNoIDr = mutant(
  'readsNoIDr',
  'ikev2',
  'connectionsAsked',
  'whom the initiator asked for is passed over, and the first entry that fits answers',
  () => (connections) => connections,
);

export const readsOneEntry = mutant(
  'readsOneEntry',
  'ikev2',
  'padEntry',
  'there is one policy for all peers, and whoever it does not name is nobody',
  () => (connections, _peer, matches) => connections.slice(0, 1).find(matches),
);
