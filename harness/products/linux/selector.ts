/**
 * A selector of RFC 4301 4.4.1.1 in the words of ip-xfrm(8), which knows one port or any port, never a range: a short
 * range becomes a selector for each of its ports, a long one cannot be written.
 */
import type { PortRange, Selector } from '../../lab/node.ts';

/** Which of a selector's ends comes first: packets that leave are from `local`, packets that arrive from `remote`. */
export type Sense = 'leaving' | 'arriving';

/** Every selector whose union is this one. Never empty; throws RangeError where `selectorUnsupported` speaks. */
export function selectorWords(selector: Selector, sense: Sense): string[] {
  const reason = selectorUnsupported(selector);
  if (reason) throw new RangeError(reason);
  const ends = addressWords(selector, sense);
  if (selector.protocol === undefined) return [ends];
  return upperLayerWords(selector, sense).map((words) => `${ends} proto ${selector.protocol}${words}`);
}

/** The narrowest single selector that holds all of it: what a state, which has only one, can carry. */
export function singleSelectorWords(selector: Selector, sense: Sense): string {
  if (selectorUnsupported(selector) === undefined) {
    const all = selectorWords(selector, sense);
    if (all.length === 1) return all[0]!;
  }
  const protocol = selector.protocol === undefined ? '' : ` proto ${selector.protocol}`;
  return `${addressWords(selector, sense)}${protocol}`;
}

/** Why ip(8) cannot write this selector; undefined if it can. */
export function selectorUnsupported(selector: Selector): string | undefined {
  const { protocol, localPort, remotePort, icmp, mobilityHeaderType } = selector;
  const tooLong = (range: PortRange | undefined, last: number) =>
    range !== undefined && !isAny(range, last) && count(range) > longestRange;
  if (
    [localPort, remotePort].some((range) => tooLong(range, 65535)) ||
    [icmp?.type, icmp?.code, mobilityHeaderType].some((range) => tooLong(range, 255))
  )
    return `ip-xfrm(8) takes "sport PORT", "dport PORT", "type NUMBER" and no range: one of ${longestRange + 1} values or more is not written out`;
  if ((localPort ?? remotePort) !== undefined && !portProtocols.includes(protocol ?? 0))
    return 'ip-xfrm(8) takes ports for TCP, UDP, SCTP and DCCP only';
  if (mobilityHeaderType !== undefined && protocol !== 135)
    return 'a type of the Mobility Header is one of protocol 135';
  if (icmp && protocol !== 1 && protocol !== 58) return 'ip-xfrm(8) takes type and code for ICMP and ICMPv6 only';
  return undefined;
}

const addressWords = ({ local, remote }: Selector, sense: Sense): string =>
  sense === 'leaving' ? `src ${local} dst ${remote}` : `src ${remote} dst ${local}`;

function upperLayerWords(selector: Selector, sense: Sense): string[] {
  const { localPort, remotePort, icmp, mobilityHeaderType } = selector;
  if (mobilityHeaderType !== undefined) return valuesOf('type', mobilityHeaderType, 255);
  if (icmp) return product(valuesOf('type', icmp.type, 255), valuesOf('code', icmp.code, 255));
  const [source, destination] = sense === 'leaving' ? [localPort, remotePort] : [remotePort, localPort];
  return product(valuesOf('sport', source, 65535), valuesOf('dport', destination, 65535));
}

const product = (first: string[], second: string[]): string[] => first.flatMap((one) => second.map((two) => one + two));

function valuesOf(word: string, range: PortRange | undefined, last: number): string[] {
  if (range === undefined || isAny(range, last)) return [''];
  const [lowest, highest] = typeof range === 'number' ? [range, range] : range;
  return Array.from({ length: highest - lowest + 1 }, (_, place) => ` ${word} ${lowest + place}`);
}

const count = (range: PortRange): number => (typeof range === 'number' ? 1 : range[1] - range[0] + 1);

const isAny = (range: PortRange, last: number): boolean =>
  typeof range !== 'number' && range[0] === 0 && range[1] === last;

const longestRange = 16;

const portProtocols = [6, 17, 33, 132];
