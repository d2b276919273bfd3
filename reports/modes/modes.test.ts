import { expect } from 'chai';
import { caseResult } from '../../harness/run/case-result.test-support.ts';
import { plan } from '../../harness/run/plan.ts';
import type { CaseResult, ReadingKind, RunResult } from '../../harness/run/result.ts';
import { suites } from '../../suites/suites.ts';
import { modesMarkdown } from '../markdown/modes.ts';
import { modeGroups } from './mode.ts';
import { isOf } from './modes-seen.ts';

const run = (product: string, version: string, cases: readonly CaseResult[]): RunResult => ({
  schema: 'touchstone-result/1',
  touchstone: '0',
  seed: '1',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:01Z',
  products: [{ name: product, version, runtime: 'uml', kernel: '6.1', honesty: [] }],
  summary: {
    cases: cases.length,
    readings: { pass: 0, fail: 0, warn: 0, inconclusive: 0, unsupported: 0, observed: 0, error: 0 },
    unexpected: 0,
    interrupted: false,
  },
  cases: cases.map((each) => ({ ...each, product })),
});

const ran = (
  id: string,
  dimensions: Readonly<Record<string, string>>,
  outcome: string,
  ...read: readonly ReadingKind[]
) => {
  const reading = (kind: ReadingKind) =>
    ({
      document: 'RFC8247',
      section: '2',
      level: 'MUST',
      addressee: 'implementation',
      reading: kind,
      why: '',
    }) as const;
  return caseResult({
    id,
    variant: Object.values(dimensions).join('-'),
    suite: 'baseline',
    dimensions,
    outcome,
    readings: read.map(reading),
  });
};

const group = (transform: string, role: string, outcome: string, ...read: readonly ReadingKind[]) =>
  ran('RFC8247-2.4', { transform, role }, outcome, ...read);

describe('the table of modes', () => {
  it('names modes that cases have', () => {
    const cases = plan(suites).flatMap((each) => each.cases);
    const bare = modeGroups.flatMap(({ modes }) => modes.filter((mode) => !cases.some((each) => isOf(mode, each))));
    expect(bare).to.deep.equal([]);
  });

  const text = modesMarkdown([
    run('acme', 'acmed 1.0', [
      group('ecp256', 'responder', 'agreed', 'pass', 'observed'),
      group('ecp256', 'initiator', 'agreed', 'pass'),
      group('modp1536', 'responder', 'refused', 'observed'),
      group('modp1536', 'initiator', 'unusable', 'fail', 'warn'),
      ran('RFC8784-3', { key: 'same', role: 'responder' }, 'unsupported', 'unsupported'),
      ran('DUPONT-A1', { variant: 'x' }, 'delivered', 'pass'),
      ran('DUPONT-A4', { variant: 'x' }, 'delivered', 'fail'),
      ran('RFC4301-1', {}, 'delivered', 'pass'),
    ]),
    run('acme@sid', 'acmed 2|0', [group('ecp256', 'responder', 'agreed', 'pass')]),
  ]);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));

  it('has a column for each product, in each version, and says what stands behind it', () => {
    expect(rows[0]).to.equal('| mode | acme | acme@sid |');
    expect(text).to.contain('- **acme** is acmed 1.0, kernel 6.1');
    expect(text).to.contain('- **acme@sid** is acmed 2\\|0');
  });

  it('says of a mode what both parts came to, or each where they differ', () => {
    expect(rows).to.include('| group ecp256 | pass | pass |');
    expect(rows).to.include('| group modp1536 | responder observed: refused; initiator fail: unusable |  |');
    expect(rows).to.include('| postquantum preshared keys | unsupported |  |');
  });

  it('counts a case once that stands in copies of one run, and again of another run', () => {
    const one = run('acme', '1', [ran('DUPONT-A1', { variant: 'x' }, 'delivered', 'pass')]);
    const twice = (other: RunResult) => modesMarkdown([one, other]).split('\n');
    const row = '| home addresses that an SA vouches for |';
    expect(twice(one)).to.include(`${row} pass |`);
    const fails = [ran('DUPONT-A1', { variant: 'x' }, 'dropped', 'fail')];
    expect(twice(run('acme', '1', fails))).to.include(`${row} pass |`);
    expect(twice({ ...run('acme', '1', fails), seed: '2' })).to.include(`${row} 1 pass, 1 fail |`);
    expect(twice({ ...run('acme', '1', fails), startedAt: '2026-01-02T00:00:00Z' })).to.include(
      `${row} 1 pass, 1 fail |`,
    );
  });

  it('counts where a mode has several cases, and leaves out what did not run', () => {
    expect(rows).to.include('| home addresses that an SA vouches for | 1 pass, 1 fail |  |');
    expect(text).not.to.contain('MOBIKE').and.not.to.contain('RFC4301-1');
    expect(text.match(/^## .*$/gm)).to.deep.equal(['## IKE: transforms', '## IKEv2: extensions', '## Mobile IPv6']);
  });
});
