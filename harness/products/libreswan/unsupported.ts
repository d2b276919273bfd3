/** What ipsec.conf(5) cannot say, with its own words as the reason. Pure, and asked before anything runs. */
import { labMaterial } from '../../lab/material.ts';
import type {
  ChildConfiguration,
  Credential,
  IkeConnection,
  InternalAddresses,
  NodeConfiguration,
  PortRange,
  RemoteIdentity,
} from '../../lab/node.ts';
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
  resumption,
  windowSize,
}: IkeConnection): string | undefined {
  const { authentication } = local;
  if (authentication.kind === 'certificate' && authentication.scheme === 'RSASSA-PKCS1-v1_5')
    return 'ipsec.conf(5): authby=rsa-sha2 is RSASSA-PSS, and what is left of PKCS#1 v1.5 is rsa-sha1';
  const eapReason = eapUnsupported(local.authentication, remote);
  if (eapReason) return eapReason;
  const keys = [...(authentication.kind === 'public-key' ? [authentication.key] : []), ...(remote.publicKeys ?? [])];
  if (keys.some((name) => !signing.has(labMaterial.keyType(name))))
    return 'ipsec.conf(5): authby= signs with rsasig and ecdsa';
  const addressReason = internalAddresses && internalAddressesUnsupported(internalAddresses);
  if (addressReason) return addressReason;
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
  if (remote.certificateAddresses) return 'ipsec.conf(5) has no constraint on the addresses of a certificate';
  return (
    identityUnsupported(remote.identity) ??
    all.map(proposalUnsupported).find(Boolean) ??
    children.map(childUnsupported).find(Boolean)
  );
}

function eapUnsupported(own: Credential, { authentication, eap }: RemoteIdentity): string | undefined {
  const methods = [own.kind === 'eap' ? own.method : undefined, eap?.method].filter((method) => method !== undefined);
  if (methods.some((method) => method !== 'EAP-TLS')) return 'ipsec.conf(5): leftautheap= is none or tls';
  if (eap === undefined && (own.kind === 'eap' || authentication === 'eap'))
    return 'pluto, as initiator with leftauth=eaponly: "Failed to find our PreShared Key"';
  if (eap?.asksIdentity) return 'ipsec.conf(5): leftautheap=tls begins with TLS, and asks for no name';
  return undefined;
}

function internalAddressesUnsupported({ pools = [], asksFor = [] }: InternalAddresses): string | undefined {
  if (pools.length > 1) return 'ipsec.conf(5): rightaddresspool= is one range of addresses';
  if (asksFor.length > 1) return 'ipsec.conf(5): clientaddrfamily= is one family';
  if (asksFor.some((address) => address !== '0.0.0.0' && address !== '::'))
    return 'ipsec.conf(5): leftmodecfgclient= is yes or no, and names no address';
  return undefined;
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
