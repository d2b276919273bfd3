/**
 * Mobile IPv6 by hand as `ip xfrm` lines: what the kernel does without a daemon, which is RFC 6275's home address option and type 2 routing header. Each is
 * a state of mode `ro`, which puts the header in and takes it out, and a template of the policies that let it pass; a template is optional (`level use`), so
 * that the same traffic without the header passes as before. Templates stand in the order in which headers are put in, and arriving in the reverse:
 * IPsec covers what mobility adds (section 11.3.2). Around a tunnel mobility comes after it both ways. The tunnel to a home agent is no state: it is a device,
 * and a rule by the source says what leaves by it.
 */
import type { NodeConfiguration, ProtectAction, Selector, SpdEntry } from '../../lab/node.ts';
import { ownAddresses, tunnelDevice, tunnelRules, tunnelTable } from '../network.ts';
import { addressOf, covers, everything, familyOf, prefixOf } from '../prefix.ts';
import type { Sense } from './selector.ts';

type Mobility = NonNullable<NodeConfiguration['mobility']>;

/** The templates of an entry, beside its own. */
export type HeaderTemplates = Readonly<Record<Sense, string>>;

export type MobileEntry = SpdEntry & { readonly headers?: HeaderTemplates };

/** Why the kernel alone cannot be told this; undefined if it can. Pure. */
export function mobilityUnsupported({ mobility, spd }: NodeConfiguration): string | undefined {
  const { homeAgent, correspondentNode, mobileNode } = mobility ?? {};
  if (homeAgent || correspondentNode?.signalling || mobileNode?.signalling)
    return 'the kernel has no Mobile IPv6 signalling; a daemon (umip) has';
  const homeAddresses = [
    ...(correspondentNode?.bindings ?? []).map(({ homeAddress }) => homeAddress),
    ...(mobileNode?.byHand ? [addressOf(mobileNode.homeAddress)] : []),
  ];
  const ends = spd.flatMap(({ action }) =>
    typeof action === 'object' && action.protocol === 'AH' && action.tunnel ? Object.values(action.tunnel) : [],
  );
  return ends.some((end) => homeAddresses.includes(end))
    ? 'the kernel puts the headers of mobility in after the AH of a tunnel, which would have to cover them'
    : undefined;
}

/** The home address, and a state for each binding and each header that a node at the other end is sent or may send. Pure. */
export function mobilityLines(configuration: NodeConfiguration): string[] {
  const { correspondentNode, mobileNode } = configuration.mobility ?? {};
  const bindings = correspondentNode?.bindings ?? [];
  return [
    ...(mobileNode?.byHand ? tunnelLines(mobileNode, mobileNode.byHand) : []),
    ...(mobileNode ? homeAddressLines(configuration) : []),
    ...bindings.flatMap(({ homeAddress, careOfAddress }) =>
      ownIpv6(configuration).flatMap((own) => [
        state(homeAddress, own, 'hao', careOfAddress),
        state(own, homeAddress, 'route2', careOfAddress),
      ]),
    ),
    // From any home address and any care-of address: what vouches is the template of ESP or AH beside it.
    ...(correspondentNode?.verifiesByIpsec ? [`${state('::', '::', 'hao', '::')} flag wildrecv`] : []),
    ...(mobileNode?.byHand ? awayLines(addressOf(mobileNode.homeAddress), mobileNode.byHand) : []),
  ];
}

/**
 * The SPD with the templates of mobility. What passes in the clear passes with a home address option only where a binding by hand vouches for it, so an entry
 * of each pair of addresses goes before; the wildcard would let anybody in. Pure.
 */
export function mobileEntries(configuration: NodeConfiguration): MobileEntry[] {
  const { spd, mobility, unmatched } = configuration;
  if (!mobility) return [...spd];
  const paths = clearPaths(configuration);
  const entries = spd.flatMap((entry): MobileEntry[] => {
    if (entry.action === 'DISCARD') return [entry];
    if (entry.action === 'BYPASS') return [...narrowed(entry, paths), entry];
    return [{ ...entry, headers: protectedHeaders(entry.action, entry.selector, mobility) }];
  });
  return unmatched === 'DISCARD' ? entries : [...entries, ...narrowed(unmatchedEntry, paths)];
}

/** IPsec first, or last, with the other templates of its entry. */
export function inOrder(ipsec: string, { mode }: ProtectAction, sense: Sense, headers?: HeaderTemplates): string {
  const mobility = headers?.[sense] ?? '';
  const parts = sense === 'leaving' && mode === 'transport' ? [mobility, ipsec] : [ipsec, mobility];
  return parts.filter(Boolean).join(' ');
}

function homeAddressLines({ interfaces, mobility }: NodeConfiguration): string[] {
  const { homeAddress: prefix, homeAgent, byHand } = mobility!.mobileNode!;
  const homeAddress = addressOf(prefix);
  const isAtHome = interfaces.some(({ addresses }) => addresses.map(addressOf).includes(homeAddress));
  // On the device that it speaks by, where there is one, as mip6d has it. Without the flag the kernel takes no routing header to it.
  const device = byHand && homeAgent !== undefined ? tunnelDevice : 'lo';
  return isAtHome ? [] : [`address add ${prefixOf(homeAddress)} dev ${device} home nodad`];
}

