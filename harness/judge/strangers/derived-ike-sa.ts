/**
 * One IKE SA of a capture whose keys follow from recorded secrets: its messages are opened as they come, and what they agree on is keyed in turn (RFC 7296 2.14, 2.17, 2.18;
 * RFC 9370 2.2). While several values of g^ir might be its own, the first message that opens decides.
 */

import type { IntermediateAuthentication, Keyed } from '../../../reference/ikev2/ike-sa-state.ts';
import {
  contentReceived,
  intermediateOctets,
  withExchange,
} from '../../../reference/ikev2/intermediate-authentication.ts';
import { keyedWith } from '../../../reference/ikev2/key-agreement.ts';
import { skeyseedOfRekeying } from '../../../reference/ikev2/keymat.ts';
import { find, findNotify } from '../../../reference/ikev2/payloads.ts';
import { ikev2Rules } from '../../../reference/ikev2/rules.ts';
import type { IdentificationPayload } from '../../../reference/wire/ike/identity-payloads.ts';
import type { IkeMessage } from '../../../reference/wire/ike/message.ts';
import type { Payload } from '../../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes, protocolIds } from '../../../reference/wire/ike/registry.ts';
import type { IpPacket } from '../../../reference/wire/ip/packet.ts';
import { hex } from '../../../reference/wire/octets.ts';
import type { StrangersKey } from '../../capture/keys/strangers-key.ts';
import { IkeFragments } from '../ike-fragments.ts';
import { openIke } from '../ike-opening.ts';
import type { IkeKeyRecord } from '../key-ring.ts';
import { type Agreement, agreementIn, childKeys } from './child-keys.ts';
import type { SecretBook } from './secret-book.ts';
import { type CheckedAuthentication, checkedAuthentication } from './shared-key-check.ts';

/** One IKE message as it went by, without the non-ESP marker. */
export interface HeardIke {
  readonly message: IkeMessage;
  readonly octets: Uint8Array;
  readonly carrier: IpPacket;
}

/** What follows from a message. */
export interface Derived {
  readonly keys: readonly StrangersKey[];
  readonly authentications: readonly CheckedAuthentication[];
  /** What does not follow although it should, one sentence each. */
  readonly faults: readonly string[];
  /** IKE SAs that replace this one. */
  readonly successors: readonly DerivedIkeSa[];
}

export const NOTHING: Derived = { keys: [], authentications: [], faults: [], successors: [] };

export interface BegunIkeSa {
  readonly SPIi: Uint8Array;
  readonly SPIr: Uint8Array;
  /** One for each value of g^ir that it may have. */
  readonly candidates: readonly Candidate[];
  readonly book: SecretBook;
  readonly sharedKeys: readonly string[];
  /** IKE_SA_INIT on the wire; absent of an IKE SA that replaced another. */
  readonly first?: { readonly request: Uint8Array; readonly response: Uint8Array };
}

/** Keys, and the g^ir that they were made of. */
export interface Candidate {
  readonly keyed: Keyed;
  readonly secret: Uint8Array;
}

export class DerivedIkeSa {
  readonly #begun: BegunIkeSa;
  #candidates: readonly Candidate[];
  /** Those before IKE_INTERMEDIATE. */
  #earlier: readonly Keyed[] = [];
  #told = false;
  #intermediate: IntermediateAuthentication | undefined;
  readonly #fragments = new IkeFragments();
  readonly #requests = new Map<string, OpenedMessage>();
  /** Children and IKE SAs whose keys are not all exchanged, by the link that the next exchange must have (RFC 9370 2.2.4). */
  readonly #awaited = new Map<string, Awaited>();
  /** Of IKE_AUTH, which may take several exchanges (RFC 7296 2.16). */
  #offer: OpenedMessage | undefined;
  readonly #identities: { initiator?: IdentificationPayload; responder?: IdentificationPayload } = {};

  constructor(begun: BegunIkeSa) {
    this.#begun = begun;
    this.#candidates = begun.candidates;
  }

