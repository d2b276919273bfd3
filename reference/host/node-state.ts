/** The SAD and SPD of a node in the form that every product is asked for. */
import type { Sad } from '../ipsec/sad.ts';
import type { Spd } from '../ipsec/spd.ts';
import { selectorText } from '../ipsec/traffic-selector.ts';
import type { ManualSa } from './configuration.ts';
import type { NodeState } from './interface.ts';

/** SAs that are not among `manual` are children's, and carry their names. */
export function sadState(sad: Sad, manual: readonly ManualSa[]): NodeState['sad'] {
  const byHand = new Set(manual.map(({ name }) => name));
  return sad.entries.map((entry) => ({
    spi: entry.sa.spi,
    source: entry.source,
    destination: entry.destination,
    mode: entry.sa.mode,
    direction: entry.sa.direction,
    packets: entry.packets,
    octets: entry.octets,
    replayWindow: entry.sa.replayWindow,
    replayFailures: entry.replayFailures,
    integrityFailures: entry.integrityFailures,
    ...(!byHand.has(entry.sa.name) && { child: entry.sa.name }),
  }));
}

/** Priority is the place in the order: the lower one decides. */
export function spdState(spd: Spd): NodeState['spd'] {
  return spd.entries.map(({ direction, selectors, action }, priority) => ({
    direction,
    selector: `${selectors.local.map(selectorText).join(', ')} === ${selectors.remote.map(selectorText).join(', ')}`,
    action: typeof action === 'object' ? action.kind : action,
    priority,
  }));
}
