/**
 * A mobile node's registration with one correspondent, RFC 6275 sections 11.6, 11.7.2 and 11.7.3: the two tests, the update that they authorise, and its
 * acknowledgement. When one is begun is decided by `correspondent-registrations.ts`.
 *
 *     idle ──begins──▶ testing ──both tokens──▶ updating ──acknowledged──▶ idle, bound or gone
 *                        ▲                         │ nonces expired
 *                        └─────────────────────────┘
 */
import type { Discarded, Env, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import { aligned, type BindingAcknowledgement } from '../wire/mobility/message.ts';
import { equal } from '../wire/octets.ts';
import { ListEntry } from './binding-update-list.ts';
import type { MessageOrder } from './interface.ts';
import type { MessageArrival } from './message-arrival.ts';
import { UNIT } from './mobile-node-registration.ts';
import { refusal } from './refusal.ts';
import { Retransmission, SendingRate } from './retransmission.ts';
import { AUTHENTICATOR, bindingAuthenticator } from './return-routability.ts';
import type { RoutabilityTests } from './routability-tests.ts';
import type { MobilityRules } from './rules.ts';

export interface RegistrationSurroundings {
  readonly rules: MobilityRules;
  readonly env: Env;
  readonly tests: RoutabilityTests;
  readonly homeAddress: Address;
  /** Of now; undefined at home. */
  careOfAddress(): Address | undefined;
  /** Asked for, in seconds. */
  readonly lifetime: number;
  /** Seconds that are left of the home registration; 0 where there is none that was acknowledged. */
  leftAtHome(now: Instant): number;
  /** Where a correspondent is that is a mobile node, too, as far as this node's binding cache knows. */
  careOfAddressOf(peer: Address): Address | undefined;
  send(now: Instant, order: MessageOrder): void;
  discarded(refusal: Discarded): void;
}

export class CorrespondentRegistration {
  readonly entry: ListEntry;
  readonly #around: RegistrationSurroundings;
  readonly #rules: MobilityRules;
  readonly #rates: Readonly<Record<'homeTestInit' | 'careOfTestInit' | 'bindingUpdate', SendingRate>>;
  #home: Test | undefined;
  #careOf: Test | undefined;
  #update: Retransmission | undefined;
  /** That the tests are for; the home address where the binding is to end. */
  #careOfAddress: Address;
  #renewal: Instant | undefined;
  /** It ended, or was taken back. */
  isOver = false;

  constructor(peer: Address, around: RegistrationSurroundings) {
    const { rules, homeAddress, env } = around;
    const [high, low] = env.octets('identifier', 2);
    this.#around = around;
    this.#rules = rules;
    this.#careOfAddress = homeAddress;
    this.entry = new ListEntry(peer, homeAddress, false, (high! << 8) | low!);
    const rate = () => new SendingRate(rules);
    this.#rates = { homeTestInit: rate(), careOfTestInit: rate(), bindingUpdate: rate() };
  }

  /** An answer is outstanding. */
  get isUnderWay(): boolean {
    return this.#home !== undefined || this.#careOf !== undefined || this.#update !== undefined;
  }

  begins(now: Instant): void {
    if (this.entry.isClosed) return;
    const careOfAddress = this.#around.careOfAddress();
    if (this.#isTesting() && this.#careOfAddress === (careOfAddress ?? this.#around.homeAddress)) return;
    this.#careOfAddress = careOfAddress ?? this.#around.homeAddress;
    this.#renewal = undefined;
    this.#update = undefined;
    this.#test(now, this.#rules.testsFor(careOfAddress === undefined));
  }

  homeTest(now: Instant, arrival: MessageArrival<'homeTest'>): void {
    const { rules, homeAddress } = this.#around;
    const isAway = this.#around.careOfAddress() !== undefined;
    const byTunnel = arrival.tunnel !== undefined || arrival.through.some(({ sa }) => sa.mode === 'tunnel');
    if (!rules.homeTestCame(arrival.destination === homeAddress, byTunnel, isAway)) {
      this.#around.discarded(refusal('homeTestCame', `from ${arrival.source} to ${arrival.destination}`));
      return;
    }
    if (!this.#takes(this.#home, arrival.message.homeInitCookie, arrival.source)) return;
    this.#around.tests.takeHomeTest({ ...arrival, source: this.entry.peer });
    this.#home!.tokenAt = now;
    this.#proceed(now);
  }

  careOfTest(now: Instant, arrival: MessageArrival<'careOfTest'>): void {
    if (!this.#rules.careOfTestCame(arrival.destination, this.#around.careOfAddress())) {
      this.#around.discarded(refusal('careOfTestCame', `from ${arrival.source} to ${arrival.destination}`));
      return;
    }
    if (!this.#takes(this.#careOf, arrival.message.careOfInitCookie, arrival.source)) return;
    this.#around.tests.takeCareOfTest({ ...arrival, source: this.entry.peer });
    this.#careOf!.tokenAt = now;
    this.#proceed(now);
  }

  acknowledged(now: Instant, { message, octets }: MessageArrival<'bindingAcknowledgement'>): void {
    const { status, sequenceNumber, lifetime } = message;
    const refused = this.#refusalOf(message, octets);
    if (refused) {
      this.#around.discarded(refused);
      return;
    }
    this.#update = undefined;
    if (this.#rules.accepts(status)) this.#accepted(UNIT * lifetime);
    else this.#refused(now, status, sequenceNumber);
  }

  /** The tests or the update are given up; the binding that there is stays. */
  ceases(): void {
    this.#home = undefined;
    this.#careOf = undefined;
    this.#update = undefined;
    this.#renewal = undefined;
  }

  /** No more updates go to this correspondent. */
  closes(): void {
    this.ceases();
    this.entry.isClosed = true;
    this.entry.isAcknowledged = false;
  }

  timeout(now: Instant): void {
    if (this.entry.isAcknowledged && this.entry.until <= now) {
      this.entry.isAcknowledged = false;
      this.isOver = !this.isUnderWay;
    }
    for (const kind of ['home', 'careOf'] as const) this.#repeatTest(now, kind);
    if (this.#update && this.#update.next <= now) this.#repeatUpdate(now, this.#update);
    if (this.#renewal !== undefined && this.#renewal <= now) this.begins(now);
  }

  deadline(): Instant | undefined {
    const tests = [this.#home, this.#careOf].flatMap((test) =>
      test?.tokenAt === undefined && test ? [test.again.next] : [],
    );
    const ends = this.entry.isAcknowledged ? [this.entry.until] : [];
    const others = [this.#update?.next, this.#renewal].filter((instant) => instant !== undefined);
    const earliest = Math.min(...tests, ...ends, ...others);
    return earliest === Infinity ? undefined : earliest;
  }

  /** The home agent has acknowledged: an update may have waited for that. */
  registeredAtHome(now: Instant): void {
    this.#proceed(now);
  }

  #isTesting(): boolean {
    return [this.#home, this.#careOf].some((test) => test && test.tokenAt === undefined);
  }

  #test(now: Instant, which: { readonly home: boolean; readonly careOf: boolean }): void {
    if (which.home) this.#home = this.#newTest(now);
    if (which.careOf) this.#careOf = this.#newTest(now);
    else if (this.#careOfAddress === this.#around.homeAddress) this.#careOf = undefined;
    if (which.home) this.#sendTest(now, 'home');
    if (which.careOf) this.#sendTest(now, 'careOf');
  }

  #newTest(now: Instant): Test {
    const again = new Retransmission(this.#rules, now, this.#rules.firstTimeout(true));
    return { cookie: this.#around.env.octets('cookie', COOKIE), again, tokenAt: undefined };
  }

  #sendTest(now: Instant, kind: 'home' | 'careOf'): boolean {
    const { homeAddress } = this.#around;
    const test = (kind === 'home' ? this.#home : this.#careOf)!;
    const rate = this.#rates[`${kind}TestInit`];
    const at = rate.mayLeaveAt(now);
    if (at > now) {
      test.again.next = at;
      return false;
    }
    rate.left(now);
    const options = [] as const;
    const message =
      kind === 'home'
        ? ({ kind: 'homeTestInit', homeInitCookie: test.cookie, options } as const)
        : ({ kind: 'careOfTestInit', careOfInitCookie: test.cookie, options } as const);
    const source = kind === 'home' ? homeAddress : this.#careOfAddress;
    const { peer } = this.entry;
    const by = this.#rules.testGoesBy(this.#around.careOfAddressOf(peer));
    this.#around.send(now, { source, destination: peer, message, ...(by !== undefined && { by }) });
    return true;
  }

  #repeatTest(now: Instant, kind: 'home' | 'careOf'): void {
    const test = kind === 'home' ? this.#home : this.#careOf;
    if (!test || test.tokenAt !== undefined || test.again.next > now) return;
    test.cookie = this.#rules.cookieOfRepetition(test.cookie, this.#around.env.octets('cookie', COOKIE));
    if (this.#sendTest(now, kind)) test.again.repeated(now);
  }

  #takes(test: Test | undefined, cookie: Uint8Array, from: Address): boolean {
    if (!this.#rules.testExpected(test !== undefined, test?.tokenAt !== undefined)) {
      this.#around.discarded(refusal('testExpected', `from ${from}`));
      return false;
    }
    if (!this.#rules.cookieMatches(test !== undefined && equal(cookie, test.cookie))) {
      this.#around.discarded(refusal('cookieMatches', `from ${from}`));
      return false;
    }
    return test !== undefined;
  }

  /** On to the update, once everything is there. */
  #proceed(now: Instant): void {
    if (this.#update || (!this.#home && !this.#careOf)) return;
    const isEnd = this.#careOfAddress === this.#around.homeAddress;
    const isRegistered = isEnd || this.#around.leftAtHome(now) > 0;
    if (!this.#rules.updateMayBeSent(!this.#isTesting(), isRegistered)) return;
    this.#update = new Retransmission(this.#rules, now, this.#rules.firstTimeout(true));
    this.#sendUpdate(now, this.#update);
  }

  #repeatUpdate(now: Instant, update: Retransmission): void {
    const oldest = Math.min(this.#home?.tokenAt ?? Infinity, this.#careOf?.tokenAt ?? Infinity);
    if (!this.#rules.tokenUsable(now - oldest)) this.begins(now);
    else if (this.#sendUpdate(now, update)) update.repeated(now);
  }

  #sendUpdate(now: Instant, update: Retransmission): boolean {
    const { homeAddress, lifetime: asked, tests } = this.#around;
    const at = this.#rates.bindingUpdate.mayLeaveAt(now);
    if (at > now) {
      update.next = at;
      return false;
    }
    const { entry } = this;
    const careOfAddress = this.#careOfAddress;
    const fromHome = careOfAddress === homeAddress;
    const about = { correspondent: entry.peer, homeAddress, careOfAddress, fromHome };
    const seconds = fromHome ? 0 : this.#rules.lifetimeAtCorrespondent(asked, this.#around.leftAtHome(now));
    entry.sequenceNumber = this.#rules.nextSequenceNumber(entry.sequenceNumber);
    const lifetime = Math.floor(seconds / UNIT);
    const message = aligned({
      kind: 'bindingUpdate',
      sequenceNumber: entry.sequenceNumber,
      acknowledge: true,
      lifetime,
      options: [
        {
          type: 'nonceIndices',
          homeNonceIndex: tests.home(about)?.nonceIndex ?? 0,
          careOfNonceIndex: fromHome ? 0 : (tests.careOf(about)?.nonceIndex ?? 0),
        },
        { type: 'bindingAuthorizationData', authenticator: new Uint8Array(AUTHENTICATOR) },
      ],
    } as const);
    const authorized = tests.authorized(message, about);
    if (!authorized) return false;
    this.#rates.bindingUpdate.left(now);
    if (fromHome) entry.sentAt = now;
    else entry.asked(now, careOfAddress, UNIT * lifetime);
    const order = { source: homeAddress, destination: entry.peer, message: authorized };
    this.#around.send(now, fromHome ? order : { ...order, careOfAddress });
    return true;
  }

  #refusalOf({ options, status, sequenceNumber }: BindingAcknowledgement, octets: Uint8Array): Discarded | undefined {
    const { homeAddress, tests } = this.#around;
    const { peer } = this.entry;
    const careOfAddress = this.#careOfAddress;
    const fromHome = careOfAddress === homeAddress;
    const Kbm = tests.bindingManagementKey({ correspondent: peer, homeAddress, careOfAddress, fromHome });
    const option = options.find((each) => each.type === 'bindingAuthorizationData');
    const isRight =
      Kbm !== undefined &&
      option !== undefined &&
      equal(option.authenticator, bindingAuthenticator(Kbm, careOfAddress, peer, octets));
    const detail = `status ${status}, sequence ${sequenceNumber}, from ${peer}`;
    if (!this.#rules.authorizationAcceptable(option !== undefined, isRight, options.at(-1) === option)) {
      return refusal('authorizationAcceptable', detail);
    }
    const matches = this.#rules.acknowledgementMatches(sequenceNumber, this.entry.sequenceNumber, status);
    return this.#update && matches ? undefined : refusal('acknowledgementMatches', detail);
  }

  #accepted(granted: number): void {
    const { entry } = this;
    this.#home = undefined;
    this.#careOf = undefined;
    if (this.#careOfAddress === this.#around.homeAddress) {
      this.isOver = true;
      return;
    }
    const seconds = this.#rules.lifetimeLeft(entry.lifetime, granted);
    entry.granted(seconds);
    this.#renewal = entry.sentAt + 1000 * this.#rules.renewsAfter(seconds, undefined);
  }

  #refused(now: Instant, status: number, sequenceNumber: number): void {
    const tests = this.#rules.testsAfterRefusal(status);
    if (tests.home || tests.careOf) this.#test(now, tests);
    else if (this.#rules.mendsRefusal(status)) {
      const next = this.#rules.sequenceNumberAfter(this.entry.sequenceNumber, sequenceNumber);
      this.entry.sequenceNumber = (next - 1) & 0xffff;
      this.#proceed(now);
    } else this.closes();
  }
}

interface Test {
  cookie: Uint8Array;
  readonly again: Retransmission;
  /** When its token came. */
  tokenAt: Instant | undefined;
}

/** Octets. */
const COOKIE = 8;
