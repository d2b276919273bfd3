/**
 * Agreeing on a child SA (RFC 7296 sections 1.3.1, 2.9 and 3.3): the offer in SA, TSi, TSr and USE_TRANSPORT_MODE, the responder's answer and
 * the initiator's check of it. IKE_AUTH and CREATE_CHILD_SA both carry this; nonces, key exchange and keys are theirs.
 */
import type { Selectors } from '../ipsec/traffic-selector.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import type { Proposal } from '../wire/ike/proposal.ts';
import { ikev2Bounds } from './bounds.ts';
import { protocolIdOf, spiNumber, spiOctets } from './child-sa.ts';
import type { ChildConfiguration, IkeConnection } from './configuration.ts';
import { refusalWithoutAddress } from './configuration-payloads.ts';
import type { IkeSa } from './ike-sa.ts';
import type { ChildWish } from './ike-sa-state.ts';
import { fromWire, offeredSelectors, policyOf, toWire, withinOffer } from './narrowing.ts';
import { find, findNotify, notify } from './payloads.ts';
import { answerOf, type ChosenProposal, offeredProposals } from './proposal-selection.ts';
import type { NotifiedRefusal } from './refusal.ts';
import { freshChildSpi, tellRefusal } from './surroundings.ts';
import { asSeenHere, type Lookup, lookupsOf, type Selected, translatedOffer } from './translated-transport.ts';
import { hostsOfSelectors } from './transport-hosts.ts';

/** What an initiator offered, to be held against the answer. */
export interface ChildOffer {
  readonly configuration: ChildConfiguration;
  readonly protocol: 'ESP' | 'AH';
  readonly inboundSpi: number;
  readonly proposals: readonly Proposal[];
  readonly selectors: Selectors;
}

/** What both sides then know. */
export interface ChildTerms extends Selected {
  readonly configuration: ChildConfiguration;
  readonly mode: 'transport' | 'tunnel';
  readonly chosen: ChosenProposal;
  readonly inboundSpi: number;
  readonly outboundSpi: number;
}

/** Undefined where this node has no SPI for another child; that is told. */
export function offerChild(
  ikeSa: IkeSa,
  { child, packet }: ChildWish,
  keyExchange: 'offered' | 'none',
): ChildOffer | undefined {
  const inboundSpi = freshSpi(ikeSa);
  if (inboundSpi === undefined) {
    tellRefusal(ikeSa.surroundings, 'inboundSpiFree', `none for ${child.name}`);
    return undefined;
  }
  const own = ikeSa.surroundings.rules.childProposals(child.proposals, ikeSa.connection?.proposals ?? []);
  const proposals = offeredProposals(own, protocolIdOf(child), spiOctets(inboundSpi), keyExchange);
  const { protocol = 'ESP' } = child;
  return { configuration: child, protocol, inboundSpi, proposals, selectors: selectorsToOffer(ikeSa, child, packet) };
}

/** `[N(USE_TRANSPORT_MODE),] SAi2, [Ni, KEi,] TSi, TSr`, where `between` is the nonce and key exchange. */
export function payloadsOfOffer(
  { configuration, proposals, selectors }: ChildOffer,
  between: readonly Payload[] = [],
): Payload[] {
  return [
    ...transportModeNotify(configuration.mode),
    { type: 'SA', proposals },
    ...between,
    { type: 'TSi', selectors: toWire(selectors.local) },
    { type: 'TSr', selectors: toWire(selectors.remote) },
  ];
}

/**
 * The responder's side: terms, or why not. The first child that has terms for the offer takes it: one that is being rekeyed, then one that need not narrow it, then one that is not
 * there yet, then any, each in the order configured. Draws an SPI only for terms.
 */
export function answerOffer(
  ikeSa: IkeSa,
  connection: IkeConnection,
  payloads: readonly Payload[],
  keyExchange: 'offered' | 'none',
  rekeyed?: ChildConfiguration,
): ChildTerms | NotifiedRefusal {
  const offered = firstOf(ikeSa, selectorsFromPeer(payloads, 'initiator'), 'offeredSelectors');
  const unaddressed = refusalWithoutAddress(ikeSa, connection, payloads);
  if (unaddressed !== undefined) return unaddressed;
  let refusal: NotifiedRefusal | undefined;
  for (const { realHosts, ...lookup } of lookupsOf(ikeSa, offered, asksTransport(payloads))) {
    for (const { configuration, granted } of candidatesFor(ikeSa, connection, lookup, rekeyed)) {
      const terms = termsFor(ikeSa, configuration, firstOf(ikeSa, granted, 'trafficSelectors'), payloads, keyExchange);
      if (!('rule' in terms)) return withSpi(ikeSa, { ...terms, ...(realHosts && { realHosts }) });
      refusal ??= terms;
    }
  }
  return (
    refusal ?? {
      rule: 'narrowing',
      notify: 'TS_UNACCEPTABLE',
      detail: `nothing of the offer is permitted by ${connection.name}`,
    }
  );
}

