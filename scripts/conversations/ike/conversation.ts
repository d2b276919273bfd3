/**
 * One conversation of IKEv2 among hostile people, from one number: the two do what they may do to each other, while the wire loses, spoils, repeats and reorders, somebody
 * forges, and in some one of the two bends what it seals. Nobody may throw, fall into a loop or have an SA that the other has not agreed on; and when they are left in peace they have the same,
 * lose it when they part, and find together anew.
 */
import type { Ikev2Options } from '../../../reference/ikev2/ikev2.ts';
import type { IkeCommand, IkeEvent, IkeKeys, NegotiatedSa, Path } from '../../../reference/ikev2/interface.ts';
import { hex } from '../../../reference/wire/octets.ts';
import { mulberry32 } from '../../mulberry32.ts';
import { Draw, spoilt } from '../draw.ts';
import { IkeForger } from './forgeries.ts';
import { addresses, otherOf, type People, peopleOf, type Side, sides } from './people.ts';
import { nameOf, World } from './world.ts';

export interface Conversed {
  /** What did not hold; absent: nothing. */
  readonly fault?: string;
  readonly world: World;
  /** Datagrams of the two, and of others. */
  readonly sent: number;
  readonly forged: number;
  /** Whether the two came together at all while they were disturbed. */
  readonly established: boolean;
}

/** `deeds`: how many things are done to them. */
export function converse(seed: number, deeds = DEEDS): Conversed {
  const draw = new Draw(mulberry32(seed));
  const people = peopleOf(draw, seed);
  const liar = draw.once(4) ? draw.of(sides) : undefined;
  const lies = new Lies(draw);
  const world = new World(people(), (side) => (side === liar ? { seams: lies.seams } : {}));
  if (draw.once(3)) world.nat = 0;
  const forger = new IkeForger(draw);
  const watch = new Watch(world, liar);
  const counts = { sent: 0, forged: 0 };
  world.sent = ({ octets }) => {
    counts.sent++;
    forger.hears(octets);
  };
  const done = (fault?: string) => ({
    ...(fault !== undefined && { fault }),
    world,
    ...counts,
    established: watch.hasAny,
  });
  try {
    const begins = !draw.once(4);
    if (begins) world.does('left', initiate);
    world.passes(2_000);
    if (begins && liar === undefined) watch.agree();
    const inPeace = begins && liar === undefined ? world.installed.left.size : undefined;
    for (let left = deeds; left > 0; left--) counts.forged += hostileDeed(world, forger, draw);
    lies.over = true;
    leftInPeace(world);
    if (liar === undefined) watch.agree();
    part(world);
    watch.nothingIsLeft();
    const had = inPeace ?? sasInPeace(people(), world.nat);
    findTogether(world, watch, had);
    return done();
  } catch (thrown) {
    return done((thrown as Error).stack);
  }
}

const initiate = { kind: 'command', command: { kind: 'initiate', connection: 'peer', child: 'net' } } as const;

/** Returns how many datagrams were forged. */
function hostileDeed(world: World, forger: IkeForger, draw: Draw): number {
  const side = draw.of(sides);
  const kind = draw.below(12);
  if (kind < 5) world.does(side, { kind: 'command', command: commandOf(draw) });
  else if (kind === 5) world.onTheWay = tampering(draw);
  else if (kind === 6) changes(world, draw, side);
  else if (kind < 9) {
    const count = draw.of([1, 3, 10]);
    for (let left = count; left > 0; left--) world.inject(side, pathTo(side, draw), forger.datagram());
    world.passes(draw.of([0, 1, 50]));
    return count;
  }
  world.passes(draw.of([0, 1, 1, 2, 5, 300, 4_000, 31_000]));
  return 0;
}

function commandOf(draw: Draw): IkeCommand {
  const child = draw.of(['net', 'net', 'tcp']);
  return draw.of<IkeCommand>([
    { kind: 'initiate', connection: 'peer', child },
    { kind: 'initiate', connection: 'peer', child },
    { kind: 'rekey-child', connection: 'peer', child },
    { kind: 'rekey-child', connection: 'peer', child },
    { kind: 'rekey-ike', connection: 'peer' },
    { kind: 'close-child', connection: 'peer', child, ...(draw.once(3) && { only: 'oldest' as const }) },
    { kind: 'liveness', connection: 'peer' },
    { kind: 'close', connection: 'peer' },
    { kind: 'suspend', connection: 'peer' },
  ]);
}

