/** For the tests of a mobile node's rules: each is a conversation that turns when its rule is broken. */
import { expect } from 'chai';
import { type Told, World } from './mobile-node.test-support.ts';
import type { MobilityRules } from './rules.ts';

export interface Conversation<Rules extends Partial<MobilityRules>> {
  readonly rule: keyof Rules;
  readonly story: string;
  readonly told?: Told;
  readonly broken: Partial<Rules>;
  readonly seen: (world: World) => unknown;
  readonly lawful: unknown;
}

/** Of every rule that has a section among these. */
export function itConverses<Rules extends Partial<MobilityRules>>(
  sections: Readonly<Record<keyof Rules, string>>,
  conversations: readonly Conversation<Rules>[],
): void {
  for (const { rule, story, told = {}, broken, seen, lawful } of conversations) {
    it(`${String(rule)}: ${story}`, () => {
      expect(seen(new World({}, told)), 'as the rule is').to.deep.equal(lawful);
      expect(seen(new World(broken, told)), 'with the rule broken').not.to.deep.equal(lawful);
    });
  }

  it('has a conversation for each of them', () => {
    const told = new Set<string>(conversations.map(({ rule }) => String(rule)));
    expect(Object.keys(sections).filter((rule) => !told.has(rule))).to.deep.equal([]);
  });
}
