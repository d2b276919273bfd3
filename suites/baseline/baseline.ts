/** What IPsec is taken to be: MCDANIEL, AURA 3. Without it no other suite means anything. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { replayOff } from './replay-off.ts';
import { replayWindow } from './replay-window.ts';

export const baseline: Suite = {
  name: 'baseline',
  title: 'The behaviour every other suite builds on',
  scenarios: [replayWindow, replayOff],
};
