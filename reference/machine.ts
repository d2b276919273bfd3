/**
 * The types that every protocol machine of the reference speaks. A machine holds no socket, clock, randomness, file or
 * promise: time and octets come in as inputs, what it wants done goes out as effects, and all entropy is drawn from
 * `Env`. The same machine therefore runs on a virtual clock in memory and on the real clock against a product, and one
 * seed gives the same octets every time.
 */

/** Milliseconds of lab time since the lab began. */
export type Instant = number;

export interface Machine<Input, Effect> {
  /** Takes one input at one instant and says what follows from it, in order. */
  step(now: Instant, input: Input): Effect[];
  /** When the machine wants `step(now, { kind: 'timeout' })` next, or undefined while it waits for nothing. */
  deadline(): Instant | undefined;
}

/** What a machine tells of octets that it refused: the rule that did and its section, or the bound that was reached; `detail` is for people. */
export interface Discarded {
  readonly rule: string;
  readonly section: string;
  readonly detail: string;
}

/**
 * Bounds are named numbers, beside each the reason why it is no smaller and no greater: how much others can make a machine keep or do. What the
 * wire itself bounds (a packet, the headers in it) needs none, nor what only this node's own commands let grow.
 */
export type Bounds = Readonly<Record<string, number>>;

/** A bound that was reached, told as a rule's refusal is; `detail` says for whom, and what gave way. */
export function beyond<B extends Bounds>(bounds: B, bound: keyof B & string, detail: string): Discarded {
  return { rule: bound, section: `a bound of this node, ${bounds[bound]}`, detail };
}

/** What an octet string drawn from `Env` is for. Each purpose is a stream of its own, so that one more nonce never shifts an IV. */
export type EntropyPurpose =
  | 'spi'
  | 'nonce'
  | 'iv'
  | 'key-share'
  | 'signature'
  | 'cookie'
  | 'padding'
  | 'identifier'
  /** Kcn of a correspondent node (RFC 6275 section 5.2.1). */
  | 'node-key';

/** The only source of entropy. A misbehaving tester replaces it (a reused nonce, a predictable IV). */
export interface Env {
  octets(purpose: EntropyPurpose, length: number): Uint8Array;
}

/**
 * Where the tester may misbehave, by position. Each seam is called at exactly one line of the machine that owns it and
 * is the identity by default; `Context` tells the tamper which message it sees.
 */
export interface Seams<Message, Context> {
  /** Before encoding: what AUTH and ICV cover, so a change here is a consistent lie. */
  message(message: Message, context: Context): Message;
  /** After encoding, before sealing (the decrypted payload chain, or the packet inside ESP). */
  plaintext(octets: Uint8Array, context: Context): Uint8Array;
  /** After sealing: a forgery, authentication must fail. */
  datagram(octets: Uint8Array, context: Context): Uint8Array;
  /** Whether a received datagram is heard at all. */
  hears(octets: Uint8Array, context: Context): boolean;
}

/** Seams of an honest node. */
export const honest: Seams<never, unknown> = {
  message: (message) => message,
  plaintext: (octets) => octets,
  datagram: (octets) => octets,
  hears: () => true,
};

/** Replaces rules one by one: a mutant is `{ name, rule, replacement }`, and only the node under test is ever mutated. */
export interface Mutant<Rules, Name extends keyof Rules = keyof Rules> {
  readonly name: string;
  readonly rule: Name;
  readonly replacement: Rules[Name];
}
