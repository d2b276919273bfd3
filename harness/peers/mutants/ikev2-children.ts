/** Broken twins of IKEv2 where it makes, multiplies and replaces children. */
import { type ChosenProposal, chosenOf } from '../../../reference/ikev2/proposal-selection.ts';
import type { Selectors } from '../../../reference/ipsec/traffic-selector.ts';
import { rangePrefix } from '../../../reference/wire/address.ts';
import type { Proposal } from '../../../reference/wire/ike/proposal.ts';
import { protocolIds } from '../../../reference/wire/ike/registry.ts';
import { mutant } from '../mutant.ts';

export const bearsOneChild = mutant(
  'bearsOneChild',
  'ikev2',
  'additionalChild',
  'a minimal implementation: the child of IKE_AUTH is the only one (RFC 7296 4 allows that)',
  () => (existing) => existing < 1,
);

export const findsNoRekeyedChild = mutant(
  'findsNoRekeyedChild',
  'ikev2',
  'rekeyedChild',
  'the SPI in REKEY_SA is looked up among those of the wrong direction',
  () => () => false,
);

export const forgetsDeletions = mutant(
  'forgetsDeletions',
  'ikev2',
  'deletedIkeSa',
  'a Delete of the IKE SA is answered, and everything is kept',
  () => () => false,
);

export const forgetsDeletedChildren = mutant(
  'forgetsDeletedChildren',
  'ikev2',
  'deletedChild',
  'the SPI in a Delete is looked up among those of the wrong direction',
  () =>
    ({ inbound }, named) =>
      inbound.spi === named.spi,
);

export const knowsEspOnly = mutant(
  'knowsEspOnly',
  'ikev2',
  'chosenProposal',
  'AH was left out of the build, since nobody uses it',
  (lawful) =>
    (...asked) =>
      asked[2] === protocolIds.AH ? undefined : lawful(...asked),
);

export const knowsAhOnly = mutant(
  'knowsAhOnly',
  'ikev2',
  'chosenProposal',
  'ESP was left out of the build, since it may not be sold everywhere',
  (lawful) =>
    (...asked) =>
      asked[2] === protocolIds.ESP ? undefined : lawful(...asked),
);

export const choosesOneOfEachTransform = mutant(
  'choosesOneOfEachTransform',
  'ikev2',
  'chosenProposal',
  'built for a sensor: one transform of each type to choose from',
  (lawful) =>
    (...asked) =>
      sensorsOwn(lawful(...asked)),
);

export const acceptsOneOfEachTransform = mutant(
  'acceptsOneOfEachTransform',
  'ikev2',
  'acceptedProposal',
  'built for a sensor: it may offer more, and has one transform of each type',
  (lawful) =>
    (...answer) =>
      sensorsOwn(lawful(...answer)),
);

export const takesWhatIsOffered = mutant(
  'takesWhatIsOffered',
  'ikev2',
  'chosenProposal',
  'the first proposal of a child is taken as it is, whatever policy wants',
  (lawful) =>
    (...asked) =>
      asked[2] === protocolIds.IKE ? lawful(...asked) : asked[0][0] && chosenOf(asked[0][0]),
);

export const fallsBackToTunnel = mutant(
  'fallsBackToTunnel',
  'ikev2',
  'negotiatedMode',
  'where transport mode is not to be had, tunnel mode will do',
  (lawful) => (negotiated, configured) => negotiated === 'tunnel' || lawful(negotiated, configured),
);

export const goesByWhatIsAsked = mutant(
  'goesByWhatIsAsked',
  'ikev2',
  'transportMode',
  'the mode is the one that the offer is for',
  () => (asked) => asked,
);

export const keepsLowestNonce = mutant(
  'keepsLowestNonce',
  'ikev2',
  'redundantRekeying',
  'of two simultaneous successors the one with the highest nonce is taken for redundant',
  (lawful) =>
    (...nonces) =>
      lawful(...nonces) === 'mine' ? 'theirs' : 'mine',
);

