/**
 * IKE messages that came in fragments (RFC 7383 2.6), as whoever listens to one sender on one link puts them together. Each fragment was opened before
 * it comes here, so a forged one is none; a message that is sent again is put together again.
 */
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import type { PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { concat, hex } from '../../reference/wire/octets.ts';

/** What SK would hold. */
export interface Chain {
  readonly firstPayload: number;
  readonly octets: Uint8Array;
}

export class IkeFragments {
  readonly #sets = new Map<string, FragmentSet>();

  /** What this fragment completes. */
  take({ header }: IkeMessage, fragment: PayloadOf<'SKF'>, content: Uint8Array): Chain | undefined {
    const { initiatorSPI, responderSPI, exchangeType, messageId, flags } = header;
    const name = [hex(initiatorSPI), hex(responderSPI), exchangeType, messageId, flags.response].join(' ');
    const { fragmentNumber, totalFragments, innerNextPayload } = fragment;
    if (fragmentNumber === 0 || fragmentNumber > totalFragments) return undefined;
    const known = this.#sets.get(name);
    if (known && known.total > totalFragments) return undefined;
    const set =
      known?.total === totalFragments ? known : { total: totalFragments, contents: new Map(), firstPayload: 0 };
    if (!known && this.#sets.size >= MOST_SETS) this.#sets.delete(this.#sets.keys().next().value!);
    this.#sets.set(name, set);
    if (!set.contents.has(fragmentNumber)) set.contents.set(fragmentNumber, content);
    if (fragmentNumber === 1) set.firstPayload = innerNextPayload;
    if (set.contents.size < totalFragments) return undefined;
    this.#sets.delete(name);
    const inOrder = [...set.contents].sort(([one], [other]) => one - other).map(([, octets]) => octets);
    return { firstPayload: set.firstPayload, octets: concat(...inOrder) };
  }
}

/** Messages that wait for the rest of their fragments; the oldest gives way. A window of messages for each of a hundred IKE SAs at once. */
const MOST_SETS = 1_000;

interface FragmentSet {
  readonly total: number;
  readonly contents: Map<number, Uint8Array>;
  firstPayload: number;
}
