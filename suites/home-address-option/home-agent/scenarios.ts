/** All that is asked of a home agent (RFC 6275 10), in the order of its sections. */
import type { Suite } from '../../../harness/vocabulary/scenario.ts';
import { homeAcknowledgement, homeCareOfAddress, homeOthersAddress } from './care-of-address.ts';
import { homeDeregistration } from './deregistration.ts';
import { homeDetection } from './detection.ts';
import { homeDiscovery, homePrefixes } from './discovery.ts';
import { homeFlags } from './flags.ts';
import { homeHandover } from './handover.ts';
import { homeAgentsList, homeAgentsTooMany } from './home-agents-list.ts';
import { anothersName, keysForRegistration } from './keys-for-registration.ts';
import { keysThatMove } from './keys-that-move.ts';
import { homeLifetime, homeLifetimeOver } from './lifetime.ts';
import { homeMalformed } from './malformed.ts';
import { homeNeighbor } from './neighbor.ts';
import { homePrefixesChanged, homePrefixesOfOthers } from './prefix-changes.ts';
import { homePrefixesOver, homePrefixesRepeated } from './prefix-repetitions.ts';
import { homePrefixesInClear } from './prefixes-in-clear.ts';
import { homeRefusals } from './refusals.ts';
import { homeRegistration } from './registration.ts';
import { homeRoutability, homeRoutabilityInClear } from './routability.ts';
import { homeSequenceNumbers } from './sequence-numbers.ts';
import { homeLinkLocal, homeTunnelInside, homeTunnelSource } from './tunnel.ts';
import { homeTunnelErrors, homeTunnelSize } from './tunnel-errors.ts';

import { homeWithdrawal } from './withdrawal.ts';
export const homeAgentScenarios: Suite['scenarios'] = [
  homeMalformed,
  homeSequenceNumbers,
  homeRegistration,
  homeRefusals,
  homeDetection,
  homeLifetime,
  homeLifetimeOver,
  homeFlags,
  homeCareOfAddress,
  homeOthersAddress,
  homeAcknowledgement,
  homeDeregistration,
  homeWithdrawal,
  homeNeighbor,
  homeLinkLocal,
  homeTunnelSource,
  homeTunnelInside,
  homeHandover,
  homeTunnelErrors,
  homeTunnelSize,
  homeRoutability,
  homeRoutabilityInClear,
  homeDiscovery,
  homeAgentsList,
  homeAgentsTooMany,
  homePrefixes,
  homePrefixesInClear,
  homePrefixesOfOthers,
  homePrefixesChanged,
  homePrefixesRepeated,
  homePrefixesOver,
  keysForRegistration,
  anothersName,
  keysThatMove,
];
