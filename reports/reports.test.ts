import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { writeBundle } from '../harness/capture/bundle.ts';
import { FileFault } from '../harness/files/file-fault.ts';
import { UsageFault } from '../harness/usage-fault.ts';
import { findings, findingsMarkdown } from './findings.ts';
import { junitXml } from './junit/junit.ts';
import { markdownSummary } from './markdown/summary.ts';
import { comparedModel, sampleModel } from './sample-run.test-support.ts';
import { writeReports } from './write-reports.ts';

describe('reports in text', () => {
  const { result } = sampleModel();

  it('JUnit fails what was unexpected, errs where the harness did, skips what could not be judged', () => {
    const xml = junitXml(result);
    expect(xml).to.contain('<testsuites name="touchstone" tests="6" failures="1" errors="1" skipped="2"');
    expect(xml).to.match(
      /name="DUPONT-G1\/asserted-name-initiator"[^>]*>\s*<failure message="unexpected outcome: accepted"/,
    );
    expect(xml).to.match(/name="MCDANIEL-SEQ"[^>]*>\s*<error message="HarnessFault: the guest died C=CH/);
    expect(xml).to.match(/name="DUPONT-H\/ikev2"[^>]*>\s*<skipped message="unsupported: C=CH/);
    expect(xml).to.contain('RFC7296 3.5 MUST (receiver): fail');
  });

  it('JUnit says of a deviation that is known that it is one', () => {
    const known = { ...result, cases: result.cases.map((each) => ({ ...each, expected: true })) };
    expect(junitXml(known)).to.match(
      /name="DUPONT-G1\/asserted-name-initiator"[^>]*>\s*<system-out>outcome: accepted\nas expected of this product, and not what every document asks: fail\n/,
    );
  });

  it('JUnit holds whatever a product said as text', () => {
    const xml = junitXml(sampleModel('"]]>&<b>\u0000\ud800\u001b[2J').result);
    expect(xml).to.contain('&quot;]]&gt;&amp;&lt;b&gt;\ufffd\ufffd\ufffd[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold them
    expect(xml).not.to.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });

  it('the summary counts each case once and lists what needs a look', () => {
    const text = markdownSummary(result);
    expect(text).to.contain('6 cases, 2 unexpected');
    expect(text).to.contain('| linux | 6.1.0 | Linux 6.1.0 | 4 |  |  | 1 |  | 1 | 1 | 1 |');
    expect(text.indexOf('## Unexpected')).to.be.lessThan(text.indexOf('## As expected'));
    expect(text).to.contain('- **MCDANIEL-REPLAY/window-32** on linux: inconclusive');
    expect(text).to.contain('(DUPONT G1 SHOULD (receiver) warn; ');
  });

  it('the summary and the findings hold whatever a product said as text', () => {
    const { result: hostile } = sampleModel('a|b <img src=x> [l](javascript:x) `c`\n# d');
    for (const text of [markdownSummary(hostile), findingsMarkdown(hostile)]) {
      expect(text)
        .not.to.contain('<img')
        .and.not.to.match(/(?<!\\)\]\(/)
        .and.not.to.match(/^# d/m);
    }
  });

  it('findings name product, version, outcome, document and bundle', () => {
    expect(findings(result).map(({ found }) => found.id)).to.deep.equal(['DUPONT-G1']);
    const text = findingsMarkdown(result);
    expect(text).to.contain('## strongswan 5.9.8');
    expect(text).to.contain(' **accepted**, seen with `touchstone run --product strongswan --requirement DUPONT-G1`.');
    expect(text).to.contain('- RFC7296 3.5 MUST (receiver) reads **fail**');
    expect(text).to.contain('- DUPONT G1 SHOULD (receiver) reads **warn**');
    expect(text).to.match(/^- DUPONT-G1\/.*; `bundles\/asserted-name-initiator`$/m);
    expect(text).to.match(/## linux 6\.1\.0[\s\S]*Nothing that any document asks otherwise/);
  });

  it('findings name a question that came out one way once, and each reading once', () => {
    const known = result.cases.find(({ id }) => id === 'DUPONT-G1')!;
    const [first, ...rest] = known.readings.filter(({ reading }) => reading === 'fail' || reading === 'warn');
    const again = { ...known, variant: 'another', readings: [first!] };
    const text = findingsMarkdown({ ...result, cases: [...result.cases, again] });
    expect(text.match(/^### /gm)).to.have.lengthOf(1);
    expect(text.match(/^- DUPONT-G1\//gm)).to.have.lengthOf(2);
    expect(text.match(/in 1 of the 2 cases$/gm)).to.have.lengthOf(rest.length);
  });
});

describe('writing reports', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'touchstone-reports-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads a run with its bundles and writes each format', () => {
    const { result, runs } = sampleModel();
    writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
    for (const run of runs) {
      if ('damage' in run) continue;
      const product = { name: 'linux', version: '6.1', runtime: 'uml', kernel: '6.1' };
      const about = { touchstone: '0.1.0', seed: '1', startedAt: result.startedAt, product };
      writeBundle(join(folder, run.bundle), { run: about, transcript: run.transcript, cases: [], log: run.log });
    }
    const files = writeReports(folder, ['html', 'junit', 'json', 'markdown', 'findings'], join(folder, 'out'));
    expect(files.map((file) => file.slice(folder.length + 1))).to.deep.equal([
      'out/report.html',
      'out/junit.xml',
      'out/report.json',
      'out/summary.md',
      'out/FINDINGS.md',
    ]);
    expect(JSON.parse(readFileSync(files[2]!, 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(result)));
    expect(recordingsIn(files[0]!)).to.contain('"kind":"frame"').and.not.to.contain('"damage":');
  });

  it('counts the cases that are there, whatever the result says of them', () => {
    const { result } = sampleModel();
    const readings = { ...result.summary.readings, fail: 99 };
    const summary = { cases: 1000, readings, unexpected: 0, interrupted: true };
    writeFileSync(join(folder, 'result.json'), JSON.stringify({ ...result, summary }));
    const [json, markdown] = writeReports(folder, ['json', 'markdown'], folder);
    expect(JSON.parse(readFileSync(json!, 'utf8')).summary).to.deep.equal({ ...result.summary, interrupted: true });
    expect(readFileSync(markdown!, 'utf8')).to.contain('6 cases, 2 unexpected, **interrupted**');
  });

  it('compares with another run', () => {
    const { result, earlier } = comparedModel();
    const [now, then] = [join(folder, 'now'), join(folder, 'then')];
    for (const [where, what] of [
      [now, result],
      [then, earlier!.result],
    ] as const) {
      mkdirSync(where);
      writeFileSync(join(where, 'result.json'), JSON.stringify(what));
    }
    const files = writeReports(now, ['comparison', 'comparison-json', 'html'], folder, { earlier: then });
    expect(readFileSync(files[0]!, 'utf8')).to.contain('2 of 3 cases differ');
    expect(JSON.parse(readFileSync(files[1]!, 'utf8')).comparisons).to.have.lengthOf(2);
    expect(() => writeReports(now, ['comparison'], folder, { earlier: join(folder, 'nowhere') })).to.throw(
      FileFault,
      /nowhere/,
    );
  });

  it('goes on where a bundle is damaged or gone, and says so', () => {
    const { result } = sampleModel();
    writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
    const [file] = writeReports(folder, ['html'], folder);
    expect(recordingsIn(file!)).to.contain(
      'case.json, the file: wanted a file to read, had nothing of that name (ENOENT)',
    );
  });

  it('refuses an unknown format before it writes anything, and a folder without a result', () => {
    expect(() => writeReports(folder, ['html', 'pdf'], folder)).to.throw(
      UsageFault,
      /unknown format "pdf".*\n {2}there is: .*html/,
    );
    expect(() => writeReports(folder, ['json'], folder)).to.throw(
      FileFault,
      /result\.json: wanted a file to read, had nothing of that name/,
    );
    mkdirSync(join(folder, 'old'));
    writeFileSync(join(folder, 'old', 'result.json'), '{"schema":"other/1"}');
    expect(() => writeReports(join(folder, 'old'), ['json'], folder)).to.throw(
      UsageFault,
      /result\.json, schema: Invalid input: expected "touchstone-result\/1"/,
    );
  });
});

/** As the page would open them. */
function recordingsIn(file: string): string {
  const packed = /id="block-0">([^<]*)</.exec(readFileSync(file, 'utf8'))![1]!;
  return inflateSync(Buffer.from(packed, 'base64')).toString();
}