export const keepsReplacedChild = mutant(
  'keepsReplacedChild',
  'ikev2',
  'replacedChild',
  'a rekeying makes a child, and the one that it replaces is left to its lifetime',
  () => () => 'kept',
);

export const alwaysAsksAnew = mutant(
  'alwaysAsksAnew',
  'ikev2',
  'childAskedAnew',
  'who is told that the peer has no such child asks for a new one, whether or not the peer has replaced it',
  () => () => true,
);

export const clingsToOwnRekeying = mutant(
  'clingsToOwnRekeying',
  'ikev2',
  'rekeyingForgotten',
  'an IKE SA that the peer has replaced ends with its children, because this node was waiting to replace it as well',
  () => () => false,
);

export const refusesTheSame = mutant(
  'refusesTheSame',
  'ikev2',
  'ikeRekeyingRefusedDuring',
  'who is replacing an IKE SA will not have it replaced by the peer',
  (lawful) => (purposes) => purposes.includes('rekeyIkeSa') || lawful(purposes),
);

export const leavesChildrenBehind = mutant(
  'leavesChildrenBehind',
  'ikev2',
  'childrenInherited',
  'children end with the IKE SA that they were made on',
  () => () => false,
);

export const neverSendsOnSuccessor = mutant(
  'neverSendsOnSuccessor',
  'ikev2',
  'successorTakesOver',
  'of the child that a peer puts in the place of another only the inbound half is ever installed',
  () => () => false,
);

export const dropsOrphanedSuccessor = mutant(
  'dropsOrphanedSuccessor',
  'ikev2',
  'successorStays',
  'the answer to a rekeying is of no use when the child that it replaces is gone',
  () => (isReplacedOneThere) => isReplacedOneThere,
);

export const takesGroupOfIke = mutant(
  'takesGroupOfIke',
  'ikev2',
  'childProposals',
  'a child is rekeyed with the group of its IKE SA, whatever group it was given itself',
  () => (own, ofIke) => own.map((each) => ({ ...each, keyExchangeMethods: ofIke[0]?.keyExchangeMethods ?? [] })),
);

export const knowsPrefixesOnly = mutant(
  'knowsPrefixesOnly',
  'ikev2',
  'narrowing',
  'a selector that is no prefix is none that policy could hold',
  (lawful) => (offered, permitted) => (arePrefixes(offered) ? lawful(offered, permitted) : undefined),
);

export const grantsPrefixesOnly = mutant(
  'grantsPrefixesOnly',
  'ikev2',
  'narrowedAnswer',
  'an answer whose selectors are no prefixes is none',
  (lawful) => (offered, answered) => arePrefixes(answered) && lawful(offered, answered),
);

export const ignoresPortsOfChildren = mutant(
  'ignoresPortsOfChildren',
  'ikev2',
  'narrowing',
  'a peer is granted what it asks for at addresses, for every protocol and port',
  (lawful) => (offered, permitted) => lawful(withoutPorts(offered), withoutPorts(permitted)),
);

export const takesFirstThatFits = mutant(
  'takesFirstThatFits',
  'ikev2',
  'wholeOfferFirst',
  'the first child that an offer meets takes it, however little of it that may have',
  () => () => false,
);

export const endsWithItsFirstChild = mutant(
  'endsWithItsFirstChild',
  'ikev2',
  'ikeSaAfterRefusedChild',
  'an IKE SA whose first child is refused is of no use',
  () => () => 'deleted',
);

export const looksAtFirstGroupOnly = mutant(
  'looksAtFirstGroupOnly',
  'ikev2',
  'chosenProposal',
  'in a rekeying a proposal whose first group is none of its own is not acceptable, whatever groups come after it',
  (lawful) =>
    (offered, ...rest) => {
      const isRekeying = rest[2] === 'offered' && offered[0]?.spi.length !== 0;
      return lawful(isRekeying ? offered.slice(0, 1).map(withFirstGroup) : offered, ...rest);
    },
);

