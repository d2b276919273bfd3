/**
 * What the two hold when they have spoken: each is asked for its SAs, until they are as many as were agreed on and the same on both sides, or its time is over. What one sends under
 * the other receives under (RFC 7296 2.9 and 1.3), and both name the same IKE SA.
 */
import { type Account, both, type Finding } from '../../harness/vocabulary/judging.ts';
import type { twoProducts } from '../../harness/vocabulary/meeting.ts';
import type { NodeState, Stage } from '../../harness/vocabulary/stage.ts';

export type Both = Stage<typeof twoProducts>;

type Reports = NonNullable<Parameters<Stage['nut']['reports']>[1]>;
export type Until = NonNullable<Reports['until']>;

/** Both report what they hold in the round of this name, when each has come to rest and the second holds what the first does. */
export async function report(stage: Both, name = '', settled: Until = hasPairs(1)): Promise<void> {
  await reportEach(stage, name, settled, (state, t) => {
    const other = t.state(heldBy('nut', name));
    return settled(state, t) && other !== undefined && areSame(other.state, state);
  });
}

/** The same of two that need hold nothing in common. */
export async function reportEach({ nut, peer }: Both, name: string, nuts: Until, peers: Until = nuts): Promise<void> {
  await nut.reports(heldBy('nut', name), { until: nuts, within: PATIENCE });
  await peer.reports(heldBy('peer', name), { until: peers, within: PATIENCE });
}

/** So many pairs of SAs under one IKE SA. */
export function hasPairs(count: number): Until {
  return ({ sad, ikeSas }) => sad.length === 2 * count && inUse(ikeSas).length === 1;
}

/**
 * Those that stand: not what somebody has begun, and not what is being closed. Who does not hear that its Delete was taken says it again, until it gives up (RFC 7296 2.1), and uses the IKE SA for nothing else
 * meanwhile.
 */
export const inUse = (ikeSas: NodeState['ikeSas']): NodeState['ikeSas'] =>
  ikeSas.filter(({ state }) => state === 'established' || state === 'rekeying');

export const hasNothing = ({ sad, ikeSas }: Pick<NodeState, 'sad' | 'ikeSas'>): boolean =>
  sad.length + ikeSas.length === 0;

/** Both hold the same, or they do not. */
export function sameSas(t: Account, name = ''): { readonly same?: Finding; readonly differ?: Finding } {
  const [nut, peer] = [heldBy('nut', name), heldBy('peer', name)];
  const [one, other] = [t.state(nut)?.state, t.state(peer)?.state];
  if (!one || !other) return {};
  const same = areSame(one, other);
  const says = same ? 'both hold the same SAs' : `they hold ${spisOf(one)}, and ${spisOf(other)}`;
  const found = both(
    t.reported(nut, 'sad', says, () => true),
    t.reported(peer, 'sad', says, () => true),
  )!;
  return same ? { same: found } : { differ: found };
}

export const heldBy = (party: 'nut' | 'peer', name = ''): string => [name, party, 'holds'].filter(Boolean).join(' ');

function areSame(one: NodeState, other: NodeState): boolean {
  return (
    one.sad.length > 0 &&
    spis(one, 'out') === spis(other, 'in') &&
    spis(one, 'in') === spis(other, 'out') &&
    inUse(one.ikeSas).length === inUse(other.ikeSas).length &&
    (!tellsIkeSpis(one) || !tellsIkeSpis(other) || ikeSpis(one) === ikeSpis(other))
  );
}

/** Not every product says which IKE SAs it has; what is not said contradicts nothing. */
export const tellsIkeSpis = ({ ikeSas }: Pick<NodeState, 'ikeSas'>): boolean =>
  inUse(ikeSas).every(({ initiatorSPI }) => initiatorSPI !== '');

const spis = ({ sad }: NodeState, way: 'in' | 'out'): string =>
  sad
    .filter(({ direction }) => direction === way)
    .map(({ spi }) => hexOf(spi))
    .sort()
    .join(' ');

const ikeSpis = ({ ikeSas }: NodeState): string =>
  inUse(ikeSas)
    .map(({ initiatorSPI, responderSPI }) => `${initiatorSPI}/${responderSPI}`)
    .sort()
    .join(' ');

const spisOf = (state: NodeState): string =>
  `in ${spis(state, 'in') || 'none'} out ${spis(state, 'out') || 'none'} under ${ikeSpis(state) || 'no IKE SA'}`;

const hexOf = (spi: number): string => spi.toString(16).padStart(8, '0');

/** Lab milliseconds: what was agreed on is replaced and closed in far less. */
const PATIENCE = 5_000;
