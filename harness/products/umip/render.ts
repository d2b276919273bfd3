/**
 * A configuration as mip6d is told it: mip6d.conf(5), and radvd.conf(5) beside it for a home agent, whose prefix list is what it hears on its home link.
 * SAs are given to the kernel; the policies that protect signalling are mip6d's own, as it must move their tunnels, and the rest are the
 * kernel's again (`linux/`). What ties an SA to a policy of either is the reqid.
 */
import type {
  HomeAgentConfiguration,
  MobileNodeConfiguration,
  MobilityConfiguration,
  NodeConfiguration,
} from '../../lab/node.ts';
import { renderIpsec, requestIds, unsupported as unsupportedByLinux } from '../linux/render.ts';
import { printed } from '../network.ts';
import { addressOf, covers } from '../prefix.ts';
import { type ProtectedSignalling, protectedSignalling, type Registration } from './signalling.ts';

export interface UmipRendering {
  /** What mip6d is; absent where it has nothing to do. */
  readonly node: 'CN' | 'HA' | 'MN' | undefined;
  /** mip6d.conf(5). */
  readonly settings: string;
  /** radvd.conf(5), of a home agent. */
  readonly advertisements?: string;
  /** For `ip -batch`: before mip6d starts, and once it has. */
  readonly states: readonly string[];
  readonly policies: readonly string[];
}

/** Pure. Throws RangeError for a configuration that `unsupported` speaks against. */
export function render(configuration: NodeConfiguration): UmipRendering {
  const { mobility = {}, ...ipsec } = configuration;
  const registrations = registrationsOf(configuration);
  const signalling = protectedSignalling(configuration.spd, registrations);
  const { states, policies } = renderIpsec(ipsec, new Set(signalling.map(({ entry }) => entry)));
  const { homeAgent } = mobility;
  const node = nodeOf(mobility);
  return {
    node,
    settings: node === undefined ? '' : lines(settingsOf(configuration, mobility, registrations, signalling)),
    ...(homeAgent && { advertisements: lines(advertisementsOf(homeAgent, homePrefixOf(configuration, homeAgent))) }),
    states,
    policies: policies.map((line) => line.replace(/^xfrm policy add/, 'xfrm policy update')), // mip6d has written that of neighbour discovery
  };
}

/** For a person, who would paste it into files and a root shell. */
export function printedRendering({ settings, advertisements, states, policies }: UmipRendering): string {
  const shell = (commands: readonly string[]) => printed({ settings: [], lines: commands });
  return [
    shell(states),
    ...(settings === '' ? [] : [`# mip6d.conf\n${settings}`]),
    ...(advertisements === undefined ? [] : [`# radvd.conf\n${advertisements}`]),
    shell(policies),
  ].join('\n');
}

/** Why mip6d cannot be told this, in the words of its manual page where that has any; undefined if it can. Pure. */
export function unsupported(configuration: NodeConfiguration): string | undefined {
  const { mobility, ...ipsec } = configuration;
  if (!mobility || nodeOf(mobility) === undefined) {
    return 'mip6d(8) is Mobile IPv6 alone: a node that is told nothing of it is for the product linux';
  }
  return (
    unsupportedCorrespondent(mobility) ??
    unsupportedAgent(mobility, configuration) ??
    unsupportedMobileNode(mobility) ??
    protectedSignalling(configuration.spd, registrationsOf(configuration)).find(({ refused }) => refused)?.refused ??
    unsupportedByLinux(ipsec)
  );
}

function unsupportedCorrespondent({ correspondentNode }: MobilityConfiguration): string | undefined {
  if (!correspondentNode) return undefined;
  const { bindings = [], verifiesByIpsec, signalling } = correspondentNode;
  if (bindings.length > 0) return 'mip6d.conf(5) has no binding by hand: they come of binding updates';
  if (verifiesByIpsec) return 'mip6d.conf(5) has no policy by which an SA vouches for a home address option';
  if (signalling?.trustsIpsec) return 'mip6d.conf(5) has nothing that takes the place of return routability';
  if (signalling?.keepsNoBindings) return 'DoRouteOptimizationCN of mip6d.conf(5) is written for home agents alone';
  if ((signalling?.longestBinding ?? LONGEST_OF_CORRESPONDENT) === LONGEST_OF_CORRESPONDENT) return undefined;
  return `mip6d.conf(5) has no lifetime of a correspondent's bindings: ${LONGEST_OF_CORRESPONDENT} s`;
}

