/**
 * The conversations that an observer is in the middle of, each of them with what a judgement may ask of it. How many are followed at a time is bounded: the one that has
 * been silent for longest gives way, is told to whoever judges, and is forgotten.
 */
import { isMulticast } from '../../../reference/wire/address.ts';
import type { Observer, SeenIke, SeenPacket, SeenProtection } from '../sightings.ts';
import { Followed } from './followed.ts';
import { SaConversation } from './sa-conversation.ts';

/** By what a question is about. */
export interface ConversationOf {
  readonly sa: SaConversation;
}

export type ConversationKind = keyof ConversationOf;

/** A conversation of which no more will be seen, or no more remembered. */
export type Ended = {
  readonly [Kind in ConversationKind]: { readonly kind: Kind; readonly of: ConversationOf[Kind] };
}[ConversationKind];

export class ObservedConversations implements Observer {
  readonly #sas: Followed<SaConversation>;
  /** The first name of the SA that a key is of: one whose end moved is the same. */
  readonly #nameOfKey = new WeakMap<object, string>();

  constructor(ended: (ended: Ended) => void) {
    this.#sas = new Followed(MOST_SAS, (of) => ended({ kind: 'sa', of }));
  }

  /** For people: what had to be given up to make room for others. */
  remarks(): readonly string[] {
    const kinds = [
      [
        this.#sas.givenWay,
        `SAs were judged before their end, to make room for others: ${MOST_SAS} are followed at a time`,
      ],
    ] as const;
    return kinds.flatMap(([times, says]) => (times > 0 ? [`${times} ${says}`] : []));
  }

  packet(_seen: SeenPacket): void {}

  protection(seen: SeenProtection): void {
    const key = seen.opened?.key;
    const known = key && this.#nameOfKey.get(key);
    const name = known ?? nameOf(seen);
    if (key && known === undefined) this.#nameOfKey.set(key, name);
    let sa = this.#sas.at(name);
    if (!sa) {
      sa = new SaConversation(seen);
      this.#sas.follow(name, sa);
    }
    sa.add(seen);
  }

  ike(_seen: SeenIke): void {}

  /** Nothing will come any more. */
  end(): void {
    this.#sas.end();
  }
}

/** To a group several may send under one SPI, each counting for itself (RFC 4303 3.4.3). */
function nameOf({ protocol, spi, source, destination }: SeenProtection): string {
  const isGroup = isMulticast(destination);
  return isGroup ? `${protocol} ${spi} ${destination} ${source}` : `${protocol} ${spi} ${destination}`;
}

/** The SAs of a large gateway, at some ten thousand octets each. */
const MOST_SAS = 4_096;
