/**
 * A child SA made and removed: keyed and installed together, removed together (RFC 7296 sections 1.2, 1.4.1, 2.8 and 2.17). The exchanges
 * negotiate it; the SAD that uses it is ipsec's.
 */
import type { Selectors } from '../ipsec/traffic-selector.ts';
import { type ChildSa, protocolOf } from './child-sa.ts';
import type { ChildConfiguration } from './configuration.ts';
import type { IkeSa } from './ike-sa.ts';
import type { Keyed } from './ike-sa-state.ts';
import { peersRekeyingOf } from './ike-sa-succession.ts';
import type { NegotiatedSa } from './interface.ts';
import { keyRecordOf } from './key-record.ts';
import { type ChildSecrets, childKeyring } from './keymat.ts';
import type { ChosenProposal } from './proposal-selection.ts';
import { tell } from './surroundings.ts';
import type { Selected } from './translated-transport.ts';
import { type Hosts, hostsOfPath, hostsOfSelectors } from './transport-hosts.ts';

/** What two peers agreed on for a child. SPIs are 4 octets; `inboundSpi` is the one this node drew. */
export interface ChildAgreement extends ChildSecrets, Selected {
  readonly configuration: ChildConfiguration;
  readonly mode: 'transport' | 'tunnel';
  readonly chosen: ChosenProposal;
  readonly inboundSpi: number;
  readonly outboundSpi: number;
  /** This node's role in the exchange that made the child, which need not be its role in the IKE SA. */
  readonly exchangeRole: 'initiator' | 'responder';
}

/** Keys and installs both directions, the inbound one first so that nothing is lost; or for now the inbound one only. */
export function installChild(
  ikeSa: IkeSa,
  keyed: Keyed,
  agreement: ChildAgreement,
  news: 'established' | 'rekeyed',
  outbound: 'now' | 'later' = 'now',
): ChildSa {
  const { surroundings } = ikeSa;
  const keyring = childKeyring(keyed.prf, keyed.keys.SK_d, agreement, agreement.chosen);
  const [outboundKeys, inboundKeys] =
    agreement.exchangeRole === 'initiator'
      ? [keyring.fromInitiator, keyring.fromResponder]
      : [keyring.fromResponder, keyring.fromInitiator];
  const inboundSa = negotiatedSa(ikeSa, agreement, 'in', inboundKeys);
  const outboundSa = negotiatedSa(ikeSa, agreement, 'out', outboundKeys);
  surroundings.emit({ kind: 'install', securityAssociation: inboundSa });
  if (outbound === 'now') surroundings.emit({ kind: 'install', securityAssociation: outboundSa });
  tellKeys(ikeSa, inboundSa);
  tellKeys(ikeSa, outboundSa);
  const { configuration, mode, inboundSpi, outboundSpi, selectors } = agreement;
  const protocol = protocolOf(agreement.chosen);
  const child: ChildSa = { configuration, protocol, mode, inboundSpi, outboundSpi, selectors, deleting: false };
  if (outbound === 'later') child.awaitedOutbound = outboundSa;
  ikeSa.children.push(child);
  tellChild(ikeSa, child, news);
  return child;
}

/** Section 2.8: the replaced child goes, so what is sent goes by its successors, as far as they are still there. */
export function yieldToSuccessor(ikeSa: IkeSa, replaced: ChildSa): void {
  for (const successor of replaced.replacedByPeer?.successors ?? []) {
    if (successor.awaitedOutbound === undefined || !ikeSa.children.includes(successor)) continue;
    if (!ikeSa.surroundings.rules.successorTakesOver()) continue;
    ikeSa.surroundings.emit({ kind: 'install', securityAssociation: successor.awaitedOutbound });
    delete successor.awaitedOutbound;
  }
}

/** Both directions go. */
export function removeChild(ikeSa: IkeSa, child: ChildSa, reason: string): void {
  ikeSa.children = ikeSa.children.filter((other) => other !== child);
  const { protocol } = child;
  ikeSa.surroundings.emit({ kind: 'remove', protocol, direction: 'out', spi: child.outboundSpi });
  ikeSa.surroundings.emit({ kind: 'remove', protocol, direction: 'in', spi: child.inboundSpi });
  tellChild(ikeSa, child, 'closed', reason);
}

