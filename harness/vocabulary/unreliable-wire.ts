/**
 * What becomes of a frame on a wire that is cut, or that loses messages of IKE: so many of a hundred, drawn from the lab's seed, each sender's in an order of its own. Of one exchange two are lost at
 * most, a fragment counting for a message: what is asked is whether a side says it again (RFC 7296 2.1), and whoever says it three times is heard.
 */
import { hex } from '../../reference/wire/octets.ts';
import type { OpenedFrame } from '../judge/opened-frame.ts';
import { seededEnv } from '../lab/entropy.ts';

export type Condition = { readonly kind: 'whole' | 'cut' } | { readonly kind: 'lossy'; readonly percent: number };

export class UnreliableWire {
  condition: Condition = { kind: 'whole' };
  readonly #seed: number;
  readonly #draws = new Map<string, () => number>();
  /** How many messages of each exchange are lost. */
  readonly #lost = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Asked once for each frame; of what is in it only where it matters. */
  loses(from: string, opened: () => OpenedFrame | undefined): boolean {
    const { condition } = this;
    if (condition.kind !== 'lossy') return condition.kind === 'cut';
    const header = opened()?.ike?.message.header;
    if (!header) return false;
    const isUnlucky = this.#drawOf(from)() < condition.percent;
    const { initiatorSPI, messageId, flags } = header;
    // Each side counts its own requests (RFC 7296 2.2).
    const exchange = `${hex(initiatorSPI)} ${flags.initiator !== flags.response} ${messageId}`;
    const before = this.#lost.get(exchange) ?? 0;
    if (!isUnlucky || before >= MOST_OF_AN_EXCHANGE) return false;
    this.#lost.set(exchange, before + 1);
    return true;
  }

  /** Numbers from 0 up to 100. */
  #drawOf(sender: string): () => number {
    const known = this.#draws.get(sender);
    if (known) return known;
    const env = seededEnv(this.#seed, `wire of ${sender}`);
    const draw = (): number => {
      const [high = 0, low = 0] = env.octets('nonce', 2);
      return ((high * 256 + low) * 100) / 65_536;
    };
    this.#draws.set(sender, draw);
    return draw;
  }
}

const MOST_OF_AN_EXCHANGE = 2;
