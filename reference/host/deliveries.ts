/** What a node's sinks were given since it was configured, as its state tells it. How much that may be is bounded; what is beyond is not reported. */
import { beyond, type Discarded } from '../machine.ts';
import { hex } from '../wire/octets.ts';
import { hostBounds } from './bounds.ts';
import type { DeliveredProbe, HostEvent } from './interface.ts';

export class Deliveries {
  readonly #discarded: (refusal: Discarded) => void;
  readonly #probes: DeliveredProbe[] = [];
  #octets = 0;

  constructor(discarded: (refusal: Discarded) => void) {
    this.#discarded = discarded;
  }

  /** False where there is no room for it. */
  add({ kind: _kind, payload, ...probe }: Extract<HostEvent, { kind: 'delivered' }>): boolean {
    const full =
      this.#probes.length === hostBounds.deliveries
        ? 'deliveries'
        : this.#octets + payload.length > hostBounds.deliveredOctets && 'deliveredOctets';
    if (full) {
      this.#discarded(
        beyond(hostBounds, full, `what ${probe.source} sent to port ${probe.destinationPort} is not reported`),
      );
      return false;
    }
    this.#probes.push({ ...probe, payload: hex(payload) });
    this.#octets += payload.length;
    return true;
  }

  all(): readonly DeliveredProbe[] {
    return [...this.#probes];
  }
}
