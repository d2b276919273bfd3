/** Home addresses in headers, bindings, and the SAs that go with them: DUPONT 2.2 to 2.6. A folder for each role, and one for the headers. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { correspondentNodeScenarios } from './correspondent-node/scenarios.ts';
import { homeAddressScenarios } from './home-address/scenarios.ts';
import { homeAgentScenarios } from './home-agent/scenarios.ts';
import { mobileNodeScenarios } from './mobile-node/scenarios.ts';

export const homeAddressOption: Suite = {
  name: 'home-address-option',
  title: 'Home address option, binding updates, and IPsec that moves',
  says: 'Home addresses in headers, bindings, and the SAs that go with them, of correspondent node, home agent and mobile node.',
  scenarios: [...homeAddressScenarios, ...correspondentNodeScenarios, ...homeAgentScenarios, ...mobileNodeScenarios],
};
