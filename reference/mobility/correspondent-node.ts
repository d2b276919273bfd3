/**
 * A correspondent node, RFC 6275 section 9: it hands out tokens to whoever asks from an address, and believes the binding update that proves to know those
 * of both. Until then it keeps nothing of anybody. Which updates are valid stands in `binding-update-checks.ts`; what its bindings do to headers, in
 * `header-processing.ts`.
 *
 *     Home Test Init     ─▶ Home Test            to the home address
 *     Care-of Test Init  ─▶ Care-of Test         to the care-of address
 *     Binding Update     ─▶ discarded in silence
 *                        ─▶ refused: Binding Acknowledgement of 129, 131, 135 to 139
 *                        ─▶ cached or deleted: Binding Acknowledgement where it is asked for
 */
import type { Discarded, Env, Instant } from '../machine.ts';
import type { CareOfTest, HomeTest, MobilityMessage } from '../wire/mobility/message.ts';
import { bindingStatusCodes as statuses } from '../wire/mobility/registry.ts';
import { acknowledgement } from './binding-acknowledgement.ts';
import type { Binding, BindingCache } from './binding-cache.ts';
import { type Asked, type Authorization, checked, type Knowledge } from './binding-update-checks.ts';
import type { CorrespondentSignalling } from './configuration.ts';
import { FormerBindings } from './former-bindings.ts';
import type { Role, RoleSurroundings } from './interface.ts';
import { type MessageArrival, of } from './message-arrival.ts';
import { Nonces } from './nonces.ts';
import { refusal } from './refusal.ts';
import { keygenToken, MAX_RR_BINDING_LIFETIME } from './return-routability.ts';
import type { MobilityRules } from './rules.ts';
import { Undeliverable } from './undeliverable.ts';

export interface CorrespondentOptions {
  readonly signalling: CorrespondentSignalling;
  readonly rules: MobilityRules;
  readonly env: Env;
  readonly cache: BindingCache;
}

export class CorrespondentNode implements Role {
  readonly #signalling: CorrespondentSignalling;
  readonly #rules: MobilityRules;
  readonly #cache: BindingCache;
  readonly #surroundings: RoleSurroundings;
  readonly #nonces: Nonces;
  readonly #former: FormerBindings;
  readonly #undeliverable: Undeliverable;
  /** When each binding was last asked to be refreshed. */
  readonly #refreshed = new WeakMap<Binding, Instant>();

  constructor({ signalling, rules, env, cache }: CorrespondentOptions, surroundings: RoleSurroundings) {
    const discarded = (why: Discarded): void => surroundings.discarded(why);
    this.#signalling = signalling;
    this.#rules = rules;
    this.#cache = cache;
    this.#surroundings = surroundings;
    this.#nonces = new Nonces(rules, env, discarded);
    this.#former = new FormerBindings(discarded);
    this.#undeliverable = new Undeliverable(rules, discarded);
  }

  receive(now: Instant, arrival: MessageArrival): boolean {
    const homeTestInit = of('homeTestInit', arrival);
    const careOfTestInit = of('careOfTestInit', arrival);
    const bindingUpdate = of('bindingUpdate', arrival);
    if (homeTestInit) this.#answer(now, arrival, () => this.#homeTest(now, homeTestInit));
    if (careOfTestInit) this.#answer(now, arrival, () => this.#careOfTest(now, careOfTestInit));
    if (bindingUpdate) this.#takeUpdate(now, bindingUpdate);
    return homeTestInit !== undefined || careOfTestInit !== undefined || bindingUpdate !== undefined;
  }

