import { expect } from 'chai';
import { asBaseline, asLawful, noFailure, type Waivers, waived } from './expectation.ts';
import type { PlannedRun } from './plan.ts';
import type { CaseResult } from './result.ts';

const product = { name: 'linux', version: 'iproute2-6.1.0' };

describe('what is expected', () => {
  it('without more: no fail by the documents that count, and no error', () => {
    expect(noFailure().expects(result('dropped', { DUPONT: 'fail', RFC4301: 'pass' }))).to.equal(false);
    expect(noFailure(['RFC4301']).expects(result('dropped', { DUPONT: 'fail', RFC4301: 'pass' }))).to.equal(true);
    expect(noFailure().expects(result('dropped', { DUPONT: 'warn', RFC4301: 'inconclusive' }))).to.equal(true);
    expect(noFailure(['RFC4301']).expects(result('error', {}))).to.equal(false);
  });

  it('of the reference: what the case declares lawful, whatever any document reads in it', () => {
    const runs = [{ cases: [{ id: 'A', variant: 'one', lawful: 'dropped' }] }] as unknown as PlannedRun[];
    const { expects } = asLawful(runs, noFailure());
    expect(expects(result('dropped', { DUPONT: 'fail' }, 'one'))).to.equal(true);
    expect(expects(result('delivered', { DUPONT: 'pass' }, 'one'))).to.equal(false);
    expect(expects(result('error', {}, 'one'))).to.equal(false);
    expect(expects(result('dropped', { DUPONT: 'fail' }, 'not planned'))).to.equal(false);
  });

  it('of the reference with another make: what holds of anybody', () => {
    const runs = [{ cases: [{ id: 'A', variant: 'one', lawful: 'dropped' }] }] as unknown as PlannedRun[];
    const { expects } = asLawful(runs, noFailure());
    const met = (outcome: string, companion: string) => ({
      ...result(outcome, { DUPONT: 'observed' }, 'one'),
      product: 'reference',
      companions: { peer: companion },
    });
    expect(expects(met('unsupported', 'strongswan'))).to.equal(true);
    expect(expects(met('at-odds', 'strongswan'))).to.equal(true);
    expect(expects(met('at-odds', 'reference'))).to.equal(false);
    expect(expects(met('dropped', 'reference'))).to.equal(true);
  });

  it('with a baseline: its outcome, known cause or not; elsewhere what holds without one', () => {
    const outcomes = {
      'A/one': 'dropped',
      'A/two': { outcome: 'inconclusive', because: 'it never answers' },
      'A/four': { anyOf: ['died', 'dropped'], because: 'which of two threads is first' },
    };
    const { expects } = asBaseline({ outcomes }, noFailure());
    expect(expects(result('dropped', { DUPONT: 'fail' }, 'one'))).to.equal(true);
    expect(expects(result('delivered', { DUPONT: 'pass' }, 'one'))).to.equal(false);
    expect(expects(result('inconclusive', {}, 'two'))).to.equal(true);
    expect(expects(result('died', {}, 'four'))).to.equal(true);
    expect(expects(result('delivered', {}, 'four'))).to.equal(false);
    expect(expects(result('dropped', { DUPONT: 'fail' }, 'three'))).to.equal(false);
  });

  it('with a waiver: its outcome, for its product and versions, until the day it expires', () => {
    const failed = result('dropped', { DUPONT: 'fail' }, 'one');
    const passed = result('delivered', { DUPONT: 'pass' }, 'one');
    const on = (today: string, versions: Waivers['waivers'][number]['versions'] = {}, of = product) =>
      waived(waiver(versions), of, today, noFailure());
    expect(on('2026-06-30').expects(failed), 'on its last day').to.equal(true);
    expect(on('2026-07-01').expects(failed), 'a day later').to.equal(false);
    expect(on('2026-06-30').expects(passed), 'a pass that was expected to fail').to.equal(false);
    expect(on('2026-06-30', { from: '6.1', below: '6.2' }).expects(failed), 'in its range').to.equal(true);
    expect(on('2026-06-30', { below: '6.1' }).expects(failed), 'above its range').to.equal(false);
    expect(on('2026-06-30', {}, { ...product, name: 'strongswan' }).expects(failed), 'of another').to.equal(false);
  });
});

function waiver(versions: Waivers['waivers'][number]['versions']): Waivers {
  const rest = { reason: 'known', link: 'https://example.org/1', expires: '2026-06-30' };
  return {
    schema: 'touchstone-waivers/1',
    waivers: [{ case: 'A/one', product: 'linux', outcome: 'dropped', versions, ...rest }],
  };
}

function result(outcome: string, readings: Readonly<Record<string, string>>, variant = ''): CaseResult {
  const read = Object.entries(readings).map(([document, reading]) => ({ document, reading }));
  return { id: 'A', variant, outcome, readings: read } as unknown as CaseResult;
}
