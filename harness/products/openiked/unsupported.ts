/** What iked.conf(5) cannot say, or iked not do on Linux, with its own words as the reason. Pure, and asked before anything runs. */
import { labMaterial } from '../../lab/material.ts';
import type {
  ChildConfiguration,
  IkeConnection,
  NodeConfiguration,
  SpdEntry,
  TrafficSelectorConfiguration,
} from '../../lab/node.ts';
import { distinct, isSame, signingKeyOf } from '../authentication-material.ts';
import { selectorUnsupported } from '../linux/selector.ts';
import { pathUnsupported } from '../network.ts';
import { identityUnsupported } from './identities.ts';
import { internalAddressesUnsupported } from './internal-addresses.ts';
import { childUnsupported, ikeUnsupported, installable } from './proposals.ts';

/** The reason; undefined where it can be said. */
export function unsupported(configuration: NodeConfiguration): string | undefined {
  const { ike, manual, spd, spis, mobility } = configuration;
  if (mobility) return 'iked.conf(5) has no Mobile IPv6';
  if (spis) return 'iked.conf(5) has no range that SPIs are of';
  const pathReason = pathUnsupported(configuration, false);
  if (pathReason) return pathReason;
  if (ike.length === 0 && spd.some(({ action }) => typeof action === 'object'))
    return 'iked.conf(5) has no flow but that of a policy which is negotiated';
  if (spd.some(({ action }) => typeof action === 'object' && action.within !== undefined))
    return 'iked.conf(5): a policy has one encap, esp or ah';
  if (manual.length > 0) return 'iked.conf(5): manual keying is not for iked';
  const first = spd.findIndex(isProtecting);
  if (spd.slice(first + 1, spd.findLastIndex(isProtecting) + 1).some((entry) => !isProtecting(entry)))
    return 'iked: the flows of all policies have one priority in the kernel, with nothing between them';
  const shunts = spd.filter(({ action }) => typeof action !== 'object');
  return (
    shunts.map(({ selector }) => selectorUnsupported(selector)).find(Boolean) ??
    ike.map(connectionUnsupported).find(Boolean) ??
    togetherUnsupported(ike)
  );
}

const isProtecting = ({ action }: SpdEntry): boolean => typeof action === 'object';

/** What one daemon has once. */
function togetherUnsupported(ike: readonly IkeConnection[]): string | undefined {
  if (distinct(ike.flatMap(signingKeyOf)).length > 1)
    return 'iked(8): the file local.key is used to store the local private key';
  if (distinct(ike.map(({ remote }) => remote.trustAnchors).filter(({ length }) => length > 0)).length > 1)
    return 'iked(8): /etc/iked/ca/ is the directory where CA certificates are kept, for all policies';
  if (new Set(ike.map(({ mobike }) => mobike === undefined)).size > 1)
    return 'iked.conf(5): set mobike is one for all policies';
  if (new Set(ike.map(({ livenessAfter }) => livenessAfter)).size > 1)
    return 'iked.conf(5): set dpd_check_interval is one for all policies';
  return undefined;
}

