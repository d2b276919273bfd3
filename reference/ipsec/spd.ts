/**
 * The Security Policy Database, RFC 4301 section 4.4.1: an ordered list of entries for each direction, each with selectors and one of
 * BYPASS, DISCARD and PROTECT. How a field matches and which match decides are rules; there is no cache and no decorrelation.
 */
import type { Address } from '../wire/address.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { IpsecRules } from './rules.ts';
import { type Direction, type Flow, isIcmp } from './selectors-of-packet.ts';
import type { SpdEntry } from './spd-entry.ts';
import type { Selectors, TrafficSelector } from './traffic-selector.ts';

export class Spd {
  readonly #rules: IpsecRules;
  #entries: readonly SpdEntry[];

  /** `entries` in order, both directions mixed. */
  constructor(entries: readonly SpdEntry[], rules: IpsecRules) {
    this.#entries = entries;
    this.#rules = rules;
  }

  /** In order. */
  get entries(): readonly SpdEntry[] {
    return this.#entries;
  }

  /** Entries that came with a negotiated SA decide after all others. */
  append(entries: readonly SpdEntry[]): void {
    this.#entries = [...this.#entries, ...entries];
  }

  removeNamed(name: string): void {
    this.#entries = this.#entries.filter((entry) => entry.name !== name);
  }

  /** The entry that decides about this traffic. */
  lookup(direction: Direction, flow: Flow): SpdEntry | undefined {
    const matching = this.#entries.filter(
      (entry) => entry.direction === direction && selectorsMatch(entry.selectors, flow, this.#rules),
    );
    return this.#rules.spdEntry(matching);
  }
}

/** Whether some local and some remote selector match the traffic (4.4.1.2, RFC 7296 section 2.9). */
export function selectorsMatch(selectors: Selectors, flow: Flow, rules: IpsecRules): boolean {
  return (
    rules.dscpMatches(flow.dscp ?? 0) &&
    selectors.local.some((selector) => selectorMatches(selector, flow.local, flow.localPort, flow.protocol, rules)) &&
    selectors.remote.some((selector) => selectorMatches(selector, flow.remote, flow.remotePort, flow.protocol, rules))
  );
}

function selectorMatches(
  selector: TrafficSelector,
  address: Address,
  port: number | undefined,
  protocol: number,
  rules: IpsecRules,
): boolean {
  return (
    rules.protocolMatches(selector, protocol) &&
    upperLayerMatches(selector, port, protocol, rules) &&
    rules.addressMatches(selector, address)
  );
}

/** The port, or what stands in its place (4.4.1.1). */
function upperLayerMatches(
  selector: TrafficSelector,
  port: number | undefined,
  protocol: number,
  rules: IpsecRules,
): boolean {
  if (isIcmp(protocol)) return rules.icmpMatches(selector, port);
  if (protocol === protocols['Mobility Header']) return rules.mobilityTypeMatches(selector, port);
  return rules.portMatches(selector, port);
}
