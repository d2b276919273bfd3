/** What was listened for at a moment: the first message of its kind that a party sent, to whom and from where it was said. A wait and a judgement look it up alike. */
import { inPrefix, parsePrefix } from '../../reference/wire/address.ts';
import { type Icmpv6Message, icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { type MobilityMessage, mobilityMessage } from '../../reference/wire/mobility/message.ts';
import type { Conversations } from './conversations.ts';
import { type HeardMessage, heardMessage } from './heard-message.ts';
import type { Moments } from './moments.ts';
import type { FoundPacket } from './opened-frame.ts';
import { messageKey } from './probe.ts';
import { readable } from './readable.ts';

/** Of Mobile IPv6, or of ICMPv6. */
export type Heard = HeardMessage<MobilityMessage> | HeardMessage<Icmpv6Message>;

export class Listening {
  readonly #conversations: Conversations;
  readonly #moments: Moments;

  constructor(conversations: Conversations, moments: Moments) {
    this.#conversations = conversations;
    this.#moments = moments;
  }

  heardAt(name: string): Heard | undefined {
    const mark = this.#moments.mark(name);
    if (mark?.act.kind !== 'hears') return undefined;
    const { message, of, to, from, after } = mark.act;
    const comesFrom = from === undefined ? undefined : readable(() => parsePrefix(from));
    const fits = (found: FoundPacket): boolean => {
      const heard = readable(() => read(found));
      if (!heard || (to !== undefined && heard.ultimately !== to)) return false;
      return comesFrom === undefined || inPrefix(heard.source, comesFrom);
    };
    const start = after === undefined ? mark.place : this.#placeOf(after);
    const found = this.#conversations.recognised(of, messageKey(message), start, fits);
    return found && read(found);
  }

  /** Of a moment, or of the message that was heard at it; after the end where there was none. */
  #placeOf(name: string): number {
    const mark = this.#moments.mark(name);
    if (!mark) return Infinity;
    return mark.act.kind === 'hears' ? (this.heardAt(name)?.found.frame.entry.place ?? Infinity) : mark.place;
  }
}

/** Throws `MalformedOctets`. */
function read(found: FoundPacket): Heard {
  const { protocol, payload } = found.packet.packet;
  return protocol === protocols['Mobility Header']
    ? heardMessage(found, mobilityMessage.decode(payload).value)
    : heardMessage(found, icmpv6Message.decode(payload).value);
}
