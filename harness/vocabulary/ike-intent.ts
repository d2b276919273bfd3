/**
 * Intents that IKEv2 is to bring about: who each side says it is, with what it proves that, and what each accepts of the other. The node
 * under test is told its own half and whom it expects; what the tester says may be anything.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type {
  CertificateRecipe,
  ChildConfiguration,
  Credential,
  FragmentationConfiguration,
  Identity,
  IkeConnection,
  NodeConfiguration,
  RemoteIdentity,
  SpdEntry,
} from '../lab/node.ts';
import { gateway, hostToHost, inner, innerPrefixes, nutAddresses, places } from '../lab/topologies.ts';
import { certificateOf, fqdn, labAuthority, signedWith } from './credentials.ts';
import { type Family, host, intent, mirroredEntry, sinks } from './intent.ts';
import { espProposals, ikeProposal } from './transforms.ts';

export type { FragmentationConfiguration };

/** One side of the conversation. */
export interface Party {
  readonly identity: Identity;
  readonly credential: Credential;
  /** Whom it accepts as its peer. */
  readonly expects: RemoteIdentity;
}

export interface Negotiation {
  readonly mode?: 'transport' | 'tunnel';
  readonly family?: Family;
  /** Of the inner addresses, in tunnel mode; as the outer ones by default. */
  readonly innerFamily?: Family;
  readonly nut?: Partial<Party>;
  readonly tn?: Partial<Party>;
  /** The only child's rest, and what the node under test permits where it differs from what the tester asks. */
  readonly child?: Partial<ChildConfiguration>;
  readonly testerChild?: Partial<ChildConfiguration>;
  /** Children instead of the only one, as the node under test is told. */
  readonly children?: readonly ChildConfiguration[];
  readonly testerChildren?: readonly ChildConfiguration[];
  /** Further connections of the node under test; `first` puts them before the one. */
  readonly connections?: { readonly before?: readonly IkeConnection[]; readonly after?: readonly IkeConnection[] };
  /** For the IKE SA, where they are not the lab's. */
  readonly proposals?: Readonly<Partial<Record<'nut' | 'tn', IkeConnection['proposals']>>>;
  /** Who wants fragments (RFC 7383), and of which size; nothing is said of it without. */
  readonly fragmentation?: Readonly<Partial<Record<'nut' | 'tn', FragmentationConfiguration>>>;
  /** SPD entries that stand before the protected ones. */
  readonly entries?: readonly SpdEntry[];
  readonly unmatched?: 'BYPASS' | 'DISCARD';
}

/** The names honest parties go by. */
export const nutName = 'nut.example';
export const tnName = 'tn.example';
export const nutCertificate = certificateOf({ commonName: nutName, altNames: [{ dNSName: nutName }], key: 'p256Two' });
export const tnCertificate = certificateOf({ commonName: tnName, altNames: [{ dNSName: tnName }], key: 'p256One' });

/** Accepts every identity that a signature under the lab's authority proves. */
export const anyoneOfTheAuthority: RemoteIdentity = {
  identity: 'any',
  authentication: 'signature',
  trustAnchors: [labAuthority],
};

/** Accepts this identity and no other, proven by a signature under the authority. */
export function only(identity: Identity, authority: CertificateRecipe = labAuthority): RemoteIdentity {
  return { identity, authentication: 'signature', trustAnchors: [authority] };
}

export const honestNut: Party = {
  identity: fqdn(nutName),
  credential: signedWith(nutCertificate),
  expects: anyoneOfTheAuthority,
};
export const honestTn: Party = {
  identity: fqdn(tnName),
  credential: signedWith(tnCertificate),
  expects: anyoneOfTheAuthority,
};

/** What everything between the two is called: the connection, and its only child. */
export const peering = { connection: 'peer', child: 'all' } as const;

