/**
 * What a testing node says in a message of IKE in the place of what it would say: a change of the message itself, before AUTH and ICV cover it, or of its
 * octets as they leave. Which message is meant is said by its exchange and by how many IKE SAs there were before, so that conversations around it are honest.
 */
import type { ExchangeName, IkeSeams, MessageContext } from '../../reference/ikev2/interface.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { hex } from '../../reference/wire/octets.ts';
import type { NodeSeams } from './testing-node.ts';

/** Of which messages. */
export interface Meant {
  readonly exchange: ExchangeName;
  readonly kind: 'request' | 'response';
  /** Counted from 1, in the order in which this side speaks of them; absent: in every one. */
  readonly ikeSa?: number;
  /** Only so many of them, and never again; absent: all. */
  readonly times?: number;
}

/** It tells something else. `change` is asked each time, and told how often it was before. */
export function tells(
  name: string,
  meant: Meant,
  change: (message: IkeMessage, before: number) => IkeMessage,
  complaint?: string,
): NodeSeams {
  const isMeant = counting(meant);
  let told = 0;
  return {
    ikev2: {
      message(message, context) {
        if (!isMeant(message.header.initiatorSPI, context) || told >= (meant.times ?? Number.POSITIVE_INFINITY))
          return message;
        context.note({ name, ...(complaint !== undefined && { complaint }) });
        return change(message, told++);
      },
    },
  };
}

/** The first time that it sends such a message its octets are others, and what it sends again is as it should be. */
export function garblesFirst(
  name: string,
  meant: Meant,
  change: (octets: Uint8Array) => Uint8Array,
  complaint?: string,
): NodeSeams {
  const isMeant = counting(meant);
  const note = { name, ...(complaint !== undefined && { complaint }) };
  const sends: IkeSeams['sends'] = (datagrams, context, sendings) =>
    datagrams.map((each) =>
      isMeant(each.octets.subarray(0, SPI_OCTETS), context) && sendings === 0
        ? { octets: change(each.octets), tampers: [...each.tampers, note] }
        : each,
    );
  return { ikev2: { sends } };
}

/** Tells one IKE SA from the next by the SPI of its initiator. */
function counting({ exchange, kind, ikeSa }: Meant): (initiatorSPI: Uint8Array, context: MessageContext) => boolean {
  const seen = new Set<string>();
  return (initiatorSPI, context) => {
    const spi = hex(initiatorSPI);
    seen.add(spi);
    const isCounted = ikeSa === undefined || [...seen].indexOf(spi) === ikeSa - 1;
    return isCounted && context.exchange === exchange && context.kind === kind;
  };
}

const SPI_OCTETS = 8;
