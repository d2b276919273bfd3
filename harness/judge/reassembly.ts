/**
 * Puts fragmented packets together (RFC 791 3.2, RFC 8200 4.5), as whoever listens to one sender on one link would, with the reference's
 * own reassembly: pieces wait sixty seconds for the rest, so that an identification may come again later.
 */
import { Reassembly } from '../../reference/host/fragments.ts';
import { hostRules } from '../../reference/host/rules.ts';
import type { Instant } from '../../reference/machine.ts';
import type { IpPacket } from '../../reference/wire/ip/packet.ts';

/** The pieces of one stream of frames, which must come in the order they were sent. */
export class StreamReassembly {
  readonly #layers = new Map<string, Reassembly>();

  /** The whole that this piece completes. `layer` keeps apart what came on the wire and what came out of each SA. */
  take(time: Instant, layer: string, piece: IpPacket): IpPacket | undefined {
    const reassembly = this.#layers.get(layer) ?? new Reassembly(listening, nobody);
    this.#layers.set(layer, reassembly);
    reassembly.expire(time);
    return reassembly.take(time, piece);
  }
}

/** Who only listens takes also what no receiver should, and answers nothing. */
const listening = { ...hostRules, firstPieceAcceptable: () => true };
const nobody = { discarded: () => {}, report: () => {} };
