/**
 * A mobile node's registration with its home agent, RFC 6275 sections 11.7.1, 11.7.3 and 11.8: a binding update is repeated until it is acknowledged,
 * renewed before it ends, and taken back at home. With which home agent, and where the node is, is told to it.
 */
import { icvOctets, type SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { MobilityOption } from '../wire/mobility/options.ts';
import { ListEntry } from './binding-update-list.ts';
import type { MessageOrder } from './interface.ts';
import type { MessageArrival } from './message-arrival.ts';
import { MAX_BINDACK_TIMEOUT } from './mobile-node-rules.ts';
import { refusal } from './refusal.ts';
import { Retransmission, SendingRate } from './retransmission.ts';
import type { MobilityRules } from './rules.ts';

export interface HomeRegistrationSettings {
  readonly rules: MobilityRules;
  readonly homeAddress: Address;
  /** Asked for, in seconds. */
  readonly lifetime: number;
  readonly requiresIpsec: boolean;
  /** The link-local address has the interface identifier of the home address. */
  sameIdentifier(): boolean;
  /** SAs with this home agent are negotiated, and can follow. */
  keyManagementMoves(homeAgent: Address): boolean;
  /** Where the sequence number starts. */
  readonly sequenceNumber: number;
}

export interface HomeRegistrationSurroundings {
  send(now: Instant, order: MessageOrder): void;
  /** The home agent has taken the care-of address. */
  registered(now: Instant): void;
  /** It has given the home address back. */
  deregistered(now: Instant): void;
  /** It refuses for good, or has been silent for the longest time. */
  failed(now: Instant): void;
  /** It has done what it was asked, and says whether its key management can follow (section 11.7.3, the K bit). */
  acknowledged(now: Instant, homeAgent: Address, keyManagementMoves: boolean): void;
  /** Its prefixes are to be asked for. */
  prefixesWanted(now: Instant): void;
  discarded(refusal: Discarded): void;
}

/** What is to be registered. */
export interface Whereabout {
  readonly homeAgent: Address;
  readonly careOfAddress: Address;
  /** In seconds, of home and care-of address, where they are known. */
  readonly validLifetimes: readonly number[];
}

export class HomeRegistration {
  readonly #settings: HomeRegistrationSettings;
  readonly #rules: MobilityRules;
  readonly #around: HomeRegistrationSurroundings;
  readonly #rate: SendingRate;
  #entry: ListEntry | undefined;
  /** Undefined at home. */
  #where: Whereabout | undefined;
  #sequenceNumber: number;
  #waiting: Retransmission | undefined;
  /** An update that the rate of sending holds back. */
  #delayed: Instant | undefined;
  #renewal: Instant | undefined;

  constructor(settings: HomeRegistrationSettings, around: HomeRegistrationSurroundings) {
    this.#settings = settings;
    this.#rules = settings.rules;
    this.#around = around;
    this.#rate = new SendingRate(settings.rules);
    this.#sequenceNumber = settings.sequenceNumber;
  }

  get entry(): ListEntry | undefined {
    return this.#entry;
  }

  /** The home agent has a binding, whichever, as far as the node knows. */
  isBound(now: Instant): boolean {
    return this.#entry?.isBound(now) ?? false;
  }

  /** An acknowledgement is outstanding. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Another care-of address, or another home agent, is to be registered. */
  registers(now: Instant, where: Whereabout): void {
    const bound = this.#entry;
    if (bound?.peer !== where.homeAgent) {
      const { homeAddress } = this.#settings;
      this.#entry = new ListEntry(where.homeAgent, homeAddress, true, this.#sequenceNumber);
    }
    this.#where = where;
    this.#entry!.isClosed = false;
    this.#begin(now);
  }

  /** The node is at home. */
  deregisters(now: Instant): void {
    this.#where = undefined;
    this.#begin(now);
  }

  /** The same once more, before its time. */
  renews(now: Instant): void {
    if (this.#entry && !this.#entry.isClosed) this.#begin(now);
  }

  /** It ends no later than so many seconds from now. */
  shortens(now: Instant, seconds: number): void {
    if (!this.#where) return;
    this.#where = { ...this.#where, validLifetimes: [Math.min(seconds, ...this.#where.validLifetimes)] };
    this.#begin(now);
  }

  /** No more updates until the node has moved. */
  closes(): void {
    if (this.#entry) this.#entry.isClosed = true;
    this.#waiting = undefined;
    this.#renewal = undefined;
    this.#delayed = undefined;
  }

  acknowledged(now: Instant, { message, through }: MessageArrival<'bindingAcknowledgement'>): void {
    const { status, sequenceNumber, lifetime, options } = message;
    const refused = this.#refusalOf(status, sequenceNumber, through);
    const entry = this.#entry;
    if (refused || !entry) {
      if (refused) this.#around.discarded(refused);
      return;
    }
    this.#waiting = undefined;
    this.#delayed = undefined;
    if (this.#rules.accepts(status)) {
      this.#around.acknowledged(now, entry.peer, message.keyManagementMobilityCapability ?? false);
      this.#accepted(now, entry, { status, seconds: UNIT * lifetime, options });
    } else this.#refused(now, entry, status, sequenceNumber);
  }

  timeout(now: Instant): void {
    if (this.#entry && this.#entry.until <= now) this.#entry.isAcknowledged = false;
    if (this.#renewal !== undefined && this.#renewal <= now) {
      this.#renewal = undefined;
      this.#begin(now);
    } else if (this.#delayed !== undefined && this.#delayed <= now) this.#begin(now);
    else if (this.#waiting && this.#waiting.next <= now) this.#repeat(now, this.#waiting);
  }

  deadline(): Instant | undefined {
    const ends = this.#entry?.isAcknowledged ? this.#entry.until : Infinity;
    const earliest = Math.min(
      ends,
      this.#renewal ?? Infinity,
      this.#delayed ?? Infinity,
      this.#waiting?.next ?? Infinity,
    );
    return earliest === Infinity ? undefined : earliest;
  }

  /** Whatever was asked before is settled no more by its acknowledgement. */
  #begin(now: Instant): void {
    this.#renewal = undefined;
    this.#waiting = undefined;
    if (this.#sent(now)) {
      this.#waiting = new Retransmission(this.#rules, now, this.#rules.firstTimeout(this.isBound(now)));
    }
  }

  #repeat(now: Instant, waiting: Retransmission): void {
    const isLast = waiting.period >= MAX_BINDACK_TIMEOUT;
    if (this.#rules.triesNextHomeAgent(isLast, false)) this.#around.failed(now);
    if (this.#waiting !== waiting) return;
    if (this.#sent(now)) waiting.repeated(now);
  }

  /** False where it has to wait for its turn. */
  #sent(now: Instant): boolean {
    const entry = this.#entry!;
    const at = this.#rate.mayLeaveAt(now);
    this.#delayed = at > now ? at : undefined;
    if (this.#delayed !== undefined) return false;
    this.#rate.left(now);
    this.#sequenceNumber = this.#rules.nextSequenceNumber(this.#sequenceNumber);
    entry.sequenceNumber = this.#sequenceNumber;
    this.#around.send(now, this.#update(now, entry));
    return true;
  }

  #update(now: Instant, entry: ListEntry): MessageOrder {
    const { homeAddress, lifetime: asked } = this.#settings;
    const keyManagementMoves = this.#settings.keyManagementMoves(entry.peer);
    const where = this.#where;
    const seconds = where
      ? this.#rules.lifetimeOfRegistration(asked, where.validLifetimes)
      : this.#rules.lifetimeOfDeregistration();
    const lifetime = Math.floor(seconds / UNIT);
    const careOfAddress = where?.careOfAddress ?? homeAddress;
    if (where) entry.asked(now, careOfAddress, UNIT * lifetime);
    else entry.sentAt = now;
    const options: MobilityOption[] = this.#rules.namesCareOfAddress(where !== undefined)
      ? [{ type: 'alternateCareOfAddress', alternateCareOfAddress: careOfAddress }]
      : [];
    const { sequenceNumber } = entry;
    const sameIdentifier = this.#settings.sameIdentifier();
    const flags = this.#rules.flagsOfRegistration({ sameIdentifier, keyManagementMoves });
    const message = { kind: 'bindingUpdate', sequenceNumber, ...flags, lifetime, options } as const;
    return { source: homeAddress, destination: entry.peer, message, ...(where && { careOfAddress }) };
  }

  #refusalOf(status: number, sequenceNumber: number, through: readonly SadEntry[]): Discarded | undefined {
    const detail = `status ${status}, sequence ${sequenceNumber}`;
    if (this.#settings.requiresIpsec && !this.#rules.acknowledgementProtected(through.map(icvOctets))) {
      return refusal('acknowledgementProtected', detail);
    }
    const matches = this.#rules.acknowledgementMatches(sequenceNumber, this.#entry?.sequenceNumber ?? -1, status);
    return this.#waiting && matches ? undefined : refusal('acknowledgementMatches', detail);
  }

  #accepted(now: Instant, entry: ListEntry, granted: Granted): void {
    if (!this.#where) {
      this.#entry = undefined;
      this.#around.deregistered(now);
      return;
    }
    const seconds = this.#rules.lifetimeLeft(entry.lifetime, granted.seconds);
    entry.granted(seconds);
    const advice = granted.options.find((option) => option.type === 'bindingRefreshAdvice');
    const advised = advice && this.#rules.heedsAdvice(true) ? UNIT * advice.refreshInterval : undefined;
    this.#renewal = entry.sentAt + 1000 * this.#rules.renewsAfter(seconds, advised);
    if (this.#rules.discoversPrefixes(granted.status)) this.#around.prefixesWanted(now);
    this.#around.registered(now);
  }

  #refused(now: Instant, entry: ListEntry, status: number, sequenceNumber: number): void {
    if (this.#rules.mendsRefusal(status)) {
      const next = this.#rules.sequenceNumberAfter(this.#sequenceNumber, sequenceNumber);
      this.#sequenceNumber = (next - 1) & 0xffff;
      this.#begin(now);
      return;
    }
    this.closes();
    entry.isAcknowledged = false;
    this.#around.discarded(refusal('accepts', `${entry.peer} refuses with status ${status}`));
    if (this.#rules.triesNextHomeAgent(false, true)) this.#around.failed(now);
  }
}

interface Granted {
  readonly status: number;
  readonly seconds: number;
  readonly options: readonly MobilityOption[];
}

/** Seconds in one unit of a lifetime (section 6.1.7). */
export const UNIT = 4;
