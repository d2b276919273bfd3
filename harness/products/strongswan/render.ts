/**
 * A configuration as connections of swanctl.conf(5), which are also the messages that VICI's load-conn, load-shared and load-cert take:
 * one tree, sent as it is or printed for people. Certificates and keys stay names in it until `credentials.ts` is asked for octets.
 * IKE SAs of RFC 7296 and PAD entries of RFC 4301 4.4.3 become connections, BYPASS and DISCARD entries shunts.
 */
import type {
  CertificateRecipe,
  ChildConfiguration,
  Credential,
  EapMethod,
  IkeConnection,
  NodeConfiguration,
  PortRange,
  RemoteIdentity,
  RevocationListRecipe,
  Selector,
  SpdEntry,
  TrafficSelectorConfiguration,
} from '../../lab/node.ts';
import { distinct, intermediatesOf, sharedKeysOf, signingKeyOf } from '../authentication-material.ts';
import { mobilityLines } from '../linux/mobility.ts';
import { renderIpsec, requestIds } from '../linux/render.ts';
import { pathUnsupported } from '../network.ts';
import { addressOf, covers, everything, familyOf, prefixOf } from '../prefix.ts';
import { identityText, identityUnsupported } from './identities.ts';
import { mobilityUnsupported } from './mobility.ts';
import { proposalKeyword, proposalUnsupported } from './proposals.ts';

/** Everything charon is given. */
export interface StrongswanRendering {
  readonly connections: SwanctlTree;
  readonly secrets: readonly SharedSecret[];
  /** Own private keys, by their names among the lab keys. */
  readonly privateKeys: readonly string[];
  readonly authorities: readonly CertificateRecipe[];
  /** Beside the authorities: what completes a chain. */
  readonly certificates: readonly CertificateRecipe[];
  readonly revocationLists: readonly RevocationListRecipe[];
  /** Addresses that are given out, by name. */
  readonly pools: SwanctlTree;
  /** For strongswan.conf(5), where the SPIs are to be of a range. */
  readonly spis?: NodeConfiguration['spis'];
  /** For `ip -batch`: the policies that charon leaves to the kernel, and what stands in them beside IPsec. */
  readonly kernel: readonly string[];
}

export interface SwanctlTree {
  readonly [name: string]: SwanctlElement;
}

export type SwanctlElement = string | readonly SwanctlItem[] | SwanctlTree;

/** What a list holds: text as it is, or what stands in a file. */
export type SwanctlItem = string | CertificateRecipe | PublicKeyFile;

export const isList = (element: SwanctlElement): element is readonly SwanctlItem[] => Array.isArray(element);

/** A public key, by its name among the lab keys. */
export interface PublicKeyFile {
  readonly publicKey: string;
}

export interface SharedSecret {
  /** Postquantum (RFC 8784); absent: what authenticates. */
  readonly type?: 'PPK' | 'EAP';
  readonly name: string;
  /** Identities that own it; none: everybody's. */
  readonly owners: readonly string[];
  /** Hex; of a password its octets. */
  readonly key: string;
}

/** Pure. Throws RangeError for a configuration that `unsupported` speaks against. */
export function render(configuration: NodeConfiguration): StrongswanRendering {
  const { ike, mobility, spis } = configuration;
  const connections = ike.map((connection): [string, SwanctlTree] => [
    connection.name,
    connectionTree(connection, configuration),
  ]);
  const shunts = mobility ? [] : shuntTrees(configuration);
  return {
    connections: Object.fromEntries(
      shunts.length > 0 ? [...connections, [shuntConnection, shuntsTree(shunts)]] : connections,
    ),
    secrets: [...ike.flatMap(secretsOf), ...ike.flatMap(passwordsOf)],
    privateKeys: distinct(ike.flatMap(signingKeyOf)),
    authorities: distinct(ike.flatMap(({ remote }) => remote.trustAnchors)),
    certificates: distinct(ike.flatMap(intermediatesOf)),
    revocationLists: distinct(ike.flatMap(({ remote }) => remote.revocationLists ?? [])),
    pools: Object.fromEntries(ike.flatMap(poolsOf)),
    ...(spis && { spis }),
    kernel: mobility ? [...mobilityLines(configuration), ...renderIpsec(configuration).policies] : [],
  };
}

