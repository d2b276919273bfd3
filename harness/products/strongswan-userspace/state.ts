/** The SAs of libipsec, which are in no kernel: as `list-sas` of VICI has the children, each a pair. It tells no failures, and its window is one for all. */
import type { NodeState } from '../../lab/node.ts';
import { childrenOf, text } from '../strongswan/state.ts';
import type { ViciTree } from '../strongswan/vici-message.ts';

export function sadOf(sas: readonly ViciTree[]): NodeState['sad'] {
  return sas.flatMap((sa) =>
    childrenOf(sa)
      .filter((child) => text(child['spi-in']) !== '')
      .flatMap((child) => (['in', 'out'] as const).map((direction) => sadEntry(sa, child, direction))),
  );
}

function sadEntry(sa: ViciTree, child: ViciTree, direction: 'in' | 'out'): NodeState['sad'][number] {
  const [local, remote] = [text(sa['local-host']), text(sa['remote-host'])];
  const [source, destination] = direction === 'in' ? [remote, local] : [local, remote];
  return {
    spi: Number.parseInt(text(child[`spi-${direction}`]), 16),
    source,
    destination,
    mode: text(child.mode) === 'TUNNEL' ? 'tunnel' : 'transport',
    direction,
    packets: Number(text(child[`packets-${direction}`])),
    octets: Number(text(child[`bytes-${direction}`])),
    replayWindow: WINDOW,
    replayFailures: 0,
    integrityFailures: 0,
    child: `${text(sa.name)}/${text(child.name)}`,
  };
}

/** Packets that came under an SA and were not let in, for a policy that is not theirs; `letIn` is how many were. */
export function discardedOf({ sad }: Pick<NodeState, 'sad'>, letIn: number): NodeState['counters'] {
  const arrived = sad.filter(({ direction }) => direction === 'in').reduce((sum, { packets }) => sum + packets, 0);
  return { 'discarded:inboundPolicy': Math.max(0, arrived - letIn) };
}

/** Packets (ESP_DEFAULT_WINDOW_SIZE of libipsec). */
export const WINDOW = 128;