export function negotiated(parts: Negotiation = {}): PolicyIntent {
  const { mode = 'transport', family = 'ipv4', innerFamily = family } = parts;
  const between = mode === 'tunnel' ? innerEnds(innerFamily) : outerEnds(family);
  const nut = { ...honestNut, ...parts.nut };
  const tn = { ...honestTn, ...parts.tn };
  const outer = { nut: nutAddresses[family], tn: places.home[family] };
  const only = childBetween(peering.child, mode, between, parts.child);
  const children = parts.children ?? [only];
  const testerChildren =
    parts.testerChildren ??
    (parts.children ?? [only]).map(mirroredChild).map((each) => ({ ...each, ...parts.testerChild }));
  const wants = parts.fragmentation ?? {};
  const { nut: offers = [ikeProposal], tn: accepts = [ikeProposal] } = parts.proposals ?? {};
  const tested = connection(peering.connection, [outer.nut], [outer.tn, 'any'], nut, children, wants.nut);
  const tester = connection(peering.connection, [outer.tn], [outer.nut], tn, testerChildren, wants.tn);
  const one = { ...tested, proposals: offers };
  const ike = [...(parts.connections?.before ?? []), one, ...(parts.connections?.after ?? [])];
  const spd = [...(parts.entries ?? []), ...protectionOf(children, mode, outer.nut, outer.tn)];
  const testerSpd = [
    ...(parts.entries ?? []).map(mirroredEntry),
    ...protectionOf(testerChildren, mode, outer.tn, outer.nut),
  ];
  return intent({
    topology: mode === 'tunnel' ? gateway : hostToHost,
    ends: mode === 'tunnel' ? { nut: inner.nut[innerFamily], tn: inner.tn[innerFamily] } : outer,
    nut: { spd, manual: [], ike, sinks, ...(parts.unmatched && { unmatched: parts.unmatched }) },
    tn: {
      spd: testerSpd,
      ike: [{ ...tester, proposals: accepts }],
    },
  });
}

/** What each party is told of all its connections besides. */
export function saying(
  intent: PolicyIntent,
  told: Readonly<Partial<Record<string, Partial<IkeConnection>>>>,
): PolicyIntent {
  const parties = Object.entries(intent.parties).map(([name, party]) => [
    name,
    { ...party, ike: party.ike.map((each) => ({ ...each, ...told[name] })) },
  ]);
  return { ...intent, parties: Object.fromEntries(parties) };
}

/** A party whose children propose something else. */
export function whoseChildren(
  party: NodeConfiguration,
  propose: (own: ChildConfiguration['proposals']) => ChildConfiguration['proposals'],
): NodeConfiguration {
  const ike = party.ike.map((each) => ({
    ...each,
    children: each.children.map((child) => ({ ...child, proposals: propose(child.proposals) })),
  }));
  return { ...party, ike };
}

/** A connection from one party's point of view. */
export function connection(
  name: string,
  localAddresses: readonly string[],
  remoteAddresses: IkeConnection['remoteAddresses'],
  party: Party,
  children: readonly ChildConfiguration[],
  fragmentation?: FragmentationConfiguration,
): IkeConnection {
  const { identity, credential, expects } = party;
  return {
    name,
    localAddresses,
    remoteAddresses,
    local: { identity, authentication: credential },
    remote: expects,
    proposals: [ikeProposal],
    children,
    ...(fragmentation && { fragmentation }),
  };
}

/** A child between two sets of addresses, as the side whose addresses are `local` has it. */
export function childBetween(
  name: string,
  mode: ChildConfiguration['mode'],
  { local, remote }: { readonly local: string; readonly remote: string },
  rest: Partial<ChildConfiguration> = {},
): ChildConfiguration {
  return {
    name,
    mode,
    local: [{ addresses: local }],
    remote: [{ addresses: remote }],
    proposals: espProposals,
    start: 'none',
    ...rest,
  };
}

/** Without its lifetime, which is each side's own affair (RFC 7296 2.8). */
export function mirroredChild({ lifetime: _lifetime, ...child }: ChildConfiguration): ChildConfiguration {
  return { ...child, local: child.remote, remote: child.local };
}

function outerEnds(family: Family) {
  return {
    nut: nutAddresses[family],
    tn: places.home[family],
    local: host(nutAddresses[family]),
    remote: host(places.home[family]),
  };
}

function innerEnds(family: Family) {
  return { local: innerPrefixes.nut[family], remote: innerPrefixes.tn[family] };
}

/** The SPD entries that children serve: one for each pair of selectors. */
function protectionOf(
  children: readonly ChildConfiguration[],
  mode: 'transport' | 'tunnel',
  local: string,
  remote: string,
): SpdEntry[] {
  return children.flatMap((child) =>
    child.local.flatMap((mine, i) =>
      child.remote.map((theirs, j) => ({
        name: `${child.name}${i + j > 0 ? `-${i}-${j}` : ''}`,
        direction: 'both' as const,
        selector: {
          local: mine.addresses as string,
          remote: theirs.addresses as string,
          ...(mine.protocol !== undefined && { protocol: mine.protocol }),
          ...(mine.ports !== undefined && { localPort: mine.ports }),
          ...(theirs.ports !== undefined && { remotePort: theirs.ports }),
          ...(mine.icmp !== undefined && { icmp: mine.icmp }),
        },
        action: {
          kind: 'PROTECT' as const,
          protocol: child.protocol ?? ('ESP' as const),
          mode,
          ...(mode === 'tunnel' && { tunnel: { local, remote } }),
        },
      })),
    ),
  );
}
