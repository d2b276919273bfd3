/**
 * Two machines of IKEv2 on a wire that takes a millisecond and does with each datagram what `onTheWay` says, perhaps with a NAT before the left one. What the machines
 * install and say is kept, by whom. Time is virtual, and one seed gives the same octets every time.
 */
import { Ikev2, type Ikev2Options } from '../../../reference/ikev2/ikev2.ts';
import type { IkeEvent, IkeInput, NegotiatedSa, Path } from '../../../reference/ikev2/interface.ts';
import type { Instant } from '../../../reference/machine.ts';
import { addresses, otherOf, type People, type Side, sides } from './people.ts';

export interface Datagram {
  readonly from: Side;
  readonly path: Path;
  readonly octets: Uint8Array;
}

interface OnTheWay {
  readonly to: Side;
  readonly path: Path;
  readonly octets: Uint8Array;
  readonly at: Instant;
}

export class World {
  now: Instant = 0;
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
  #underWay: OnTheWay[] = [];
  #atOnce = 0;

  constructor(people: People, change: (side: Side) => Partial<Ikev2Options> = () => ({})) {
    const machine = (side: Side): Ikev2 => new Ikev2({ ...people[side], ...change(side) });
    this.machines = { left: machine('left'), right: machine('right') };
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

  /** Everything that is to happen in so many milliseconds. Throws where time stands still. */
  passes(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let next = this.#next(); next <= end; next = this.#next()) {
      this.#atOnce = next > this.now ? 0 : this.#atOnce + 1;
      if (this.#atOnce > MOST_AT_ONCE) throw new Error(`time stands still at ${this.now}`);
      this.now = Math.max(this.now, next);
      const due = this.#underWay.filter(({ at }) => at <= this.now);
      this.#underWay = this.#underWay.filter(({ at }) => at > this.now);
      for (const { to, path, octets } of due) this.does(to, { kind: 'datagram', path, octets });
      for (const side of sides) {
        const deadline = this.machines[side].deadline();
        if (deadline !== undefined && deadline <= this.now) this.does(side, { kind: 'timeout' });
      }
    }
    this.now = end;
  }

  #next(): Instant {
    const deadlines = sides.map((side) => this.machines[side].deadline() ?? Infinity);
    return Math.min(...deadlines, ...this.#underWay.map(({ at }) => at));
  }

  #sends(from: Side, path: Path, octets: Uint8Array): void {
    const datagram = { from, path, octets };
    this.sent(datagram);
    const arrives = this.#arrivesOn(from, path);
    if (!arrives) return;
    for (const copy of this.onTheWay(datagram)) {
      this.#underWay.push({
        to: otherOf(from),
        path: arrives,
        octets: copy.octets,
        at: this.now + LATENCY + copy.late,
      });
    }
    if (this.#underWay.length > MOST_UNDER_WAY)
      throw new Error(`${this.#underWay.length} datagrams are under way at ${this.now}`);
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
