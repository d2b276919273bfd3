/**
 * Secrets that were recorded of exchanges of keys, found by the two public values of an exchange: a private value by what follows from it, g^ir by its method
 * alone, so that an ICV has to decide.
 */

import { keyExchangeMethod } from '../../../reference/transforms/key-exchange.ts';
import type { KeyExchangeMethod } from '../../../reference/transforms/key-exchange-method.ts';
import { equal, unhex } from '../../../reference/wire/octets.ts';
import type { RecordedKeyExchange } from '../../capture/keys/secrets-document.ts';
import { readable } from '../readable.ts';

/** The public values of one exchange, as KE payloads carry them. */
export interface PublicValues {
  readonly group: number;
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  /** Of the IKE SA, in lower-case hex. */
  readonly initiatorSPI: string;
}

export class SecretBook {
  readonly #recorded: readonly RecordedKeyExchange[];
  readonly #public = new Map<RecordedKeyExchange, Uint8Array | undefined>();

  readonly #used = new Set<RecordedKeyExchange>();
  /** The place behind the last that was used. */
  #next = 0;

  constructor(recorded: readonly RecordedKeyExchange[]) {
    this.#recorded = recorded;
  }

  /** A value of g^ir has opened something, and is no other exchange's. */
  used(secret: Uint8Array): void {
    const at = this.#recorded.findIndex((each) => 'sharedSecret' in each && equal(unhex(each.sharedSecret), secret));
    if (at < 0) return;
    this.#used.add(this.#recorded[at]!);
    this.#next = at + 1;
  }

  /**
   * One, where a private value fits; else each g^ir that might, those first which were recorded after the last that was used, because who records does so in the
   * order of the exchanges. Or why there is none.
   */
  secretsOf(values: PublicValues): readonly Uint8Array[] | string {
    const { group, initiatorSPI } = values;
    const method = keyExchangeMethod(group, 'node');
    if (!method) return `key exchange method ${group} is unknown here`;
    const ofGroup = this.#recorded.filter(
      (each) => each.group === group && (each.initiatorSPI ?? initiatorSPI) === initiatorSPI,
    );
    for (const each of ofGroup) {
      const secret = 'privateValue' in each ? readable(() => this.#secretBy(each, method, values)) : undefined;
      if (secret) return [secret];
    }
    const inTurn = [...this.#recorded.slice(this.#next), ...this.#recorded.slice(0, this.#next)];
    const shared = inTurn
      .filter((each) => ofGroup.includes(each) && !this.#used.has(each))
      .flatMap((each) => ('sharedSecret' in each ? [unhex(each.sharedSecret)] : []));
    if (shared.length > 0) return shared.slice(0, MOST_TRIED);
    return ofGroup.length > 0
      ? `no private value of method ${group} gives either public value of this exchange`
      : `nothing was recorded of method ${group}`;
  }

  #secretBy(
    recorded: Extract<RecordedKeyExchange, { readonly privateValue: string }>,
    method: KeyExchangeMethod,
    { initiator, responder }: PublicValues,
  ): Uint8Array | undefined {
    const privateValue = unhex(recorded.privateValue);
    if (!this.#public.has(recorded))
      this.#public.set(
        recorded,
        readable(() => method.publicValue(privateValue)),
      );
    const own = this.#public.get(recorded);
    if (own && equal(own, initiator)) return method.sharedSecret(privateValue, responder);
    if (!method.answer) return own && equal(own, responder) ? method.sharedSecret(privateValue, initiator) : undefined;
    const answer = method.answer(privateValue, initiator);
    return answer && equal(answer.publicValue, responder) ? answer.sharedSecret : undefined;
  }
}

/** Values of g^ir that are tried on one exchange. */
const MOST_TRIED = 32;
