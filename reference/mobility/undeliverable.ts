/**
 * Packets that went by way of a binding and came back as undeliverable, RFC 6275 section 9.3.4: only what persists deletes the binding, because the mobile
 * node's packets are dropped then, and because anybody can send such an error. A packet from there begins the count anew.
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { checksumIsRight } from '../wire/echo.ts';
import { icmpv6Message } from '../wire/icmpv6.ts';
import { routingHeaderOf } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import type { Binding } from './binding-cache.ts';
import { mobilityBounds } from './bounds.ts';
import type { MobilityRules } from './rules.ts';

export class Undeliverable {
  readonly #rules: MobilityRules;
  readonly #discarded: (refusal: Discarded) => void;
  readonly #errors = new Map<Address, { readonly count: number; readonly since: Instant }>();

  constructor(rules: MobilityRules, discarded: (refusal: Discarded) => void) {
    this.#rules = rules;
    this.#discarded = discarded;
  }

  /** One more error. */
  persists(now: Instant, { homeAddress }: Binding): boolean {
    const { count, since } = this.#errors.get(homeAddress) ?? { count: 0, since: now };
    if (count === 0 && this.#errors.size >= mobilityBounds.unreachableBindings) this.#giveWay();
    this.#errors.set(homeAddress, { count: count + 1, since });
    return this.#rules.unreachabilityPersists(count + 1, (now - since) / 1000);
  }

  forget({ homeAddress }: Binding): void {
    this.#errors.delete(homeAddress);
  }

  #giveWay(): void {
    const [oldest] = this.#errors.keys();
    this.#errors.delete(oldest!);
    this.#discarded(beyond(mobilityBounds, 'unreachableBindings', `the errors about ${oldest} are forgotten`));
  }
}

/** The binding by way of which the packet left that an ICMPv6 error quotes as undeliverable; undefined for anything else. */
export function undeliveredTo(
  error: Ipv6Packet,
  binding: (homeAddress: Address) => Binding | undefined,
): Binding | undefined {
  const quoted = checksumIsRight(error) ? quotedIn(error.payload) : undefined;
  const homeAddress = quoted && routingHeaderOf(quoted)?.addresses?.[0];
  const found = homeAddress === undefined ? undefined : binding(homeAddress);
  const isOwn = quoted?.source === error.destination && quoted?.destination === found?.careOfAddress;
  return isOwn ? found : undefined;
}

function quotedIn(payload: Uint8Array): Ipv6Packet | undefined {
  try {
    const message = icmpv6Message.decode(payload).value;
    if (message.kind !== 'destinationUnreachable') return undefined;
    const quoted = ipPacket.decode(message.originalPacket).value;
    return quoted.version === 6 ? quoted : undefined;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}
