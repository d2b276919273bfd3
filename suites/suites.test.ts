/**
 * What holds for every case of every suite, whatever it asks: it is sound, the reference answers it lawfully, every mutant it declares turns it to the
 * outcome declared, and the catalogue knows its id. What no case tests is listed with a reason, and no rule of
 * the reference is left that nothing breaks.
 */
import { expect } from 'chai';
import { Account } from '../harness/judge/account.ts';
import { conversationTests, rulesOfTheReference } from '../harness/run/broken-rules.ts';
import { caseName } from '../harness/run/case-name.ts';
import { execute } from '../harness/run/execution.ts';
import { type KillMatrix, killMatrix } from '../harness/run/kill-matrix.ts';
import { intentOf, plan } from '../harness/run/plan.ts';
import { faultsOf } from '../harness/run/plan-faults.ts';
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
  this.timeout(900_000);

  it('is sound, as a suite from outside has to be', () => {
    expect(faultsOf(suites)).to.deep.equal([]);
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

  it('of the field names the reports that it comes from', () => {
    for (const { suite, question, ...each } of cases)
      if (suite === 'field') expect(question.reported, caseName(each)).not.to.equal(undefined);
  });

  it('is read by registered documents', () => {
    const known = documents.map(({ id }) => id);
    for (const { reads, ...each } of cases) {
      for (const { document, section } of reads) {
        expect(known, caseName(each)).to.include(document);
        expect(section, `${caseName(each)}, ${document}`).not.to.equal('');
      }
    }
  });

  it('has an intent that is the same each time', () => {
    for (const run of runs) expect(intentOf(run), `${run.scenario.name} ${run.variant}`).to.deep.equal(intentOf(run));
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
        const others = Object.keys(transcript.cast).filter((party) => party !== 'nut');
        if (each.plays.includes('initiator')) expect(beginsExchanges(account, ['nut']), caseName(each)).to.equal(true);
        if (each.plays.includes('responder')) expect(beginsExchanges(account, others), caseName(each)).to.equal(true);
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
function beginsExchanges(account: Account, by: readonly string[]): boolean {
  return account.ike.messages().some(({ frame, ike }) => {
    const { exchangeType, flags } = ike.message.header;
    const asksForSas = exchangeType === exchangeTypes.IKE_SA_INIT || exchangeType === exchangeTypes.CREATE_CHILD_SA;
    const isByHand = frame.entry.tampers.length > 0;
    const isBeginning = asksForSas || isByHand || (ike.payloads ?? []).some(({ type }) => type === 'D');
    return by.includes(frame.entry.from) && isBeginning && !flags.response;
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