  get name(): string {
    return `${hex(this.#begun.SPIi)} ${hex(this.#begun.SPIr)}`;
  }

  /** Keys that need no message to be certain. */
  begins(): readonly StrangersKey[] {
    return this.#candidates.length === 1 ? this.#tell() : [];
  }

  heard(heard: HeardIke): Derived {
    const opened = this.#open(heard);
    if (!opened) return NOTHING;
    const keys = this.#tell();
    const { flags, messageId } = heard.message.header;
    const by = flags.initiator === flags.response ? 'responder' : 'initiator';
    const name = `${by} ${messageId}`;
    if (!flags.response) {
      if (this.#requests.size >= MOST_REQUESTS) this.#requests.delete([...this.#requests.keys()][0]!);
      this.#requests.set(name, opened);
      return { ...NOTHING, keys };
    }
    const request = this.#requests.get(name);
    this.#requests.delete(name);
    const derived = request ? this.#answered({ by, request, response: opened }) : NOTHING;
    return { ...derived, keys: [...keys, ...derived.keys] };
  }

  /** Those that opened what was heard last. */
  get #keyedNow(): Keyed {
    return this.#candidates[0]!.keyed;
  }

  #open({ message, octets, carrier }: HeardIke): OpenedMessage | undefined {
    const earlier = this.#earlier.map((keyed) => ({ keyed, secret: undefined }));
    for (const { keyed, secret } of [...this.#candidates, ...earlier]) {
      const records = [this.#recordOf(keyed)];
      const opened = openIke(octets, carrier, { ike: () => records }, (...given) => this.#fragments.take(...given));
      if (opened?.state !== 'opened') continue;
      if (secret && this.#candidates.length > 1) {
        this.#candidates = [{ keyed, secret }];
        this.#begun.book.used(secret);
      }
      const { payloads, buffer } = opened;
      if (!payloads || !buffer) return undefined;
      const chain = { innerNextPayload: buffer.firstProtocol, content: buffer.octets };
      return { message, payloads, carrier, chain };
    }
    return undefined;
  }

  #answered(exchange: AnsweredExchange): Derived {
    switch (exchange.response.message.header.exchangeType) {
      case exchangeTypes.IKE_INTERMEDIATE:
        return this.#intermediates(exchange);
      case exchangeTypes.IKE_AUTH:
        return this.#authenticates(exchange);
      case exchangeTypes.CREATE_CHILD_SA:
        return this.#creates(exchange);
      case exchangeTypes.IKE_FOLLOWUP_KE:
        return this.#followsUp(exchange);
      default:
        return NOTHING;
    }
  }

  /** SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr). */
  #intermediates({ request, response }: AnsweredExchange): Derived {
    const keyed = this.#keyedNow;
    const received = ({ message, payloads, chain }: OpenedMessage) =>
      contentReceived({ message, payloads, chain, octets: chain.content, path: NO_PATH }, ikev2Rules);
    this.#intermediate = withExchange(this.#intermediate, keyed, received(request), received(response), ikev2Rules);
    const secrets = this.#secretsIn(request.payloads, response.payloads);
    if (secrets === undefined) return NOTHING;
    if (typeof secrets === 'string') return this.#fault(secrets);
    const { SPIi, SPIr } = this.#begun;
    const { prf, keys, Ni, Nr, chosen } = keyed;
    this.#earlier = [keyed, ...this.#earlier];
    this.#candidates = secrets.map((secret) => ({
      keyed: keyedWith(skeyseedOfRekeying(prf, keys.SK_d, secret, Ni, Nr), { Ni, Nr, SPIi, SPIr }, chosen, 'node'),
      secret,
    }));
    this.#told = false;
    return { ...NOTHING, keys: this.begins() };
  }

  #authenticates({ request, response }: AnsweredExchange): Derived {
    if (find(request.payloads, 'SA')) this.#offer = request;
    this.#identities.initiator ??= find(request.payloads, 'IDi');
    this.#identities.responder ??= find(response.payloads, 'IDr');
    if (findNotify(response.payloads, 'PPK_IDENTITY'))
      return this.#fault('a postquantum preshared key (RFC 8784) goes into what follows, and none came along');
    const authentications = (['initiator', 'responder'] as const).flatMap((by) =>
      this.#checked(by, by === 'initiator' ? request : response),
    );
    const { prf, keys, Ni, Nr } = this.#keyedNow;
    const agreement = this.#offer && agreementOf(this.#offer, response);
    const made = agreement
      ? this.#keyed(() => childKeys(agreement, prf, keys.SK_d, { Ni, Nr, sharedSecret: NO_SECRET }))
      : NOTHING;
    return { ...made, authentications };
  }

  #checked(by: 'initiator' | 'responder', { payloads }: OpenedMessage): readonly CheckedAuthentication[] {
    const { first, sharedKeys, SPIi } = this.#begun;
    const AUTH = find(payloads, 'AUTH');
    const identification = this.#identities[by];
    if (!first || !AUTH || !identification) return [];
    const intermediate = this.#intermediate
      ? intermediateOctets({ ...first, peerHashAlgorithms: [], intermediate: this.#intermediate }, ikev2Rules)
      : NO_SECRET;
    const said = { ...first, intermediate };
    const verdict = checkedAuthentication(by, AUTH, identification, said, this.#keyedNow, sharedKeys);
    return verdict === undefined ? [] : [{ initiatorSPI: hex(SPIi), by, verdict }];
  }

  #creates(exchange: AnsweredExchange): Derived {
    const { request, response } = exchange;
    const agreement = agreementOf(request, response);
    if (!agreement) return NOTHING;
    const secrets = this.#secretsIn(request.payloads, response.payloads) ?? [NO_SECRET];
    if (typeof secrets === 'string') return this.#fault(secrets);
    const awaited = { agreement, nonces: noncesOf(request, response), secrets, further: [] };
    return this.#completed(awaited, response);
  }

  #followsUp({ request, response }: AnsweredExchange): Derived {
    const link = linkIn(request.payloads);
    const awaited = link === undefined ? undefined : this.#awaited.get(link);
    if (link === undefined || !awaited) return NOTHING;
    this.#awaited.delete(link);
    const secrets = this.#secretsIn(request.payloads, response.payloads) ?? [];
    if (typeof secrets === 'string') return this.#fault(secrets);
    if (secrets.length !== 1) return this.#fault('a further secret could be one of several');
    return this.#completed({ ...awaited, further: [...awaited.further, secrets[0]!] }, response);
  }

  /** Makes what was agreed on, or waits for the exchanges of keys that are still to come. */
  #completed(awaited: Awaited, response: OpenedMessage): Derived {
    const { chosen } = awaited.agreement;
    if (awaited.further.length < (chosen.additional?.length ?? 0)) {
      const link = linkIn(response.payloads);
      if (this.#awaited.size >= MOST_REQUESTS) this.#awaited.delete([...this.#awaited.keys()][0]!);
      if (link !== undefined) this.#awaited.set(link, awaited);
      return NOTHING;
    }
    return chosen.protocolId === protocolIds.IKE ? this.#succeeded(awaited) : this.#childMade(awaited);
  }

  #childMade({ agreement, nonces, secrets, further }: Awaited): Derived {
    const { prf, keys } = this.#keyedNow;
    return this.#keyed(() =>
      secrets.flatMap((sharedSecret) =>
        childKeys(agreement, prf, keys.SK_d, { ...nonces, sharedSecret, furtherSecrets: further }),
      ),
    );
  }

  /** Section 2.18: SPIs and nonces are those of the exchange, the PRF of SKEYSEED is the old one. */
  #succeeded({ agreement: { chosen, spis }, nonces: { Ni, Nr }, secrets, further }: Awaited): Derived {
    const { prf, keys } = this.#keyedNow;
    const seed = { Ni, Nr, SPIi: spis.initiator, SPIr: spis.responder };
    return this.#keyed(
      () => [],
      () => {
        const candidates = secrets.map((secret) => ({
          keyed: keyedWith(skeyseedOfRekeying(prf, keys.SK_d, secret, Ni, Nr, further), seed, chosen, 'node'),
          secret,
        }));
        const { book, sharedKeys } = this.#begun;
        return [new DerivedIkeSa({ SPIi: seed.SPIi, SPIr: seed.SPIr, candidates, book, sharedKeys })];
      },
    );
  }

  /** What the reference has no transform for is said. */
  #keyed(keys: () => readonly StrangersKey[], successors: () => readonly DerivedIkeSa[] = () => []): Derived {
    try {
      const made = successors();
      return { ...NOTHING, keys: [...keys(), ...made.flatMap((each) => each.begins())], successors: made };
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      return this.#fault(thrown.message);
    }
  }

  /** Undefined where no keys are exchanged. */
  #secretsIn(request: readonly Payload[], response: readonly Payload[]): readonly Uint8Array[] | string | undefined {
    const [initiator, responder] = [find(request, 'KE'), find(response, 'KE')];
    if (!initiator || !responder) return undefined;
    if (initiator.group !== responder.group) return `KE of method ${initiator.group}, answered by ${responder.group}`;
    return this.#begun.book.secretsOf({
      group: initiator.group,
      initiator: initiator.keyExchangeData,
      responder: responder.keyExchangeData,
      initiatorSPI: hex(this.#begun.SPIi),
    });
  }

  #tell(): readonly StrangersKey[] {
    if (this.#told) return [];
    this.#told = true;
    return [this.#recordOf(this.#keyedNow)];
  }

  #recordOf({ keys, chosen: { encryption, integrity } }: Keyed): IkeKeyRecord {
    const { SK_ei, SK_er, SK_ai, SK_ar } = keys;
    return {
      kind: 'ikev2',
      initiatorSPI: hex(this.#begun.SPIi),
      responderSPI: hex(this.#begun.SPIr),
      SK_ei: hex(SK_ei),
      SK_er: hex(SK_er),
      SK_ai: hex(SK_ai),
      SK_ar: hex(SK_ar),
      encryption: encryption!,
      ...(integrity !== undefined && { integrity }),
    };
  }

  #fault(says: string): Derived {
    return { ...NOTHING, faults: [`IKE ${this.name}: ${says}`] };
  }
}

