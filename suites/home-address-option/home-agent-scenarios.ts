/** All that is asked of a home agent (RFC 6275 10), in the order of its sections. */
import type { Suite } from '../../harness/vocabulary/scenario.ts';
import { homeAcknowledgement, homeCareOfAddress, homeOthersAddress } from './home-care-of-address.ts';
import { homeDeregistration } from './home-deregistration.ts';
import { homeDetection } from './home-detection.ts';
import { homeDiscovery, homePrefixes } from './home-discovery.ts';
import { homeFlags } from './home-flags.ts';
import { homeLifetime, homeLifetimeOver } from './home-lifetime.ts';
import { homeMalformed } from './home-malformed.ts';
import { homeNeighbor } from './home-neighbor.ts';
import { homeRefusals } from './home-refusals.ts';
import { homeRegistration } from './home-registration.ts';
import { homeRoutability, homeRoutabilityInClear } from './home-routability.ts';
import { homeSequenceNumbers } from './home-sequence-numbers.ts';
import { homeLinkLocal, homeTunnelInside, homeTunnelSource } from './home-tunnel.ts';

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
  homeNeighbor,
  homeLinkLocal,
  homeTunnelSource,
  homeTunnelInside,
  homeRoutability,
  homeRoutabilityInClear,
  homeDiscovery,
  homePrefixes,
];
