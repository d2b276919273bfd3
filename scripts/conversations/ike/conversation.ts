/**
 * One conversation of IKEv2 among hostile people, from one number: the two do what they may do to each other, while the wire loses, spoils, repeats and reorders, somebody
 * forges, and in some one of the two bends what it seals. Nobody may throw, fall into a loop or have an SA that the other has not agreed on; and when they are left in peace they have the same,
 * lose it when they part, and find together anew.
 */
import type { Ikev2Options } from '../../../reference/ikev2/ikev2.ts';
import type { IkeEvent, IkeKeys, NegotiatedSa } from '../../../reference/ikev2/interface.ts';
import { hex } from '../../../reference/wire/octets.ts';
import { mulberry32 } from '../../mulberry32.ts';
import { Draw, spoilt } from '../draw.ts';
import { deed, hostile, type Manner } from './deeds.ts';
import { IkeForger } from './forgeries.ts';
import { otherOf, type People, peopleOf, type Side, sides } from './people.ts';
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

export function converse(seed: number, manner: Manner = hostile): Conversed {
  const draw = new Draw(mulberry32(seed));
  const people = peopleOf(draw, seed, manner.isMostlyOfSeveralKeys);
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
    for (let left = manner.length; left > 0; left--) counts.forged += deed(world, forger, draw, manner);
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

/** That a side may have with the other when it comes to parting: two from each request for one. */
const MOST_IKE_SAS = 40;
