/**
 * A configuration as `ip xfrm` lines (ip-xfrm(8)): each SPD entry of RFC 4301 4.4.1 becomes policies whose priority is its
 * place in the list, each manual SA a state, and what ties one to the other is the reqid. Addresses and routes are
 * left to `network.ts`, selectors, transforms and mobility to the files beside this one.
 */
import type { ManualSa, NodeConfiguration, ProtectAction, Selector, SpdEntry } from '../../lab/node.ts';
import { pathUnsupported, type Rendering, renderNetwork } from '../network.ts';
import { everything, familyOf } from '../prefix.ts';
import { inOrder, type MobileEntry, mobileEntries, mobilityLines, mobilityUnsupported } from './mobility.ts';
import { type Sense, selectorUnsupported, selectorWords, singleSelectorWords } from './selector.ts';
import { algorithmWords } from './transforms.ts';

/** Pure. Throws RangeError for a configuration that `unsupported` speaks against. */
export function render(configuration: NodeConfiguration): Rendering {
  const network = renderNetwork(configuration);
  const { states, policies } = renderIpsec(configuration);
  return {
    settings: network.settings,
    lines: [...network.lines, ...mobilityLines(configuration), ...states, ...policies],
  };
}

/**
 * The lines for IPsec alone. Entries that `left` names are left to another who writes their policies, under the reqid that `requestIds` gives
 * their SAs.
 */
export function renderIpsec(configuration: NodeConfiguration, left: ReadonlySet<SpdEntry> = new Set()) {
  const requests = requestIds(configuration.spd);
  const spd = configuration.spd.filter((entry) => !left.has(entry));
  return {
    states: configuration.manual.map((sa) => stateLine(sa, requests.get(sa.name) ?? 0, configuration.spd)),
    policies: policyLines({ ...configuration, spd }, requests),
  };
}

/** Why `ip xfrm` cannot be told this, in its own words where it has any; undefined if it can. Pure. */
export function unsupported(configuration: NodeConfiguration): string | undefined {
  const { ike, manual, spd } = configuration;
  if (ike.length > 0) return 'ip-xfrm(8) keys SAs by hand: the kernel has no IKE';
  for (const sa of manual) {
    const algorithms = algorithmWords(sa);
    if ('unsupported' in algorithms) return algorithms.unsupported;
    if (sa.replayWindow > longestWindow)
      return `replay-window (${sa.replayWindow}) > XFRMA_REPLAY_ESN_MAX (${longestWindow})`;
    if (sa.extendedSequenceNumbers && sa.direction === 'in' && sa.replayWindow === 0)
      return 'esn flag set without replay-window';
  }
  for (const { action, selector, name } of spd) {
    const reason = selectorUnsupported(selector);
    if (reason) return reason;
    if (templatesOf(action, spd).length > mostTemplates) return `${name}: more than XFRM_MAX_DEPTH (6) templates`;
    if (typeof action === 'object' && action.mode === 'tunnel' && !action.tunnel)
      return `${name}: a tunnel template needs "src ADDR dst ADDR"`;
  }
  return pathUnsupported(configuration, true) ?? mobilityUnsupported(configuration);
}

/**
 * SAs named by one entry share a reqid with it, and with whatever other entry names one of them. An entry that names none takes
 * any SA, which is reqid 0.
 */
export function requestIds(spd: readonly SpdEntry[]): Map<string, number> {
  const ids = new Map<string, number>();
  spd.forEach(({ action }, place) => {
    const names = typeof action === 'object' ? (action.securityAssociations ?? []) : [];
    const shared = new Set(names.map((name) => ids.get(name)));
    for (const [name, id] of ids) if (shared.has(id)) ids.set(name, place + 1);
    for (const name of names) ids.set(name, place + 1);
  });
  return ids;
}

