/** Any two products, in every order: agreeing, speaking, parting. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { authenticating } from './authenticating.ts';
import { enciphering } from './enciphering.ts';
import { largeMessages } from './large-messages.ts';
import { meetings } from './meeting.ts';
import { modes } from './modes.ts';
import { offering } from './offering.ts';
import { parting } from './parting.ts';

export const interop: Suite = {
  name: 'interop',
  title: 'Two products and what they agree on',
  says: 'Any two products, in every order: agreeing, speaking, parting.',
  scenarios: [meetings, authenticating, enciphering, modes, offering, largeMessages, parting],
};