/** Something happens to one of them that is not IKE's own: an SA ends, a packet does not fit, an address or what a NAT knows is another. */
function changes(world: World, draw: Draw, side: Side): void {
  const inbound = [...world.installed[side].values()].filter(({ direction }) => direction === 'in');
  const sa = inbound.length > 0 ? draw.of(inbound) : undefined;
  const kind = draw.below(5);
  if (kind === 0 && sa) world.does(side, { kind: 'expired', spi: sa.spi });
  else if (kind === 1 && sa) world.does(side, { kind: 'selectors-not-met', spi: sa.spi, packet: draw.octets(60) });
  else if (kind === 2)
    world.does(side, {
      kind: 'address-changed',
      from: addresses[side],
      to: draw.of(['198.51.100.7', addresses[side]]),
    });
  else if (kind === 3 && world.nat !== undefined) world.nat++;
  else if (sa)
    world.does(side, {
      kind: 'esp-heard',
      spi: sa.spi,
      remoteAddress: '203.0.113.1',
      remotePort: 20_000 + draw.below(40),
    });
}

/** Mostly as the other one would send it. */
function pathTo(to: Side, draw: Draw): Path {
  const port = draw.of([500, 500, 4500]);
  const path = {
    localAddress: addresses[to],
    localPort: port,
    remoteAddress: addresses[otherOf(to)],
    remotePort: port,
  };
  return draw.once(4) ? { ...path, remoteAddress: '203.0.113.66', remotePort: draw.below(65_536) } : path;
}

/** A wire that is as bad as was drawn. */
function tampering(draw: Draw): World['onTheWay'] {
  const often = draw.of([2, 4, 10, 40]);
  return ({ octets }) => {
    if (!draw.once(often)) return [{ octets, late: 0 }];
    return draw.of([
      [],
      [{ octets: spoilt(draw, octets), late: 0 }],
      [{ octets, late: draw.of([2, 50, 600, 2_000]) }],
      [
        { octets, late: 0 },
        { octets, late: draw.of([0, 3, 10_000]) },
      ],
    ]);
  };
}

/** What was under way has come, who waited for an answer has it or has given up, and each has been asked whether it lives. */
function leftInPeace(world: World): void {
  world.onTheWay = ({ octets }) => [{ octets, late: 0 }];
  world.passes(100_000);
  for (const side of sides) {
    world.does(side, { kind: 'command', command: { kind: 'liveness', connection: 'peer' } });
    world.passes(30_000);
  }
}

/** Each closes what it has with the other, until it has nothing. */
function part(world: World): void {
  for (const side of sides) {
    for (let left = MOST_IKE_SAS; left > 0 && world.machines[side].summaries().length > 0; left--) {
      world.does(side, { kind: 'command', command: { kind: 'close', connection: 'peer' } });
      world.passes(40_000);
    }
  }
}

/** Where they, or two like them, came to an SA in peace, which made `had` SAs, they do again. */
function findTogether(world: World, watch: Watch, had: number): void {
  world.does('left', initiate);
  world.passes(20_000);
  watch.agree();
  const have = world.installed.left.size;
  if (had !== have) throw new Error(`in peace they had ${had} SAs, they have ${have}`);
}

/** How many SAs two who have drawn nothing yet come to, if nobody disturbs them. */
function sasInPeace(people: People, nat: number | undefined): number {
  const world = new World(people);
  const watch = new Watch(world, undefined);
  world.nat = nat === undefined ? undefined : 0;
  world.does('left', initiate);
  world.passes(20_000);
  watch.agree();
  return world.installed.left.size;
}

