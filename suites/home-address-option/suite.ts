/** Home addresses in headers, bindings, and the SAs that go with them: DUPONT 2.2 to 2.6. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { homeDeregistration } from './home-deregistration.ts';
import { homeDetection } from './home-detection.ts';
import { homeMalformed } from './home-malformed.ts';
import { homeNeighbor } from './home-neighbor.ts';
import { homeRefusals } from './home-refusals.ts';
import { homeRegistration } from './home-registration.ts';
import { homeRoutability, homeRoutabilityInClear } from './home-routability.ts';
import { homeSequenceNumbers } from './home-sequence-numbers.ts';
import { homeLinkLocal, homeTunnelInside, homeTunnelSource } from './home-tunnel.ts';
import { optionUnderAh, optionUnderEsp } from './option-under-ipsec.ts';

export const homeAddressOption: Suite = {
  name: 'home-address-option',
  title: 'Home address option, binding updates, and IPsec that moves',
  scenarios: [
    homeRegistration,
    homeSequenceNumbers,
    homeMalformed,
    homeRefusals,
    homeDetection,
    homeDeregistration,
    homeNeighbor,
    homeTunnelSource,
    homeTunnelInside,
    homeLinkLocal,
    homeRoutability,
    homeRoutabilityInClear,
    optionUnderEsp,
    optionUnderAh,
  ],
};
