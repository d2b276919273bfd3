/**
 * A configuration as connections of ipsec.conf(5): one for each child, because IKE SAs are shared between connections there, and one for each entry of the
 * SPD that needs no SA. `left` is the node itself. Certificates and keys stay names until `store.ts` is asked for octets.
 */
import { labMaterial } from '../../lab/material.ts';
import type {
  CertificateRecipe,
  ChildConfiguration,
  Identity,
  IdentityPattern,
  IkeConnection,
  InternalAddresses,
  NodeConfiguration,
  PortRange,
  RevocationListRecipe,
  Selector,
  SpdEntry,
  TrafficSelectorConfiguration,
} from '../../lab/node.ts';
import { distinct, intermediatesOf, isSame, sharedKeysOf } from '../authentication-material.ts';
import { turned } from '../distinguished-name.ts';
import { addressOf, everything, familyOf, prefixOf } from '../prefix.ts';
import { identityText } from './identities.ts';
import { methods } from './methods.ts';
import { proposalText } from './proposals.ts';

/** Everything pluto is given. */
export interface LibreswanRendering {
  readonly connections: readonly Connection[];
  readonly secrets: readonly Secret[];
  readonly store: Store;
}

/** A section `conn` of ipsec.conf(5). */
export interface Connection {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Secret {
  /** Identities of the two ends; none: everybody's. */
  readonly owners: readonly string[];
  /** Of a postquantum preshared key (RFC 8784), which goes by a name. */
  readonly ppkIdentity?: string;
  /** Hex. */
  readonly key: string;
}

/** What the database of NSS is to hold, and nothing else. */
export interface Store {
  readonly own: readonly OwnCertificate[];
  readonly authorities: readonly CertificateRecipe[];
  /** What completes a chain of one's own. */
  readonly intermediates: readonly CertificateRecipe[];
  readonly revocationLists: readonly RevocationListRecipe[];
}

/** A key pair without a certificate, which NSS keeps with one all the same. */
const keyPairs = ({ local: { authentication } }: IkeConnection): Omit<OwnCertificate, 'nickname'>[] =>
  authentication.kind === 'public-key'
    ? [{ certificate: { subject: `CN=${authentication.key}`, key: authentication.key }, key: authentication.key }]
    : [];

export interface OwnCertificate {
  /** How leftcert= finds it. */
  readonly nickname: string;
  readonly certificate: CertificateRecipe;
  /** By its name among the lab keys. */
  readonly key: string;
}

/** Pure. Throws RangeError for a configuration that `unsupported` speaks against. */
export function render(configuration: NodeConfiguration): LibreswanRendering {
  const { ike } = configuration;
  const own = distinct(ike.flatMap((connection) => [...ownCertificates(connection), ...keyPairs(connection)])).map(
    (one, place) => ({ nickname: `own-${place}`, ...one }),
  );
  const negotiated = ike.flatMap((connection) =>
    connection.children.flatMap((child) => childConnections(child, connection, configuration, own)),
  );
  return {
    connections: [...negotiated, ...shunts(configuration)],
    secrets: ike.flatMap(secretsOf),
    store: {
      own,
      authorities: distinct(ike.flatMap(({ remote }) => remote.trustAnchors)),
      intermediates: distinct(ike.flatMap(intermediatesOf)),
      revocationLists: distinct(ike.flatMap(({ remote }) => remote.revocationLists ?? [])),
    },
  };
}

/** `peer/all`, as `NodeState` names a child; `peer/all/any` is the same child for peers that come from anywhere. */
export const connectionName = (connection: string, child: string): string => `${connection}/${child}`;

/** A connection has one remote address: where others may come as well, a second one takes them. */
function childConnections(
  child: ChildConfiguration,
  connection: IkeConnection,
  configuration: NodeConfiguration,
  own: readonly OwnCertificate[],
): Connection[] {
  const name = connectionName(connection.name, child.name);
  const parameters = childParameters(child, connection, configuration, own);
  const named = connection.remoteAddresses.filter((address) => address !== 'any');
  const isOpen = named.length < connection.remoteAddresses.length || named.length === 0;
  const towards = (right: string) => ({
    left: connection.localAddresses[0] ?? ownAddress(configuration, right),
    right,
    ...parameters,
  });
  return [
    ...named.map((address, place) => ({ name: place === 0 ? name : `${name}/${place}`, parameters: towards(address) })),
    // What starts by itself starts towards an address.
    ...(isOpen
      ? [{ name: named.length === 0 ? name : `${name}/any`, parameters: { ...towards('%any'), auto: 'add' } }]
      : []),
  ];
}

function childParameters(
  child: ChildConfiguration,
  connection: IkeConnection,
  { spd }: NodeConfiguration,
  own: readonly OwnCertificate[],
): Connection['parameters'] {
  const {
    name,
    local,
    remote,
    proposals,
    children,
    fragmentation,
    mobike,
    encapsulation,
    internalAddresses,
    ppk,
    resumption,
    livenessAfter,
  } = connection;
  const { authentication } = local;
  const [localSelector] = child.local as [TrafficSelectorConfiguration];
  const [remoteSelector] = child.remote as [TrafficSelectorConfiguration];
  const place = spd.findIndex((entry) => entry.name === child.name || serves(entry, name, child.name));
  const hasGroup = child.proposals.some(({ keyExchangeMethods = [] }) => keyExchangeMethods.length > 0);
  const certificate = own.find((one) => 'chain' in authentication && isSame(one.certificate, authentication.chain[0]));
  return {
    leftid: identityText(local.identity),
    rightid: remote.identity === 'any' ? anyIdentity(remote.authentication) : identityText(remote.identity),
    ...(certificate && { leftcert: certificate.nickname, leftsendcert: 'always' }),
    ...('chain' in authentication && authentication.chain.length > 1 && { sendca: 'all' }),
    ...(remote.trustAnchors.length === 1 && { rightca: turned(remote.trustAnchors[0]!.subject) }),
    ...(authentication.kind === 'public-key' && { leftpubkey: publicKeyText(authentication.key) }),
    ...(remote.publicKeys && { rightpubkey: publicKeyText(remote.publicKeys[0]!) }),
    ...methods(connection),
    ike: proposals.map(proposalText).join(','),
    phase2: child.protocol === 'AH' ? 'ah' : 'esp',
    [child.protocol === 'AH' ? 'ah' : 'esp']: child.proposals.map(proposalText).join(','),
    pfs: hasGroup ? 'yes' : 'no',
    esn: sequenceNumbers(child),
    type: child.mode,
    leftsubnet: localSelector.addresses as string,
    // The side of a client is what it is given.
    ...(internalAddresses?.pools ? {} : { rightsubnet: remoteSelector.addresses as string }),
    ...(internalAddresses && internal(internalAddresses)),
    ...protocolAndPorts(localSelector, remoteSelector),
    // One that narrows is a template, and a packet that meets its trap starts nothing.
    narrowing: child.start === 'trap' ? 'no' : 'yes',
    ...(children.filter((each) => servesSame(each, child)).length > 1 && { overlapip: 'yes' }),
    mobike: mobike ? 'yes' : 'no',
    ...(encapsulation && { encapsulation: 'yes' }),
    ...(fragmentation && { fragmentation: 'yes' }),
    ...(resumption && { 'session-resumption': 'yes' }),
    ...(ppk && { ppk: ppk.mandatory ? 'insist' : 'yes' }),
    ...(livenessAfter !== undefined && { dpddelay: `${livenessAfter}s`, dpdtimeout: '4s', dpdaction: 'clear' }),
    rekey: 'no',
    keyingtries: '1',
    'retransmit-timeout': '4s',
    ...(child.lifetime?.seconds !== undefined && { salifetime: `${child.lifetime.seconds}s` }),
    ...(child.lifetime?.octets !== undefined && { 'ipsec-max-bytes': `${child.lifetime.octets}` }),
    ...(child.replayWindow !== undefined && { 'replay-window': `${child.replayWindow}` }),
    ...(child.dontFragment === 'clear' && { nopmtudisc: 'yes' }),
    ...(place >= 0 && { priority: `${firstPriority + place}` }),
    // What is given out behind a gateway is put on the client's interface by pluto's own script.
    ...(internalAddresses?.asksFor === undefined && { leftupdown: '' }),
    connalias: name,
    auto: child.start === 'trap' ? 'ondemand' : 'add',
  };
}

/** In the notation of ipsec.conf(5): base64 of a SubjectPublicKeyInfo. */
const publicKeyText = (name: string): string => Buffer.from(labMaterial.publicKey(name)).toString('base64');

/** The peer's certificate says who it is; a shared key does not, and is everybody's; and whoever proves nothing is nobody. */
function anyIdentity(authentication: IkeConnection['remote']['authentication']): string {
  if (authentication === 'null') return '%null';
  return authentication === 'signature' ? '%fromcert' : '%any';
}

/** Pluto lets two connections have one policy where it is told to. */
const servesSame = (one: ChildConfiguration, other: ChildConfiguration): boolean =>
  isSame([one.local, one.remote], [other.local, other.remote]);

function serves({ action }: SpdEntry, connection: string, child: string): boolean {
  return typeof action === 'object' && (action.securityAssociations ?? []).includes(connectionName(connection, child));
}

function sequenceNumbers({ proposals }: ChildConfiguration): string {
  const offered = proposals.flatMap(({ extendedSequenceNumbers = [] }) => extendedSequenceNumbers);
  if (offered.includes(true)) return offered.includes(false) ? 'either' : 'yes';
  return 'no';
}

/** `17/7777`; `17/0` is every port. For ICMP type and code are the port, and for the Mobility Header its type, as RFC 7296 3.13.1 packs them. */
function protocolAndPorts(
  local: Pick<TrafficSelectorConfiguration, 'protocol' | 'ports' | 'icmp'>,
  remote: Pick<TrafficSelectorConfiguration, 'protocol' | 'ports' | 'icmp'>,
): Connection['parameters'] {
  if (local.protocol === undefined) return {};
  return {
    leftprotoport: `${local.protocol}${port(local)}`,
    rightprotoport: `${local.protocol}${port(remote)}`,
  };
}

function port({ ports, icmp }: Pick<TrafficSelectorConfiguration, 'ports' | 'icmp'>): string {
  if (icmp) return `/${(icmp.type as number) * 256 + ((icmp.code as number | undefined) ?? 0)}`;
  return `/${(ports as number | undefined) ?? 0}`;
}

/** Entries that need no SA, and what stands for RFC 4301's final discard. */
function shunts(configuration: NodeConfiguration): Connection[] {
  const { spd, unmatched } = configuration;
  const entries = spd.flatMap(({ name, selector, action }, place) =>
    typeof action === 'object' ? [] : [shunt(name, selector, action, place, configuration)],
  );
  if (unmatched !== 'DISCARD') return entries;
  return [
    ...entries,
    ...(['ipv4', 'ipv6'] as const).map((family) => {
      const all = everything(family);
      return shunt(`unmatched-${family}`, { local: all, remote: all }, 'DISCARD', spd.length, configuration);
    }),
  ];
}

function shunt(
  name: string,
  { local, remote, protocol, localPort, remotePort, icmp }: Selector,
  action: 'BYPASS' | 'DISCARD',
  place: number,
  configuration: NodeConfiguration,
): Connection {
  const end = (ports: PortRange | undefined) => ({
    ...(protocol !== undefined && { protocol }),
    ...(ports !== undefined && { ports }),
    ...(icmp && { icmp }),
  });
  return {
    name,
    parameters: {
      left: ownAddress(configuration, local),
      right: '%any',
      leftsubnet: prefixOf(local),
      rightsubnet: prefixOf(remote),
      ...protocolAndPorts(end(localPort), end(remotePort)),
      type: action === 'BYPASS' ? 'passthrough' : 'drop',
      authby: 'never',
      priority: `${firstPriority + place}`,
      leftupdown: '',
      auto: 'ondemand',
    },
  };
}

/** Of that family: pluto leaves a connection alone that has none of the node's addresses. */
function ownAddress({ interfaces }: NodeConfiguration, like: string): string {
  const addresses = interfaces.flatMap((each) => each.addresses.map(addressOf));
  const family = like === '%any' ? 'ipv4' : familyOf(like);
  return addresses.find((address) => familyOf(address) === family) ?? addresses[0]!;
}

const ownCertificates = ({ local: { authentication } }: IkeConnection): Omit<OwnCertificate, 'nickname'>[] =>
  'chain' in authentication ? [{ certificate: authentication.chain[0]!, key: authentication.key }] : [];

function secretsOf(connection: IkeConnection): Secret[] {
  const { local, remote, ppk } = connection;
  const ownersWith = (identity: Identity | IdentityPattern | 'any') =>
    identity === 'any' ? [] : [identityText(local.identity), identityText(identity)];
  return [
    ...sharedKeysOf(connection).map(({ identity, key }) => ({ owners: ownersWith(identity), key })),
    ...(ppk ? [{ owners: ownersWith(remote.identity), ppkIdentity: ppk.identity, key: ppk.key }] : []),
  ];
}

/** Addresses behind a gateway that are asked for, or given out. */
function internal({ pools = [], asksFor, nameServers = [] }: InternalAddresses): Connection['parameters'] {
  const [pool] = pools;
  return {
    ...(asksFor && { leftmodecfgclient: 'yes' }),
    ...(pool && { rightaddresspool: pool.join('-'), rightmodecfgclient: 'yes' }),
    ...(nameServers.length > 0 && { modecfgdns: nameServers.join(', ') }),
  };
}

/** Lower decides first, and 0 would let pluto choose. */
const firstPriority = 1000;
