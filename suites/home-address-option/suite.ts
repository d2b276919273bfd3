/** Home addresses in headers, bindings, and the SAs that go with them: DUPONT 2.2 to 2.6. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { acknowledgements } from './acknowledgements.ts';
import { homeRegistration } from './home-registration.ts';
import { leavingHome } from './leaving-home.ts';
import { optionUnderAh, optionUnderEsp } from './option-under-ipsec.ts';

export const homeAddressOption: Suite = {
  name: 'home-address-option',
  title: 'Home address option, binding updates, and IPsec that moves',
  scenarios: [homeRegistration, leavingHome, acknowledgements, optionUnderEsp, optionUnderAh],
};
