/** Which addresses count: DUPONT 2.4. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { acquire } from './acquire.ts';
import { congestionMarks } from './congestion-marks.ts';
import { familyPairs } from './family-pairs.ts';
import { arrivingFragments, longPackets } from './fragments.ts';
import { headerFields } from './header-fields.ts';
import { hopLimit } from './hop-limit.ts';
import { icmpErrors } from './icmp-errors.ts';
import { ikeBypass } from './ike-bypass.ts';
import { innerSource } from './inner-source.ts';
import { otherDestination, sharedSpi, sharedSpiOfProtocols } from './lookup.ts';
import { outerSource } from './outer-source.ts';
import { replies } from './replies.ts';
import { translator } from './translator.ts';
import { transportSource } from './transport-source.ts';

export const outerAddress: Suite = {
  name: 'outer-address',
  title: 'Inner and outer addresses of security associations',
  says: 'Which addresses of a packet an SA depends on, inside and outside, and what becomes of it when an end moves.',
  scenarios: [
    innerSource,
    icmpErrors,
    outerSource,
    transportSource,
    replies,
    familyPairs,
    arrivingFragments,
    longPackets,
    headerFields,
    congestionMarks,
    hopLimit,
    otherDestination,
    sharedSpi,
    sharedSpiOfProtocols,
    ikeBypass,
    acquire,
    translator,
  ],
};
