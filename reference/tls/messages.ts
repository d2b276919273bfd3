/**
 * The messages of a handshake on their way through records (RFC 5246 sections 7.1 to 7.4): any number of them in a record, or one in many. What was
 * said on either side, headers and all, is the transcript that signatures and Finished are about.
 */
import type { Provider } from '../transforms/cipher.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { nameIn } from '../wire/fields.ts';
import type { Structure } from '../wire/kernel.ts';
import { concat, numbersOf } from '../wire/octets.ts';
import { HANDSHAKE_HEADER, type HandshakeMessage, handshakeMessage } from '../wire/tls/handshake.ts';
import { tlsAlert } from '../wire/tls/record.ts';
import {
  type AlertName,
  alertDescriptions,
  alertLevels,
  contentTypes,
  type HandshakeName,
  handshakeTypes,
} from '../wire/tls/registry.ts';
import { tlsBounds } from './bounds.ts';
import { type OpenedRecord, Records } from './records.ts';
import { type Handshake, refused, refuses } from './refusal.ts';
import type { TlsRules } from './rules.ts';
import { Unread } from './unread.ts';

export class Messages {
  readonly records: Records;
  readonly #side: 'client' | 'server';
  readonly #rules: TlsRules;
  readonly #tampers: (message: HandshakeMessage) => HandshakeMessage;
  /** Handshake octets that are no whole message yet. */
  readonly #unread = new Unread();
  #said: Uint8Array = new Uint8Array();
  transcript: Uint8Array = new Uint8Array();

  constructor(
    side: 'client' | 'server',
    rules: TlsRules,
    provider: Provider,
    tampers: (message: HandshakeMessage) => HandshakeMessage,
  ) {
    this.#side = side;
    this.records = new Records(rules, provider);
    this.#rules = rules;
    this.#tampers = tampers;
  }

  /** What is to be sent since it was asked last. */
  taken(): Uint8Array {
    const said = this.#said;
    this.#said = new Uint8Array();
    return said;
  }

  says<Body>(name: HandshakeName, structure: Structure<Body>, body: Body): void {
    const message = { handshakeType: handshakeTypes[name], body: structure.encode(body) };
    const octets = handshakeMessage.encode(this.#tampers(message));
    this.transcript = concat(this.transcript, octets);
    this.#sends(contentTypes.handshake, octets);
  }

  /** Section 7.1; what follows is sealed with this key. */
  changesCipherSpec(key: Uint8Array): void {
    this.#sends(contentTypes.change_cipher_spec, CHANGE_CIPHER_SPEC);
    this.records.sealsWith(key);
  }

  alerts(name: AlertName): void {
    const alert = { level: alertLevels.fatal, description: alertDescriptions[name] };
    this.#sends(contentTypes.alert, tlsAlert.encode(alert));
  }

  /** The message whose turn it is. */
  *hears<Body>(name: HandshakeName, structure: Structure<Body>): Handshake<Body> {
    return yield* this.#read(yield* this.#expected([name]), name, structure);
  }

  /** The message `name` if it comes, before `next`. */
  *hearsPerhaps<Body>(
    name: HandshakeName,
    structure: Structure<Body>,
    next: HandshakeName,
  ): Handshake<Body | undefined> {
    const message = yield* this.#expected([name, next]);
    return message.handshakeType === handshakeTypes[name] ? yield* this.#read(message, name, structure) : undefined;
  }

  /** Section 7.1; what follows is opened with this key. */
  *hearsChangeCipherSpec(key: Uint8Array): Handshake<void> {
    const { contentType, fragment } = yield* this.#nextRecord();
    const isOne = contentType === contentTypes.change_cipher_spec && numbersOf(fragment, 1).join() === '1';
    if (!isOne || this.#unread.length > 0)
      return yield* refuses('tlsMessageExpected', 'unexpected_message', 'ChangeCipherSpec has its turn');
    this.records.opensWith(key);
  }

  #sends(contentType: number, octets: Uint8Array): void {
    this.#said = concat(this.#said, this.records.records(contentType, octets));
  }

  *#expected(names: readonly HandshakeName[]): Handshake<HandshakeMessage> {
    let message = yield* this.#wholeMessage();
    while (message.handshakeType === handshakeTypes.hello_request && this.#rules.tlsHelloRequestIgnored(this.#side)) {
      this.#unread.read(HANDSHAKE_HEADER + message.body.length);
      message = yield* this.#wholeMessage();
    }
    const types = names.map((name) => handshakeTypes[name]);
    if (this.#rules.tlsMessageExpected(types, message.handshakeType)) return message;
    const came = nameIn(handshakeTypes, message.handshakeType) ?? message.handshakeType;
    return yield* refuses('tlsMessageExpected', 'unexpected_message', `${came} instead of ${names.join(' or ')}`);
  }

  /** It is said and done once it is read. */
  *#read<Body>({ body }: HandshakeMessage, name: HandshakeName, structure: Structure<Body>): Handshake<Body> {
    const end = HANDSHAKE_HEADER + body.length;
    this.transcript = concat(this.transcript, this.#unread.first(end));
    this.#unread.read(end);
    try {
      return structure.decode(body).value;
    } catch (error) {
      if (!(error instanceof MalformedOctets)) throw error;
      return yield* refuses('tlsMessageExpected', 'decode_error', `${name}: ${error.message}`);
    }
  }

  /** Without taking it out of what is unread. */
  *#wholeMessage(): Handshake<HandshakeMessage> {
    for (;;) {
      const length = this.#unread.length < HANDSHAKE_HEADER ? 0 : this.#lengthOfNext();
      if (length > tlsBounds.tlsMessageOctets)
        return yield* refuses('tlsMessageOctets', 'decode_error', `a message of ${length} octets`);
      const end = HANDSHAKE_HEADER + length;
      if (this.#unread.length >= end) return handshakeMessage.decode(this.#unread.first(end)).value;
      const { contentType, fragment } = yield* this.#nextRecord();
      if (contentType !== contentTypes.handshake || fragment.length === 0)
        return yield* refuses('tlsMessageExpected', 'unexpected_message', `a record of type ${contentType}`);
      this.#unread.add(fragment);
    }
  }

  #lengthOfNext(): number {
    const [, high, middle, low] = this.#unread.first(HANDSHAKE_HEADER);
    return high! * 65_536 + middle! * 256 + low!;
  }

  /** The next that is no warning. */
  *#nextRecord(): Handshake<OpenedRecord> {
    for (;;) {
      const record = this.records.next();
      if (record === undefined) yield 'wants more';
      else if ('rule' in record) return yield* refused(record);
      else if (record.contentType !== contentTypes.alert) return record;
      else yield* this.#alerted(record.fragment);
    }
  }

  *#alerted(fragment: Uint8Array): Handshake<void> {
    const [level = alertLevels.fatal, description = 0] = fragment;
    if (!this.#rules.tlsAlertEnds(level)) return;
    const detail = `the other end says ${nameIn(alertDescriptions, description) ?? description}`;
    yield* refused({ rule: 'tlsAlertEnds', detail });
  }
}

const CHANGE_CIPHER_SPEC = Uint8Array.of(1);