/** Section 2.25: a child that is not known may be one that this node has asked for, or is still on the IKE SA that this one is about to replace. */
export function mayCome(ikeSa: IkeSa): boolean {
  const asked = [ikeSa, ...yieldingTo(ikeSa)].flatMap(({ window }) => window.outstanding);
  return ikeSa.surroundings.rules.unknownChildMayCome(asked.map(({ exchange }) => exchange.purpose));
}

/** Section 2.8.2: the IKE SA that the peer has replaced by this one, and that this node, which has asked for that as well, has not given up yet; its children are the peer's here. */
export function yieldingTo(ikeSa: IkeSa): readonly IkeSa[] {
  return ikeSa.surroundings.ikeSas.filter(
    (one) => peersRekeyingOf(one)?.ikeSa === ikeSa && one.state.name === 'established',
  );
}

function negotiatedSa(
  ikeSa: IkeSa,
  { configuration, mode, chosen, inboundSpi, outboundSpi, selectors, realHosts }: ChildAgreement,
  direction: 'in' | 'out',
  keys: { readonly encryption: Uint8Array; readonly integrity: Uint8Array },
): NegotiatedSa {
  const { localPort, remotePort } = ikeSa.path;
  const { local, remote } = endsOf(ikeSa, mode, selectors);
  const outbound = direction === 'out';
  const common = {
    connection: ikeSa.connection?.name ?? '',
    child: configuration.name,
    direction,
    spi: outbound ? outboundSpi : inboundSpi,
    source: outbound ? local : remote,
    destination: outbound ? remote : local,
    mode,
    extendedSequenceNumbers: chosen.extendedSequenceNumbers ?? false,
    replayWindow: configuration.replayWindow ?? DEFAULT_REPLAY_WINDOW,
    local: selectors.local,
    remote: selectors.remote,
    ...(configuration.lifetime && { lifetime: configuration.lifetime }),
    ...(configuration.dontFragment && { dontFragment: configuration.dontFragment }),
    ...(configuration.fragments && { fragments: configuration.fragments }),
  };
  const integrity = { id: chosen.integrity ?? 0, key: keys.integrity };
  if (protocolOf(chosen) === 'AH') return { ...common, protocol: 'AH', integrity };
  return {
    ...common,
    protocol: 'ESP',
    encryption: { ...chosen.encryption!, key: keys.encryption },
    ...(chosen.integrity !== undefined && { integrity }),
    ...(realHosts && !outbound && { realEnds: { source: realHosts.remote, destination: realHosts.local } }),
    ...(ikeSa.nat.detected && {
      encapsulation: outbound
        ? { sourcePort: localPort, destinationPort: remotePort }
        : { sourcePort: remotePort, destinationPort: localPort },
    }),
  };
}

/** Behind a NAT the selectors hold addresses from before it (section 2.23.1); packets have those of the path. */
function endsOf({ path, nat, surroundings: { rules } }: IkeSa, mode: ChildSa['mode'], selectors: Selectors): Hosts {
  if (mode === 'tunnel' || nat.detected) return hostsOfPath(path);
  return rules.transportEnds(hostsOfSelectors(selectors, path), path);
}

function tellKeys(ikeSa: IkeSa, sa: NegotiatedSa): void {
  tell(ikeSa.surroundings, { kind: 'keys', record: keyRecordOf(sa, ikeSa.surroundings.now) });
}

function tellChild(ikeSa: IkeSa, child: ChildSa, state: 'established' | 'rekeyed' | 'closed', reason?: string): void {
  tell(ikeSa.surroundings, {
    kind: 'child',
    connection: ikeSa.connection?.name ?? '',
    child: child.configuration.name,
    state,
    ...(reason === undefined ? {} : { reason }),
    inboundSpi: child.inboundSpi,
    outboundSpi: child.outboundSpi,
  });
}

/** RFC 4303 section 3.4.3: 64 SHOULD be the default. */
const DEFAULT_REPLAY_WINDOW = 64;
