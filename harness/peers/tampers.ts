/**
 * Tampers: named pure functions on octets. An offset below zero counts from the end. What an independent decoder says to one depends on
 * where it is applied: after sealing ESP the ICV is wrong (`reference/host/order-tampers.ts`); elsewhere a tamper that draws a complaint
 * names it.
 */
import type { OctetTamper } from '../lab/node.ts';

/** Other bits at one offset: those set in `mask` are inverted. */
export function flippedAt(offset: number, mask = 0x01): OctetTamper {
  return {
    name: `flippedAt(${offset}, 0x${mask.toString(16).padStart(2, '0')})`,
    apply: (octets) => octets.with(offset, octets.at(offset)! ^ mask),
  };
}

/** Another octet at one offset. `complaint` is what tshark says to it there, if anything. */
export function octetAt(offset: number, value: number, complaint?: string): OctetTamper {
  return {
    name: `octetAt(${offset}, ${value})`,
    ...(complaint !== undefined && { complaint }),
    apply: (octets) => octets.with(offset, value),
  };
}

/** A number of four octets (network byte order) at one offset is greater. */
function raisedAt(offset: number, by: number): OctetTamper {
  return {
    name: `raisedAt(${offset}, ${by})`,
    apply: (octets) => {
      const raised = octets.slice();
      const view = new DataView(raised.buffer);
      view.setUint32(offset, view.getUint32(offset) + by);
      return raised;
    },
  };
}

/** ESP on the wire, still sealed: its sequence number is greater, and its ICV (at the end) is another. `at` is where the ESP header begins. */
export function forgedAhead(at: number, by: number): OctetTamper {
  const tampers = [raisedAt(at + 4, by), flippedAt(-1)];
  return {
    complaint: 'ESP ICV is incorrect',
    name: tampers.map(({ name }) => name).join(', '),
    apply: (octets) => tampers.reduce((sofar, { apply }) => apply(sofar), octets),
  };
}

/** The last octets are missing. */
export function shortenedBy(count: number): OctetTamper {
  return { name: `shortenedBy(${count})`, apply: (octets) => octets.subarray(0, -count) };
}
