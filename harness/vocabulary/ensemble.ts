/** Who plays a scenario, where, and how long each is waited for. */
import type { PolicyIntent, Transcript } from '../capture/transcript.ts';
import type { Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import type { TestingNode } from '../peers/testing-node.ts';

/** Who plays, where, and what they were told. */
export interface Ensemble {
  readonly lab: Lab;
  readonly intent: PolicyIntent;
  readonly players: Readonly<Record<string, Player>>;
  readonly scenario: Pick<Transcript, 'scenario' | 'variant' | 'dimensions' | 'cast'>;
}

export type Player =
  /** `plug` puts it into another link. */
  | { readonly part: 'tested'; readonly node: NodeUnderTest; readonly plug: (link: string) => void }
  | { readonly part: 'tester' | 'stranger'; readonly node: TestingNode };

/** Whether anybody knows the keys of what is negotiated without being told. */
export const hasTester = ({ players }: Pick<Ensemble, 'players'>): boolean =>
  Object.values(players).some(({ part }) => part === 'tester');

/**
 * Lab milliseconds that a wait for an expected answer may take: far above every round trip seen, far below a person's patience. A home agent answers a
 * registration when it has tested the addresses, a second or more later (RFC 4862 5.4).
 */
export const patience = { packet: 1_500, registration: 4_000, ike: 10_000, settle: 500 } as const;
