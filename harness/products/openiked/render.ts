/**
 * A configuration as policies of iked.conf(5): one for each child and each place that its peer may come from, in the order of the PAD, of which the first that
 * matches is taken (`quick`). The entries of the SPD that need no SA, and the packets that start IKE, of which iked.conf knows nothing, are the kernel's, told by ip-xfrm(8). Certificates
 * and keys stay names until `iked.ts` is asked for octets.
 */
import type {
  CertificateRecipe,
  ChildConfiguration,
  IkeConnection,
  NodeConfiguration,
  RevocationListRecipe,
  SpdEntry,
  TrafficSelectorConfiguration,
} from '../../lab/node.ts';
import { distinct, intermediatesOf, sharedKeysOf, signingKeyOf } from '../authentication-material.ts';
import { discoveryLines, renderIpsec } from '../linux/render.ts';
import { addressOf, prefixOf } from '../prefix.ts';
import { identityText, publicKeyFile } from './identities.ts';
import { addressLines, DYNAMIC } from './internal-addresses.ts';
import { childText, ikeText, installable } from './proposals.ts';

/** Everything iked is given, and what stands in the kernel beside it. */
export interface OpenikedRendering {
  readonly policies: readonly Policy[];
  readonly users: readonly User[];
  /** RFC 7383; one for all policies. */
  readonly fragmentation: boolean;
  /** RFC 4555; one for all policies. */
  readonly mobike: boolean;
  /** Seconds between two looks at whether a peer lives, for all policies; 0: nobody looks. */
  readonly livenessInterval: number;
  readonly store: Store;
  /** For `ip -batch`. */
  readonly kernel: readonly string[];
}

/** A policy of iked.conf(5), in the words that stand there. */
export interface Policy {
  readonly name: string;
  /** Whose flows it has: those of one policy are of one child. */
  readonly child: string;
  readonly mode: 'tunnel' | 'transport';
  readonly encapsulation: 'esp' | 'ah';
  readonly protocol?: number;
  /** Of each pair of selectors. */
  readonly flows: readonly Flow[];
  readonly local?: string;
  /** An address, or `any`. */
  readonly peer: string;
  readonly ikesa: readonly string[];
  readonly childsa: readonly string[];
  readonly srcid: string;
  /** Absent: whoever authenticates. */
  readonly dstid?: string;
  /** `60 bytes 1000`; 0 is no limit. */
  readonly lifetime: string;
  /** Hex; absent: by certificates. */
  readonly sharedKey?: string;
  /** What the peer proves itself by in the place of a signature. */
  readonly eap?: 'mschap-v2';
  /** `config` and `request`, as they stand there. */
  readonly internalAddresses: readonly string[];
}

/** Whom `eap` knows. */
export interface User {
  readonly name: string;
  readonly password: string;
}

/** Prefixes or addresses, each with a port where there is one. */
export interface Flow {
  readonly from: string;
  readonly to: string;
}

/** What is below /etc/iked. */
export interface Store {
  readonly own: readonly CertificateRecipe[];
  /** By its name among the lab keys. */
  readonly key?: string;
  readonly authorities: readonly CertificateRecipe[];
  /** What completes a chain of one's own. */
  readonly intermediates: readonly CertificateRecipe[];
  readonly revocationLists: readonly RevocationListRecipe[];
  /** Of peers, by their names among the lab keys. */
  readonly publicKeys: readonly PublicKeyFile[];
}

export interface PublicKeyFile {
  /** Below /etc/iked/pubkeys: `fqdn/a.example`. */
  readonly file: string;
  readonly key: string;
}

/** Pure. Throws RangeError for a configuration that `unsupported` speaks against. */
export function render(configuration: NodeConfiguration): OpenikedRendering {
  const { ike } = configuration;
  const [key] = ike.flatMap(signingKeyOf);
  return {
    policies: ike.flatMap(policiesOf),
    users: distinct(ike.flatMap(({ remote }) => remote.eap?.passwords ?? [])),
    fragmentation: ike.some(({ fragmentation }) => fragmentation !== undefined),
    mobike: ike.some(({ mobike }) => mobike !== undefined),
    livenessInterval: ike[0]?.livenessAfter ?? 0,
    store: {
      own: distinct(ike.flatMap(ownCertificates)),
      ...(key !== undefined && { key }),
      authorities: distinct(ike.flatMap(({ remote }) => remote.trustAnchors)),
      intermediates: distinct(ike.flatMap(intermediatesOf)),
      revocationLists: distinct(ike.flatMap(({ remote }) => remote.revocationLists ?? [])),
      publicKeys: ike.flatMap(publicKeyFiles),
    },
    kernel: kernelLines(configuration),
  };
}

