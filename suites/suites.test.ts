/**
 * What holds for every case of every suite, whatever it asks: the reference answers it lawfully, every mutant it declares turns it to the outcome
 * declared, every document's reading is total, and the catalogue knows its id. What no case tests is listed with a reason, and no rule of
 * the reference is left that nothing breaks.
 */
import { expect } from 'chai';
import { Account } from '../harness/judge/account.ts';
import { conversationTests, rulesOfTheReference } from '../harness/run/broken-rules.ts';
import { execute } from '../harness/run/execution.ts';
import { type KillMatrix, killMatrix } from '../harness/run/kill-matrix.ts';
import { caseName, intentOf, plan } from '../harness/run/plan.ts';
import { memorySite } from '../harness/run/site.ts';
import { judge } from '../harness/run/verdict.ts';
import { exchangeTypes } from '../reference/wire/ike/registry.ts';
import { catalogue } from './requirements/catalogue.ts';
import { documents } from './requirements/documents.ts';
import { UNEXPLAINED, untested } from './requirements/untested.ts';
import { suites } from './suites.ts';

const runs = plan(suites);
const cases = runs.flatMap((run) => run.cases);

describe('every case', function () {
  this.timeout(300_000);

  it('has a name of its own, of stable words', () => {
    const names = cases.map(caseName);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).to.deep.equal([]);
    for (const { variant } of cases) expect(variant).to.match(/^[a-z0-9]*(-[a-z0-9]+)*$/);
    const scenarios = suites.flatMap((suite) => suite.scenarios.map(({ name }) => name));
    expect(scenarios.filter((name, i) => scenarios.indexOf(name) !== i)).to.deep.equal([]);
  });

  it('tests an entry of the catalogue, and the document of that entry reads it', () => {
    for (const each of cases) {
      const entry = catalogue.find(({ id }) => id === each.id);
      expect(entry, `${each.id} in the catalogue`).not.to.equal(undefined);
      expect(
        each.reads.map(({ document }) => document),
        caseName(each),
      ).to.include(entry!.document);
    }
  });

  it('is read by registered documents, each for every outcome', () => {
    const known = documents.map(({ id }) => id);
    for (const { question, reads, ...each } of cases) {
      expect(new Set(question.outcomes).size, `${caseName(each)}: outcomes`).to.equal(question.outcomes.length);
      expect(question.outcomes.length, `${caseName(each)}: outcomes`).to.be.greaterThan(1);
      expect(reads, caseName(each)).not.to.have.lengthOf(0);
      for (const { document, section, of } of reads) {
        expect(known, caseName(each)).to.include(document);
        expect(section, `${caseName(each)}, ${document}`).not.to.equal('');
        expect(Object.keys(of), `${caseName(each)}, ${document} ${section}`).to.have.members([...question.outcomes]);
      }
    }
  });

  it('is failed only by sentences that address the node under test in a part it plays, and that forbid something', () => {
    for (const { plays, reads, ...each } of cases) {
      expect(plays, caseName(each)).not.to.have.lengthOf(0);
      for (const { document, section, level, addressee, of } of reads) {
        const what = `${caseName(each)}, ${document} ${section} ${level} (${addressee})`;
        const kinds = Object.values(of).map(({ kind }) => kind);
        if (level === 'MAY') expect(kinds, what).not.to.include('unmet');
        if (addressee === 'implementation' || plays.some((part) => part === addressee)) continue;
        expect(level, what).to.equal('obs');
        expect(kinds, what).to.deep.equal(kinds.map(() => 'observed'));
      }
    }
  });

  it('declares an outcome that is lawful, and mutants that turn it to another', () => {
    for (const { question, lawful, turnedBy, ...each } of cases) {
      expect(question.outcomes, caseName(each)).to.include(lawful);
      expect(turnedBy, caseName(each)).not.to.have.lengthOf(0);
      for (const [mutant, outcome] of turnedBy) {
        expect(question.outcomes, `${caseName(each)} by ${mutant.name}`).to.include(outcome);
        expect(outcome, `${caseName(each)} by ${mutant.name}`).not.to.equal(lawful);
      }
    }
  });

  it('has an intent that is pure data, the same each time', () => {
    for (const run of runs) {
      const intent = intentOf(run);
      expect(intent, `${run.scenario.name} ${run.variant}`).to.deep.equal(intentOf(run));
      expect(() => structuredClone(intent), `${run.scenario.name} ${run.variant}`).not.to.throw();
    }
  });

  it('is decided under controls that all hold, with evidence', async () => {
    for (const run of runs) {
      const { transcript } = await execute(run, memorySite(), 'controls');
      const account = new Account(transcript);
      for (const each of run.cases) {
        const { controls, evidence } = judge(each, account);
        expect(controls, caseName(each)).not.to.have.lengthOf(0);
        expect(
          controls.filter(({ held }) => !held).map(({ name }) => name),
          caseName(each),
        ).to.deep.equal([]);
        expect(evidence, caseName(each)).not.to.have.lengthOf(0);
        if (each.plays.includes('initiator')) expect(beginsExchanges(account, 'nut'), caseName(each)).to.equal(true);
        if (each.plays.includes('responder')) expect(beginsExchanges(account, 'tn'), caseName(each)).to.equal(true);
      }
    }
  });

  describe('against its mutants', () => {
    let matrix: KillMatrix;
    before(async () => {
      matrix = await killMatrix(runs, 'suites');
    });

    it('is answered by the reference as it declares', () => {
      expect(matrix.lawful.map((each) => `${caseName(each)}: wanted ${each.wanted}, had ${each.had}`)).to.deep.equal(
        [],
      );
    });

    it('is turned by each to the outcome declared, and by one at least', () => {
      const survivors = matrix.kills.filter(({ killed }) => !killed);
      expect(
        survivors.map((each) => `${each.mutant} in ${caseName(each)}: wanted ${each.wanted}, had ${each.had}`),
      ).to.deep.equal([]);
      const turned = new Set(matrix.kills.map(caseName));
      expect(cases.map(caseName).filter((name) => !turned.has(name))).to.deep.equal([]);
    });

    it('leaves no rule of the reference that neither a case nor a conversation test breaks', () => {
      const broken = new Set([
        ...matrix.kills.filter(({ killed }) => killed).map(({ rule }) => rule),
        ...conversationTests().map(({ rule }) => rule),
      ]);
      expect(
        rulesOfTheReference()
          .map(({ name }) => name)
          .filter((name) => !broken.has(name)),
      ).to.deep.equal([]);
    });
  });
});

/** Those that bring an SA; a node that only answers still closes what it does not want. */
function beginsExchanges(account: Account, by: string): boolean {
  return account.ikeMessages().some(({ frame, ike }) => {
    const { exchangeType, flags } = ike.message.header;
    const isBeginning = exchangeType === exchangeTypes.IKE_SA_INIT || exchangeType === exchangeTypes.CREATE_CHILD_SA;
    return frame.entry.from === by && isBeginning && !flags.response;
  });
}

describe('what no case tests', () => {
  const left = untested(cases);

  it('has a reason', () => {
    expect(left.filter(({ why }) => why === UNEXPLAINED || why === '').map(({ id }) => id)).to.deep.equal([]);
  });

  it('is tested by none, and stands there once', () => {
    const names = new Set(cases.flatMap((each) => [each.id, caseName(each)]));
    const ids = left.map(({ id }) => id);
    expect(ids.filter((id) => names.has(id))).to.deep.equal([]);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).to.deep.equal([]);
  });

  it('is, with what is tested, the whole catalogue', () => {
    const covered = new Set([...cases, ...left].map(({ id }) => id));
    expect(catalogue.map(({ id }) => id).filter((id) => !covered.has(id))).to.deep.equal([]);
  });
});
