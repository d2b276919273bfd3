/**
 * A conversation of two nodes that a broken rule turns: played once between honest nodes and once with the rule replaced in the nut. The
 * titles, `rule NAME: story`, are what ties a rule to the test that breaks it.
 */
import { expect } from 'chai';
import { type IpsecRules, ipsecRules } from './rules.ts';
import { outcome, type Setting, TwoNodes } from './two-nodes.test-support.ts';

/** What is played, what it comes to between honest nodes, and what it comes to with the broken rule. */
interface ConversationAbout<Name extends keyof IpsecRules> {
  readonly rule: Name;
  readonly story: string;
  readonly broken: IpsecRules[Name];
  readonly setting?: Setting;
  play(nodes: TwoNodes): unknown;
  readonly lawful: unknown;
  readonly turned: unknown;
}

export type Conversation = { [Name in keyof IpsecRules]: ConversationAbout<Name> }[keyof IpsecRules];

export function describeRules(title: string, conversations: readonly Conversation[]): void {
  describe(title, () => {
    for (const { rule, story, broken, setting, play, lawful, turned } of conversations) {
      it(`rule ${rule}: ${story}`, () => {
        expect(play(new TwoNodes(setting)), 'lawful').to.deep.equal(lawful);
        const rules = { ...ipsecRules, [rule]: broken };
        expect(play(new TwoNodes({ ...setting, rules })), 'broken').to.deep.equal(turned);
      });
    }
  });
}

/** The packet with which the nut answers, whole. */
export function sentBy(nodes: TwoNodes, header = {}): Uint8Array {
  const sent = nodes.nut.outbound(0, nodes.answer({ header }));
  if (sent.kind !== 'protected') throw new Error(outcome(sent));
  return sent.packet;
}