function connectionUnsupported(connection: IkeConnection): string | undefined {
  const {
    local,
    remote,
    proposals,
    children,
    fragmentation,
    internalAddresses,
    mobike,
    encapsulation,
    ppk,
    resumption,
    windowSize,
  } = connection;
  const { authentication } = local;
  if (authentication.kind === 'eap' || (remote.authentication === 'eap' && !remote.eap))
    return 'iked.conf(5): eap authenticates the initiator, and iked is no initiator that would be';
  if (remote.eap && remote.eap.method !== 'EAP-MSCHAP-V2')
    return 'iked.conf(5): the only supported EAP type is MSCHAP-V2';
  if (authentication.kind === 'null' || remote.authentication === 'null')
    return 'iked.conf(5): ikeauth is eap, psk, rfc7427, ecdsa or rsa, and none of them is NULL Authentication';
  if (signingKeyOf(connection).some((key) => !signing.has(labMaterial.keyType(key))))
    return 'iked(8): local.key is a private key for RSA or ECDSA';
  const { publicKeys = [], identity } = remote;
  if (publicKeys.length > 1 || (publicKeys.length > 0 && (identity === 'any' || identity.type === 'ID_DER_ASN1_DN')))
    return 'iked(8): a public key is in a file named for its ID, of type ipv4, ipv6, fqdn or ufqdn';
  if (authentication.kind === 'certificate' && authentication.scheme)
    return 'iked.conf(5): ikeauth rfc7427 and rsa name no scheme of RSA';
  if (authentication.kind === 'certificate' && authentication.revocationLists?.length)
    return 'iked(8): /etc/iked/crls/ is the directory where CRLs are kept, and none is sent';
  if ((authentication.kind === 'shared-key') !== (remote.authentication === 'shared-key'))
    return 'iked.conf(5): psk is a key for authentication, of both ends';
  const keysOfPeers = remote.sharedKeys?.filter(({ identity }) => !isSame(identity, local.identity));
  if (authentication.kind === 'shared-key' && keysOfPeers?.every(({ key }) => key !== authentication.key))
    return 'iked.conf(5): psk is one key for both directions';
  if (children.length > 1 && children.some(isTrapOfProtocol))
    return "iked: ikev2_child_sa_acquire: flow wasn't found, for a packet's protocol is not told with it";
  if (mobike?.additionalAddresses?.length) return 'iked.conf(5): set mobike names no additional addresses';
  if (encapsulation) return 'iked(8): -t forces encapsulation for all policies, and is said at the start';
  if (resumption) return 'iked.conf(5) has no session resumption';
  if (windowSize !== undefined) return 'iked.conf(5) has no window of requests';
  if (ppk) return 'iked.conf(5) has no postquantum preshared keys';
  if (fragmentation?.datagramOctets !== undefined) return 'iked.conf(5): set fragmentation says no size';
  if (remote.certificateAddresses) return 'iked.conf(5) has no constraint on the addresses of a certificate';
  return (
    (internalAddresses && internalAddressesUnsupported(internalAddresses)) ??
    [local.identity, remote.identity].map(identityUnsupported).find(Boolean) ??
    proposals.map(ikeUnsupported).find(Boolean) ??
    children.map(oneChildUnsupported).find(Boolean)
  );
}

const isTrapOfProtocol = ({ start, local }: ChildConfiguration): boolean =>
  start === 'trap' && local.some(({ protocol }) => protocol !== undefined);

const signing: ReadonlySet<string> = new Set(['RSA', 'ECDSA']);

function oneChildUnsupported(child: ChildConfiguration): string | undefined {
  const { local, remote, proposals, replayWindow, name } = child;
  if (replayWindow !== undefined && replayWindow !== 64) return 'iked.conf(5) has no replay window';
  if (local.length === 0 || remote.length === 0) return `${name}: iked.conf(5): from src to dst, one or more of each`;
  if (installable(proposals).length === 0) return proposals.map(childUnsupported).find(Boolean);
  return [...local, ...remote].map(selectorReason).find(Boolean);
}

function selectorReason({ addresses, ports, icmp, mobilityHeaderType, protocol }: TrafficSelectorConfiguration) {
  if (typeof addresses !== 'string') return 'iked.conf(5): addresses are in CIDR notation';
  if (ports !== undefined && typeof ports !== 'number') return 'iked.conf(5): from src port sport is one port';
  if (icmp !== undefined || mobilityHeaderType !== undefined)
    return 'iked.conf(5): port modifiers are only valid with tcp and udp, and there is none for types';
  if (ports !== undefined && protocol !== 6 && protocol !== 17)
    return 'iked.conf(5): port modifiers are only valid in conjunction with the tcp(4) and udp(4) protocols';
  return undefined;
}