/** Why swanctl.conf cannot say this, in its manual's words where it has any; undefined if it can. Pure. */
export function unsupported(configuration: NodeConfiguration): string | undefined {
  const { ike, manual, spd } = configuration;
  const immobile = mobilityUnsupported(configuration) ?? pathUnsupported(configuration, true);
  if (immobile) return immobile;
  if (ike.length === 0 && spd.some(({ action }) => typeof action === 'object'))
    return 'swanctl.conf(5) has no policy that protects but those of the children of a connection';
  if (spd.some(({ action }) => typeof action === 'object' && action.within !== undefined))
    return 'swanctl.conf(5): a child has one protocol, and IKEv2 negotiates no bundles';
  if (manual.length > 0) return 'swanctl.conf(5) has no manual SAs: every SA is negotiated';
  for (const { selector, action } of spd) {
    const reason =
      typeof action === 'object'
        ? undefined
        : (rangeUnsupported(selector.icmp?.type) ?? rangeUnsupported(selector.icmp?.code));
    if (reason) return reason;
  }
  for (const { local, remote, proposals, children, fragmentation, resumption, windowSize } of ike) {
    const reason =
      identityUnsupported(remote.identity) ??
      (remote.certificateAddresses && 'swanctl.conf(5): remote has no constraint on the addresses of a certificate') ??
      [...proposals, ...children.flatMap((child) => child.proposals)].map(proposalUnsupported).find(Boolean) ??
      children.map(childUnsupported).find(Boolean);
    if (reason) return reason;
    if (fragmentation?.datagramOctets !== undefined)
      return 'strongswan.conf(5): fragment_size is one for all connections, and read at the start';
    if (resumption) return 'swanctl.conf(5) has no session resumption';
    if (windowSize !== undefined) return 'swanctl.conf(5) has no window of requests';
    const { authentication } = local;
    if (authentication.kind === 'null' || remote.authentication === 'null')
      return 'swanctl.conf(5): auth is pubkey, psk, xauth or eap, and none of them is NULL Authentication';
    if (authentication.kind === 'certificate' && authentication.revocationLists?.length)
      return 'swanctl.conf(5): send_cert sends certificates, no revocation lists';
    if (authentication.kind === 'shared-key' && remote.sharedKeys?.every(({ key }) => key !== authentication.key))
      return 'swanctl.conf(5), secrets: one secret belongs to a pair of peers and serves both directions';
  }
  return undefined;
}

function connectionTree(connection: IkeConnection, configuration: NodeConfiguration): SwanctlTree {
  const { local, remote, localAddresses, proposals, children, fragmentation } = connection;
  const { internalAddresses, mobike, encapsulation, ppk, livenessAfter } = connection;
  const { spd } = configuration;
  return {
    version: '2',
    ...(localAddresses.length > 0 && { local_addrs: localAddresses }),
    remote_addrs: remoteAddressTexts(connection, spd),
    proposals: proposals.map(proposalKeyword),
    mobike: mobike ? 'yes' : 'no',
    ...(encapsulation && { encap: 'yes' }),
    ...(ppk && { ppk_id: ppk.identity, ppk_required: ppk.mandatory ? 'yes' : 'no' }),
    ...(fragmentation && { fragmentation: 'yes' }),
    ...(internalAddresses?.asksFor && { vips: internalAddresses.asksFor }),
    ...(internalAddresses?.pools && { pools: poolsOf(connection).map(([name]) => name) }),
    send_cert: 'always',
    rekey_time: '0',
    reauth_time: '0',
    dpd_delay: livenessAfter === undefined ? '0' : `${livenessAfter}s`,
    keyingtries: '1',
    local: {
      ...localAuth(local.authentication),
      id: identityText(local.identity),
      ...('chain' in local.authentication && { certs: local.authentication.chain.slice(0, 1) }),
      ...(local.authentication.kind === 'public-key' && { pubkeys: [{ publicKey: local.authentication.key }] }),
    },
    remote: {
      ...remoteAuth(remote),
      id: identityText(remote.identity),
      ...(remote.authentication === 'signature' && remote.trustAnchors.length > 0 && { cacerts: remote.trustAnchors }),
      ...(remote.publicKeys && { pubkeys: remote.publicKeys.map((publicKey) => ({ publicKey })) }),
    },
    children: Object.fromEntries(children.map((child) => [child.name, childTree(child, connection, configuration)])),
  };
}

