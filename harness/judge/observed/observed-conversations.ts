/**
 * The conversations that an observer is in the middle of, each of them with what a judgement may ask of it. How many are followed at a time is bounded: the one that has
 * been silent for longest gives way, is told to whoever judges, and is forgotten.
 */
import { isMulticast } from '../../../reference/wire/address.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import type { Observer, SeenIke, SeenPacket, SeenProtection } from '../sightings.ts';
import { BindingConversation, BindingSignalling } from './binding-conversation.ts';
import { Followed } from './followed.ts';
import type { IkeAgreement } from './ike-agreement.ts';
import { IkeConversation, initiatorSpiOf } from './ike-conversation.ts';
import { Believed, type IkeRole, type PeerClaim } from './peer-claim.ts';
import { RegistrationConversation } from './registration-conversation.ts';
import { SaConversation } from './sa-conversation.ts';
import { TrafficConversation, Twins } from './traffic-conversation.ts';

/** By what a question is about. */
export interface ConversationOf {
  readonly sa: SaConversation;
  readonly agreement: IkeAgreement;
  readonly claim: PeerClaim;
  /** From one address to another. */
  readonly traffic: TrafficConversation;
  /** Of a home address with a correspondent. */
  readonly binding: BindingConversation;
  /** Of a home address with a home agent. */
  readonly registration: RegistrationConversation;
  readonly ikeSa: IkeConversation;
}

export type ConversationKind = keyof ConversationOf;

/** A conversation of which no more will be seen, or no more remembered. */
export type Ended = {
  readonly [Kind in ConversationKind]: { readonly kind: Kind; readonly of: ConversationOf[Kind] };
}[ConversationKind];

export class ObservedConversations implements Observer {
  readonly #ended: (ended: Ended) => void;
  readonly #sas: Followed<SaConversation>;
  readonly #ikeSas: Followed<IkeConversation>;
  /** The first name of the SA that a key is of: one whose end moved is the same. */
  readonly #nameOfKey = new WeakMap<object, string>();
  /** IKE SAs of which a side has yet to send under this SPI. */
  readonly #awaited = new Map<number, { readonly sa: IkeConversation; readonly by: IkeRole }>();
  readonly #believed = new Believed();
  readonly #traffic: Followed<TrafficConversation>;
  #latest: Latest | undefined;
  readonly #twins = new Twins();
  readonly #bindings: Followed<BindingConversation>;
  readonly #registrations: Followed<RegistrationConversation>;
  readonly #signalling = new BindingSignalling(
    (homeAddress, correspondent) =>
      followedAt(this.#bindings, homeAddress, correspondent, () => new BindingConversation(homeAddress, correspondent)),
    (homeAddress, homeAgent) =>
      followedAt(
        this.#registrations,
        homeAddress,
        homeAgent,
        () => new RegistrationConversation(homeAddress, homeAgent),
      ),
  );
  /** Addresses that sent something under an SA. */
  readonly #underSas = new Set<string>();

