/** Datagrams of somebody who wishes two IKE peers ill and has no keys of theirs: what was on the wire, as it was, spoilt, or with another header; payloads put together anew; octets. */

import { MalformedOctets } from '../../../reference/wire/dissection.ts';
import { type IkeMessage, ikeMessage } from '../../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../../reference/wire/ike/notify-types.ts';
import { type Draw, spoilt } from '../draw.ts';

export class IkeForger {
  readonly #draw: Draw;
  /** The youngest last. */
  readonly #heard: Uint8Array[] = [];

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** Remembers what it heard. */
  hears(octets: Uint8Array): void {
    if (this.#heard.push(octets) > REMEMBERED) this.#heard.shift();
  }

  datagram(): Uint8Array {
    const draw = this.#draw;
    const again = this.#heard.length === 0 ? draw.octets(draw.below(200)) : draw.of(this.#heard);
    switch (draw.below(8)) {
      case 0:
        return draw.octets(draw.below(200));
      case 1:
        return again;
      case 2:
      case 3:
        return spoilt(draw, again);
      case 4:
      case 5:
        return this.#withAnotherHeader(again);
      default:
        return this.#putTogether(again);
    }
  }

  /** Of what is sealed the rest stays as it is, and is then no more what its ICV is over. */
  #withAnotherHeader(octets: Uint8Array): Uint8Array {
    if (octets.length < HEADER) return octets;
    const draw = this.#draw;
    const changed = octets.slice();
    const [at, length] = draw.of(headerFields);
    if (draw.once(3)) changed.set(draw.octets(length), at);
    else changed[at + length - 1] = changed[at + length - 1]! + draw.of([1, -1, 2, 32, 8]);
    return changed;
  }

  /** The payloads of two messages in one, with a notification perhaps, in clear. */
  #putTogether(octets: Uint8Array): Uint8Array {
    const draw = this.#draw;
    const [one, other] = [read(octets), read(this.#heard.length === 0 ? octets : draw.of(this.#heard))];
    if (!one || !other) return spoilt(draw, octets);
    const inClear = [...one.payloads, ...other.payloads].filter(({ type }) => type !== 'SK' && type !== 'SKF');
    const kept = inClear.filter(() => !draw.once(3)).toSorted(() => draw.below(3) - 1);
    const told = draw.once(2) ? [this.#notification()] : [];
    const {
      length: _length,
      nextPayload: _next,
      ...header
    } = draw.once(2) ? one.header : { ...one.header, flags: other.header.flags };
    return ikeMessage.encode({ header, payloads: [...told, ...kept] });
  }

  #notification(): IkeMessage['payloads'][number] {
    const draw = this.#draw;
    const notifyType = draw.once(4) ? draw.below(65_536) : draw.of(Object.values(notifyTypes));
    const spi = draw.octets(draw.of([0, 0, 4, 8]));
    return { type: 'N', protocolId: draw.below(4), spi, notifyType, data: draw.octets(draw.of([0, 2, 4, 20, 64])) };
  }
}

function read(octets: Uint8Array): IkeMessage | undefined {
  try {
    return ikeMessage.decode(octets).value;
  } catch (thrown) {
    if (thrown instanceof MalformedOctets) return undefined;
    throw thrown;
  }
}

/** Where each field of the header begins and how many octets it has (RFC 7296 section 3.1). */
const headerFields = [
  [0, 8],
  [8, 8],
  [16, 1],
  [17, 1],
  [18, 1],
  [19, 1],
  [20, 4],
  [24, 4],
] as const;
const HEADER = 28;

const REMEMBERED = 64;
