/**
 * Mobile IPv6 as a part of a node (RFC 6275): its binding cache, its headers, its messages, and the tunnels between mobile node and home agent, around
 * IPsec (section 11.3.2). Which messages change a binding is decided by the roles.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import { beyond, type Discarded, type Env, type Instant } from '../machine.ts';
import { TokenBucket } from '../token-bucket.ts';
import { type Address, parsePrefix } from '../wire/address.ts';
import { withHomeAddress, withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { aligned, encodeMobility } from '../wire/mobility/message.ts';
import { bindingErrorStatusCodes } from '../wire/mobility/registry.ts';
import { type Binding, BindingCache } from './binding-cache.ts';
import { mobilityBounds } from './bounds.ts';
import type { MobilityConfiguration } from './configuration.ts';
import { type Arrived, type Claim, HeaderProcessing } from './header-processing.ts';
import type { BindingState, MessageOrder, MobilitySurroundings } from './interface.ts';
import { type MessageArrival, readMessage } from './message-arrival.ts';
import { type MobilityRules, mobilityRules } from './rules.ts';

export interface MobilitySettings {
  readonly configuration: MobilityConfiguration;
  readonly rules?: MobilityRules;
  readonly env: Env;
}

export class Mobility {
  readonly #configuration: MobilityConfiguration;
  readonly #rules: MobilityRules;
  readonly #surroundings: MobilitySurroundings;
  readonly #cache: BindingCache;
  readonly #headers: HeaderProcessing;
  readonly #bindingErrors = new TokenBucket(mobilityBounds.bindingErrorsPerSecond);

  constructor({ configuration, rules = mobilityRules }: MobilitySettings, surroundings: MobilitySurroundings) {
    this.#configuration = configuration;
    this.#rules = rules;
    this.#surroundings = surroundings;
    this.#cache = new BindingCache((refusal) => surroundings.discarded(refusal));
    for (const byHand of configuration.correspondentNode?.bindings ?? []) {
      this.#cache.enter({ ...byHand, boundTo: undefined, homeRegistration: false, sequenceNumber: 0 });
    }
    this.#headers = new HeaderProcessing(rules, {
      binding: (homeAddress) => this.#cache.of(homeAddress),
      isOwnHomeAddress: (address) => address === this.#homeAddress,
      careOfAddressTowards: (destination, homeAddress) => this.#careOfAddressTowards(destination, homeAddress),
    });
  }

  /** A packet to this node, before IPsec; undefined where it goes no further. */
  arrives(now: Instant, packet: Ipv6Packet): Extract<Arrived, { kind: 'goes-on' }> | undefined {
    const arrived = this.#headers.arrives(packet);
    if (arrived.kind === 'goes-on') return arrived;
    this.#surroundings.discarded(arrived.refusal);
    if (arrived.unknownBinding) {
      this.#reportBindingError(now, packet, UNKNOWN_BINDING, arrived.unknownBinding.homeAddress);
    }
    return undefined;
  }

  /** After IPsec: as upper layers see it. */
  vouched(packet: Ipv6Packet, through: readonly SadEntry[], claim: Claim | undefined): Ipv6Packet | Discarded {
    return this.#headers.vouched(packet, through, claim);
  }

  /** A packet of this node's own, before IPsec. */
  leaves(packet: Ipv6Packet): Ipv6Packet {
    return this.#headers.leaves(packet);
  }

  /** Takes a packet that is Mobile IPv6's own. It is as upper layers see it. */
  takes(
    now: Instant,
    packet: Ipv6Packet,
    came: { readonly through: readonly SadEntry[]; readonly claim?: Claim; readonly whole: IpPacket },
  ): boolean {
    if (packet.protocol !== protocols['Mobility Header']) return false;
    const read = readMessage(packet, came, this.#rules);
    if (read.kind === 'message') {
      this.#receive(now, read.arrival);
      return true;
    }
    this.#surroundings.discarded(read.refusal);
    if (read.pointer !== undefined) this.#surroundings.reportParameterProblem(now, came.whole, read.pointer);
    if (read.unknownType) this.#reportBindingError(now, came.whole, UNRECOGNIZED_TYPE, came.claim?.homeAddress);
    return true;
  }

  state(): readonly BindingState[] {
    return this.#cache.entries.map(reported);
  }

  #receive(_now: Instant, _arrival: MessageArrival): void {}

  /** Section 9.3.3. `about` is as it was on the wire. */
  #reportBindingError(now: Instant, about: IpPacket, status: number, homeAddress: Address = UNSPECIFIED): void {
    if (!this.#rules.bindingErrorMayBeSent(about.source)) return;
    if (!this.#bindingErrors.spends(now)) {
      const why = `no Binding Error to ${about.source}`;
      this.#surroundings.discarded(beyond(mobilityBounds, 'bindingErrorsPerSecond', why));
      return;
    }
    const message = { kind: 'bindingError', status, homeAddress, options: [] } as const;
    this.#send(now, { source: about.destination, destination: about.source, message });
  }

  #send(now: Instant, { source, destination, message, careOfAddress, by }: MessageOrder): void {
    const payload = encodeMobility(aligned(message), { source, destination });
    const protocol = protocols['Mobility Header'];
    const atHome: Ipv6Packet = { version: 6, source, destination, extensions: [], protocol, payload };
    const routed = by === undefined ? atHome : withRoutingHeader(atHome, by);
    this.#surroundings.send(now, careOfAddress === undefined ? routed : withHomeAddress(routed, careOfAddress));
  }

  get #homeAddress(): Address | undefined {
    const { mobileNode } = this.#configuration;
    return mobileNode && parsePrefix(mobileNode.homeAddress).address;
  }

  #careOfAddressTowards(destination: Address, source: Address): Address | undefined {
    const byHand = this.#configuration.mobileNode?.byHand;
    if (!byHand || source !== this.#homeAddress || !byHand.correspondents.includes(destination)) return undefined;
    return byHand.careOfAddress;
  }
}

function reported({ homeAddress, careOfAddress, homeRegistration }: Binding): BindingState {
  return { homeAddress, careOfAddress, homeRegistration };
}

const UNKNOWN_BINDING = bindingErrorStatusCodes['Unknown binding for Home Address destination option'];
const UNRECOGNIZED_TYPE = bindingErrorStatusCodes['Unrecognized MH Type value'];
const UNSPECIFIED: Address = '::';