  constructor(ended: (ended: Ended) => void) {
    this.#ended = ended;
    this.#sas = new Followed(MOST_SAS, (of) => ended({ kind: 'sa', of }));
    this.#ikeSas = new Followed(MOST_IKE_SAS, (sa) => {
      for (const of of sa.claims()) ended({ kind: 'claim', of });
      ended({ kind: 'ikeSa', of: sa });
    });
    this.#bindings = new Followed(MOST_BINDINGS, (of) => ended({ kind: 'binding', of }));
    this.#registrations = new Followed(MOST_BINDINGS, (of) => ended({ kind: 'registration', of }));
    this.#traffic = new Followed(MOST_PAIRS, (of) => ended({ kind: 'traffic', of }));
  }

  /** For people: what had to be given up to make room for others. */
  remarks(): readonly string[] {
    const kinds = [
      [this.#sas.givenWay, `SAs were judged before their end, to make room: ${MOST_SAS} are followed at a time`],
      [
        this.#ikeSas.givenWay,
        `IKE SAs were judged before their end, to make room: ${MOST_IKE_SAS} are followed at a time`,
      ],
    ] as const;
    return kinds.flatMap(([times, says]) => (times > 0 ? [`${times} ${says}`] : []));
  }

  packet(seen: SeenPacket): void {
    const { source, destination, protocol, within } = seen;
    if (protocol === protocols['Mobility Header']) this.#signalling.take(seen);
    this.#trafficOf(source, destination, within !== undefined)?.add(seen, this.#twins);
  }

  /** Undefined of what goes to a group. Most packets are between the ends of the last. */
  #trafficOf(source: string, destination: string, isProtected: boolean): TrafficConversation | undefined {
    const last = this.#latest;
    if (last?.source === source && last.destination === destination && last.isProtected === isProtected)
      return last.traffic;
    if (isMulticast(destination)) return undefined;
    if (isProtected && this.#underSas.size < MOST_SENDERS) this.#underSas.add(source);
    const name = `${source} ${destination}`;
    let traffic = this.#traffic.at(name);
    if (!traffic) {
      traffic = new TrafficConversation({ source, destination }, (address) => this.#underSas.has(address));
      this.#traffic.follow(name, traffic);
    }
    this.#latest = { source, destination, isProtected, traffic };
    return traffic;
  }

  protection(seen: SeenProtection): void {
    const key = seen.opened?.key;
    const known = key && this.#nameOfKey.get(key);
    const moved = known === undefined ? undefined : this.#sas.at(known);
    if (moved && !moved.comesBack(seen)) {
      moved.add(seen);
      return;
    }
    const name = nameOf(seen);
    if (key && known === undefined) this.#nameOfKey.set(key, name);
    let sa = this.#sas.at(name);
    if (!sa) {
      sa = new SaConversation(seen);
      this.#sas.follow(name, sa);
      this.#isUsed(seen);
    }
    sa.add(seen);
  }

  ike(seen: SeenIke): void {
    const name = initiatorSpiOf(seen);
    let sa = this.#ikeSas.at(name);
    if (!sa) {
      const opened = new IkeConversation(
        name,
        {
          agreed: (of) => this.#ended({ kind: 'agreement', of }),
          awaits: (spi, by) => this.#awaits(spi, { sa: opened, by }),
        },
        this.#believed,
      );
      sa = opened;
      this.#ikeSas.follow(name, sa);
    }
    sa.add(seen);
  }

  /** Nothing will come any more. */
  end(): void {
    this.#sas.end();
    this.#ikeSas.end();
    this.#traffic.end();
    this.#bindings.end();
    this.#registrations.end();
  }

  #awaits(spi: number, awaited: { readonly sa: IkeConversation; readonly by: IkeRole }): void {
    if (this.#awaited.size >= MOST_AWAITED) this.#awaited.delete(this.#awaited.keys().next().value!);
    this.#awaited.set(spi, awaited);
  }

  #isUsed(seen: SeenProtection): void {
    const awaited = this.#awaited.get(seen.spi);
    awaited?.sa.isUsed(awaited.by, seen);
    this.#awaited.delete(seen.spi);
  }
}

/** The one of these two, from now on if there was none. */
function followedAt<Of>(followed: Followed<Of>, homeAddress: string, peer: string, begun: () => Of): Of {
  const name = `${homeAddress} ${peer}`;
  const known = followed.at(name);
  if (known) return known;
  const of = begun();
  followed.follow(name, of);
  return of;
}

interface Latest {
  readonly source: string;
  readonly destination: string;
  readonly isProtected: boolean;
  readonly traffic: TrafficConversation;
}

/** To a group several may send under one SPI, each counting for itself (RFC 4303 3.4.3). */
function nameOf({ protocol, spi, source, destination }: SeenProtection): string {
  const name = `${protocol} ${spi} ${destination}`;
  return isMulticast(destination) ? `${name} ${source}` : name;
}

/** The SAs of a large gateway, at some ten thousand octets each. */
const MOST_SAS = 4_096;
const MOST_IKE_SAS = 4_096;
const MOST_AWAITED = 2 * MOST_IKE_SAS;
/** Of addresses that speak, one way: whoever scans a network makes one with each packet. */
const MOST_PAIRS = 4_096;
const MOST_BINDINGS = 4_096;
const MOST_SENDERS = 20_000;