/** charon accepts every address that matches, and initiates to the first that is one: `any` alone could only ever respond. */
function remoteAddressTexts({ remoteAddresses, children }: IkeConnection, spd: readonly SpdEntry[]): string[] {
  if (remoteAddresses.length > 0 && !remoteAddresses.includes('any')) return [...remoteAddresses];
  const named = remoteAddresses.filter((one) => one !== 'any');
  const peers = children.flatMap((child) =>
    child.mode === 'transport' ? onlyAddresses(child) : tunnelEnds(child, spd),
  );
  return [...new Set([...named, ...peers, '%any'])];
}

const onlyAddresses = ({ remote }: ChildConfiguration): string[] =>
  remote.flatMap(({ addresses }) =>
    typeof addresses === 'string' && isOneAddress(addresses) ? [addressOf(addresses)] : [],
  );

const tunnelEnds = ({ name }: ChildConfiguration, spd: readonly SpdEntry[]): string[] =>
  spd.flatMap((entry) =>
    entry.name === name && typeof entry.action === 'object' && entry.action.tunnel ? [entry.action.tunnel.remote] : [],
  );

const isOneAddress = (prefix: string): boolean => prefixOf(addressOf(prefix)) === prefixOf(prefix);

function childTree(
  child: ChildConfiguration,
  connection: IkeConnection,
  { spd, mobility }: NodeConfiguration,
): SwanctlTree {
  // A child that is an entry of the SPD stands where that entry stands; charon would order by how narrow a selector is.
  const place = spd.findIndex(({ name }) => name === child.name);
  const { internalAddresses } = connection;
  return {
    mode: isProxied(child, connection) ? 'transport_proxy' : child.mode,
    local_ts: internalAddresses?.asksFor ? ['dynamic'] : child.local.map(trafficSelectorText),
    remote_ts: internalAddresses?.pools ? ['dynamic'] : child.remote.map(trafficSelectorText),
    [child.protocol === 'AH' ? 'ah_proposals' : 'esp_proposals']: child.proposals.map(proposalKeyword),
    start_action: child.start === 'trap' ? 'trap' : 'none',
    rekey_time: '0',
    rekey_bytes: '0',
    // rand_time is the whole lifetime otherwise, and charon subtracts it from a rekey_time of 0: it would rekey at once.
    ...(child.lifetime?.seconds !== undefined && { life_time: `${child.lifetime.seconds}s`, rand_time: '0' }),
    ...(child.lifetime?.octets !== undefined && { life_bytes: `${child.lifetime.octets}`, rand_bytes: '0' }),
    ...(child.replayWindow !== undefined && { replay_window: `${child.replayWindow}` }),
    ...(child.dontFragment === 'clear' && { copy_df: 'no' }),
    ...(place >= 0 && { priority: `${firstPriority + place}` }),
    ...(mobility && { policies: 'no', reqid: `${requestIds(spd).get(`${connection.name}/${child.name}`)}` }),
  };
}

/** Transport mode for a home address (RFC 4877): charon refuses selectors that are not those of IKE's hosts, unless it is told. */
function isProxied({ mode, local, remote }: ChildConfiguration, connection: IkeConnection): boolean {
  const named = connection.remoteAddresses.filter((one) => one !== 'any');
  return mode === 'transport' && (areOthers(local, connection.localAddresses) || areOthers(remote, named));
}

