/** A journal: what was whole stays, what was torn is made again, and another campaign is told from this one. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { FileFault } from '../files/file-fault.ts';
import { carryOut } from './campaign.ts';
import { noFailure } from './expectation.ts';
import {
  areResultsOf,
  JOURNAL,
  Journal,
  type JournalHeader,
  journalName,
  planDigest,
  readJournal,
  requireSameCampaign,
} from './journal.ts';
import { plan } from './plan.ts';
import type { CaseResult } from './result.ts';
import { memorySite } from './site.ts';

const runs = plan(suites, { glob: 'DUPONT-C2a/*' });
const header: JournalHeader = {
  schema: 'touchstone-journal/1',
  startedAt: '2026-01-01T00:00:00.000Z',
  touchstone: '0',
  seed: '1',
  products: ['reference'],
  companions: [],
  runtime: 'uml',
  defect: null,
  ...planDigest(runs),
  shard: null,
};
const found = { name: 'reference', version: '0', runtime: 'memory', kernel: 'none', honesty: [] };

describe('a journal', () => {
  let folder: string;
  let whole: readonly CaseResult[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-journal-'));
    const journal = Journal.begun(folder, header);
    journal.found(found);
    whole = await campaign((run, results) =>
      journal.ended(journalName('reference', run), 'reference', runs.indexOf(run), results),
    );
    journal.close();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what was appended', () => {
    const { header: first, products, results, torn } = readJournal(folder)!;
    expect({ first, torn }).to.deep.equal({ first: header, torn: false });
    expect(products.get('reference')).to.deep.equal(found);
    expect(runs.flatMap((run) => results.get(journalName('reference', run)) ?? [])).to.deep.equal(
      JSON.parse(JSON.stringify(whole)),
    );
  });

  for (const [where, cut] of [
    ['in its last line', 20],
    ['in front of its last line break', 1],
  ] as const) {
    it(`that was cut ${where} is taken up after the line before, and ends as if nothing had been`, async () => {
      const text = read();
      writeFileSync(join(folder, JOURNAL), text.slice(0, -cut));
      const journaled = readJournal(folder)!;
      expect(journaled.torn).to.equal(true);
      expect(journaled.results.size).to.equal(runs.length - 1);
      const journal = Journal.resumed(folder, journaled);
      const made: string[] = [];
      const again = await campaign(
        (run, results) => {
          made.push(run.variant);
          journal.ended(journalName('reference', run), 'reference', runs.indexOf(run), results);
        },
        (run) => journaled.results.get(journalName('reference', run)),
      );
      journal.close();
      expect(made).to.deep.equal([runs.at(-1)!.variant]);
      expect(outcomes(again)).to.deep.equal(outcomes(whole));
      expect(readJournal(folder)!.results.size).to.equal(runs.length);
    });
  }

  it('that was cut anywhere else is refused by its line', () => {
    const lines = read().split('\n');
    lines[2] = lines[2]!.slice(0, 30);
    writeFileSync(join(folder, JOURNAL), lines.join('\n'));
    expect(() => readJournal(folder)).to.throw(`${JOURNAL}, line 3: wanted a JSON object`);
  });

  it('with a line of another shape is refused by its line', () => {
    appendFileSync(join(folder, JOURNAL), '{"ended":7}\n');
    expect(() => readJournal(folder)).to.throw(`${JOURNAL}, line ${runs.length + 3}: `);
  });

  it('on a full disk names its file', () => {
    rmSync(join(folder, JOURNAL));
    symlinkSync('/dev/full', join(folder, JOURNAL));
    expect(() => Journal.begun(folder, header)).to.throw(
      FileFault,
      `${join(folder, JOURNAL)}: wanted a file to write to, had no space left (ENOSPC)`,
    );
  });

  it('has the results of a run where they are those of its cases, all of them, and their questions know the outcomes', () => {
    const [run] = runs;
    const own = whole.filter(({ variant }) => variant === run!.variant);
    const table: readonly [what: string, results: readonly CaseResult[], wanted: boolean][] = [
      ['its own', own, true],
      ['an error', own.map((each) => ({ ...each, outcome: 'error' })), true],
      ['unsupported', own.map((each) => ({ ...each, outcome: 'unsupported' })), true],
      ['none', [], false],
      ['one twice', [...own, ...own], false],
      ['those of another run', whole.filter(({ variant }) => variant === runs[1]!.variant), false],
      ['those of another product', own.map((each) => ({ ...each, product: 'linux' })), false],
      ['an outcome of another question', own.map((each) => ({ ...each, outcome: 'impersonated' })), false],
    ];
    for (const [what, results, wanted] of table)
      expect(areResultsOf(run!, 'reference', results), what).to.equal(wanted);
  });

  it('without a whole line says that nothing was measured, and none is none', () => {
    writeFileSync(join(folder, JOURNAL), '{"schema":"touch');
    expect(() => readJournal(folder)).to.throw('nothing was measured');
    rmSync(join(folder, JOURNAL));
    expect(readJournal(folder)).to.equal(undefined);
  });

  for (const [field, other, says] of [
    ['seed', '2', 'seed: then "1", now "2"'],
    ['touchstone', '1', 'touchstone: then "0", now "1"'],
    ['products', ['linux'], 'products: then ["reference"], now ["linux"]'],
    ['companions', ['linux'], 'companions: '],
    ['runtime', 'docker', 'runtime: '],
    ['defect', 'no-shunts', 'defect: '],
    ['plan', planDigest(runs.slice(1)).plan, 'other suites, or another selection of cases'],
  ] as const) {
    it(`of another campaign (${field}) is refused in words, and stays as it is`, () => {
      const before = read();
      expect(() => requireSameCampaign(folder, header, { ...header, [field]: other })).to.throw(says);
      expect(read()).to.equal(before);
    });
  }

  it('of the same campaign begun at another time is taken up', () => {
    requireSameCampaign(folder, header, { ...header, startedAt: '2026-02-02T00:00:00.000Z' });
  });

  const read = (): string => readFileSync(join(folder, JOURNAL), 'utf8');
});

type Campaign = Parameters<typeof carryOut>[0];

function campaign(keeps: Campaign['keeps'], known?: Campaign['known']): Promise<readonly CaseResult[]> {
  return carryOut({
    runs,
    sites: [memorySite()],
    facts: () => undefined,
    seed: '1',
    expectation: noFailure(),
    ...(keeps && { keeps }),
    ...(known && { known }),
  });
}

const outcomes = (results: readonly CaseResult[]): string[] =>
  results.map(({ id, variant, outcome }) => `${id}/${variant} ${outcome}`);