type MobileNode = NonNullable<Mobility['mobileNode']>;
type Away = NonNullable<MobileNode['byHand']>;

function awayLines(homeAddress: string, { careOfAddress, correspondents }: Away): string[] {
  return [
    ...correspondents.map((correspondent) => state(homeAddress, correspondent, 'hao', careOfAddress)),
    // From anybody: the kernel looks for it by the source as it is before an option is read, which of another mobile node is no home address.
    `${state('::', homeAddress, 'route2', careOfAddress)} flag wildrecv`,
  ];
}

/** Section 11.3.1. What goes to the home agent itself goes straight; without the limit of encapsulation, an option that the kernel would add (RFC 2473 4.1.1). */
function tunnelLines({ homeAddress: prefix, homeAgent }: MobileNode, { careOfAddress }: Away): string[] {
  if (homeAgent === undefined) return [];
  const homeAddress = addressOf(prefix);
  const [straight, tunnelled] = tunnelRules;
  return [
    `link add name ${tunnelDevice} type ip6tnl mode ip6ip6 local ${careOfAddress} remote ${homeAgent} encaplimit none`,
    `link set ${tunnelDevice} up`,
    `route add ::/0 dev ${tunnelDevice} table ${tunnelTable}`,
    `-6 rule add from ${prefixOf(homeAddress)} to ${prefixOf(homeAgent)} pref ${straight} table main`,
    `-6 rule add from ${prefixOf(homeAddress)} pref ${tunnelled} table ${tunnelTable}`,
  ];
}

/** A pair of prefixes between which a header of mobility may stand in the clear. */
interface Path extends Pick<Selector, 'local' | 'remote'> {
  readonly headers: HeaderTemplates;
}

function clearPaths(configuration: NodeConfiguration): Path[] {
  const { correspondentNode, mobileNode } = configuration.mobility!;
  const all = headersOf(configuration.mobility!);
  const toMobileNodes = (correspondentNode?.bindings ?? []).flatMap(({ homeAddress }) =>
    ownIpv6(configuration).map((own) => {
      // Named, so that no state with a wildcard meets it.
      const arriving = [
        `tmpl src ${homeAddress} dst ${own} proto hao mode ro level use`,
        mobileNode && optional.route2,
      ];
      const headers = { ...all, arriving: words(arriving) };
      return { local: prefixOf(own), remote: prefixOf(homeAddress), headers };
    }),
  );
  if (!mobileNode) return toMobileNodes;
  const headers = { arriving: optional.route2, leaving: optional.hao };
  return [
    ...toMobileNodes,
    { local: prefixOf(addressOf(mobileNode.homeAddress)), remote: everything('ipv6'), headers },
  ];
}

/** What of the entry lies on each path; the path that comes first decides. */
function narrowed(entry: SpdEntry, paths: readonly Path[]): MobileEntry[] {
  return paths.flatMap(({ local, remote, headers }) => {
    const selector = {
      ...entry.selector,
      local: narrower(entry.selector.local, local),
      remote: narrower(entry.selector.remote, remote),
    };
    if (selector.local === undefined || selector.remote === undefined) return [];
    return [{ ...entry, selector: selector as Selector, headers }];
  });
}

function narrower(one: string, other: string): string | undefined {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : undefined;
}

function protectedHeaders({ tunnel }: ProtectAction, { remote }: Selector, mobility: Mobility): HeaderTemplates {
  const isIpv6 = familyOf(tunnel?.remote ?? remote) === 'ipv6';
  return isIpv6 ? headersOf(mobility) : { arriving: '', leaving: '' };
}

/** By role: a correspondent is sent options and sends routing headers, a mobile node the reverse. */
function headersOf({ correspondentNode, mobileNode }: Mobility): HeaderTemplates {
  const hasBindings = (correspondentNode?.bindings ?? []).length > 0;
  const takesOptions = hasBindings || correspondentNode?.verifiesByIpsec;
  return {
    arriving: words([takesOptions && optional.hao, mobileNode && optional.route2]),
    leaving: words([mobileNode && optional.hao, hasBindings && optional.route2]),
  };
}

function ownIpv6(configuration: NodeConfiguration): string[] {
  return ownAddresses(configuration).filter((address) => familyOf(address) === 'ipv6');
}

const state = (source: string, destination: string, header: 'hao' | 'route2', careOfAddress: string): string =>
  `xfrm state add src ${source} dst ${destination} proto ${header} mode ro coa ${careOfAddress}`;

const words = (parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(' ');

const optional = {
  hao: 'tmpl proto hao mode ro level use',
  route2: 'tmpl proto route2 mode ro level use',
} as const;

const unmatchedEntry: SpdEntry = {
  name: 'unmatched',
  direction: 'both',
  selector: { local: everything('ipv6'), remote: everything('ipv6') },
  action: 'BYPASS',
};
