/**
 * What is done to two who speak IKEv2, one thing after the other: they are told to do something, the wire gets worse, something of theirs changes, somebody forges. How often each
 * is done, and how much time passes then, is the manner of a conversation.
 */
import type { IkeCommand, Path } from '../../../reference/ikev2/interface.ts';
import { type Draw, spoilt } from '../draw.ts';
import type { IkeForger } from './forgeries.ts';
import { addresses, otherOf, type Side, sides } from './people.ts';
import type { World } from './world.ts';

export interface Manner {
  /** How many things are done. */
  readonly length: number;
  /** What may be done next, each as likely as another. */
  readonly deeds: readonly ('command' | 'wire' | 'change' | 'forgery' | 'nothing')[];
  /** Milliseconds that may pass then, each as likely as another. */
  readonly pauses: readonly number[];
  /** Nobody is told to close or to suspend an IKE SA, but to rekey it. */
  readonly isOnlyRekeyed: boolean;
  /** Further keys are exchanged by most, and not by some. */
  readonly isMostlyOfSeveralKeys: boolean;
}

/** A bit of everything. */
export const hostile: Manner = {
  length: 14,
  deeds: [
    ...(['command', 'command', 'command', 'command', 'command', 'wire', 'change', 'forgery', 'forgery'] as const),
    ...(['nothing', 'nothing', 'nothing'] as const),
  ],
  pauses: [0, 1, 1, 2, 5, 300, 4_000, 31_000],
  isOnlyRekeyed: false,
  isMostlyOfSeveralKeys: false,
};

/** Each asks before it has heard what the other asks, most of the time: what crosses is what RFC 7296 sections 2.8 and 2.25 are about. */
export const crossing: Manner = {
  length: 30,
  deeds: [
    ...(['command', 'command', 'command', 'command', 'command', 'command', 'command', 'command'] as const),
    ...(['command', 'wire', 'change', 'nothing'] as const),
  ],
  pauses: [0, 0, 1, 1, 1, 2, 2, 3, 5, 300, 700, 4_000],
  isOnlyRekeyed: true,
  isMostlyOfSeveralKeys: true,
};

/** Returns how many datagrams were forged. */
export function deed(world: World, forger: IkeForger, draw: Draw, manner: Manner): number {
  const side = draw.of(sides);
  const kind = draw.of(manner.deeds);
  if (kind === 'command') world.does(side, { kind: 'command', command: commandOf(draw, manner) });
  else if (kind === 'wire') world.onTheWay = tampering(draw);
  else if (kind === 'change') changes(world, draw, side);
  else if (kind === 'forgery') {
    const count = draw.of([1, 3, 10]);
    for (let left = count; left > 0; left--) world.inject(side, pathTo(side, draw), forger.datagram());
    world.passes(draw.of([0, 1, 50]));
    return count;
  }
  world.passes(draw.of(manner.pauses));
  return 0;
}

function commandOf(draw: Draw, { isOnlyRekeyed }: Manner): IkeCommand {
  const child = draw.of(['net', 'net', 'tcp']);
  return draw.of<IkeCommand>([
    { kind: 'initiate', connection: 'peer', child },
    { kind: 'initiate', connection: 'peer', child },
    { kind: 'rekey-child', connection: 'peer', child },
    { kind: 'rekey-child', connection: 'peer', child },
    { kind: 'rekey-ike', connection: 'peer' },
    { kind: 'close-child', connection: 'peer', child, ...(draw.once(3) && { only: 'oldest' as const }) },
    { kind: 'liveness', connection: 'peer' },
    { kind: isOnlyRekeyed ? 'rekey-ike' : 'close', connection: 'peer' },
    { kind: isOnlyRekeyed ? 'rekey-ike' : 'suspend', connection: 'peer' },
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
