import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { declaredBy, killMatrix } from './kill-matrix.ts';
import { type PlannedRun, plan } from './plan.ts';

const [run] = plan(suites, { glob: 'DUPONT-C2a/other-prefix-manual' }) as [PlannedRun];
const [planned] = run.cases as [PlannedRun['cases'][number]];
const [[mutant, outcome]] = planned.turnedBy as unknown as [PlannedRun['cases'][number]['turnedBy'][number]];

describe('the kill matrix', () => {
  it('has each declared mutant once, killed by the outcome it declares', async () => {
    const { kills, lawful } = await killMatrix([run], '1');
    expect(lawful).to.deep.equal([]);
    expect(kills.map((kill) => kill.mutant)).to.deep.equal(declaredBy(run).map(({ name }) => name));
    expect(kills[0]).to.include({ mutant: mutant.name, wanted: outcome, had: outcome, killed: true });
  });

  it('lets a mutant survive whose outcome is not the one declared', async () => {
    const { kills } = await killMatrix([{ ...run, cases: [{ ...planned, turnedBy: [[mutant, 'elsewhere']] }] }], '1');
    expect(kills[0]).to.include({ wanted: 'elsewhere', had: outcome, killed: false });
  });

  it('lets it survive where a control did not hold, and where something threw', async () => {
    const unheld = { name: 'never', code: 'I-PRE', finding: undefined } as const;
    const question = { ...planned.question, controls: () => [unheld] };
    const uncontrolled = await killMatrix([{ ...run, cases: [{ ...planned, question }] }], '1');
    expect(uncontrolled.kills[0])
      .to.include({ killed: false })
      .and.to.have.property('had')
      .that.matches(/^inconclusive \(I-PRE: /);
    const scenario = { ...run.scenario, play: () => Promise.reject(new Error('thrown')) };
    const threw = await killMatrix([{ ...run, scenario }], '1');
    expect(threw.kills[0]).to.include({ had: 'error: thrown', killed: false });
  });

  it('tells where the honest reference does not answer as declared', async () => {
    const { lawful } = await killMatrix([{ ...run, cases: [{ ...planned, lawful: 'dropped' }] }], '1');
    expect(lawful).to.deep.equal([{ id: planned.id, variant: planned.variant, wanted: 'dropped', had: 'delivered' }]);
  });
});
