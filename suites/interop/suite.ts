/** Any two products, in every order: agreeing, speaking, parting. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { authenticating } from './authenticating.ts';
import { colliding } from './colliding.ts';
import { enciphering } from './enciphering.ts';
import { ending, giving } from './ending.ts';
import { flooding } from './flooding.ts';
import { largeMessages } from './large-messages.ts';
import { living } from './living.ts';
import { losing } from './losing.ts';
import { meetings } from './meeting.ts';
import { modes } from './modes.ts';
import { multiplying } from './multiplying.ts';
import { offering } from './offering.ts';
import { parting } from './parting.ts';
import { replacing } from './replacing.ts';
import { translating } from './translating.ts';

export const interop: Suite = {
  name: 'interop',
  title: 'Two products and what they agree on',
  says: 'Any two products, in every order: agreeing in every way that there is, speaking, replacing and losing what was agreed on, parting.',
  scenarios: [
    meetings,
    authenticating,
    enciphering,
    modes,
    offering,
    largeMessages,
    translating,
    flooding,
    multiplying,
    replacing,
    colliding,
    ending,
    living,
    giving,
    losing,
    parting,
  ],
};
