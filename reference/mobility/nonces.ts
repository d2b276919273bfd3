/**
 * The node key and the nonces of a correspondent, RFC 6275 sections 5.2.1, 5.2.2 and 5.2.7: what tokens are made from, so that whoever brings them back can
 * be believed without having been remembered. Nonces are made on demand, no more than one in 30 seconds, and each is known for 240 seconds by its index.
 */
import { beyond, type Discarded, type Env, type Instant } from '../machine.ts';
import { readU16 } from '../wire/octets.ts';
import { mobilityBounds } from './bounds.ts';
import type { MobilityRules } from './rules.ts';

export interface Nonce {
  /** 16 bits, never 0: that names no nonce (RFC 4866 section 4.3 gives it another meaning). */
  readonly index: number;
  readonly value: Uint8Array;
  readonly firstUse: Instant;
}

export class Nonces {
  readonly #rules: MobilityRules;
  readonly #env: Env;
  readonly #discarded: (refusal: Discarded) => void;
  /** Oldest first. */
  #nonces: readonly Nonce[] = [];
  #index: number | undefined;
  #Kcn: Uint8Array | undefined;
  #isSpent = false;

  constructor(rules: MobilityRules, env: Env, discarded: (refusal: Discarded) => void) {
    this.#rules = rules;
    this.#env = env;
    this.#discarded = discarded;
  }

  /** The node key: random, and nobody else's. It is not changed while the node lives. */
  get Kcn(): Uint8Array {
    this.#Kcn ??= this.#env.octets('node-key', KCN);
    return this.#Kcn;
  }

  /** The nonce that tokens are made from now. */
  current(now: Instant): Nonce {
    this.#forget(now);
    const last = this.#nonces.at(-1);
    if (last && !this.#rules.nonceRenewed(seconds(now - last.firstUse)) && !this.#renewsEarly()) return last;
    const nonce = { index: this.#nextIndex(), value: this.#env.octets('nonce', NONCE), firstUse: now };
    this.#nonces = [...this.#nonces, nonce];
    this.#isSpent = false;
    return nonce;
  }

  /** The nonce of this index, as long as what was made from it is believed. */
  of(index: number, now: Instant): Nonce | undefined {
    this.#forget(now);
    return this.#nonces.find((nonce) => nonce.index === index);
  }

  /** What was made from the last nonce is used up for somebody: the next test gets another one (section 9.5.3). */
  spend(): void {
    this.#isSpent = true;
  }

  /** Of this one and all that are older nothing is believed any more: the last measure of section 5.2.8. */
  invalidate(upTo: Instant): void {
    this.#nonces = this.#nonces.filter(({ firstUse }) => firstUse > upTo);
  }

  #renewsEarly(): boolean {
    if (!this.#isSpent) return false;
    if (this.#nonces.length < mobilityBounds.nonces) return true;
    this.#discarded(beyond(mobilityBounds, 'nonces', 'no new nonce before its time'));
    return false;
  }

  #forget(now: Instant): void {
    this.#nonces = this.#nonces.filter(({ firstUse }) => this.#rules.nonceAcceptable(seconds(now - firstUse)));
  }

  /** The first is random, so that a node that forgot its nonces takes no old index for one of its own. */
  #nextIndex(): number {
    this.#index ??= readU16(this.#env.octets('identifier', 2));
    this.#index = (this.#index % 0xffff) + 1;
    return this.#index;
  }
}

/** Octets; the length of a nonce is what section 5.2.2 recommends. */
const KCN = 20;
const NONCE = 8;

const seconds = (milliseconds: number): number => milliseconds / 1000;
