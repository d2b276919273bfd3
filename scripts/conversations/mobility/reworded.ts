/**
 * A message of Mobile IPv6 that was on a link, with a field or two that say something else: a number near the one that was there or at the end of its range, a
 * flag turned, options in another order, twice or gone. The rest of it is right, so that it gets past the first looks.
 */
import { MalformedOctets } from '../../../reference/wire/dissection.ts';
import type { Ipv6Packet } from '../../../reference/wire/ip/ipv6.ts';
import { pseudoHeaderEndpoints } from '../../../reference/wire/ip/packet.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { encodeMobility, type MobilityMessage, mobilityMessage } from '../../../reference/wire/mobility/message.ts';
import type { MobilityOption } from '../../../reference/wire/mobility/options.ts';
import type { Draw } from '../draw.ts';

/** Undefined for a packet that carries no such message in clear. */
export function reworded(draw: Draw, packet: Ipv6Packet): Ipv6Packet | undefined {
  if (packet.protocol !== protocols['Mobility Header']) return undefined;
  try {
    const {
      checksum: _old,
      headerLength: _length,
      ...message
    } = mobilityMessage.decode(packet.payload).value as MobilityMessage & Readonly<Record<string, unknown>>;
    const changed = Object.fromEntries(
      Object.entries(message).map(([name, value]) => [name, draw.once(3) ? another(draw, name, value) : value]),
    ) as unknown as MobilityMessage;
    return { ...packet, payload: encodeMobility(changed, pseudoHeaderEndpoints(packet)) };
  } catch (thrown) {
    if (thrown instanceof MalformedOctets || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function another(draw: Draw, name: string, value: unknown): unknown {
  if (name === 'options') return rearranged(draw, value as readonly MobilityOption[]);
  if (typeof value === 'boolean') return !value;
  if (value instanceof Uint8Array) return draw.octets(value.length);
  const isField = typeof value === 'number' && !fixed.has(name);
  return isField
    ? draw.of([0, 1, Math.max(0, value - 1), value + 1, value ^ 0x80, 0x7f, 0xff].map((n) => n & 0xff))
    : value;
}

function rearranged(draw: Draw, options: readonly MobilityOption[]): readonly MobilityOption[] {
  if (options.length === 0) return options;
  return draw.of([options.toReversed(), [...options, ...options], options.slice(1), [draw.of(options), ...options]]);
}

/** What a message is known by. */
const fixed: ReadonlySet<string> = new Set(['mhType', 'payloadProtocol']);
