/** For the tests of rules: each has a conversation with a node, a `Subject`, that turns when the rule is broken in it. */
import { expect } from 'chai';
import type { MobilityRules } from './rules.ts';

export interface RuleConversation<Rules extends Partial<MobilityRules>, Subject, Told = never> {
  readonly rule: keyof Rules;
  readonly story: string;
  readonly told?: Told;
  readonly broken: Partial<Rules>;
  readonly seen: (subject: Subject) => unknown;
  readonly lawful: unknown;
}

/** Of every rule that has a section among these. A subject is made for each time that it is played. */
export function itTurns<Rules extends Partial<MobilityRules>, Subject, Told>(
  sections: Readonly<Record<keyof Rules, string>>,
  conversations: readonly RuleConversation<Rules, Subject, Told>[],
  subject: (broken: Partial<Rules>, told?: Told) => Subject,
): void {
  for (const { rule, story, told, broken, seen, lawful } of conversations) {
    it(`${String(rule)}: ${story}`, () => {
      expect(seen(subject({}, told)), 'as the rule is').to.deep.equal(lawful);
      expect(seen(subject(broken, told)), 'with the rule broken').not.to.deep.equal(lawful);
    });
  }

  it('has a conversation for each of them', () => {
    const told = new Set<string>(conversations.map(({ rule }) => String(rule)));
    expect(Object.keys(sections).filter((rule) => !told.has(rule))).to.deep.equal([]);
  });
}
