/**
 * The RFC's own notation for an IKEv2 message, made executable: `HDR, SK {IDi, [CERT,] AUTH, SAi2, TSi, TSr}` (RFC 7296 1.2). It says
 * which payloads are there and, when asked, in which order. Extra Notify and Vendor ID payloads always match, any other unnamed payload
 * does not. SK matches however the message came, SKF only one that came in fragments (RFC 7383 2.5). It never grows variables, loops or timing.
 *
 *   message  = "HDR" *( "," item )
 *   item     = ( "SK" / "SKF" ) "{" [ items ] "}" / payload / "[" payload [","] "]"
 *   payload  = NAME [ "+" ] / "N(" TYPE ")"
 */

/** One message as the notation sees it. `sealed` payloads stood inside SK, or in the fragments of SKF. */
export interface NotatedMessage {
  readonly clear: readonly NotatedPayload[];
  readonly sealed?: readonly NotatedPayload[];
  readonly fragmented?: true;
}

export interface NotatedPayload {
  /** `SA`, `KE`, `Nonce`, `IDi`, … as the wire's payload union names them. */
  readonly type: string;
  /** IANA name of a notification. */
  readonly notify?: string;
}

export interface Notation {
  readonly text: string;
  matches(message: NotatedMessage, options?: { readonly ordered?: boolean }): boolean;
}

/** Throws a `SyntaxError` that names the column; notation is written by suite authors, so it fails at load. */
export function notation(text: string): Notation {
  const parsed = new Parser(text).message();
  return {
    text,
    matches: (message, options = {}) =>
      (parsed.sealed === undefined) === (message.sealed === undefined) &&
      (!parsed.fragmented || message.fragmented === true) &&
      accepts(parsed.clear, message.clear, options.ordered ?? false) &&
      accepts(parsed.sealed ?? [], message.sealed ?? [], options.ordered ?? false),
  };
}

interface Item {
  readonly type: string;
  readonly notify?: string;
  readonly optional: boolean;
  readonly repeated: boolean;
}

function accepts(items: readonly Item[], payloads: readonly NotatedPayload[], ordered: boolean): boolean {
  const named = payloads.filter((payload) => isNamed(payload, items));
  if (named.some((payload) => !items.some((item) => fits(item, payload)))) return false;
  return ordered ? acceptsInOrder(items, named) : acceptsInAnyOrder(items, named);
}

/** Notify and Vendor ID payloads count only where an item names them. */
function isNamed(payload: NotatedPayload, items: readonly Item[]): boolean {
  if (payload.type !== 'N' && payload.type !== 'V') return true;
  return items.some((item) => fits(item, payload));
}

function fits(item: Item, payload: NotatedPayload): boolean {
  return item.type === payload.type && (item.notify === undefined || item.notify === payload.notify);
}

/** Each item takes one payload, those that can least afford to miss first; what may repeat takes the rest. */
function acceptsInAnyOrder(items: readonly Item[], payloads: readonly NotatedPayload[]): boolean {
  const left = [...payloads];
  for (const item of [...items].sort((one, other) => urgency(one) - urgency(other))) {
    const at = left.findIndex((payload) => fits(item, payload));
    if (at >= 0) left.splice(at, 1);
    else if (!item.optional) return false;
  }
  return left.every((payload) => items.some((item) => item.repeated && fits(item, payload)));
}

/** Required before optional, and a notification of one type before any notification. */
function urgency({ optional, notify }: Item): number {
  return (optional ? 2 : 0) + (notify === undefined ? 1 : 0);
}

function acceptsInOrder(items: readonly Item[], payloads: readonly NotatedPayload[]): boolean {
  let at = 0;
  for (const item of items) {
    const here = payloads[at];
    if (here === undefined || !fits(item, here)) {
      if (!item.optional) return false;
      continue;
    }
    at += 1;
    while (item.repeated && payloads[at] !== undefined && fits(item, payloads[at]!)) at += 1;
  }
  return at === payloads.length;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  message(): { clear: Item[]; sealed?: Item[]; fragmented: boolean } {
    this.#expect('HDR');
    const clear: Item[] = [];
    let sealed: Item[] | undefined;
    let fragmented = false;
    while (this.#take(',')) {
      if (/^SKF?\s*\{/.test(this.#rest())) {
        this.#expect('SK');
        fragmented = this.#take('F');
        this.#expect('{');
        sealed = this.#items('}');
        this.#expect('}');
      } else clear.push(this.#item());
    }
    if (this.#rest() !== '') this.#fault('the end');
    return { clear, fragmented, ...(sealed && { sealed }) };
  }

  #items(close: string): Item[] {
    const items: Item[] = [];
    while (!this.#rest().startsWith(close)) {
      items.push(this.#item());
      const optional = items.at(-1)!.optional;
      if (!this.#take(',') && !optional && !this.#rest().startsWith(close)) this.#fault('a comma');
    }
    return items;
  }

  #item(): Item {
    if (!this.#take('[')) return this.#payload(false);
    const item = this.#payload(true);
    this.#take(',');
    this.#expect(']');
    return item;
  }

  #payload(optional: boolean): Item {
    const name = /^[A-Za-z]+[0-9]?/.exec(this.#rest())?.[0];
    const type = name === undefined ? undefined : payloadOf[name];
    if (name === undefined || type === undefined) this.#fault('a payload of RFC 7296');
    this.#at += name.length;
    let notify: string | undefined;
    if (type === 'N' && this.#take('(')) {
      notify = /^[A-Z0-9_]+/.exec(this.#rest())?.[0] ?? this.#fault('a notify type');
      this.#at += notify.length;
      this.#expect(')');
    }
    return { type, ...(notify === undefined ? {} : { notify }), optional, repeated: this.#take('+') };
  }

  #rest(): string {
    while (this.#text[this.#at] === ' ') this.#at += 1;
    return this.#text.slice(this.#at);
  }

  #take(word: string): boolean {
    if (!this.#rest().startsWith(word)) return false;
    this.#at += word.length;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) this.#fault(`"${word}"`);
  }

  #fault(wanted: string): never {
    throw new SyntaxError(`notation: wanted ${wanted} at column ${this.#at + 1} of "${this.#text}"`);
  }
}

/** The names of the RFC's diagrams, to the payload they stand for. */
const payloadOf: Readonly<Record<string, string>> = {
  SA: 'SA',
  SAi1: 'SA',
  SAr1: 'SA',
  SAi2: 'SA',
  SAr2: 'SA',
  KE: 'KE',
  KEi: 'KE',
  KEr: 'KE',
  Ni: 'Nonce',
  Nr: 'Nonce',
  IDi: 'IDi',
  IDr: 'IDr',
  CERT: 'CERT',
  CERTREQ: 'CERTREQ',
  AUTH: 'AUTH',
  N: 'N',
  D: 'D',
  V: 'V',
  TSi: 'TSi',
  TSr: 'TSr',
  CP: 'CP',
  EAP: 'EAP',
};
