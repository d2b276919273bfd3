import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readBundle } from '../capture/bundle.ts';
import { readPcap } from '../capture/pcap.ts';
import { version } from '../installation.ts';
import { idsIn } from '../logo/identifiers.ts';
import type { RunResult } from '../run/result.ts';
import { said } from '../said.test-support.ts';

describe('touchstone evidence', function () {
  this.timeout(120_000);
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const file = (...names: string[]) => readFileSync(at(...names), 'utf8');
  const product = `reference_${version}`;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-evidence-'));
    const campaign = [
      'run',
      '--product',
      'reference',
      '--suite',
      'home-address-option',
      '--case',
      '*-9.5*',
      'RFC6275-10*',
    ];
    await said([...campaign, '--format', 'json', '--out', at('run')]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has for each test and case a topology, a configuration, the commands, keys, and a capture of each link with every frame', async () => {
    await said(['evidence', at('run'), '--logo', '--out', at('made')]);
    const rows = file('made', product, 'reference.table').trimEnd().split('\n').slice(1);
    expect(rows.length).to.be.greaterThan(20);
    const { cases } = JSON.parse(file('run', 'result.json')) as RunResult;
    for (const row of rows) {
      const [id, mark, name] = row.split('\t') as [string, string, string];
      const result = cases.find((each) => `${each.id}/${each.variant}` === name || each.id === name)!;
      if (result.bundle === null) {
        expect(mark).to.equal('NOT JUDGED');
        continue;
      }
      const own = readdirSync(at('made', product, 'Conformance', id)).filter((each) =>
        each.includes(name.replace('/', '_')),
      );
      const kinds = own.filter((each) => !each.endsWith('.dump')).map((each) => each.split('.').at(-1));
      expect(kinds.sort(), name).to.deep.equal(['conf', 'key', 'result', 'topology']);
      const { transcript } = readBundle(at('run', result.bundle));
      const frames = transcript.entries.filter((entry) => entry.kind === 'frame');
      const dumps = own.filter((each) => each.endsWith('.dump'));
      const read = dumps.flatMap((each) => readPcap(readFileSync(at('made', product, 'Conformance', id, each))).frames);
      expect(read.map(({ octets }) => Buffer.from(octets).toString('hex')).sort()).to.deep.equal(
        frames.map(({ octets }) => Buffer.from(octets).toString('hex')).sort(),
      );
    }
  });

  it('lists what is not covered: of the tests that cases cover, and of those in a list, whatever stands beside their ids', async () => {
    writeFileSync(
      at('list'),
      'active\tx.seq\tTest IKEv2.EN.I.9.9.9.9 Part B - anything\n\n./CN-99-1.seq\tCN-99-1 - else\nHA_2_1_1\n',
    );
    const { code } = await said(['evidence', at('run'), '--logo', '--out', at('listed'), '--ids', at('list')]);
    expect(code).to.equal(1);
    const left = file('listed', product, 'not-covered.txt');
    expect(left)
      .to.contain('CN-99-1\tno case covers it\n')
      .and.to.contain('IKEv2.EN.I.9.9.9.9 Part B\tno case covers it\n');
    expect(left).to.match(/^IKEv2\.\S+\tnot in this run: /m);
    expect(idsIn('nothing\nof HA_1_2x\n')).to.deep.equal([]);
  });

  it('refuses a list without tests, a folder without a run, and a bundle outside its folder; one that is damaged is told of', async () => {
    writeFileSync(at('empty'), 'nothing\n');
    const empty = await said(['evidence', at('run'), '--logo', '--ids', at('empty'), '--out', at('no')]);
    expect(empty.err).to.match(/--ids .*empty: wanted ids of tests/);
    expect(empty.code).to.equal(2);
    expect((await said(['evidence', at('nothing'), '--logo'])).code).to.equal(2);
    const result = file('run', 'result.json');
    const { cases } = JSON.parse(result) as RunResult;
    const table = file('made', product, 'reference.table');
    const bundle = cases.find((each) => each.bundle !== null && table.includes(`${each.id}/${each.variant}\t`))!
      .bundle!;
    writeFileSync(at('run', 'result.json'), result.replaceAll('"bundle": "bundles/', '"bundle": "bundles/../../'));
    expect((await said(['evidence', at('run'), '--logo', '--out', at('no')])).err).to.match(/not below bundles\//);
    writeFileSync(at('run', 'result.json'), result);
    writeFileSync(at('run', bundle, 'case.json'), '{');
    const { err } = await said(['evidence', at('run'), '--logo', '--out', at('damaged')]);
    expect(err).to.match(/left out of \S+: .*case\.json, JSON: wanted JSON/);
  });
});
