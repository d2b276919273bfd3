import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunResult } from '../run/result.ts';
import { one, runOne, said } from '../said.test-support.ts';

describe('touchstone run', function () {
  this.timeout(20_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-cli-'));
    await said([...runOne, '--out', join(folder, 'run')]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('a product named twice is run once, and formats given twice are both written', async () => {
    const out = join(folder, 'twice');
    const argv = ['run', '--product', 'reference', 'reference', '--case', one, '--format', 'json', '--format', 'junit'];
    const { code, err } = await said([...argv, '--out', out]);
    expect(err).to.contain('1 case, 0 unexpected: 1 pass (each by the gravest of its readings)');
    expect(err.match(/^report: .*$/gm)).to.deep.equal([`report: ${out}/report.json`, `report: ${out}/junit.xml`]);
    expect(code).to.equal(0);
  });

  it('a folder of an earlier run is refused, and left as it was; with --replace it has the bundles of the new one only', async () => {
    const out = join(folder, 'again');
    const again = (...argv: string[]) =>
      said(['run', '--product', 'reference', '--format', 'json', '--out', out, '--case', ...argv]);
    expect((await again(one)).code).to.equal(0);
    const journal = readFileSync(join(out, 'journal.jsonl'), 'utf8');
    const refused = await again('DUPONT-C2a/same-prefix-manual');
    expect(refused.err).to.equal(
      `--out ${out}: a run is in it, which would be lost; --replace gives it up, --resume ${out} goes on with it\n`,
    );
    expect(refused.code).to.equal(2);
    expect(readFileSync(join(out, 'journal.jsonl'), 'utf8')).to.equal(journal);
    const replaced = await again('DUPONT-C2a/same-prefix-manual', '--replace');
    expect(replaced.err).to.contain(`${out}: the earlier run in it is replaced`);
    expect(replaced.code).to.equal(0);
    const { cases } = JSON.parse((await said(['rejudge', out, '--json'])).out);
    expect(cases.map(({ variant }: { variant: string }) => variant)).to.deep.equal(['same-prefix-manual']);
  });

  it('the outcomes of a run are a baseline', async () => {
    const file = join(folder, 'baseline', 'baseline.json');
    expect(
      (await said(['report', join(folder, 'run'), '--format', 'baseline', '--out', join(folder, 'baseline')])).code,
    ).to.equal(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).outcomes).to.deep.equal({ [one]: 'delivered' });
    const { code } = await said([...runOne, '--baseline', file, '--out', join(folder, 'held')]);
    expect(code).to.equal(0);
  });

  describe('a run that is taken up again', () => {
    const interop = ['run', '--product', 'plain', '--suite', 'interop', '--format', 'json'];
    let out: string;

    before(async () => {
      out = join(folder, 'resumed');
      expect((await said([...interop, '--out', out])).code).to.equal(0);
    });

    it('makes again what ended in an error of the harness, and nothing else', async () => {
      const journal = join(out, 'journal.jsonl');
      const [head, found, ...runs] = readFileSync(journal, 'utf8').trimEnd().split('\n');
      const failed = JSON.parse(runs[2]!);
      for (const each of failed.results) Object.assign(each, { outcome: 'error', error: 'guest-died: no answer' });
      writeFileSync(journal, `${[head, found, ...runs, JSON.stringify(failed)].join('\n')}\n`);
      const { code, err } = await said([...interop, '--resume', out]);
      expect(err).to.contain(
        `taken up again: ${runs.length - 1} of ${runs.length} runs were there; 1 that ended in an`,
      );
      expect(err.match(/^plain MCDANIEL-FLOW/gm)).to.have.lengthOf(1);
      expect(code).to.equal(0);
    });

    it('makes again what the journal has of another run, and says so', async () => {
      const journal = join(out, 'journal.jsonl');
      const [head, found, ...runs] = readFileSync(journal, 'utf8').trimEnd().split('\n');
      const [first, second] = runs.map((each) => JSON.parse(each));
      const foreign = JSON.stringify({ ...first, results: second.results });
      writeFileSync(journal, `${[head, found, ...runs, foreign].join('\n')}\n`);
      const { code, err } = await said([...interop, '--resume', out]);
      const measured = new Set(runs.map((each) => JSON.parse(each).ended)).size;
      expect(err.match(/^taken up again: .*$/gm)).to.deep.equal([
        `taken up again: ${measured - 1} of ${measured} runs were there; 1 in journal.jsonl are not what their runs are asked, and are left out`,
      ]);
      expect(err.match(/^plain MCDANIEL-FLOW/gm)).to.have.lengthOf(1);
      expect(code).to.equal(0);
    });

    it('is expected as the baseline says that is given now', async () => {
      const table = [
        ['both-ways', 0],
        ['none', 1],
      ] as const;
      for (const [outcome, wanted] of table) {
        const { cases } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
        const file = join(folder, 'interop.json');
        const outcomes = Object.fromEntries(
          cases.map(({ id, variant, outcome: had }) => [`${id}/${variant}`, had === 'both-ways' ? outcome : had]),
        );
        writeFileSync(
          file,
          JSON.stringify({ schema: 'touchstone-baseline/1', product: 'plain', version: '0', outcomes }),
        );
        const { code } = await said([...interop, '--resume', out, '--baseline', file]);
        expect(code, outcome).to.equal(wanted);
      }
    });
  });

  describe('what is expected', () => {
    it('is no fail by any document, or by those of --by; of the reference it is what each case declares lawful', async () => {
      const table: readonly [argv: string, code: number][] = [
        ['--product plain', 1],
        ['--product plain --by AURA', 0],
        ['--product plain --by AURA,RFC4945', 1],
        ['--product reference', 0],
      ];
      for (const [argv, code] of table) {
        const out = join(folder, 'expected');
        const rest = ['--case', 'AURA-PAD/domain-first', '--format', 'json', '--out', out, '--replace']; // RFC4945 reads a fail
        expect((await said(['run', ...argv.split(' '), ...rest])).code, argv).to.equal(code);
      }
    });

    it('is what the baseline says', async () => {
      expect((await against('--baseline', baseline('delivered'))).code).to.equal(0);
      const { code, err } = await against('--baseline', baseline('dropped'));
      expect(err).to.contain(`unexpected plain ${one}: delivered`);
      expect(code).to.equal(1);
    });

    it('is what a waiver excuses, until it expires or the outcome no longer happens', async () => {
      const file = baseline('dropped');
      expect((await against('--baseline', file, '--waivers', waiver('delivered', '2999-01-01'))).code).to.equal(0);
      expect(
        (await against('--baseline', file, '--waivers', waiver('delivered', '2020-01-01'))).code,
        'expired',
      ).to.equal(1);
      expect((await against('--waivers', waiver('dropped', '2999-01-01'))).code, 'passes after all').to.equal(1);
    });

    it('is refused where its file is none, by its path in it', async () => {
      const file = join(folder, 'waivers.json');
      writeFileSync(file, JSON.stringify({ schema: 'touchstone-waivers/1', waivers: [{ case: one }] }));
      const { code, err } = await against('--waivers', file);
      expect(err).to.match(/waivers\.json, waivers\.0\.product: /);
      expect(code).to.equal(2);
    });

    const against = (...argv: string[]) => said([...runOne, '--out', join(folder, 'against'), '--replace', ...argv]);

    function baseline(outcome: string): string {
      return written({
        schema: 'touchstone-baseline/1',
        product: 'plain',
        version: '0',
        outcomes: { [one]: outcome },
      });
    }

    function waiver(outcome: string, expires: string): string {
      const each = {
        case: one,
        product: 'plain',
        outcome,
        reason: 'known',
        link: 'https://example.org/1',
        versions: {},
        expires,
      };
      return written({ schema: 'touchstone-waivers/1', waivers: [each] });
    }

    function written(document: { readonly schema: string; readonly [field: string]: unknown }): string {
      const file = join(folder, `${document.schema.replace('/', '-')}.json`);
      writeFileSync(file, JSON.stringify(document));
      return file;
    }
  });
});
