/**
 * ESP as an observer sees it: what one station sent under one SPI, its packets in order, and between which outer addresses it went at what
 * time. A packet that a router passes on is a flow of the router's too.
 */
import type { Address } from '../../reference/wire/address.ts';
import type { FoundEspHeader } from './opened-frame.ts';
import { Timeline } from './timeline.ts';

export interface FlowConversation {
  readonly station: string;
  readonly spi: number;
  readonly packets: readonly FoundEspHeader[];
  /** In order; an SA whose end moved has several. */
  readonly paths: readonly FlowPath[];
}

export interface FlowPath {
  readonly source: Address;
  readonly destination: Address;
  /** In UDP (RFC 3948). */
  readonly encapsulated: boolean;
  /** Of the first frame that went so. */
  readonly since: number;
}

export class Flows {
  readonly #flows = new Map<string, OpenFlow>();

  add(found: FoundEspHeader): void {
    const { frame, header } = found;
    const name = nameOf(found);
    const known = this.#flows.get(name);
    const flow = known ?? { station: frame.entry.from, spi: header.spi, packets: new Timeline<FoundEspHeader>() };
    if (!known) this.#flows.set(name, flow);
    flow.packets.add(frame.entry.place, found);
  }

  remove(found: FoundEspHeader): void {
    this.#flows.get(nameOf(found))?.packets.remove(found.frame.entry.place);
  }

  all(): readonly FlowConversation[] {
    return [...this.#flows.values()].map(({ station, spi, packets }) => {
      const inOrder = packets.after(-1);
      return { station, spi, packets: inOrder, paths: pathsOf(inOrder) };
    });
  }
}

function pathsOf(packets: readonly FoundEspHeader[]): readonly FlowPath[] {
  const paths: FlowPath[] = [];
  for (const { frame, header } of packets) {
    const { carrier, encapsulated } = header;
    const { source, destination } = carrier;
    const last = paths.at(-1);
    if (last?.source === source && last.destination === destination && last.encapsulated === encapsulated) continue;
    paths.push({ source, destination, encapsulated, since: frame.entry.number });
  }
  return paths;
}

const nameOf = ({ frame, header }: FoundEspHeader): string => `${frame.entry.from} ${header.spi}`;

interface OpenFlow {
  readonly station: string;
  readonly spi: number;
  readonly packets: Timeline<FoundEspHeader>;
}
