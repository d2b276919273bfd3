import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunResult } from '../run/result.ts';
import { said } from '../said.test-support.ts';

describe('touchstone merge', function () {
  this.timeout(60_000);
  const campaign = ['run', '--product', 'plain', 'reference', '--case', 'DUPONT-C2?/*-manual', '--format', 'json'];
  let folder: string;
  let wholeCode: number;
  const at = (name: string) => join(folder, name);
  const merge = (out: string, ...shards: string[]) =>
    said(['merge', ...shards.map(at), '--out', at(out), '--format', 'json']);
  const shard = (name: string, index: number, ...more: string[]) =>
    said([...campaign, '--shard', `${index}/3`, ...more, '--out', at(name)]);
  const resultOf = (name: string) => JSON.parse(readFileSync(join(at(name), 'result.json'), 'utf8')) as RunResult;
  const casesOf = (name: string) => resultOf(name).cases.map(({ durationMs: _durationMs, ...rest }) => rest);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-merge-'));
    wholeCode = (await said([...campaign, '--out', at('whole')])).code;
    for (const index of [1, 2, 3]) await shard(`${index}`, index);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('makes of the shards, in any order, the run that one machine would have made, with its exit code', async () => {
    const { code } = await merge('merged', '3', '1', '2');
    expect(casesOf('merged')).to.deep.equal(casesOf('whole'));
    expect(code).to.equal(wholeCode);
    const { cases } = JSON.parse((await said(['rejudge', at('merged'), '--json'])).out);
    expect(cases).to.have.lengthOf(casesOf('whole').length);
  });

  it('names a shard that is missing, and the whole can be taken up there', async () => {
    const { err, code } = await merge('without', '3', '1');
    expect(err).to.contain('missing: --shard 2/3; what is here was merged\n');
    expect(code).to.equal(3);
    const again = await said([...campaign, '--resume', at('without')]);
    expect(again.err.match(/^(plain|reference) DUPONT/gm)?.length).to.be.lessThan(casesOf('whole').length);
    expect(casesOf('without')).to.deep.equal(casesOf('whole'));
  });

  it('takes a shard that was killed, says that it is not finished, and equals the whole once it is', async () => {
    const journal = join(at('2'), 'journal.jsonl');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.slice(0, Math.floor(text.length / 2)));
    rmSync(join(at('2'), 'result.json'));
    const { err, code } = await merge('cut', '1', '2', '3');
    expect(err).to.contain(`${at('2')}: not finished; --resume ${at('2')} goes on with it\n`);
    expect(code).to.equal(3);
    await said([...campaign, '--shard', '2/3', '--resume', at('2')]);
    expect((await merge('mended', '1', '2', '3')).code).to.equal(wholeCode);
    expect(casesOf('mended')).to.deep.equal(casesOf('whole'));
  });

  it('refuses what is no shard, one that is given twice, and shards of other campaigns, and writes nothing', async () => {
    await shard('seeded', 2, '--seed', '2');
    await shard('balanced', 2, '--balanced-by', join(at('whole'), 'result.json'));
    await said([...campaign.slice(0, 3), '--case', 'DUPONT-C2a/*-manual', '--shard', '2/3', '--out', at('other')]);
    const table: readonly [shards: readonly string[], says: RegExp][] = [
      [['whole', '1'], /whole: no shard: its run was made without --shard/],
      [['1', '3', '1'], /1: shard 1 of 3, and so is \S+1$/m],
      [['1', 'seeded'], /seeded: of another campaign than \S+1 \(seed: "1" there, "2" here\)/],
      [['1', 'balanced'], /balanced: of another campaign than \S+1 \(--balanced-by: null there, "/],
      [['1', 'other'], /other: of another campaign than \S+1 \(products: .*; the cases: /],
      [['nothing'], /nothing: wanted the folder of a run/],
    ];
    for (const [shards, says] of table) {
      const { err, code } = await merge('refused', ...shards);
      expect(err).to.match(says);
      expect(code, err).to.equal(2);
    }
    expect((await said(['merge', at('1'), '--out', at('1')])).err).to.match(/it is one of the shards/);
  });

  it('refuses a product that is another one on another machine, and a bundle outside its folder', async () => {
    const spoiled = (change: (result: RunResult) => unknown) => {
      const file = join(at('3'), 'result.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, JSON.stringify(change(JSON.parse(text))));
      return () => writeFileSync(file, text);
    };
    const restore = spoiled((result) => ({
      ...result,
      products: result.products.map((each) => ({ ...each, kernel: '9.9' })),
    }));
    expect((await merge('refused', '1', '3')).err).to.match(/3: another plain than in the other shards \(kernel: /);
    restore();
    const again = spoiled((result) => ({
      ...result,
      cases: result.cases.map((each) => ({ ...each, bundle: 'bundles/../../1' })),
    }));
    const { err, code } = await merge('escaped', '1', '3');
    expect(err).to.match(/a bundle is named that is not below bundles\/: bundles\/\.\.\/\.\.\/1/);
    expect(code).to.equal(2);
    again();
  });
});
