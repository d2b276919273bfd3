/**
 * EAP-TLS (RFC 5216), either side: octets of TLS in the Type-Data of requests and responses, in fragments where they are long. The server begins with a
 * start that holds nothing; whoever is sent a fragment that others follow acknowledges it with nothing (section 2.1.5).
 *
 *     peer                                          server
 *                                         <--  EAP-TLS (S)
 *     EAP-TLS ClientHello                 -->
 *                                         <--  EAP-TLS (L M) ServerHello, Certif
 *     EAP-TLS                             -->
 *                                         <--  EAP-TLS icate … ServerHelloDone
 *     EAP-TLS Certificate … Finished      -->
 *                                         <--  EAP-TLS ChangeCipherSpec, Finished
 *     EAP-TLS                             -->
 */
import type { TlsEndpoint } from '../../tls/endpoint.ts';
import { exportedKey } from '../../tls/key-schedule.ts';
import type { TlsRefusal } from '../../tls/refusal.ts';
import { TlsConnection } from '../../tls/tls.ts';
import { eapTlsData } from '../../wire/eap.ts';
import { concat } from '../../wire/octets.ts';
import { ikev2Bounds } from '../bounds.ts';
import type { EapRefusal, EapRules } from './eap-rules.ts';
import { readAs } from './packets.ts';

/** What is said next, as Type-Data; a refusal where EAP itself was spoken wrongly. */
export type EapTlsStep = { readonly says: Uint8Array } | EapRefusal;

export class EapTls {
  readonly #side: 'peer' | 'server';
  readonly #tls: TlsConnection;
  readonly #rules: EapRules;
  #hasBegun = false;
  /** Fragments that came so far, and how long they say they will be. */
  #gathered: Uint8Array = new Uint8Array();
  #declared: number | undefined;
  /** Fragments that are left to say. */
  #unsaid: Uint8Array = new Uint8Array();
  /** How TLS has ended, once it has. */
  MSK: Uint8Array | undefined;
  refusal: TlsRefusal | undefined;

  constructor(side: 'peer' | 'server', endpoint: TlsEndpoint, rules: EapRules) {
    this.#side = side;
    this.#tls = new TlsConnection(side === 'peer' ? 'client' : 'server', endpoint);
    this.#rules = rules;
  }

  /** Nothing is left to be said, and TLS is over. */
  get isOver(): boolean {
    return this.#unsaid.length === 0 && (this.MSK ?? this.refusal) !== undefined;
  }

  /** Of the server. */
  starts(): Uint8Array {
    this.#hasBegun = true;
    return eapTlsData.encode({ ...NO_FLAGS, start: true, data: NOTHING });
  }

  receives(typeData: Uint8Array): EapTlsStep {
    const packet = readAs(eapTlsData, typeData);
    if (packet === undefined) return { rule: 'eapTlsLength', detail: 'no flags, or no length where it is said to be' };
    if (this.#side === 'peer' && !this.#rules.eapTlsStart(this.#hasBegun, packet.start))
      return { rule: 'eapTlsStart', detail: packet.start ? 'another start' : 'a start was due' };
    if (!this.#hasBegun) return this.#begins();
    if (this.#unsaid.length > 0 || this.isOver) return this.#goesOn(packet.data.length);
    this.#gathered = concat(this.#gathered, packet.data);
    this.#declared ??= packet.messageLength;
    if (this.#gathered.length > ikev2Bounds.eapTlsOctets)
      return { rule: 'eapTlsOctets', detail: `${this.#gathered.length} octets, and more to come` };
    return packet.moreFragments ? { says: ACKNOWLEDGEMENT } : this.#takes();
  }

  #begins(): EapTlsStep {
    this.#hasBegun = true;
    return this.#says(this.#tls.receives(NOTHING).octets);
  }

  /** The next fragment, if there is one, and the one before was acknowledged. */
  #goesOn(octets: number): EapTlsStep {
    if (!this.#rules.eapTlsAcknowledged(octets))
      return { rule: 'eapTlsAcknowledged', detail: `${octets} octets instead of none` };
    return this.#fragment(NO_FLAGS);
  }

  /** All fragments are there. */
  #takes(): EapTlsStep {
    const [message, declared] = [this.#gathered, this.#declared];
    [this.#gathered, this.#declared] = [NOTHING, undefined];
    if (!this.#rules.eapTlsLength(declared, message.length))
      return { rule: 'eapTlsLength', detail: `TLS Message Length ${declared}, ${message.length} octets` };
    const { octets, secrets, refusal } = this.#tls.receives(message);
    if (secrets) this.MSK = exportedKey(secrets, 'client EAP encryption', 128).subarray(0, 64);
    this.refusal = refusal;
    return this.#says(octets);
  }

  #says(octets: Uint8Array): EapTlsStep {
    this.#unsaid = octets;
    if (octets.length <= FRAGMENT) return this.#fragment(NO_FLAGS);
    return this.#fragment({ ...NO_FLAGS, lengthIncluded: true, messageLength: octets.length });
  }

  #fragment(flags: typeof NO_FLAGS & { readonly messageLength?: number }): EapTlsStep {
    const data = this.#unsaid.subarray(0, FRAGMENT);
    this.#unsaid = this.#unsaid.slice(FRAGMENT);
    return { says: eapTlsData.encode({ ...flags, moreFragments: this.#unsaid.length > 0, data }) };
  }
}

const NOTHING = new Uint8Array();
const NO_FLAGS = { lengthIncluded: false, moreFragments: false, start: false };
const ACKNOWLEDGEMENT = eapTlsData.encode({ ...NO_FLAGS, data: NOTHING });

/** Octets: so few that a certificate takes several, and every conversation has fragments in it. */
const FRAGMENT = 500;