function withSpi(ikeSa: IkeSa, terms: Omit<ChildTerms, 'inboundSpi'>): ChildTerms | NotifiedRefusal {
  const inboundSpi = freshSpi(ikeSa);
  if (inboundSpi !== undefined) return { ...terms, inboundSpi };
  return { rule: 'inboundSpiFree', notify: 'NO_ADDITIONAL_SAS', detail: `none for ${terms.configuration.name}` };
}

/** Children that may be granted something of what was asked for, in the order in which they are tried. */
function candidatesFor(
  ikeSa: IkeSa,
  connection: IkeConnection,
  { selectors, mode }: Lookup,
  rekeyed: ChildConfiguration | undefined,
): readonly { readonly configuration: ChildConfiguration; readonly granted: Selectors }[] {
  const { rules } = ikeSa.surroundings;
  return inOrderOfNeed(ikeSa, connection, rekeyed)
    .filter((configuration) => mode === undefined || configuration.mode === mode)
    .flatMap((configuration) => {
      const granted = rules.narrowing(selectors, permittedBy(ikeSa, connection, configuration));
      if (granted === undefined) return [];
      const isWhole = configuration.name === rekeyed?.name || withinOffer(granted, selectors);
      return [{ configuration, granted, rank: rules.wholeOfferFirst() && !isWhole ? 1 : 0 }];
    })
    .sort((one, other) => one.rank - other.rank);
}

/** A peer that was given addresses speaks for those. */
function permittedBy(
  { surroundings: { rules }, internalAddresses: given }: IkeSa,
  { internalAddresses: { pools = [] } = {} }: IkeConnection,
  configuration: ChildConfiguration,
): Selectors {
  const { local, remote } = policyOf(configuration);
  return { local, remote: pools.length === 0 ? remote : rules.selectorsOfAddresses(remote, given) };
}

function termsFor(
  ikeSa: IkeSa,
  configuration: ChildConfiguration,
  selectors: Selectors,
  payloads: readonly Payload[],
  keyExchange: 'offered' | 'none',
): Omit<ChildTerms, 'inboundSpi'> | NotifiedRefusal {
  const { rules } = ikeSa.surroundings;
  const proposals = find(payloads, 'SA')?.proposals ?? [];
  const chosen = rules.chosenProposal(proposals, configuration.proposals, protocolIdOf(configuration), keyExchange);
  if (chosen === undefined) {
    return { rule: 'chosenProposal', notify: 'NO_PROPOSAL_CHOSEN', detail: `no proposal for ${configuration.name}` };
  }
  const mode = rules.transportMode(asksTransport(payloads), configuration.mode) ? 'transport' : 'tunnel';
  if (!rules.negotiatedMode(mode, configuration.mode)) {
    return {
      rule: 'negotiatedMode',
      notify: 'NO_PROPOSAL_CHOSEN',
      detail: `${configuration.name} is for ${configuration.mode} mode`,
    };
  }
  const refusal = refusalOfHosts(ikeSa, mode, selectors);
  if (refusal) return refusal;
  if (!rules.childSpi(chosen.spi)) {
    return { rule: 'childSpi', notify: 'INVALID_SYNTAX', detail: 'an SPI that nobody may have' };
  }
  return { configuration, mode, chosen, selectors, outboundSpi: spiNumber(chosen.spi) ?? 0 };
}

/** `[N(USE_TRANSPORT_MODE),] SAr2, [Nr, KEr,] TSi, TSr`. */
export function payloadsOfTerms(
  { mode, chosen, inboundSpi, selectors }: ChildTerms,
  between: readonly Payload[] = [],
): Payload[] {
  return [
    ...transportModeNotify(mode),
    { type: 'SA', proposals: [answerOf(chosen, spiOctets(inboundSpi))] },
    ...between,
    { type: 'TSi', selectors: toWire(selectors.remote) },
    { type: 'TSr', selectors: toWire(selectors.local) },
  ];
}

