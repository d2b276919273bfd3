import { expect } from 'chai';
import type { Account } from '../judge/account.ts';
import type { Control, Judgement } from '../judge/finding.ts';
import { fail, observed, pass, type Question, reads } from '../vocabulary/question.ts';
import type { PlannedCase } from './plan.ts';
import { documentReadingOf, judge, unsupportedVerdict } from './verdict.ts';

const evidence = [{ kind: 'frame', frame: 3, says: 'seen' }] as const;
const finding = { says: 'seen', evidence, as: (outcome: string) => ({ outcome, says: 'seen', evidence }) };
const held: Control = { name: 'before', code: 'I-PRE', finding };
const broken: Control = { name: 'after', code: 'I-POST', finding: undefined };
const lived = { ended: () => undefined } as unknown as Account;
const said = 'charon ended: signal 11, after frame 3';
const died = {
  ended: () => ({ ...finding, says: said, as: (outcome: string) => ({ outcome, says: said, evidence }) }),
} as unknown as Account;
const dropped: Judgement = { outcome: 'dropped', says: 'no answer', evidence: [] };

describe('a verdict', () => {
  it('reads one outcome by each document, and the level decides between fail and warn', () => {
    const { outcome, readings, controls } = judge(asked(dropped, [held]), lived);
    expect(outcome).to.equal('dropped');
    expect(readings.map(({ document, reading, why }) => [document, reading, why])).to.deep.equal([
      ['MUST', 'fail', 'no answer'],
      ['SHOULD', 'warn', 'no answer'],
      ['MUST NOT', 'pass', 'no answer'],
      ['obs', 'observed', 'is lost'],
    ]);
    expect(readings.map(({ addressee }) => addressee)).to.deep.equal([
      'receiver',
      'sender',
      'implementation',
      'administrator',
    ]);
    expect(controls).to.deep.equal([{ name: 'before', held: true, evidence }]);
  });

  it('is inconclusive by the code of the first control that did not hold, whatever was judged', () => {
    const { outcome, readings, controls } = judge(asked(dropped, [held, broken]), lived);
    expect(outcome).to.equal('inconclusive');
    expect(new Set(readings.map(({ reading, why }) => `${reading} ${why}`))).to.deep.equal(
      new Set(['inconclusive I-POST: control not held: after']),
    );
    expect(controls.map((each) => each.held)).to.deep.equal([true, false]);
  });

  it('is inconclusive where nothing answers the question', () => {
    expect(judge(asked(undefined, []), lived).readings[0]!.why).to.match(/^I-TIME: /);
  });

  it('of a product whose program ended is what every document reads as unmet that demands anything', () => {
    for (const controls of [[held], [held, broken]]) {
      const { outcome, readings, ...rest } = judge(asked(undefined, controls), died);
      expect(outcome).to.equal('died');
      expect(readings.map(({ document, reading, why }) => [document, reading, why])).to.deep.equal([
        ['MUST', 'fail', said],
        ['SHOULD', 'warn', said],
        ['MUST NOT', 'fail', said],
        ['obs', 'observed', said],
      ]);
      expect(rest.evidence).to.deep.equal(evidence);
    }
  });

  it('is inconclusive where the program ended before anything was asked', () => {
    const { readings } = judge(asked(dropped, [{ ...broken, code: 'I-PRE' }]), died);
    expect(readings[0]!.why).to.equal(`I-PRE: control not held: after; ${said}`);
  });

  it('of an outcome that was not declared is a fault of the harness', () => {
    expect(() => judge(asked({ ...dropped, outcome: 'lost' }, []), lived)).to.throw(/"lost" is not among the outcomes/);
  });

  it('of what a product cannot be configured for gives its reason in every reading', () => {
    const { outcome, readings } = unsupportedVerdict(asked(dropped, []), 'no tunnels');
    expect(outcome).to.equal('unsupported');
    for (const each of readings) expect(each).to.include({ reading: 'unsupported', why: 'no tunnels' });
    expect(
      readings.map(({ document, section, level, addressee }) => [document, section, level, addressee]),
    ).to.deep.equal(documents.map(({ document, section, level, addressee }) => [document, section, level, addressee]));
  });

  it('is known for each outcome before anything ran', () => {
    expect(documentReadingOf(documents[0]!, 'delivered')).to.equal('pass');
    expect(documentReadingOf(documents[1]!, 'dropped')).to.equal('warn');
  });
});

const documents = [
  reads({ id: 'MUST' }, '1', 'MUST', 'receiver', { delivered: pass, dropped: fail }),
  reads({ id: 'SHOULD' }, '2', 'SHOULD', 'sender', { delivered: pass, dropped: fail }),
  reads({ id: 'MUST NOT' }, '3', 'MUST NOT', 'implementation', { delivered: fail, dropped: pass }),
  reads({ id: 'obs' }, '4', 'obs', 'administrator', { delivered: observed('arrives'), dropped: observed('is lost') }),
];

function asked(judgement: Judgement | undefined, controls: readonly Control[]): PlannedCase {
  const question = { outcomes: ['delivered', 'dropped'], controls: () => controls, judge: () => judgement };
  return {
    id: 'CASE',
    reads: documents,
    point: {},
    question: question as unknown as Question<never>,
  } as unknown as PlannedCase;
}