export const deafWhileAsking = mutant(
  'deafWhileAsking',
  'ikev2',
  'informationalAnswered',
  'an INFORMATIONAL request waits until this node’s own exchange is over',
  () => (asks) => asks === undefined,
);

export const answersCrossedDeletes = mutant(
  'answersCrossedDeletes',
  'ikev2',
  'deleteAnswered',
  'a Delete is answered by the other half, though this node has just asked to delete it',
  () => (pairs) => pairs.map(({ inbound }) => inbound),
);

export const refusesAsOfOld = mutant(
  'refusesAsOfOld',
  'ikev2',
  'collisionAnswer',
  'requests that collide are refused as RFC 4306 had it',
  () => () => 'NO_ADDITIONAL_SAS',
);

export const asksAgainAtOnce = mutant(
  'asksAgainAtOnce',
  'ikev2',
  'temporaryFailure',
  'what was refused for now is asked for again at once, a few times',
  () => (failuresBefore) => (failuresBefore < 3 ? 'askNow' : 'giveUp'),
);

export const rekeysWhatItCloses = mutant(
  'rekeysWhatItCloses',
  'ikev2',
  'childrenRefusedWhile',
  'nobody looks whether a child is about to go, or its IKE SA to be replaced',
  () => () => false,
);

export const replacesBusyIkeSa = mutant(
  'replacesBusyIkeSa',
  'ikev2',
  'ikeRekeyingRefusedDuring',
  'nobody looks whether a child is just being made, replaced or closed when the IKE SA is rekeyed',
  () => () => false,
);

function arePrefixes({ local, remote }: Selectors): boolean {
  return [...local, ...remote].every(
    ({ startAddress, endAddress }) => rangePrefix({ first: startAddress, last: endAddress }) !== undefined,
  );
}

const withoutPorts = ({ local, remote }: Selectors): Selectors => {
  const all = (selectors: Selectors['local']) =>
    selectors.map((each) => ({ ...each, protocolId: 0, startPort: 0, endPort: 0xffff }));
  return { local: all(local), remote: all(remote) };
};

function withFirstGroup(proposal: Proposal): Proposal {
  const first = proposal.transforms.find(({ type }) => type === KEY_EXCHANGE);
  return { ...proposal, transforms: proposal.transforms.filter((one) => one.type !== KEY_EXCHANGE || one === first) };
}

const KEY_EXCHANGE = 4;

/** AES-CBC of 128 bits with HMAC-SHA-256 and Curve25519 for IKE, AES-GCM of 128 bits for ESP. */
function sensorsOwn(chosen: ChosenProposal | undefined): ChosenProposal | undefined {
  if (chosen?.encryption?.keyLength !== 128) return undefined;
  const { protocolId, encryption, integrity, prf, group } = chosen;
  const isOwn =
    protocolId === protocolIds.IKE
      ? encryption.id === 12 && integrity === 12 && prf === 5 && group === 31
      : encryption.id === 20;
  return isOwn ? chosen : undefined;
}

export const tellsSpisApartByAddress = mutant(
  'tellsSpisApartByAddress',
  'ikev2',
  'inboundSpiFree',
  'an SPI is taken where another SA of the same address has it, and packets are looked up by the SPI alone',
  () =>
    ({ spi, localAddress }, inUse) =>
      inUse.every((other) => other.spi !== spi || other.localAddress !== localAddress),
);

export const deletesWhicheverChild = mutant(
  'deletesWhicheverChild',
  'ikev2',
  'deletedChild',
  'there is one child, and a Delete is about it whatever it names',
  () => () => true,
);

export const rekeysWhicheverChild = mutant(
  'rekeysWhicheverChild',
  'ikev2',
  'rekeyedChild',
  'there is one child, and REKEY_SA is about it whatever it names',
  () => () => true,
);

export const saysNewChildIsNone = mutant(
  'saysNewChildIsNone',
  'ikev2',
  'unknownChildMayCome',
  'what is not in the table is not there, whatever is being asked for, as a lawful node may have it',
  () => () => false,
);