/** Where IKE's addresses are named, and the selectors hold none of them. */
const areOthers = (selectors: ChildConfiguration['local'], addresses: readonly string[]): boolean =>
  addresses.length > 0 &&
  selectors.every(
    ({ addresses: range }) => typeof range === 'string' && !addresses.some((address) => covers(range, address)),
  );

/** `192.0.2.0/24[udp/4500]`; for ICMP the port is type and code, as RFC 7296 3.13.1 packs them, and for the Mobility Header its type alone. */
function trafficSelectorText(selector: TrafficSelectorConfiguration): string {
  const { addresses, protocol, ports, icmp, mobilityHeaderType } = selector;
  const range = typeof addresses === 'string' ? addresses : addresses.join('-');
  if (protocol === undefined) return range;
  const typed = icmp ?? (mobilityHeaderType !== undefined && { type: mobilityHeaderType });
  if (typed) return `${range}[${protocol}/${icmpPort(typed)}]`;
  return `${range}[${protocol}${ports === undefined ? '' : `/${rangeText(ports)}`}]`;
}

const rangeText = (range: PortRange): string => (typeof range === 'number' ? `${range}` : range.join('-'));

function icmpPort({ type, code }: NonNullable<Selector['icmp']>): string {
  const [firstType, lastType] = typeof type === 'number' ? [type, type] : type;
  const [firstCode, lastCode] = code === undefined ? [0, 255] : typeof code === 'number' ? [code, code] : code;
  const [first, last] = [firstType * 256 + firstCode, lastType * 256 + lastCode];
  return first === last ? `${first}` : `${first}-${last}`;
}

function childUnsupported(child: ChildConfiguration): string | undefined {
  const { local, remote, replayWindow, name, protocol, proposals } = child;
  // charon agrees to it, and the kernel then takes no SA of it.
  if (protocol === 'AH' && proposals.some(({ integrity }) => integrity.some((id) => id >= 9 && id <= 11)))
    return 'Linux: AH takes no AEAD, and AES-GMAC is one there';
  if (local.length === 0 || remote.length === 0) return `${name}: swanctl.conf(5) takes an empty selector as dynamic`;
  if (replayWindow !== undefined && replayWindow > 4096) return 'Linux: replay-window > XFRMA_REPLAY_ESN_MAX (4096)';
  return undefined;
}

/** xfrm_selector has a mask, not a range; charon installs a policy for what it can express and widens the rest. */
const rangeUnsupported = (range: PortRange | undefined): string | undefined =>
  range === undefined || typeof range === 'number'
    ? undefined
    : 'swanctl.conf(5): a shunt takes one ICMP type and code, no range';

/** The remote end's identity alone owns it: charon takes a secret that either end owns. */
function secretsOf(connection: IkeConnection): SharedSecret[] {
  const { name, ppk } = connection;
  const postquantum: SharedSecret[] = ppk
    ? [{ name: `${name}-ppk`, type: 'PPK', owners: [ppk.identity], key: ppk.key }]
    : [];
  const keys = sharedKeysOf(connection).map(({ identity, key }, place) => ({
    name: `${connection.name}-${place}`,
    owners: identity === 'any' ? [] : [identityText(identity)],
    key,
  }));
  return [...keys, ...postquantum];
}

function localAuth(credential: Credential): SwanctlTree {
  if (credential.kind === 'eap') return { auth: eapMethods[credential.method], eap_id: credential.name };
  if (credential.kind === 'certificate' && credential.scheme) return { auth: schemes[credential.scheme] };
  return { auth: credential.kind === 'shared-key' ? 'psk' : 'pubkey' };
}

/** Who is asked for a name may say any that has a password, unless the policy is about one; who is not asked goes by IDi. */
function remoteAuth({ authentication, eap, identity }: RemoteIdentity): SwanctlTree {
  if (authentication !== 'eap') return { auth: authentication === 'signature' ? 'pubkey' : 'psk' };
  return { auth: eap ? eapMethods[eap.method] : 'eap', ...(eap?.asksIdentity && { eap_id: identityText(identity) }) };
}

/** The hash is that which goes with the keys of a laboratory. */
const schemes = { 'RSASSA-PKCS1-v1_5': 'rsa-sha256', 'RSASSA-PSS': 'rsa/pss-sha256' } as const;

