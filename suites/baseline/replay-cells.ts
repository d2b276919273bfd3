/**
 * The cells of MCDANIEL-REPLAY: what has passed before, which number the stimulus bears, and what RFC 4303 3.4.3 makes of it. R is the
 * top of the window, w its size. With extended numbers (Appendix A2) only the lower half is on the wire, and a window may lie across a
 * carry.
 */
import { espMutants, ipsecMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import type { Turn } from '../../harness/vocabulary/question.ts';

export interface Window {
  readonly size: number;
  readonly extended?: boolean;
  /** The number both sides stand at before the first packet. */
  readonly from?: bigint;
}

export const windows: Readonly<Record<string, Window>> = {
  '32': { size: 32 },
  '64': { size: 64 },
  '128': { size: 128 },
  '1024': { size: 1024 },
  'esn-64': { size: 64, extended: true },
  'esn-64-carry': { size: 64, extended: true, from: 2n ** 32n - 200n },
};

export interface Cell {
  readonly first: bigint;
  /** Accepted in this order before the stimulus. */
  readonly past: readonly bigint[];
  /** Sent with a wrong ICV just before the stimulus. */
  readonly forged?: bigint;
  readonly stimulus: bigint;
  /** The pair of the stimulus, where it is not the one of all others. */
  readonly on?: string;
  /** Above everything that came before. */
  readonly newer: bigint;
  readonly outcome: 'accepted' | 'dropped';
}

type Drawn = Omit<Cell, 'first' | 'newer'>;

interface Numbers {
  readonly first: bigint;
  readonly R: bigint;
  readonly w: bigint;
}

const drawn = {
  duplicate: ({ first }) => ({ past: [], stimulus: first, outcome: 'dropped' }),
  'duplicate-of-top': ({ R }) => ({ past: [R], stimulus: R, outcome: 'dropped' }),
  jump: ({ R }) => ({ past: [], stimulus: R, outcome: 'accepted' }),
  edge: ({ R, w }) => ({ past: [R], stimulus: R - w + 1n, outcome: 'accepted' }),
  'below-edge': ({ R, w }) => ({ past: [R], stimulus: R - w, outcome: 'dropped' }),
  'duplicate-of-edge': ({ R, w }) => ({ past: [R, R - w + 1n], stimulus: R - w + 1n, outcome: 'dropped' }),
  'after-forgery': ({ R, w }) => ({ past: [R], forged: R + 2n * w, stimulus: R + 1n, outcome: 'accepted' }),
  'huge-jump': ({ R }) => ({ past: [R], stimulus: R + huge, outcome: 'accepted' }),
  'after-huge-jump': ({ R }) => ({ past: [R, R + huge], stimulus: R + 1n, outcome: 'dropped' }),
  'other-sa': ({ first, R }) => ({ past: [R], stimulus: first, on: 'other', outcome: 'accepted' }),
  zero: () => ({ past: [], stimulus: 0n, outcome: 'dropped' }),
} as const satisfies Record<string, (numbers: Numbers) => Drawn>;

type CellName = keyof typeof drawn;
export const cellNames = Object.keys(drawn) as CellName[];

/** A point of the scenario's dimensions. */
type At = Readonly<Record<string, string>>;

/** Extended numbers have no zero: 0 on the wire is a carry then. */
/** Under AH two windows stand for all, for it is the same procedure. */
export function cellExists({ window, cell, protection }: At): boolean {
  if (protection === 'ah' && window !== '64' && window !== 'esn-64-carry') return false;
  return !(windows[window!]!.extended && cell === 'zero');
}

export function cellOf({ window, cell }: At): Cell {
  const { size, from = 0n } = windows[window!]!;
  const numbers = { first: from + 1n, R: from === 0n ? 5_000n : 2n ** 32n + 10n, w: BigInt(size) };
  const each: Drawn = drawn[cell as CellName](numbers);
  const numbersSeen = [numbers.first, ...each.past, each.forged ?? 0n, each.on ? 0n : each.stimulus];
  const newer = numbersSeen.reduce((highest, number) => (number > highest ? number : highest)) + 1n;
  return { ...each, first: numbers.first, newer };
}

/**
 * A negotiated counter begins at 0, and a receiver takes no step of half its range or more for a step ahead (RFC 4303 A2.2): it climbs
 * to where the window is to lie.
 */
export function climbOf({ window, keying }: At): readonly bigint[] {
  const { from } = windows[window!]!;
  return from === undefined || keying === 'manual' ? [] : [1n, 2n ** 31n, from];
}

/** The broken twins that turn a cell, always to its other outcome. */
export function cellTurns({ window, cell, keying }: At): readonly Turn<Cell['outcome']>[] {
  const turned = cellOf({ window: window!, cell: cell! }).outcome === 'accepted' ? 'dropped' : 'accepted';
  const { hasNoReplayWindow, acceptsDuplicates } = ipsecMutants;
  const old = windows[window!]!.extended ? [espMutants.ignoresIcv] : [hasNoReplayWindow];
  const carried = window === 'esn-64-carry' ? [espMutants.keepsUpperHalf] : [];
  const turns = {
    duplicate: [acceptsDuplicates, hasNoReplayWindow],
    'duplicate-of-top': [acceptsDuplicates, hasNoReplayWindow],
    // Who refuses jumps does not even climb to where this one begins.
    jump: climbOf({ window: window!, keying: keying! }).length > 0 ? carried : [espMutants.refusesJumps, ...carried],
    edge: [espMutants.windowIsShortByOne, espMutants.takesOnlyNewer],
    'below-edge': old,
    'duplicate-of-edge': [acceptsDuplicates, hasNoReplayWindow],
    'after-forgery': [espMutants.movesWindowBeforeIntegrity],
    'huge-jump': [espMutants.comparesSigned],
    'after-huge-jump': old,
    'other-sa': [espMutants.sharesOneWindow],
    zero: [espMutants.takesNumberZero, hasNoReplayWindow],
  } satisfies Record<CellName, NodeMutant[]>;
  return turns[cell as CellName].map((mutant) => [mutant, turned]);
}

/** Far above any window, and beyond half of 32 bits. */
const huge = 2n ** 31n + 100n;
