/**
 * Every decision of Mobile IPv6 that an implementer could get wrong, as a value, each with its section (RFC 6275 unless another is named); what the
 * roles decide stands beside them. A machine is given these rules and decides nothing in passing; a mutant replaces one member.
 */
import {
  type CorrespondentRegistrationRules,
  correspondentRegistrationRules,
  correspondentRegistrationSections,
} from './correspondent-registration-rules.ts';
import { type CorrespondentRules, correspondentRules, correspondentSections } from './correspondent-rules.ts';
import { type DiscoveryRules, discoveryRules, discoverySections } from './discovery-rules.ts';
import { type HeaderRules, headerRules, headerSections } from './header-rules.ts';
import { type HomeAgentRules, homeAgentRules, homeAgentSections } from './home-agent-rules.ts';
import { type HomeAgentsListRules, homeAgentsListRules, homeAgentsListSections } from './home-agents-list-rules.ts';
import { type HomePrefixesRules, homePrefixesRules, homePrefixesSections } from './home-prefixes-rules.ts';
import { type InterceptionRules, interceptionRules, interceptionSections } from './interception-rules.ts';
import { type MessageRules, messageRules, messageSections } from './message-rules.ts';
import { type MobileNodeRules, mobileNodeRules, mobileNodeSections } from './mobile-node-rules.ts';
import { type MovementRules, movementRules, movementSections } from './movement-rules.ts';
import { type TunnelRules, tunnelRules, tunnelSections } from './tunnel-rules.ts';

export type MobilityRules = HeaderRules &
  MessageRules &
  CorrespondentRules &
  HomeAgentRules &
  InterceptionRules &
  HomeAgentsListRules &
  HomePrefixesRules &
  MobileNodeRules &
  MovementRules &
  CorrespondentRegistrationRules &
  DiscoveryRules &
  TunnelRules;

export const mobilityRules: MobilityRules = {
  ...headerRules,
  ...messageRules,
  ...correspondentRules,
  ...homeAgentRules,
  ...interceptionRules,
  ...homeAgentsListRules,
  ...homePrefixesRules,
  ...mobileNodeRules,
  ...movementRules,
  ...correspondentRegistrationRules,
  ...discoveryRules,
  ...tunnelRules,
};

/** Where each rule is written. */
export const mobilitySections = {
  ...headerSections,
  ...messageSections,
  ...correspondentSections,
  ...homeAgentSections,
  ...interceptionSections,
  ...homeAgentsListSections,
  ...homePrefixesSections,
  ...mobileNodeSections,
  ...movementSections,
  ...correspondentRegistrationSections,
  ...discoverySections,
  ...tunnelSections,
} as const satisfies Record<keyof MobilityRules, string>;
