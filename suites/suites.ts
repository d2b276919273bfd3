/** All suites, in the order they run. */
import type { Suite } from '../harness/vocabulary/scenario.ts';
import { baseline } from './baseline/suite.ts';
import { field } from './field/suite.ts';
import { homeAddressOption } from './home-address-option/suite.ts';
import { identity } from './identity/suite.ts';
import { ikev2 } from './ikev2/suite.ts';
import { interop } from './interop/suite.ts';
import { outerAddress } from './outer-address/suite.ts';

export const suites: readonly Suite[] = [baseline, outerAddress, identity, homeAddressOption, ikev2, field, interop];
