/**
 * What a Linux kernel says of its IPsec, read into the words of RFC 4301: `ip -d -s xfrm state` as SAD, and what of it is mobility as binding
 * cache (RFC 6275 9.1), `ip -d -s xfrm policy` as SPD, and /proc/net/xfrm_stat with some of /proc/net/snmp6 as counters. Only the lines that carry a value are looked at, so that
 * another version of iproute2 may print more. ip(8) escapes nothing that it prints here, and prints nothing that came off the wire.
 */
import type { KeyRecord, NodeState } from '../../lab/node.ts';
import { authenticatorIn, transformsIn } from './transforms.ts';

type SadEntry = NodeState['sad'][number];
type SpdEntry = NodeState['spd'][number];
type Binding = NonNullable<NodeState['bindings']>[number];

/** `own` are the node's addresses: an SA that ends at one of them is inbound. Larval SAs and states of mobility (SPI 0) are left out. */
export function parseStates(text: string, own: readonly string[]): SadEntry[] {
  return blocks(text)
    .map((block): SadEntry => {
      const destination = word(block, /^src \S+ dst (\S+)/);
      return {
        spi: number(block, /\bspi 0x([0-9a-f]+)/, 16),
        source: word(block, /^src (\S+)/),
        destination,
        mode: word(block, /\bmode (\w+)/) === 'tunnel' ? 'tunnel' : 'transport',
        direction: own.includes(destination) ? 'in' : 'out',
        packets: number(block, /lifetime current:\s+\d+\(bytes\), (\d+)\(packets\)/),
        octets: number(block, /lifetime current:\s+(\d+)\(bytes\)/),
        replayWindow: number(block, /\breplay_window (\d+)/) || number(block, /\breplay-window (\d+)/),
        replayFailures:
          number(block, /stats:\s+replay-window (\d+)/) + number(block, /stats:\s+replay-window \d+ replay (\d+)/),
        integrityFailures: number(block, /stats:\s+replay-window \d+ replay \d+ failed (\d+)/),
      };
    })
    .filter(({ spi }) => spi !== 0);
}

/** SPIs of the inbound SAs that are there with the policy for what leaves, which comes last; `own` as above. One whose SAs name no policy (request id 0) is there with its states. */
export function parseInstalled(states: string, policies: string, own: readonly string[]): number[] {
  const requests = (text: string) => [...text.matchAll(/\breqid (\d+)/g)].map(([, id]) => id!);
  const outbound = blocks(policies).filter((block) => /\bdir out\b/.test(block));
  const carried = new Set(['0', ...outbound.flatMap(requests)]);
  const there = blocks(states).filter((block) => carried.has(requests(block)[0] ?? '0'));
  return parseStates(there.join(''), own).flatMap(({ direction, spi }) => (direction === 'in' ? [spi] : []));
}

/**
 * From the states that take a home address option at one of `own`, which are as many for a binding as the node has addresses. One for any home address is no
 * binding. Which are home registrations the kernel does not know.
 */
export function parseBindings(text: string, own: readonly string[]): Binding[] {
  const bindings = blocks(text).flatMap((block): [string, Binding][] => {
    const homeAddress = word(block, /^src (\S+)/);
    const careOfAddress = word(block, /\bcoa (\S+)/);
    const takesOptions = /\bproto hao\b/.test(block) && own.includes(word(block, /^src \S+ dst (\S+)/));
    if (!takesOptions || homeAddress === '::') return [];
    return [[`${homeAddress} ${careOfAddress}`, { homeAddress, careOfAddress, homeRegistration: false }]];
  });
  return [...new Map(bindings).values()];
}

/** The keys of every SA whose transforms are known. When it was made the kernel does not say. */
export function parseKeys(text: string): KeyRecord[] {
  return blocks(text).flatMap((block): KeyRecord[] => {
    const [, protocol, spi] = /\bproto (esp|ah) spi 0x([0-9a-f]+)/.exec(block) ?? [];
    const common = {
      source: word(block, /^src (\S+)/),
      destination: word(block, /^src \S+ dst (\S+)/),
      spi: Number.parseInt(spi ?? '0', 16),
      extendedSequenceNumbers: /\bflag [^\n]*\besn\b/.test(block),
      since: 0,
    };
    if (common.spi === 0) return [];
    if (protocol === 'ah') {
      const integrity = authenticatorIn(block);
      return integrity ? [{ kind: 'ah', ...common, integrity }] : [];
    }
    const transforms = transformsIn(block);
    const encapsulated = /\bencap type espinudp\b/.test(block);
    return transforms ? [{ kind: 'esp', ...common, ...transforms, encapsulated }] : [];
  });
}

/**
 * In the order in which the kernel decides: lower priority first. Policies of single sockets are left out. A template of mobility lets a header pass, and protects
 * nothing.
 */
export function parsePolicies(text: string): SpdEntry[] {
  return blocks(text)
    .filter((block) => /\bdir (in|out|fwd)\b/.test(block))
    .map((block): SpdEntry => {
      const direction = word(block, /\bdir (\w+)/);
      const blocked = /\baction block\b/.test(block);
      return {
        direction: direction === 'fwd' ? 'forward' : direction === 'in' ? 'in' : 'out',
        selector: word(block, /^(.*?)(?: uid \d+)?\s*\n/),
        action: blocked ? 'DISCARD' : /\btmpl [^\n]*\n\s*proto (?!hao|route2)/.test(block) ? 'PROTECT' : 'BYPASS',
        priority: number(block, /\bpriority (\d+)/),
      };
    })
    .sort((one, other) => one.priority - other.priority);
}

/** Name and value, whatever names the kernel has. */
export function parseCounters(text: string): Record<string, number> {
  return Object.fromEntries([...text.matchAll(/^(\w+)\s+(\d+)$/gm)].map(([, name, value]) => [name!, Number(value)]));
}

/** Of /proc/net/snmp6: packets that IPv6 refused on arrival, each kind by its name in RFC 4293. */
export function parseRefusals(text: string): Record<string, number> {
  const refusals = Object.entries(parseCounters(text)).filter(([name]) => arrivalRefused.test(name));
  return Object.fromEntries(refusals);
}

const arrivalRefused = /^Ip6In(HdrErrors|AddrErrors|UnknownProtos|TruncatedPkts|NoRoutes|Discards)$/;

/** Each begins where a line is not indented. */
const blocks = (text: string): string[] => text.split(/^(?=src )/m).filter((block) => block.startsWith('src '));

const word = (block: string, pattern: RegExp): string => pattern.exec(block)?.[1] ?? '';

const number = (block: string, pattern: RegExp, base = 10): number =>
  Number.parseInt(pattern.exec(block)?.[1] ?? '0', base);
