/** Home addresses in headers, bindings, and the SAs that go with them: DUPONT 2.2 to 2.6. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { acknowledgements } from './acknowledgements.ts';
import { deletions } from './deletions.ts';
import { bindingEnds, bindingIsRenewed } from './end-of-binding.ts';
import { homeRegistrations } from './home-registrations.ts';
import { lifetimes } from './lifetimes.ts';
import { messageHeaders } from './message-headers.ts';
import { careOfMoves } from './moves.ts';
import { nonces } from './nonces.ts';
import { optionUnderAh, optionUnderEsp } from './option-under-ipsec.ts';
import { registration } from './registration.ts';
import { sequenceNumbers } from './sequence-numbers.ts';
import { updateFields } from './update-fields.ts';

export const homeAddressOption: Suite = {
  name: 'home-address-option',
  title: 'Home address option, binding updates, and IPsec that moves',
  scenarios: [
    optionUnderEsp,
    optionUnderAh,
    registration,
    messageHeaders,
    updateFields,
    nonces,
    acknowledgements,
    sequenceNumbers,
    homeRegistrations,
    deletions,
    careOfMoves,
    lifetimes,
    bindingEnds,
    bindingIsRenewed,
  ],
};
