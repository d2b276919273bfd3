/** For the tests of a mobile node's rules: each is a conversation that turns when its rule is broken. */
import { type Told, World } from './mobile-node.test-support.ts';
import { itTurns, type RuleConversation } from './rule-conversations.test-support.ts';
import type { MobilityRules } from './rules.ts';

export type Conversation<Rules extends Partial<MobilityRules>> = RuleConversation<Rules, World, Told>;

/** Of every rule that has a section among these. */
export function itConverses<Rules extends Partial<MobilityRules>>(
  sections: Readonly<Record<keyof Rules, string>>,
  conversations: readonly Conversation<Rules>[],
): void {
  itTurns(sections, conversations, (broken, told = {}) => new World(broken, told));
}