function stateLine(sa: ManualSa, request: number, spd: readonly SpdEntry[]): string {
  const algorithms = algorithmWords(sa);
  if ('unsupported' in algorithms) throw new RangeError(algorithms.unsupported);
  // The window of an outbound SA means nothing, but ip(8) writes ESN down only beside one.
  const window = sa.extendedSequenceNumbers ? Math.max(sa.replayWindow, 32) : sa.replayWindow;
  const selector = selectorOf(sa, spd);
  const flags = [
    sa.extendedSequenceNumbers ? 'esn' : '',
    selector ? '' : 'af-unspec',
    sa.dontFragment === 'clear' ? 'nopmtudisc' : '',
    alignmentFlag(sa),
  ].filter(Boolean);
  return words(
    `xfrm state add src ${sa.source} dst ${sa.destination} proto ${protocolWord(sa)} spi 0x${sa.spi.toString(16).padStart(8, '0')}`,
    `mode ${sa.mode} reqid ${request} replay-window ${window}`,
    sequenceWords(sa),
    flags.length > 0 && `flag ${flags.join(' flag ')}`,
    algorithms.words,
    selector && `sel ${singleSelectorWords(selector, senseOf(sa.direction))}`,
    sa.protocol !== 'AH' &&
      sa.encapsulation &&
      `encap espinudp ${sa.encapsulation.sourcePort} ${sa.encapsulation.destinationPort} 0.0.0.0`,
    sa.lifetime?.seconds !== undefined && `limit time-hard ${sa.lifetime.seconds}`,
    sa.lifetime?.octets !== undefined && `limit byte-hard ${sa.lifetime.octets}`,
  );
}

/**
 * Its own, or that of the one entry that names it; none where several do, for a state has only one. None either where it carries what another SA made:
 * Linux holds the innermost packet against every state of a bundle.
 */
function selectorOf(sa: ManualSa, spd: readonly SpdEntry[]): Selector | undefined {
  const naming = spd.filter(
    ({ action }) => typeof action === 'object' && action.securityAssociations?.includes(sa.name),
  );
  if (naming.some((entry) => isAround(entry, spd))) return undefined;
  if (sa.selector) return sa.selector;
  return naming.length === 1 ? naming[0]!.selector : undefined;
}

function sequenceWords({ sequenceNumber, direction, extendedSequenceNumbers }: ManualSa): string | undefined {
  if (sequenceNumber === undefined) return undefined;
  const [low, high] = [BigInt(sequenceNumber) & 0xffffffffn, BigInt(sequenceNumber) >> 32n];
  const word = direction === 'out' ? 'replay-oseq' : 'replay-seq';
  return words(`${word} ${low}`, extendedSequenceNumbers && `${word}-hi ${high}`);
}

function policyLines(configuration: NodeConfiguration, requests: Map<string, number>): string[] {
  const { spd, unmatched, forwarding } = configuration;
  const final = unmatched === 'DISCARD' ? [everything('ipv4'), everything('ipv6')].map(discardAll) : [];
  const entries = [...mobileEntries(configuration), ...final];
  // An entry around another is a template of that one's policy: nothing passes the SPD of Linux twice.
  const lines = entries.flatMap((entry, place) =>
    isAround(entry, spd) ? [] : entryLines(entry, { priority: firstPriority + place, forwarding, requests, spd }),
  );
  return firstOfEach([...discoveryLines(entries), ...lines]);
}

interface Place {
  readonly priority: number;
  readonly forwarding: boolean;
  readonly requests: Map<string, number>;
  readonly spd: readonly SpdEntry[];
}

/** Whether some entry passes what it made through this one. */
const isAround = ({ name }: SpdEntry, spd: readonly SpdEntry[]): boolean =>
  spd.some(({ action }) => typeof action === 'object' && action.within === name);