function unsupportedAgent(
  { homeAgent, mobileNode }: MobilityConfiguration,
  configuration: NodeConfiguration,
): string | undefined {
  if (!homeAgent) return undefined;
  if (mobileNode) return 'mip6d.conf(5): NodeConfig is one of CN, HA and MN';
  if (longestOf(homeAgent) > MAX_LIFETIME) return `mip6d.conf(5): HaMaxBindingLife is at most ${MAX_LIFETIME}`;
  const outside = homeAgent.homeAddresses.find((address) => !covers(homePrefixOf(configuration, homeAgent), address));
  return outside && `mip6d.conf(5): a home address is on the home link, and ${outside} is not`;
}

function unsupportedMobileNode({ mobileNode }: MobilityConfiguration): string | undefined {
  if (!mobileNode) return undefined;
  if (mobileNode.byHand || !mobileNode.signalling) return 'mip6d.conf(5) has no registration by hand: they are made';
  return mobileNode.signalling.lifetime > MAX_LIFETIME
    ? `mip6d.conf(5): MnMaxHaBindingLife is at most ${MAX_LIFETIME}`
    : undefined;
}

function settingsOf(
  configuration: NodeConfiguration,
  mobility: MobilityConfiguration,
  registrations: readonly Registration[],
  signalling: readonly ProtectedSignalling[],
): readonly string[] {
  const { correspondentNode, homeAgent, mobileNode } = mobility;
  const sets = policySets(configuration, registrations, signalling, homeAgent?.requiresIpsec ?? false);
  return [
    `NodeConfig ${nodeOf(mobility)};`,
    'DebugLevel 10;',
    `DoRouteOptimizationCN ${word(correspondentNode?.signalling !== undefined)};`,
    ...(homeAgent ? agentSettings(homeAgent) : []),
    ...(mobileNode ? mobileSettings(mobileNode) : []),
    ...(homeAgent || mobileNode ? [`UseMnHaIPsec ${word(sets.length > 0)};`, ...sets] : []),
  ];
}

function nodeOf({ correspondentNode, homeAgent, mobileNode }: MobilityConfiguration): UmipRendering['node'] {
  if (homeAgent) return 'HA';
  if (mobileNode) return 'MN';
  return correspondentNode && 'CN';
}

function agentSettings(agent: HomeAgentConfiguration): readonly string[] {
  return [
    `Interface "${agent.interface}";`,
    `HaMaxBindingLife ${longestOf(agent)};`,
    ...deliverySettings(agent),
    'DefaultBindingAclPolicy deny;',
    ...agent.homeAddresses.map(
      (address) => `BindingAclPolicy ${address} ${agent.prohibited?.includes(address) ? 'deny' : 'allow'};`,
    ),
  ];
}

function deliverySettings({ prefixDeliveries }: HomeAgentConfiguration): readonly string[] {
  if (!prefixDeliveries) return [];
  const { shortest, longest } = prefixDeliveries;
  return [`MinMobPfxAdvInterval ${shortest};`, `MaxMobPfxAdvInterval ${longest};`];
}

function mobileSettings({
  interface: name,
  homeAddress,
  homeAgent,
  signalling,
}: MobileNodeConfiguration): readonly string[] {
  const { lifetime, routeOptimization } = signalling!;
  return [
    `DoRouteOptimizationMN ${word(routeOptimization)};`,
    'UseCnBuAck enabled;', // that a correspondent answers is asked for; it may be left
    `MnMaxHaBindingLife ${lifetime};`,
    `MnMaxCnBindingLife ${Math.min(lifetime, LONGEST_OF_CORRESPONDENT)};`,
    'InterfaceInitialInitDelay 0.0;',
    `Interface "${name}" { MnIfPreference 1; }`,
    `MnHomeLink "${name}" {`,
    `\tHomeAgentAddress ${homeAgent ?? '::'};`,
    `\tHomeAddress ${homeAddress};`,
    '}',
  ];
}