/** Bends what one of them seals, now and then. */
class Lies {
  over = false;
  readonly #draw: Draw;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  get seams(): NonNullable<Ikev2Options['seams']> {
    const bent = (octets: Uint8Array) => (this.over || !this.#draw.once(6) ? octets : spoilt(this.#draw, octets));
    return { plaintext: bent, datagram: bent };
  }
}

/** What must hold, whatever comes. */
class Watch {
  hasAny = false;
  readonly #world: World;
  readonly #liar: Side | undefined;
  /** By SPIs, as each has computed them. */
  readonly #ikeKeys: Readonly<Record<Side, Map<string, string>>> = { left: new Map(), right: new Map() };
  /** By name, what each has ever installed. */
  readonly #children: Readonly<Record<Side, Map<string, string>>> = { left: new Map(), right: new Map() };

  constructor(world: World, liar: Side | undefined) {
    this.#world = world;
    this.#liar = liar;
    world.says = (side, event) => this.#says(side, event);
    world.installs = (side, sa) => this.#installs(side, sa);
  }

  #says(side: Side, event: IkeEvent): void {
    if (event.kind === 'keys' && event.record.kind === 'ikev2')
      this.#ikeKeys[side].set(spisOf(event.record), keysOf(event.record));
    if (event.kind !== 'ike' || event.state !== 'established') return;
    this.hasAny = true;
    if (this.#liar !== undefined) return;
    const [own, others] = [side, otherOf(side)].map((who) => this.#ikeKeys[who as Side].get(spisOf(event)));
    if (own === undefined || own !== others)
      throw new Error(`${side} has an IKE SA ${spisOf(event)} that the other has not`);
  }

  /** Who answers installs first; whoever asked must then come to the same. */
  #installs(side: Side, sa: NegotiatedSa): void {
    const twin = nameOf({ ...sa, direction: sa.direction === 'in' ? 'out' : 'in' });
    const others = this.#children[otherOf(side)].get(twin);
    const own = childKeysOf(sa);
    this.#children[side].set(nameOf(sa), own);
    if (this.#liar === undefined && others !== undefined && others !== own)
      throw new Error(`${side} has other keys for ${nameOf(sa)}`);
  }

  /** Both have the same SAs, unless one has yet to find out that the other has lost an IKE SA. */
  agree(): void {
    const { machines, installed } = this.#world;
    const [left, right] = sides.map((side) =>
      machines[side]
        .summaries()
        .map(({ initiatorSPI, responderSPI }) => `${initiatorSPI} ${responderSPI}`)
        .sort()
        .join(),
    );
    if (left !== right) return;
    for (const side of sides) {
      for (const sa of installed[side].values()) {
        const twin = installed[otherOf(side)].get(nameOf({ ...sa, direction: sa.direction === 'in' ? 'out' : 'in' }));
        if (!twin || childKeysOf(twin) !== childKeysOf(sa)) throw new Error(`${side} alone has ${nameOf(sa)}`);
      }
    }
  }

  nothingIsLeft(): void {
    const { machines, installed } = this.#world;
    for (const side of sides) {
      const left = [
        ...machines[side].summaries().map(({ state, initiatorSPI }) => `${state} ${initiatorSPI}`),
        ...installed[side].keys(),
        ...(machines[side].deadline() === undefined ? [] : ['something to wait for']),
      ];
      if (left.length > 0) throw new Error(`${side} has parted and still has ${left.join(', ')}`);
    }
  }
}

const spisOf = ({ initiatorSPI, responderSPI }: Pick<IkeKeys, 'initiatorSPI' | 'responderSPI'>) =>
  `${initiatorSPI} ${responderSPI}`;

const keysOf = ({ SK_ei, SK_er, SK_ai, SK_ar }: IkeKeys): string => [SK_ei, SK_er, SK_ai, SK_ar].join(' ');

function childKeysOf(sa: NegotiatedSa): string {
  const encryption = sa.protocol === 'ESP' ? hex(sa.encryption.key) : '';
  return `${encryption} ${sa.integrity ? hex(sa.integrity.key) : ''}`;
}

const DEEDS = 14;
/** That a side may have with the other when it comes to parting: two from each request for one. */
const MOST_IKE_SAS = 40;