/** The connection that a policy stands for. */
export const connectionOf = (policy: string): string => policy.split('/')[0]!;

function policiesOf(connection: IkeConnection): Policy[] {
  const { name, localAddresses, remoteAddresses, local, remote, proposals, children } = connection;
  const peers = remoteAddresses.length > 0 ? remoteAddresses : ['any'];
  const keys = remote.authentication === 'shared-key' ? sharedKeysOf(connection) : [undefined];
  const policies = keys.flatMap((shared) =>
    children.flatMap((child) =>
      peers.map((peer): Omit<Policy, 'name'> => {
        const identity = shared && shared.identity !== 'any' ? shared.identity : remote.identity;
        const protocol = child.local[0]?.protocol;
        return {
          child: child.name,
          mode: child.mode,
          encapsulation: child.protocol === 'AH' ? 'ah' : 'esp',
          ...(protocol !== undefined && { protocol }),
          flows: flowsOf(child, connection),
          ...(localAddresses[0] !== undefined && { local: localAddresses[0] }),
          peer,
          ikesa: proposals.map(ikeText),
          childsa: installable(child.proposals).map(childText),
          srcid: identityText(local.identity),
          ...(identity !== 'any' && { dstid: identityText(identity) }),
          lifetime: lifetimeText(child),
          ...(shared && { sharedKey: shared.key }),
          ...(remote.eap && { eap: 'mschap-v2' as const }),
          internalAddresses: addressLines(connection),
        };
      }),
    ),
  );
  return policies.map((policy, place) => ({ name: place === 0 ? name : `${name}/${place}`, ...policy }));
}

function flowsOf({ local, remote }: ChildConfiguration, { internalAddresses }: IkeConnection): Flow[] {
  const isGiven = internalAddresses?.pools !== undefined;
  return local.flatMap((from) => remote.map((to) => ({ from: endText(from), to: isGiven ? DYNAMIC : endText(to) })));
}

function endText({ addresses, ports }: TrafficSelectorConfiguration): string {
  const prefix = addresses as string;
  const text = prefixOf(addressOf(prefix)) === prefixOf(prefix) ? addressOf(prefix) : prefix;
  return ports === undefined ? text : `${text} port ${ports}`;
}

/** Nothing is rekeyed before its time. */
function lifetimeText({ lifetime }: ChildConfiguration): string {
  const { seconds = 0, octets = 0 } = lifetime ?? {};
  return `${seconds} bytes ${octets}`;
}

const ownCertificates = ({ local: { authentication } }: IkeConnection): CertificateRecipe[] =>
  authentication.kind === 'certificate' ? [authentication.chain[0]!] : [];

const publicKeyFiles = ({ remote: { identity, publicKeys = [] } }: IkeConnection): PublicKeyFile[] =>
  identity === 'any' ? [] : publicKeys.map((key) => ({ file: publicKeyFile(identity), key }));

/**
 * Among policies of one priority and one list the kernel takes the oldest, and those of iked are of the highest and come later; each takes the place of one
 * with the same selector. So a child that a packet is to start has a policy here, until iked brings its own.
 */
function kernelLines(configuration: NodeConfiguration): readonly string[] {
  const { spd, ike } = configuration;
  const trapped = ike.flatMap(({ children }) =>
    children.filter(({ start }) => start === 'trap').map(({ name }) => name),
  );
  const last = spd.findLastIndex(isProtecting);
  const before = spd.filter((entry, place) => place < last && !isProtecting(entry));
  const rest = spd.filter((entry, place) => place > last || (isProtecting(entry) && trapped.includes(entry.name)));
  const discovery = discoveryLines(spd);
  const others = ({ policies }: ReturnType<typeof renderIpsec>) => policies.filter((line) => !discovery.includes(line));
  return [
    ...[...discovery, ...others(renderIpsec({ ...configuration, spd: before, unmatched: 'BYPASS' }))].map((line) =>
      line.replace(/ priority \d+/, ' priority 0'),
    ),
    ...others(renderIpsec({ ...configuration, spd: rest })),
  ];
}

const isProtecting = ({ action }: SpdEntry): boolean => typeof action === 'object';