/** The initiator's side: holds the answer against the offer. The notify of a refusal is for the reason only. */
export function termsOfAnswer(
  ikeSa: IkeSa,
  offer: ChildOffer,
  payloads: readonly Payload[],
): ChildTerms | NotifiedRefusal {
  const { rules } = ikeSa.surroundings;
  const { configuration, inboundSpi } = offer;
  const answer = find(payloads, 'SA')?.proposals[0];
  const chosen = answer && rules.acceptedProposal(offer.proposals, answer);
  if (answer === undefined || chosen === undefined) {
    return { rule: 'acceptedProposal', notify: 'NO_PROPOSAL_CHOSEN', detail: 'the answer is none of what was offered' };
  }
  if (!rules.childSpi(answer.spi))
    return { rule: 'childSpi', notify: 'INVALID_SYNTAX', detail: 'an SPI that nobody may have' };
  const answered = selectorsFromPeer(payloads, 'responder');
  const agreed = asksTransport(payloads);
  const selected = agreed ? asSeenHere(ikeSa, answered) : { selectors: answered };
  if (!rules.narrowedAnswer(offer.selectors, selected.selectors)) {
    return { rule: 'narrowedAnswer', notify: 'TS_UNACCEPTABLE', detail: 'the answer is wider than the offer' };
  }
  const mode = rules.transportMode(agreed, configuration.mode) ? 'transport' : 'tunnel';
  if (!rules.negotiatedMode(mode, configuration.mode)) {
    return {
      rule: 'negotiatedMode',
      notify: 'NO_PROPOSAL_CHOSEN',
      detail: `${mode} mode instead of ${configuration.mode}`,
    };
  }
  const refusal = refusalOfHosts(ikeSa, mode, selected.selectors);
  return refusal ?? { configuration, mode, chosen, inboundSpi, outboundSpi: spiNumber(answer.spi) ?? 0, ...selected };
}

/** Whether the hosts of transport mode may be others than IKE's. */
function refusalOfHosts(
  { surroundings: { rules }, path }: IkeSa,
  mode: ChildTerms['mode'],
  selectors: Selectors,
): NotifiedRefusal | undefined {
  const hosts = hostsOfSelectors(selectors, path);
  if (mode === 'tunnel' || rules.transportHostsAcceptable(hosts, path)) return undefined;
  const detail = `${hosts.local} and ${hosts.remote}, not ${path.localAddress} and ${path.remoteAddress}`;
  return { rule: 'transportHostsAcceptable', notify: 'TS_UNACCEPTABLE', detail };
}

function selectorsToOffer(ikeSa: IkeSa, child: ChildConfiguration, packet: ChildWish['packet']): Selectors {
  const selectors = offeredSelectors(child, packet);
  if (child.mode === 'tunnel') return selectors;
  return translatedOffer(ikeSa, ikeSa.surroundings.rules.transportOffer(selectors, ikeSa.path));
}

/** Section 2.9: a responder may narrow to any subset; selectors beyond a bound are left out of it. */
function firstOf(
  ikeSa: IkeSa,
  { local, remote }: Selectors,
  bound: 'offeredSelectors' | 'trafficSelectors',
): Selectors {
  const most = ikev2Bounds[bound];
  const beyond = Math.max(local.length, remote.length) - most;
  if (beyond > 0) tellRefusal(ikeSa.surroundings, bound, `${beyond} of one side are left out`);
  return { local: local.slice(0, most), remote: remote.slice(0, most) };
}

function inOrderOfNeed(
  { children }: IkeSa,
  connection: IkeConnection,
  rekeyed: ChildConfiguration | undefined,
): readonly ChildConfiguration[] {
  const living = new Set(children.map(({ configuration }) => configuration.name));
  const need = ({ name }: ChildConfiguration) => (name === rekeyed?.name ? 0 : living.has(name) ? 2 : 1);
  return [...connection.children].sort((one, other) => need(one) - need(other));
}

/** TSi belongs to the exchange initiator, so it is the peer's where the peer is that. */
function selectorsFromPeer(payloads: readonly Payload[], peer: 'initiator' | 'responder'): Selectors {
  const TSi = fromWire(find(payloads, 'TSi')?.selectors ?? []);
  const TSr = fromWire(find(payloads, 'TSr')?.selectors ?? []);
  return peer === 'initiator' ? { local: TSr, remote: TSi } : { local: TSi, remote: TSr };
}

function asksTransport(payloads: readonly Payload[]): boolean {
  return findNotify(payloads, 'USE_TRANSPORT_MODE') !== undefined;
}

function transportModeNotify(mode: 'transport' | 'tunnel'): Payload[] {
  return mode === 'transport' ? [notify(notifyTypes.USE_TRANSPORT_MODE)] : [];
}

/** Undefined where none of this node's own is free. */
function freshSpi({ surroundings, path: { localAddress } }: IkeSa): number | undefined {
  const { env, ikeSas, rules, settings } = surroundings;
  const inUse = ikeSas.flatMap(({ children, path }) =>
    children.map(({ inboundSpi }) => ({ spi: inboundSpi, localAddress: path.localAddress })),
  );
  return freshChildSpi(env, settings.childSpis, (spi) => rules.inboundSpiFree({ spi, localAddress }, inUse));
}