  /** Section 9.5.5; always to the home address. */
  used(now: Instant, binding: Binding): void {
    const { until, lifetime, homeAddress, boundTo } = binding;
    if (until === undefined || lifetime === undefined || boundTo === undefined) return;
    const sinceLast = (now - (this.#refreshed.get(binding) ?? Number.NEGATIVE_INFINITY)) / 1000;
    if (!this.#rules.refreshRequested({ lifetime, left: (until - now) / 1000, sinceLast })) return;
    this.#refreshed.set(binding, now);
    const message = { kind: 'bindingRefreshRequest', options: [] } as const;
    this.#surroundings.send(now, { source: boundTo, destination: homeAddress, message });
  }

  heard(binding: Binding): void {
    this.#undeliverable.forget(binding);
  }

  /** Section 9.3.4: a packet that went by way of a binding did not arrive. */
  undelivered(now: Instant, binding: Binding): void {
    if (binding.until === undefined || !this.#undeliverable.persists(now, binding)) return;
    const gone = this.#cache.remove(binding.homeAddress);
    if (gone) this.ended(now, gone);
    this.#surroundings.discarded(
      refusal('unreachabilityPersists', `${binding.homeAddress} at ${binding.careOfAddress}`),
    );
  }

  /** Sections 5.2.8 and 9.5.3: its nonces do not make it again. */
  ended(now: Instant, binding: Binding): void {
    this.#undeliverable.forget(binding);
    const givesWay = this.#former.remember(binding, now);
    if (givesWay) this.#nonces.invalidate(givesWay.nonces.firstUse);
    if (binding.nonces) this.#nonces.spend();
  }

  timeout(): void {}

  deadline(): undefined {
    return undefined;
  }

  /** Sections 9.4.1 and 9.4.2: to the address that asks, which is what is tested. */
  #answer(now: Instant, { source, destination, homeAddress }: MessageArrival, test: () => MobilityMessage): void {
    if (!this.#rules.testInitAcceptable(homeAddress !== undefined)) {
      this.#surroundings.discarded(refusal('testInitAcceptable', `a test of ${homeAddress} from ${source}`));
    } else if (!this.#rules.answerMayBeSent(source)) {
      this.#surroundings.discarded(refusal('answerMayBeSent', `a test from ${source}`));
    } else {
      this.#surroundings.send(now, { source: destination, destination: source, message: test() });
    }
  }

  /** Section 9.4.3. */
  #homeTest(now: Instant, { message, source }: MessageArrival<'homeTestInit'>): HomeTest {
    const { index: homeNonceIndex, value } = this.#nonces.current(now);
    const homeKeygenToken = keygenToken(this.#nonces.Kcn, source, value, this.#rules.tokenOctet('home'));
    const { homeInitCookie } = message;
    return { kind: 'homeTest', homeNonceIndex, homeInitCookie, homeKeygenToken, options: [] };
  }

  /** Section 9.4.4. */
  #careOfTest(now: Instant, { message, source }: MessageArrival<'careOfTestInit'>): CareOfTest {
    const { index: careOfNonceIndex, value } = this.#nonces.current(now);
    const careOfKeygenToken = keygenToken(this.#nonces.Kcn, source, value, this.#rules.tokenOctet('care-of'));
    const { careOfInitCookie } = message;
    return { kind: 'careOfTest', careOfNonceIndex, careOfInitCookie, careOfKeygenToken, options: [] };
  }

  #takeUpdate(now: Instant, arrival: MessageArrival<'bindingUpdate'>): void {
    const found = checked(arrival, this.#knowledge(now));
    if (found.kind === 'discarded') {
      this.#surroundings.discarded(found.refusal);
    } else if (found.kind === 'refused') {
      this.#surroundings.discarded(found.refusal);
      const { asked, authorization, status, last } = found;
      this.#acknowledge(now, asked, authorization, { status, lifetime: 0, last });
    } else {
      const lifetime = this.#carryOut(now, found.asked, found.authorization);
      const last = arrival.message.sequenceNumber;
      this.#acknowledge(now, found.asked, found.authorization, { status: ACCEPTED, lifetime, last });
    }
  }

  /** Sections 9.5.2 and 9.5.3; returns the lifetime that was granted, in units of 4 s. */
  #carryOut(now: Instant, { arrival, homeAddress, careOfAddress, deletes }: Asked, by: Authorization): number {
    const { sequenceNumber, lifetime: asked } = arrival.message;
    const existing = this.#cache.of(homeAddress);
    const nonces = by.by === 'tests' ? by.nonces : undefined;
    const firstUse = Math.max(nonces?.firstUse ?? 0, existing?.nonces?.firstUse ?? 0);
    if (deletes) {
      const gone = this.#cache.remove(homeAddress);
      // The nonces that made it, and the number of the update that deleted it.
      const made = gone?.nonces && { ...gone.nonces, firstUse };
      if (gone) this.ended(now, { ...gone, sequenceNumber, ...(made && { nonces: made }) });
      return 0;
    }
    const longest = this.#signalling.longestBinding ?? MAX_RR_BINDING_LIFETIME;
    const granted = this.#rules.bindingLifetime(asked, { longest, byTests: nonces !== undefined });
    const givesWay = this.#cache.enter({
      homeAddress,
      careOfAddress,
      boundTo: arrival.destination,
      homeRegistration: false,
      sequenceNumber,
      until: now + 4000 * granted,
      lifetime: 4 * granted,
      ...(nonces && { nonces: { ...nonces, firstUse } }),
    });
    if (givesWay) this.ended(now, givesWay);
    return granted;
  }

  /** Section 9.5.4. */
  #acknowledge(
    now: Instant,
    asked: Asked,
    authorization: Authorization,
    { status, lifetime, last }: { readonly status: number; readonly lifetime: number; readonly last: number },
  ): void {
    const { arrival, homeAddress } = asked;
    const { acknowledge = false, sequenceNumber: given } = arrival.message;
    if (!this.#rules.updateAcknowledged(acknowledge, status)) return;
    const sequenceNumber = this.#rules.acknowledgedSequenceNumber(status, given, last);
    const isAuthenticated = authorization.by === 'tests' && this.#rules.acknowledgementAuthenticated(status);
    const message = acknowledgement(
      { status, sequenceNumber, lifetime },
      isAuthenticated && {
        Kbm: authorization.Kbm,
        careOfAddress: this.#rules.authenticatedAddress(asked),
        correspondent: arrival.destination,
      },
    );
    const whither = this.#rules.acknowledgementDestination(arrival.source, homeAddress);
    this.#surroundings.send(now, { source: arrival.destination, ...whither, message });
  }

  #knowledge(now: Instant): Knowledge {
    return {
      now,
      rules: this.#rules,
      nonces: this.#nonces,
      binding: (homeAddress) => this.#cache.of(homeAddress),
      former: (homeAddress) => this.#former.of(homeAddress, now),
      others: (homeAddress) => this.#cache.entries.filter((each) => each.homeAddress !== homeAddress).length,
      trustsIpsec: this.#signalling.trustsIpsec ?? false,
      keepsBindings: !this.#signalling.keepsNoBindings,
    };
  }
}

const ACCEPTED = statuses['Binding Update accepted'];
