/**
 * Two machines of IKEv2 on a wire that takes a millisecond and does with each datagram what `onTheWay` says, perhaps with a NAT before the left one. What the machines
 * install and say is kept, by whom. Time is virtual, and one seed gives the same octets every time.
 */
import { Ikev2, type Ikev2Options } from '../../../reference/ikev2/ikev2.ts';
import type { IkeEvent, IkeInput, NegotiatedSa, Path } from '../../../reference/ikev2/interface.ts';
import type { Instant } from '../../../reference/machine.ts';
import { PassingTime } from '../passing-time.ts';
import { addresses, otherOf, type People, type Side, sides } from './people.ts';

export interface Datagram {
  readonly from: Side;
  readonly path: Path;
  readonly octets: Uint8Array;
}

export class World {
  readonly machines: Readonly<Record<Side, Ikev2>>;
  /** By direction and SPI. */
  readonly installed: Readonly<Record<Side, Map<string, NegotiatedSa>>> = { left: new Map(), right: new Map() };
  /** Milliseconds that each copy of a datagram is late, with the octets it arrives with; as it is unless given. */
  onTheWay: (datagram: Datagram) => readonly { readonly octets: Uint8Array; readonly late: number }[] = asItIs;
  sent: (datagram: Datagram) => void = () => {};
  /** Is told of each SA before it is kept. */
  installs: (side: Side, sa: NegotiatedSa) => void = () => {};
  says: (side: Side, event: IkeEvent) => void = () => {};
  /** How often a NAT before the left one has forgotten what it knew; undefined: there is none. */
  nat: number | undefined;
  readonly #time: PassingTime<Datagram>;

  constructor(people: People, change: (side: Side) => Partial<Ikev2Options> = () => ({})) {
    const machine = (side: Side): Ikev2 => new Ikev2({ ...people[side], ...change(side) });
    this.machines = { left: machine('left'), right: machine('right') };
    const sleepers = sides.map((side) => ({
      deadline: () => this.machines[side].deadline(),
      wake: () => this.does(side, { kind: 'timeout' }),
    }));
    const arrives = ({ from, path, octets }: Datagram) => this.inject(otherOf(from), path, octets);
    this.#time = new PassingTime(sleepers, arrives, { atOnce: MOST_AT_ONCE, underWay: MOST_UNDER_WAY });
  }

  get now(): Instant {
    return this.#time.now;
  }

  does(side: Side, input: IkeInput): void {
    const effects = this.machines[side].step(this.now, input);
    if (effects.length > MOST_EFFECTS) throw new Error(`${side} does ${effects.length} things at once`);
    for (const effect of effects) {
      if (effect.kind === 'event') this.says(side, effect.event);
      if (effect.kind === 'install') {
        this.installs(side, effect.securityAssociation);
        this.installed[side].set(nameOf(effect.securityAssociation), effect.securityAssociation);
      }
      if (effect.kind === 'remove') this.installed[side].delete(nameOf(effect));
      if (effect.kind === 'send') this.#sends(side, effect.path, effect.octets);
    }
  }

  /** What somebody else sends to one of them, as if it came on this path. */
  inject(to: Side, path: Path, octets: Uint8Array): void {
    this.does(to, { kind: 'datagram', path, octets });
  }

  passes(milliseconds: number): void {
    this.#time.passes(milliseconds);
  }

  #sends(from: Side, path: Path, octets: Uint8Array): void {
    const datagram = { from, path, octets };
    this.sent(datagram);
    const arrives = this.#arrivesOn(from, path);
    if (!arrives) return;
    for (const copy of this.onTheWay(datagram))
      this.#time.comes({ from, path: arrives, octets: copy.octets }, LATENCY + copy.late);
  }

  /** As the other one sees it; nothing where the NAT knows nobody there any more. */
  #arrivesOn(from: Side, path: Path): Path | undefined {
    const { localAddress, localPort, remoteAddress, remotePort } = path;
    const seen = {
      localAddress: remoteAddress,
      localPort: remotePort,
      remoteAddress: localAddress,
      remotePort: localPort,
    };
    if (this.nat === undefined) return seen;
    const outside = (port: number) => 20_000 + 10 * this.nat! + (port === IKE ? 0 : 1);
    if (from === 'left') return { ...seen, remoteAddress: NAT, remotePort: outside(localPort) };
    const port = [IKE, IKE_BEHIND_NAT].find((own) => outside(own) === remotePort);
    return port === undefined ? undefined : { ...seen, localAddress: addresses.left, localPort: port };
  }
}

export const nameOf = ({ protocol, direction, spi }: Pick<NegotiatedSa, 'protocol' | 'direction' | 'spi'>): string =>
  `${protocol} ${direction} ${spi}`;

const asItIs = ({ octets }: Datagram) => [{ octets, late: 0 }];

const NAT = '203.0.113.1';
const IKE = 500;
const IKE_BEHIND_NAT = 4500;

/** Milliseconds. */
const LATENCY = 1;
/** Of one step: the fragments of a few requests, and the SAs and events of an IKE SA that ends with its children. */
const MOST_EFFECTS = 400;
const MOST_AT_ONCE = 2_000;
const MOST_UNDER_WAY = 5_000;