function entryLines(entry: MobileEntry, { priority, forwarding, requests, spd }: Place): string[] {
  const { action, selector, direction, headers } = entry;
  const outcome = typeof action === 'object' ? '' : `action ${action === 'BYPASS' ? 'allow' : 'block'}`;
  const policies = (dir: 'in' | 'out' | 'fwd', sense: Sense, template = '') =>
    selectorWords(selector, sense).map((selected) =>
      words(`xfrm policy add dir ${dir} ${selected} priority ${priority}`, outcome, template),
    );
  const templates = (of: ProtectAction, sense: Sense) =>
    words(...templatesOf(of, spd).map((each) => templateWords(each, sense, requests)));
  const template = (sense: Sense) =>
    typeof action === 'object' ? inOrder(templates(action, sense), action, sense, headers) : (headers?.[sense] ?? '');
  return [
    ...(direction === 'in' ? [] : policies('out', 'leaving', template('leaving'))),
    // What a gateway forwards into a tunnel came in the clear, so its forward check asks for nothing.
    ...(direction === 'in' || !forwarding || action === 'DISCARD' ? [] : policies('fwd', 'leaving')),
    ...(direction === 'out' ? [] : policies('in', 'arriving', template('arriving'))),
    ...(direction === 'out' || !forwarding ? [] : policies('fwd', 'arriving', template('arriving'))),
  ];
}

/** Inner first, as the kernel applies them. */
function templatesOf(action: SpdEntry['action'], spd: readonly SpdEntry[]): readonly ProtectAction[] {
  const templates: ProtectAction[] = [];
  for (let next: SpdEntry['action'] | undefined = action; typeof next === 'object'; ) {
    const { within }: ProtectAction = next;
    if (templates.push(next) > mostTemplates) break;
    next = spd.find(({ name }) => name === within)?.action;
  }
  return templates;
}

const protocolWord = ({ protocol = 'ESP' }: Pick<ManualSa, 'protocol'>): string => protocol.toLowerCase();

/** Without it AH over IPv4 ends on 64 bits too, which RFC 4302 3.3.3.2.1 prohibits, and nothing else is taken. */
const alignmentFlag = ({ protocol, source }: ManualSa): string =>
  protocol === 'AH' && familyOf(source) === 'ipv4' ? 'align4' : '';

function templateWords(action: ProtectAction, sense: Sense, requests: Map<string, number>): string {
  const { mode, tunnel, securityAssociations } = action;
  const request = securityAssociations?.length ? requests.get(securityAssociations[0]!)! : 0;
  const [source, destination] = sense === 'leaving' ? [tunnel?.local, tunnel?.remote] : [tunnel?.remote, tunnel?.local];
  return words(
    'tmpl',
    mode === 'tunnel' && `src ${source} dst ${destination}`,
    `proto ${protocolWord(action)} mode ${mode} reqid ${request} level required`,
  );
}

/**
 * Linux asks the SPD about neighbour discovery too, and a catch-all would cut the node off its link; RFC 4301 leaves that to
 * an explicit entry, so here are the two, above all others.
 */
const discoveryBypass = ['in', 'out'].flatMap((dir) =>
  [135, 136].map(
    (type) => `xfrm policy add dir ${dir} src ::/0 dst ::/0 proto 58 type ${type} priority 1 action allow`,
  ),
);

export const discoveryLines = (spd: readonly SpdEntry[]): readonly string[] =>
  spd.some(catchesDiscovery) ? discoveryBypass : [];

const catchesDiscovery = ({ selector, action }: SpdEntry): boolean =>
  action !== 'BYPASS' &&
  familyOf(selector.local) === 'ipv6' &&
  (selector.protocol === undefined || (selector.protocol === 58 && !selector.icmp));

const discardAll = (prefix: string): SpdEntry => ({
  name: 'unmatched',
  direction: 'both',
  selector: { local: prefix, remote: prefix },
  action: 'DISCARD',
});

/** The kernel holds one policy for a selector and direction; a later twin could never decide, since the first match does. */
function firstOfEach(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const selected = line.slice(0, line.indexOf(' priority '));
    return !seen.has(selected) && seen.add(selected);
  });
}

const senseOf = (direction: 'in' | 'out'): Sense => (direction === 'out' ? 'leaving' : 'arriving');

const words = (...parts: (string | false | undefined)[]): string => parts.filter(Boolean).join(' ');

/** Lower decides first. Room is left above for neighbour discovery. */
const firstPriority = 1000;

/** XFRM_MAX_DEPTH of <linux/xfrm.h>. */
const mostTemplates = 6;

/** XFRMA_REPLAY_ESN_MAX of <linux/xfrm.h>, in packets. */
const longestWindow = 4096;