/** One for each home address that has any. Where IPsec is required and no entry says how, registrations need ESP all the same. */
function policySets(
  { spd }: NodeConfiguration,
  registrations: readonly Registration[],
  signalling: readonly ProtectedSignalling[],
  required: boolean,
): readonly string[] {
  const requests = requestIds(spd);
  return registrations.flatMap((registration) => {
    const own = signalling.filter((each) => each.registration === registration);
    const policies = own.map(({ type, entry }) => {
      const [first] = typeof entry.action === 'object' ? (entry.action.securityAssociations ?? []) : [];
      return `\tIPsecPolicy ${type} UseESP ${first === undefined ? 0 : requests.get(first)!};`;
    });
    if (required && !own.some(({ type }) => coversRegistration.has(type))) policies.push(registrationUnderEsp);
    if (policies.length === 0) return [];
    const { homeAgent, homeAddress } = registration;
    return ['IPsecPolicySet {', `\tHomeAgentAddress ${homeAgent};`, `\tHomeAddress ${homeAddress};`, ...policies, '}'];
  });
}

/** A home agent's are those that it serves, a mobile node's its own where it knows its home agent. */
function registrationsOf(configuration: NodeConfiguration): readonly Registration[] {
  const { homeAgent, mobileNode } = configuration.mobility ?? {};
  if (homeAgent) {
    const [, length] = homePrefixOf(configuration, homeAgent).split('/');
    return homeAgent.homeAddresses.map((address) => ({
      homeAgent: homeAgent.address,
      homeAddress: `${address}/${length}`,
      local: homeAgent.address,
      isRequired: homeAgent.requiresIpsec ?? false,
    }));
  }
  if (!mobileNode?.homeAgent) return [];
  const { homeAddress } = mobileNode;
  return [{ homeAgent: mobileNode.homeAgent, homeAddress, local: addressOf(homeAddress), isRequired: false }];
}

/** The address of the home agent with the length of its link's prefix. */
function homePrefixOf({ interfaces }: NodeConfiguration, agent: HomeAgentConfiguration): string {
  const own = interfaces.find(({ name }) => name === agent.interface)?.addresses ?? [];
  return own.find((prefix) => addressOf(prefix) === agent.address) ?? `${agent.address}/64`;
}

/** What the prefix has left, as mip6d hears it. */
function lifetimesOf({ prefixLifetimes }: Pick<HomeAgentConfiguration, 'prefixLifetimes'>): string {
  if (!prefixLifetimes) return '';
  const { valid, preferred } = prefixLifetimes;
  return ` AdvValidLifetime ${valid}; AdvPreferredLifetime ${preferred};`;
}

/** Quiet but for the first ones and the answers to solicitations. The mip6d beside it is told besides: what radvd 2.20 and later send to a group, their own host does not hear. */
function advertisementsOf(
  { interface: name, address, preference = 0, prefixLifetimes }: HomeAgentConfiguration,
  prefix: string,
): readonly string[] {
  return [
    `interface ${name} {`,
    '\tAdvSendAdvert on;',
    '\tMinRtrAdvInterval 200;',
    '\tMaxRtrAdvInterval 600;',
    '\tMinDelayBetweenRAs 0.03;',
    '\tAdvHomeAgentFlag on;',
    '\tAdvHomeAgentInfo on;',
    `\tHomeAgentPreference ${preference};`,
    '\tHomeAgentLifetime 1800;',
    `\tclients { ${ALL_NODES}; ${address}; };`,
    `\tprefix ${prefix} { AdvOnLink on; AdvAutonomous on; AdvRouterAddr on;${lifetimesOf({ ...(prefixLifetimes && { prefixLifetimes }) })} };`,
    '};',
  ];
}

const longestOf = ({ longestBinding = 3600 }: HomeAgentConfiguration): number => longestBinding;

const word = (on: boolean): string => (on ? 'enabled' : 'disabled');

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;

const coversRegistration: ReadonlySet<string> = new Set(['HomeRegBinding', 'Mh', 'any']);

const registrationUnderEsp = '\tIPsecPolicy HomeRegBinding UseESP;';

const ALL_NODES = 'ff02::1';

/** Seconds, of <netinet/ip6mh.h> as mip6d has it: 16 bits of four seconds. */
const MAX_LIFETIME = 262_140;
/** MAX_RR_BINDING_LIFETIME of RFC 6275 12, seconds. */
const LONGEST_OF_CORRESPONDENT = 420;