interface OpenedMessage extends Omit<HeardIke, 'octets'> {
  readonly payloads: readonly Payload[];
  readonly chain: { readonly innerNextPayload: number; readonly content: Uint8Array };
}

interface AnsweredExchange {
  readonly by: 'initiator' | 'responder';
  readonly request: OpenedMessage;
  readonly response: OpenedMessage;
}

interface Awaited {
  readonly agreement: Agreement;
  readonly nonces: { readonly Ni: Uint8Array; readonly Nr: Uint8Array };
  /** Each that g^ir may be; empty octets where none is exchanged. */
  readonly secrets: readonly Uint8Array[];
  readonly further: readonly Uint8Array[];
}

function agreementOf(request: OpenedMessage, response: OpenedMessage): Agreement | undefined {
  const { source, destination } = request.carrier;
  return agreementIn(request.payloads, response.payloads, { initiator: source, responder: destination });
}

function noncesOf(request: OpenedMessage, response: OpenedMessage): Awaited['nonces'] {
  const nonceIn = ({ payloads }: OpenedMessage) => find(payloads, 'Nonce')?.data ?? NO_SECRET;
  return { Ni: nonceIn(request), Nr: nonceIn(response) };
}

function linkIn(payloads: readonly Payload[]): string | undefined {
  const link = findNotify(payloads, 'ADDITIONAL_KEY_EXCHANGE')?.data;
  return link && hex(link);
}

const NO_SECRET = new Uint8Array();
const NO_PATH = { localAddress: '', localPort: 0, remoteAddress: '', remotePort: 0 };
/** Requests without an answer that are remembered: a window of messages is seldom wider. */
const MOST_REQUESTS = 64;
