/**
 * The generic payload header, RFC 7296 section 3.2, and how a payload is declared: the header, then parts that fill
 * Payload Length. Next Payload is completed by `payload-chain.ts`, which knows the successor.
 *
 *     | Next Payload  |C|  RESERVED   |         Payload Length        |
 */
import { bits, optionalFlag, reservedBits } from '../bit-fields.ts';
import { computed, constant, u8, u16 } from '../fields.ts';
import { within } from '../groups.ts';
import { type Merged, type Part, structure } from '../kernel.ts';
import { payloadTypes } from './registry.ts';

/** Declares a payload that is tagged with `type` and holds `parts`. */
export function payload<const C extends string, const P extends readonly Part<never>[]>(
  type: C,
  label: string,
  parts: P,
  summary?: (value: Merged<P>) => string,
) {
  return structure(
    type,
    label,
    [constant('type', type), ...genericHeader, ...inPayloadLength(parts)],
    summary as never,
  );
}

const genericHeaderLength = 4;

const genericHeader = [
  computed(u8('nextPayload', 'Next Payload', { registry: payloadTypes }), () => payloadTypes.NONE),
  bits('criticalAndReserved', 'Critical, Reserved', 1, [
    optionalFlag('critical', 'Critical'),
    reservedBits('reservedBits', 7),
  ]),
  computed(u16('payloadLength', 'Payload Length'), (_, whole) => whole.length),
] as const;

function inPayloadLength<const P extends readonly Part<never>[]>(parts: P) {
  const length = ({ payloadLength }: { payloadLength: number }) => payloadLength - genericHeaderLength;
  return [within('payload', length, parts)] as const;
}
