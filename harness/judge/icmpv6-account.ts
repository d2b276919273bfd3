/**
 * What messages of ICMPv6 show after a named moment that no probe sent: by which routers, home agents and prefixes are found (RFC 4861 section 6, RFC 6275
 * sections 6.5 to 6.8), and errors (RFC 4443). Who has which address is `neighbor-account.ts`.
 */
import { type Icmpv6Message, type Icmpv6MessageOf, icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import type { Icmpv6Kind } from '../capture/transcript.ts';
import type { Conversations } from './conversations.ts';
import { packetEvidence } from './evidence-of.ts';
import { type Finding, finding } from './finding.ts';
import { type HeardMessage, heardMessage } from './heard-message.ts';
import type { Listening } from './listening.ts';
import type { Moments } from './moments.ts';
import type { FoundPacket } from './opened-frame.ts';
import { messageKey } from './probe.ts';
import { readable } from './readable.ts';

export type FoundIcmpv6<Kind extends Icmpv6Message['kind'] = Icmpv6Message['kind']> = HeardMessage<
  Icmpv6MessageOf<Kind>
>;

export class Icmpv6Account {
  readonly #conversations: Conversations;
  readonly #moments: Moments;
  readonly #listening: Listening;
  readonly #tested: string;

  constructor(conversations: Conversations, moments: Moments, listening: Listening, tested: string) {
    this.#conversations = conversations;
    this.#moments = moments;
    this.#listening = listening;
    this.#tested = tested;
  }

  /** The first message of a kind that a party sent after a moment, and before another one where that is named. */
  heard<Kind extends Icmpv6Kind>(
    kind: Kind,
    { by = this.#tested, after, before, where = () => true }: HeardIcmpv6<Kind> = {},
  ): FoundIcmpv6<Kind> | undefined {
    const start = this.#moments.placeOf(after);
    const end = before === undefined ? Infinity : (this.#moments.mark(before)?.place ?? Infinity);
    const fits = (found: FoundPacket) => readable(() => where(read(found))) === true;
    const found = this.#conversations.recognised(by, messageKey(kind), start, fits);
    return found && found.frame.entry.place < end ? read<Kind>(found) : undefined;
  }

  /** What was listened for at this moment. */
  heardAt(name: string): FoundIcmpv6 | undefined {
    const heard = this.#listening.heardAt(name);
    return heard?.found.packet.packet.protocol === protocols['IPv6-ICMP'] ? (heard as FoundIcmpv6) : undefined;
  }

  /** The same, for a judgement. */
  heardWas(name: string, says: (heard: FoundIcmpv6) => string = ({ message }) => message.kind): Finding | undefined {
    const heard = this.heardAt(name);
    return heard && this.shown(heard, `${name}: ${says(heard)}`);
  }

  /** That finding of a message, for a judgement. */
  shown(heard: Pick<FoundIcmpv6, 'found'> | undefined, says: string): Finding | undefined {
    return heard && finding(says, packetEvidence(heard.found, says));
  }
}

export interface HeardIcmpv6<Kind extends Icmpv6Kind> {
  readonly by?: string;
  readonly after?: string;
  readonly before?: string;
  readonly where?: (heard: FoundIcmpv6<Kind>) => boolean;
}

/** What is filed under the key of a kind is of that kind. Throws `MalformedOctets`. */
function read<Kind extends Icmpv6Kind>(found: FoundPacket): FoundIcmpv6<Kind> {
  return heardMessage(found, icmpv6Message.decode(found.packet.packet.payload).value as Icmpv6MessageOf<Kind>);
}
