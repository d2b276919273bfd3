/** What ipsec.conf(5) cannot say, with its own words as the reason. Pure, and asked before anything runs. */
import { labMaterial } from '../../lab/material.ts';
import type { ChildConfiguration, IkeConnection, NodeConfiguration, PortRange } from '../../lab/node.ts';
import type { OtherRelease } from '../../runtime/release.ts';
import { pathUnsupported } from '../network.ts';
import { identityUnsupported } from './identities.ts';
import { proposalUnsupported } from './proposals.ts';

/** The reason; undefined where it can be said. */
export function unsupported(configuration: NodeConfiguration): string | undefined {
  const { ike, manual, spd, spis, mobility } = configuration;
  if (mobility) return 'ipsec.conf(5) has no Mobile IPv6';
  if (spis) return 'ipsec.conf(5) has no range that SPIs are of';
  const pathReason = pathUnsupported(configuration, true);
  if (pathReason) return pathReason;
  if (ike.length === 0 && spd.some(({ action }) => typeof action === 'object'))
    return 'ipsec.conf(5) has no policy that protects but that of a connection which is negotiated';
  if (spd.some(({ action }) => typeof action === 'object' && action.within !== undefined))
    return 'ipsec.conf(5): the old mode of ah+esp is no longer supported';
  if (manual.length > 0) return 'ipsec.conf(5) has no manual SAs: every SA is negotiated';
  for (const { selector, action } of spd) {
    if (typeof action === 'object') continue;
    const { localPort, remotePort, icmp } = selector;
    const reason = [localPort, remotePort, icmp?.type, icmp?.code].map(rangeUnsupported).find(Boolean);
    if (reason) return reason;
  }
  return ike.map(connectionUnsupported).find(Boolean);
}

/** What pluto 4.10, of Debian 12, has not. */
export function unsupportedInRelease(
  { ike }: NodeConfiguration,
  release: OtherRelease | undefined,
): string | undefined {
  const resumes = ike.some(({ resumption }) => resumption !== undefined);
  return resumes && release === undefined ? 'session-resumption= came with Libreswan 5.0' : undefined;
}

function connectionUnsupported({
  local,
  remote,
  proposals,
  children,
  fragmentation,
  internalAddresses,
  ppk,
  resumption,
  windowSize,
}: IkeConnection): string | undefined {
  const { authentication } = local;
  if (authentication.kind === 'certificate' && authentication.scheme === 'RSASSA-PKCS1-v1_5')
    return 'ipsec.conf(5): authby=rsa-sha2 is RSASSA-PSS, and what is left of PKCS#1 v1.5 is rsa-sha1';
  if (authentication.kind === 'eap' || remote.authentication === 'eap')
    return 'ipsec.conf(5): leftauth=eaponly is EAP-TLS, which is not told yet, and there is no other method';
  const keys = [...(authentication.kind === 'public-key' ? [authentication.key] : []), ...(remote.publicKeys ?? [])];
  if (keys.some((name) => !signing.has(labMaterial.keyType(name))))
    return 'ipsec.conf(5): authby= signs with rsasig and ecdsa';
  if (internalAddresses)
    return 'what ipsec.conf(5) has for it, leftaddresspool= and leftmodecfgclient=, is not told yet';
  if (authentication.kind === 'certificate' && authentication.revocationLists?.length)
    return 'ipsec.conf(5): leftsendcert= sends certificates, no revocation lists';
  if (authentication.kind === 'shared-key' && remote.sharedKeys?.every(({ key }) => key !== authentication.key))
    return 'ipsec.secrets(5): one secret belongs to a pair of peers and serves both directions';
  if (fragmentation?.datagramOctets !== undefined)
    return 'ipsec.conf(5): fragmentation= is yes, no or force, and says no size';
  const all = [...proposals, ...children.flatMap((child) => child.proposals)];
  if (all.some(({ additionalKeyExchanges = [] }) => additionalKeyExchanges.length > 0))
    return 'ipsec.conf(5): ike= and esp= have one key exchange';
  if (resumption?.ticketLifetime !== undefined)
    return 'ipsec.conf(5): session-resumption= is yes or no, and says no lifetime';
  if (windowSize !== undefined) return 'ipsec.conf(5) has no window of requests';
  if (ppk) return 'the adapter says nothing of ppk= yet';
  if (remote.certificateAddresses) return 'ipsec.conf(5) has no constraint on the addresses of a certificate';
  return (
    identityUnsupported(remote.identity) ??
    all.map(proposalUnsupported).find(Boolean) ??
    children.map(childUnsupported).find(Boolean)
  );
}

const signing: ReadonlySet<string> = new Set(['RSA', 'ECDSA']);

function childUnsupported({ name, local, remote }: ChildConfiguration): string | undefined {
  if (local.length === 0 || remote.length === 0)
    return `${name}: ipsec.conf(5): an omitted leftsubnet= is the host itself`;
  if (local.length > 1 || remote.length > 1)
    return `${name}: ipsec.conf(5): leftsubnets= makes a connection of each pair, with a child of its own`;
  const [mine] = local;
  const [theirs] = remote;
  for (const selector of [mine!, theirs!]) {
    if (typeof selector.addresses !== 'string') return `${name}: ipsec.conf(5): leftsubnet= is network/netmask`;
    if (selector.mobilityHeaderType !== undefined)
      return `${name}: ipsec.conf(5): leftprotoport= knows the type and code of ICMP, not those of the Mobility Header`;
    if (selector.icmp && selector.icmp.type === 0 && (selector.icmp.code ?? 0) === 0)
      return `${name}: ipsec.conf(5): leftprotoport=1/0 is every type of ICMP, not type 0`;
    const reason = [selector.ports, selector.icmp?.type, selector.icmp?.code].map(rangeUnsupported).find(Boolean);
    if (reason) return reason;
  }
  return undefined;
}

const rangeUnsupported = (range: PortRange | undefined): string | undefined =>
  range === undefined || typeof range === 'number'
    ? undefined
    : 'ipsec.conf(5): leftprotoport= takes one port, or one type and code of ICMP, no range';