const eapMethods: Readonly<Record<EapMethod, string>> = {
  'MD5-Challenge': 'eap-md5',
  'EAP-MSCHAP-V2': 'eap-mschapv2',
  'EAP-TLS': 'eap-tls',
};

function passwordsOf({ name, local, remote }: IkeConnection): SharedSecret[] {
  const own = 'password' in local.authentication ? [local.authentication] : [];
  return [...own, ...(remote.eap?.passwords ?? [])].map((account, place) => ({
    name: `${name}-eap-${place}`,
    owners: [account.name],
    key: Buffer.from(account.password).toString('hex'),
    type: 'EAP',
  }));
}

/** A pool has addresses of one family; who is given one of them, is told of the name servers of that family. */
function poolsOf({ name, internalAddresses }: IkeConnection): [string, SwanctlTree][] {
  const { pools = [], nameServers = [] } = internalAddresses ?? {};
  return pools.map(([first, last], place) => {
    const dns = nameServers.filter((server) => familyOf(server) === familyOf(first));
    return [`${name}-${place}`, { addrs: `${first}-${last}`, ...(dns.length > 0 && { dns }) }];
  });
}

/** Entries that need no SA, and what stands for RFC 4301's final discard. */
function shuntTrees({ spd, unmatched }: NodeConfiguration): [string, SwanctlTree][] {
  const entries = spd.flatMap((entry, place): [string, SwanctlTree][] =>
    typeof entry.action === 'object'
      ? []
      : [[entry.name, shuntTree(entry.selector, entry.action, firstPriority + place)]],
  );
  const final =
    unmatched === 'DISCARD'
      ? (['ipv4', 'ipv6'] as const).map((family) => finalDiscard(everything(family), spd.length))
      : [];
  const all = [...entries, ...final];
  return catchesDiscovery(spd, unmatched) ? [...discoveryShunts, ...all] : all;
}

const finalDiscard = (prefix: string, place: number): [string, SwanctlTree] => [
  `unmatched-${familyOf(prefix)}`,
  shuntTree({ local: prefix, remote: prefix }, 'DISCARD', firstPriority + place),
];

function shuntTree(
  { local, remote, protocol, localPort, remotePort, icmp }: Selector,
  action: 'BYPASS' | 'DISCARD',
  priority: number,
): SwanctlTree {
  const end = (prefix: string, ports: PortRange | undefined) =>
    trafficSelectorText({ addresses: prefixOf(prefix), protocol, ports, icmp });
  return {
    mode: action === 'BYPASS' ? 'pass' : 'drop',
    local_ts: [end(local, localPort)],
    remote_ts: [end(remote, remotePort)],
    start_action: 'trap',
    priority: `${priority}`,
  };
}

/** A connection that can never match: its children are policies only. */
const shuntsTree = (shunts: readonly [string, SwanctlTree][]): SwanctlTree => ({
  version: '2',
  remote_addrs: ['127.0.0.1'],
  local: { auth: 'psk' },
  remote: { auth: 'psk' },
  children: Object.fromEntries(shunts),
});

/** RFC 4301 leaves neighbour discovery to an explicit entry, without which a catch-all cuts the node off its link. */
const discoveryShunts: [string, SwanctlTree][] = [135, 136].map((type) => [
  `neighbour-discovery-${type}`,
  shuntTree({ local: '::/0', remote: '::/0', protocol: 58, icmp: { type, code: 0 } }, 'BYPASS', 1),
]);

const catchesDiscovery = (spd: readonly SpdEntry[], unmatched: NodeConfiguration['unmatched']): boolean =>
  unmatched === 'DISCARD' ||
  spd.some(
    ({ action, selector: { local, protocol, icmp } }) =>
      action !== 'BYPASS' && familyOf(local) === 'ipv6' && (protocol === undefined || (protocol === 58 && !icmp)),
  );

export const shuntConnection = 'shunts';

/** Lower decides first, and 0 would let charon choose. */
const firstPriority = 1000;
